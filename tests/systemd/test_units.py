import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bedside.install.layout import FILES
from bedside.vigil import FEED_S, SILENT_S, STUCK_S

FOLDER = Path(__file__).parents[2] / "systemd"
UNITS = ("bedside.service", "bedside-backup.service", "bedside-backup.timer")
MOST_EXPOSED = 1.6

analyze = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)


class Repeated(dict):
    """Keeps what a unit says more than once, a line each."""

    def __setitem__(self, key, value):
        if isinstance(value, list) and key in self:
            self[key].extend(value)
        else:
            super().__setitem__(key, value)


def unit(name):
    parser = configparser.ConfigParser(
        strict=False, interpolation=None, delimiters="=", dict_type=Repeated
    )
    parser.optionxform = str
    parser.read(FOLDER / name)
    return parser


@pytest.fixture
def placed(tmp_path):
    """Lay the units where their program exists, as it does once installed."""
    for name in UNITS:
        text = (FOLDER / name).read_text()
        text = re.sub(r"/opt/bedside/current/bin/python", shutil.which("true"), text)
        (tmp_path / name).write_text(re.sub(r"(?m)^Documentation=.*\n", "", text))
    return tmp_path


@analyze
def test_systemd_finds_nothing_to_complain_about(placed):
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(placed / name for name in UNITS)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )

    ours = [line for line in done.stdout.splitlines() if "bedside" in line]
    assert (done.returncode, ours) == (0, [])


@analyze
@pytest.mark.parametrize("name", ["bedside.service", "bedside-backup.service"])
def test_little_is_exposed(placed, name):
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", placed / name],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )

    (level,) = re.findall(r"Overall exposure level for .*?: ([\d.]+)", done.stdout)
    assert float(level) <= MOST_EXPOSED


def test_it_is_nobody_and_writes_nowhere_but_home():
    service = unit("bedside.service")["Service"]

    assert service["User"] == "bedside"
    assert service["StateDirectory"] == "bedside"
    assert service["StateDirectoryMode"] == "0700"
    assert "LG_WD=/run/bedside" in service["Environment"]
    assert service["ProtectSystem"] == "strict"
    writable = [
        line
        for line in (FOLDER / "bedside.service").read_text().splitlines()
        if "ReadWrite" in line
    ]
    assert writable
    assert all(line.startswith("ReadWritePaths=-/sys/devices/platform/") for line in writable)


def test_both_devices_are_allowed_and_no_other():
    lines = (FOLDER / "bedside.service").read_text().splitlines()

    allowed = [line.partition("=")[2] for line in lines if line.startswith("DeviceAllow=")]
    assert allowed == ["char-i2c rw", "char-gpiochip rw"]


def test_the_watchdog_waits_for_what_the_program_notices_first():
    watchdog_s = float(unit("bedside.service")["Service"]["WatchdogSec"])

    assert watchdog_s > 4.0 * FEED_S
    assert watchdog_s > max(SILENT_S, STUCK_S)


def test_it_comes_back_within_five_seconds_and_is_tried_longer_than_a_start_hears_again():
    from bedside.daemon import REPLAYED_S

    text = unit("bedside.service")
    rest_s = float(text["Service"]["RestartSec"])

    assert text["Service"]["Restart"] == "always"
    assert rest_s <= 2.0
    assert int(text["Unit"]["StartLimitBurst"]) * (rest_s + 0.5) > REPLAYED_S


def test_every_file_that_is_installed_is_there_and_the_other_way_round():
    there = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.is_file()}

    assert there == {item.source for item in FILES}


@pytest.mark.skipif(shutil.which("systemd-sysusers") is None, reason="no systemd-sysusers")
def test_the_user_is_made_where_there_is_none_and_twice_does_no_harm(tmp_path):
    (tmp_path / "etc").mkdir()
    rules = FOLDER / "sysusers.d" / "bedside.conf"
    for _ in range(2):
        subprocess.run(["systemd-sysusers", f"--root={tmp_path}", rules], check=True)

    passwd = (tmp_path / "etc" / "passwd").read_text()
    group = (tmp_path / "etc" / "group").read_text()
    assert len(re.findall(r"(?m)^bedside:x:\d+:\d+:.*:/usr/sbin/nologin$", passwd)) == 1
    assert re.search(r"(?m)^i2c:x:\d+:bedside$", group)
    assert re.search(r"(?m)^gpio:x:\d+:bedside$", group)


def test_the_launcher_is_a_shell_script_without_mistakes():
    subprocess.run(["sh", "-n", FOLDER / "bin" / "bedside"], check=True)
