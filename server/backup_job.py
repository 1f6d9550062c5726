"""The backup that a server makes each night: a process of its own, so that nobody waits for it."""

import logging
import os
import subprocess
import sys
import threading

from apscheduler.schedulers.background import BackgroundScheduler

from server.settings import Settings

log = logging.getLogger("jinlin.jobs")

WHOLE = [sys.executable, "-c", "from server.cli import main; main()", "backup"]

NICE = 10  # phones go first


class BackupJob:
    """Asks every hour whether last night's backup is there; one that failed is tried again.

    Two servers, or a person at the command line, may ask at once: the folder is locked meanwhile.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.process: subprocess.Popen[str] | None = None
        self._one = threading.Lock()
        self.said = ""  # why the last one was not made

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def schedule(self, jobs: BackgroundScheduler) -> None:
        if self.settings.backups is None:
            return
        jobs.add_job(self.run, "cron", minute=10, misfire_grace_time=1800, max_instances=1)

    def start(self) -> None:
        """One at once, whatever the last night made; one that is being made is enough."""
        if self._begin(WHOLE):
            threading.Thread(target=self._finish, name="backup", daemon=True).start()

    def run(self) -> bool:
        """Whether all is well; what is not is logged, and seen by the office on its page."""
        return not self._begin([*WHOLE, "--due"]) or self._finish()

    def _begin(self, command: list[str]) -> bool:
        """Whether this one was begun: whoever begins one also waits for its end."""
        with self._one:
            if self.is_running:
                return False
            self.process = self._launched(command)
        return True

    def _launched(self, command: list[str]) -> subprocess.Popen[str]:
        environment = {
            **os.environ,
            "JINLIN_DATA": str(self.settings.data),
            "JINLIN_BACKUPS": str(self.settings.backups),
            "JINLIN_BACKUPS_KEEP": ",".join(map(str, self.settings.keep)),
            "JINLIN_TIMEZONE": self.settings.timezone,
        }
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
        return process

    def _finish(self) -> bool:
        process = self.process
        assert process is not None
        _, said = process.communicate()
        self.said = said.strip() if process.returncode else ""
        if self.said:
            log.error("no backup: %s", self.said)
        return process.returncode == 0

    def stop(self) -> None:
        """What a backup that is cut short leaves behind, the next one takes away."""
        if self.process is not None and self.is_running:
            self.process.terminate()
