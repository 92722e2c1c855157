import subprocess
import sys
from pathlib import Path

import pytest

from bedside.errors import InstallError
from bedside.install import command, deploy, removal

CHECKOUT = Path(__file__).parents[2]


def test_each_verb_does_what_it_says(monkeypatch, tmp_path):
    done = []
    monkeypatch.setattr(deploy, "install", lambda *_: done.append("install"))
    monkeypatch.setattr(deploy, "upgrade", lambda *_: done.append("upgrade"))
    monkeypatch.setattr(removal, "uninstall", lambda *_, purge: done.append(f"purge {purge}"))
    for words in (["install"], ["upgrade"], ["uninstall"], ["uninstall", "--purge"]):
        command.main([*words, "--root", str(tmp_path)])

    assert done == ["install", "upgrade", "purge False", "purge True"]


def test_a_refusal_is_one_sentence_and_status_1(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "bedside.install", "upgrade", "--root", tmp_path],
        cwd=CHECKOUT,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr == (
        "bedside: there is no bedside here to upgrade: `sudo make install` brings one\n"
    )


def test_a_disk_that_refuses_is_a_sentence_too(monkeypatch, tmp_path):
    def refuse(*_):
        raise OSError(30, "Read-only file system", "/opt/bedside")

    monkeypatch.setattr(deploy, "install", refuse)
    with pytest.raises(SystemExit, match="/opt/bedside: Read-only file system"):
        command.main(["install", "--root", str(tmp_path)])


def test_ctrl_c_is_a_sentence_too(monkeypatch, tmp_path):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(deploy, "install", interrupt)
    with pytest.raises(SystemExit, match="say the same again"):
        command.main(["install", "--root", str(tmp_path)])


def test_two_at_once_are_one(monkeypatch, tmp_path, house):
    monkeypatch.setattr("os.geteuid", lambda: 0)
    with (
        command._alone(house),
        pytest.raises(InstallError, match="installed already"),
        command._alone(house),
    ):
        pass


def test_a_screen_that_has_gone_breaks_nothing_off(tmp_path):
    code = (
        "import os\n"
        "from pathlib import Path\n"
        "from bedside.install.machine import Machine\n"
        "os.close(1); os.open('/dev/full', os.O_WRONLY)\n"
        "machine = Machine(Path('.'))\n"
        "machine.say('one'); machine.say('two'); machine.write('/done', 'yes')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, stderr=subprocess.PIPE, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "done").read_text() == "yes"
