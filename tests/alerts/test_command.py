"""`jinlin alert parse` in a process of its own."""

import json
import subprocess
import sys

import pytest

from tests.alerts.messages import SAMPLES

RUN = [sys.executable, "-c", "from server.cli import main; main()", "alert", "parse"]


def run(*arguments, given=b""):
    return subprocess.run(
        [*RUN, *arguments], input=given, capture_output=True, timeout=180, check=False
    )


def test_a_file_is_shown_as_it_is_understood_and_nothing_is_stored(tmp_path):
    done = run(str(SAMPLES / "cn-cma-baoding-lightning-update.xml"))

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["outcome"] == "accepted"
    assert told["alerts"][0]["infos"][1]["event"] == "雷电"
    assert told["alerts"][0]["infos"][1]["geocodes"] == [["CPEAS Geographic Code", "130602000000"]]


def test_a_refused_file_says_why_and_ends_with_one():
    done = run("-", given=b"<html/>")

    assert done.returncode == 1
    assert json.loads(done.stdout) == {
        "outcome": "rejected",
        "alerts": [],
        "reason": "这是一个网页，不是预警消息。请检查地址，或是否需要登录。",
    }


@pytest.mark.parametrize(("name", "told"), [("nothing.xml", "没有这个文件"), (".", "文件夹")])
def test_a_file_that_cannot_be_read_is_said_in_words(tmp_path, name, told):
    done = run(str(tmp_path / name))

    assert done.returncode == 1
    assert told in done.stderr.decode().replace("\n", "")
    assert b"Traceback" not in done.stderr


def test_a_reader_that_has_read_enough_is_no_fault():
    shell = " ".join(f"'{word}'" for word in [*RUN, str(SAMPLES / "sc-unsigned-alert.xml")])
    done = subprocess.run(
        f"{shell} | head -1", shell=True, capture_output=True, timeout=180, check=False
    )

    assert done.stdout == b"{\n"
    assert done.stderr == b""
