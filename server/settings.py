"""What the environment says about this installation."""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DEFAULT_PORT = 8484
SHORTEST_TOKEN = 20
DEFAULT_DISK_FREE_MB = 2000
MEGA = 1_000_000
DEFAULT_ENROL_MINUTES, MOST_ENROL_MINUTES = 30, 24 * 60


class SettingsProblem(Exception):
    """A setting that cannot be used; the text says which and what to do."""


class Keep(NamedTuple):
    """How many backups stay: of the last days, weeks and months that have one."""

    daily: int = 7
    weekly: int = 4
    monthly: int = 12


@dataclass(frozen=True)
class Settings:
    """One installation: where its data lies and how it is reached."""

    data: Path
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    timezone: str = "Asia/Shanghai"
    secret: bytes = b""
    # What phones sealed before the secret was changed still opens with these.
    old_secrets: tuple[bytes, ...] = ()
    # Where phones reach this server, for QR codes; "" takes the address of the request.
    url: str = ""
    trust_proxy: bool = False
    # How long the code shown in the office for a new phone may be scanned.
    enrol_minutes: int = DEFAULT_ENROL_MINUTES
    # Where the server puts a backup each night; None for none.
    backups: Path | None = None
    keep: Keep = field(default_factory=Keep)
    # Below so much free space the people who look after the server are told.
    disk_free: int = DEFAULT_DISK_FREE_MB * MEGA
    # Who may read /metrics; "" for nobody.
    metrics_token: str = ""
    # "words" or "json"; "warning", or "info" for a line about each answer.
    log: str = "words"
    log_level: str = "warning"
    # Tokens that may hand in warnings, by community; "" is the only community there is.
    alert_tokens: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        return self.data / "jinlin.db"


def from_environment(data: str = "", port: int = 0) -> Settings:
    """Settings of this process; `data` and `port` given on the command line win."""
    folder = Path(data or os.environ.get("JINLIN_DATA", "./data"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise SettingsProblem(
            f"不能使用数据目录 {folder}：{problem.strerror}。请换一个 JINLIN_DATA。"
        ) from None
    return Settings(
        data=folder,
        host=os.environ.get("JINLIN_HOST", "127.0.0.1"),
        port=port or _port(os.environ.get("JINLIN_PORT", str(DEFAULT_PORT))),
        timezone=_timezone(os.environ.get("JINLIN_TIMEZONE", "Asia/Shanghai")),
        secret=_secret(folder),
        old_secrets=_old_secrets(folder),
        url=_url(os.environ.get("JINLIN_URL", "")),
        trust_proxy=os.environ.get("JINLIN_TRUST_PROXY", "") in ("1", "yes", "true"),
        enrol_minutes=_minutes(os.environ.get("JINLIN_ENROL_MINUTES", "")),
        backups=_backups(os.environ.get("JINLIN_BACKUPS", ""), folder),
        keep=_keep(os.environ.get("JINLIN_BACKUPS_KEEP", "")),
        disk_free=_megabytes(os.environ.get("JINLIN_DISK_FREE", "")),
        log=_one_of("JINLIN_LOG", ("words", "json")),
        log_level=_one_of("JINLIN_LOG_LEVEL", ("warning", "info")),
        metrics_token=_token(os.environ.get("JINLIN_METRICS_TOKEN", "")),
        alert_tokens=_alert_tokens(os.environ.get("JINLIN_ALERT_TOKEN", "")),
    )


def database_of_environment() -> Path:
    """Where this installation's data would be; looking makes nothing."""
    return Settings(data=Path(os.environ.get("JINLIN_DATA", "./data"))).database


def timezone_of_environment() -> str:
    return _timezone(os.environ.get("JINLIN_TIMEZONE", "Asia/Shanghai"))


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SettingsProblem(f"JINLIN_PORT 应是 1 到 65535 的数，现在是“{text}”。")
    return int(text)


def _minutes(text: str) -> int:
    if text and not (text.isdecimal() and 1 <= int(text) <= MOST_ENROL_MINUTES):
        raise SettingsProblem(
            f"JINLIN_ENROL_MINUTES 应是 1 到 {MOST_ENROL_MINUTES} 的分钟数，现在是“{text}”。"
        )
    return int(text) if text else DEFAULT_ENROL_MINUTES


def _url(text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        raise SettingsProblem(f"JINLIN_URL 应以 https:// 开头，现在是“{text}”。")
    return text.rstrip("/")


def _backups(text: str, data: Path) -> Path | None:
    return None if text == "off" else Path(text) if text else data / "backups"


def _keep(text: str) -> Keep:
    numbers = text.split(",") if text else []
    if text and (len(numbers) != 3 or not all(one.strip().isdecimal() for one in numbers)):
        raise SettingsProblem(
            f"JINLIN_BACKUPS_KEEP 应是三个数（几天、几周、几个月），如 7,4,12，现在是“{text}”。"
        )
    return Keep(*map(int, numbers))


def _one_of(name: str, words: tuple[str, ...]) -> str:
    """The first word when nothing is set."""
    text = os.environ.get(name, "") or words[0]
    if text not in words:
        raise SettingsProblem(f"{name} 应是 {' 或 '.join(words)}，现在是“{text}”。")
    return text


def _megabytes(text: str) -> int:
    if text and not (text.isdecimal() and len(text) < 9):
        raise SettingsProblem(f"JINLIN_DISK_FREE 应是多少 MB，例如 2000，现在是“{text}”。")
    return (int(text) if text else DEFAULT_DISK_FREE_MB) * MEGA


def _token(text: str) -> str:
    if text and len(text) < SHORTEST_TOKEN:
        raise SettingsProblem(f"JINLIN_METRICS_TOKEN 至少要 {SHORTEST_TOKEN} 个字符。")
    return text


def _alert_tokens(text: str) -> dict[str, str]:
    """A token, or `community=token` for each of several communities, separated by spaces."""
    found = {}
    for one in text.split():
        community_id, _, token = one.rpartition("=")
        if len(token) < SHORTEST_TOKEN:
            raise SettingsProblem(
                f"JINLIN_ALERT_TOKEN 至少要 {SHORTEST_TOKEN} 个字符；"
                "有几个社区时写成 社区编号=令牌，用空格隔开。"
            )
        found[community_id] = token
    return found


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise SettingsProblem(f"没有叫“{name}”的时区，例如应写 Asia/Shanghai。") from None
    return name


def _secret(folder: Path) -> bytes:
    """JINLIN_SECRET, or one made once and kept in the data folder for this user only."""
    given = os.environ.get("JINLIN_SECRET", "")
    if given:
        return given.encode()
    path = folder / "secret"
    if not path.exists():
        _write_secret(path)
    found = path.read_text().strip().encode()
    if not found:
        raise SettingsProblem(f"{path} 是空的。请从备份里找回这个文件；没有备份就删掉它再启动。")
    return found


def _old_secrets(folder: Path) -> tuple[bytes, ...]:
    """Secrets of before, a line each in `secret.old` of the data folder."""
    path = folder / "secret.old"
    lines = path.read_text().split() if path.exists() else []
    return tuple(one.encode() for one in lines)


def _write_secret(path: Path) -> None:
    """All of it or nothing: a full disk must not leave an empty secret that everybody knows."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        made = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # somebody started at the same moment: the first one counts
        except OSError:
            draft.rename(path)  # a file system without links
    finally:
        draft.unlink(missing_ok=True)
