"""A slower disk: a small library, preloaded, that waits in every fsync."""

import shutil
import subprocess
from pathlib import Path

SOURCE = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>
static void rest(void) {
  const char *ms = getenv("SLOW_FSYNC_MS");
  if (ms) usleep(1000 * atoi(ms));
}
int fsync(int fd) {
  int (*real)(int) = dlsym(RTLD_NEXT, "fsync");
  rest();
  return real(fd);
}
int fdatasync(int fd) {
  int (*real)(int) = dlsym(RTLD_NEXT, "fdatasync");
  rest();
  return real(fd);
}
"""


def build(folder: Path, milliseconds: int) -> dict[str, str]:
    """Environment of a process whose every fsync takes so much longer; {} without a compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return {}
    source, library = folder / "slow_fsync.c", folder / "slow_fsync.so"
    source.write_text(SOURCE)
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", library, source, "-ldl"], check=True)
    return {"LD_PRELOAD": str(library), "SLOW_FSYNC_MS": str(milliseconds)}
