"""JSON from strangers, and the JavaScript weather sites wrap it in, read without running it."""

import codecs
import json
import re
from typing import Any

from server.alerts.documents import MAX_BYTES, Unreadable

Value = Any  # what JSON holds: a dict, a list, a text, a bool or None; numbers stay texts

MOST_ASSIGNED = 50
_NAME = r"[A-Za-z_$][\w$.]{0,100}"
_BETWEEN = re.compile(r"[\s;]*")
_ASSIGNED = re.compile(rf"(?:(?:var|let|const)\s+)?(?P<name>{_NAME})\s*=\s*")
_CALLED = re.compile(rf"\s*(?P<name>{_NAME})\s*\(\s*")
_BEGINS = re.compile(rf"\s*(?:[\[{{]|(?:(?:var|let|const)\s+)?{_NAME}\s*[=(]\s*[\[{{\"'])")


def is_script(content: bytes) -> bool:
    """Whether it begins as JSON or as an assignment does: XML begins with a bracket of its own."""
    head = content[:4000].removeprefix(codecs.BOM_UTF8).lstrip()[:400]
    return _BEGINS.match(head.decode("ascii", "replace")) is not None


def values(content: bytes) -> dict[str, Value]:
    """What is assigned to each name; plain JSON has the name "". Raises Unreadable."""
    if len(content) > MAX_BYTES:
        raise Unreadable(f"文件超过 {MAX_BYTES // (1024 * 1024)} MB，没有读取。")
    text = _text(content)
    try:
        found = _values(text)
        return _mended(found) if "\\ud" in text.lower() else found
    except RecursionError:
        raise Unreadable("JSON 嵌套太深，没有读取。") from None
    except ValueError as problem:
        line = getattr(problem, "lineno", None)
        where = f"第 {line} 行附近有错误或缺了结尾。" if line else "读不下去。"
        raise Unreadable(f"不是完整的 JSON：{where}") from None


def _text(content: bytes) -> str:
    content = content.removeprefix(codecs.BOM_UTF8)
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("文字编码认不出来，没有读取。")


def _values(text: str) -> dict[str, Value]:
    # Numbers stay texts: nobody's integer of a million digits is worked out.
    decoder = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_refuse)
    if text.lstrip()[:1] in {"{", "["}:
        return {"": json.loads(text, parse_int=str, parse_float=str, parse_constant=_refuse)}
    if called := _CALLED.match(text):
        value, _ = decoder.raw_decode(text, called.end())
        return {called["name"]: value}
    found: dict[str, Value] = {}
    at = _after(text, 0)
    while len(found) < MOST_ASSIGNED and (assigned := _ASSIGNED.match(text, at)):
        found[assigned["name"]], end = decoder.raw_decode(text, assigned.end())
        at = _after(text, end)
    if at < len(text):
        raise ValueError("more follows")
    return found


def _mended(value: Any) -> Any:
    """Without halves of characters, which nobody could write down again."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_mended(one) for one in value]
    if isinstance(value, dict):
        return {_mended(name): _mended(one) for name, one in value.items()}
    return value


def _after(text: str, at: int) -> int:
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def _refuse(word: str) -> None:
    raise ValueError(word)
