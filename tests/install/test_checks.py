import grp
import os
import pwd
import shutil
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest

from bedside.errors import InstallError
from bedside.install import checks, settings
from bedside.install.layout import CURRENT, SETTINGS

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def fit(house, monkeypatch):
    """A machine with nothing against it; a test then spoils one thing."""

    def nobody(_name):
        raise KeyError

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(pwd, "getpwnam", nobody)
    monkeypatch.setattr(grp, "getgrnam", nobody)
    monkeypatch.setattr(checks, "jailed", lambda: False)
    house.path("/run/systemd/system").mkdir(parents=True)
    with socket.socket() as free:
        free.bind(("", 0))
        house.write(SETTINGS, f"[web]\nport = {free.getsockname()[1]}\n")
    return house


def refusal(house):
    with pytest.raises(InstallError) as error:
        checks.check(house, CHECKOUT)
    told = str(error.value)
    assert "\n" not in told
    return told


def test_a_machine_with_nothing_against_it(fit):
    checks.check(fit, CHECKOUT)


def test_only_root_may(fit, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert "sudo" in refusal(fit)


def test_without_systemctl(fit, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)

    assert "systemd" in refusal(fit)


def test_systemd_that_does_not_run_the_machine(fit):
    fit.remove("/run/systemd")

    assert "systemd, which does not run this machine" in refusal(fit)


def test_in_a_changed_root_it_need_not_run(fit, monkeypatch):
    fit.remove("/run/systemd")
    monkeypatch.setattr(checks, "jailed", lambda: True)

    checks.check(fit, CHECKOUT)


@pytest.mark.parametrize("kind", ["user", "group"])
def test_a_person_of_that_name(fit, monkeypatch, kind):
    if kind == "user":
        monkeypatch.setattr(pwd, "getpwnam", lambda _name: SimpleNamespace(pw_uid=1000))
    else:
        monkeypatch.setattr(grp, "getgrnam", lambda _name: SimpleNamespace(gr_gid=1001))

    assert "belongs to a person" in refusal(fit)


def test_the_user_from_before_is_welcome(fit, monkeypatch):
    monkeypatch.setattr(pwd, "getpwnam", lambda _name: SimpleNamespace(pw_uid=995))
    monkeypatch.setattr(grp, "getgrnam", lambda _name: SimpleNamespace(gr_gid=995))

    checks.check(fit, CHECKOUT)


def test_a_debian_package_is_not_quarrelled_with(fit):
    fit.write("/usr/lib/systemd/system/bedside.service", "")

    assert "apt-get remove bedside" in refusal(fit)


def test_a_port_that_is_taken_is_told_before_a_first_installation_only(fit):
    with socket.socket() as taken:
        taken.bind(("", 0))
        taken.listen()
        port = taken.getsockname()[1]
        fit.write(SETTINGS, f"[web]\nport = {port}\n")
        told = refusal(fit)
        fit.path("/opt/bedside").mkdir(parents=True)
        fit.link(CURRENT, "releases/one")
        checks.check(fit, CHECKOUT)

    assert str(port) in told


def test_a_full_disk(fit, monkeypatch):
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_bavail=10, f_frsize=1000))

    assert "free some" in refusal(fit)


def test_another_folder_is_no_checkout(fit, tmp_path):
    with pytest.raises(InstallError, match="no checkout of bedside"):
        checks.check(fit, tmp_path)


@pytest.mark.parametrize("text", ["", "[web", "[web]\nport = 'x'", "web = 3", "[web]\nport = 0"])
def test_settings_that_say_no_port(house, text):
    house.write(SETTINGS, text)

    assert settings.port(house) == settings.PORT


def test_nights_lie_where_the_settings_say(house):
    first = settings.nights(house)
    house.write(SETTINGS, "[store]\nfolder = '/srv/nights'\n")

    assert first == house.path("/var/lib/bedside")
    assert settings.nights(house) == house.path("/srv/nights")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("", "http://127.0.0.1:8080"),
        ("[web]\nhost = '::'\nport = 80\n", "http://127.0.0.1:80"),
        ("[web]\nhost = 'fd00::1'\n", "http://[fd00::1]:8080"),
        ("[web]\nhost = '192.168.1.5'\ncertificate = '/x.pem'\n", "https://192.168.1.5:8080"),
    ],
)
def test_the_page_is_asked_where_it_is_served(house, text, address):
    house.write(SETTINGS, text)

    assert settings.page(house) == address
