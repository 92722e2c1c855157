import platform
import shutil

import pytest

from bedside.errors import InstallError
from bedside.install import packages
from bedside.install.machine import Answer

CANDIDATE = Answer(0, "  Installed: (none)\n  Candidate: 1.0\n")


@pytest.fixture
def debian(house, monkeypatch):
    """A 64-bit Debian that has looked at its archive; commands go by their names."""
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    monkeypatch.setattr("sys.executable", "python3")
    house.write("/var/lib/apt/lists/archive_Packages.lz4", "")
    return house


def installs(house):
    return [each for each in house.commands if " install " in each]


def test_nothing_missing_is_nothing_asked_for(debian):
    packages.provide(debian)

    assert not [each for each in debian.commands if each.startswith("apt")]


def test_what_is_missing_is_installed(debian):
    debian.answers["python3 -I -c import venv"] = Answer(1, "No module named ensurepip")
    debian.answers["apt-cache"] = CANDIDATE
    packages.provide(debian)

    (command,) = installs(debian)
    assert command.endswith("install --no-install-recommends python3-venv")


def test_lgpio_comes_from_the_system_where_it_has_it(debian):
    debian.answers["python3 -I -c import lgpio"] = Answer(1, "")
    debian.answers[str(debian.path("/opt"))] = Answer(127, "")
    debian.answers["apt-cache"] = CANDIDATE
    packages.provide(debian)

    assert installs(debian)[0].endswith("python3-lgpio")


def test_plain_debian_has_no_lgpio_and_that_is_fine(debian):
    debian.answers["python3 -I -c import lgpio"] = Answer(1, "")
    debian.answers[str(debian.path("/opt"))] = Answer(127, "")
    debian.answers["apt-cache"] = Answer(0, "")
    packages.provide(debian)

    assert installs(debian) == []


def test_numpy_of_a_32_bit_pi_needs_a_library(debian, monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: "armv7l")
    debian.answers["dpkg-query"] = Answer(1, "")
    debian.answers["apt-cache"] = CANDIDATE
    packages.provide(debian)

    assert installs(debian)[0].endswith("libopenblas0")


def test_no_network_is_one_sentence(debian):
    debian.answers["python3 -I -c import venv"] = Answer(1, "")
    debian.answers["apt-get"] = Answer(100, "E: Unable to fetch some archives")
    with pytest.raises(InstallError, match=r"python3-venv cannot be installed.*Unable to fetch"):
        packages.provide(debian)


def test_a_system_without_apt_is_told_what_is_missing(debian, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    debian.answers["python3 -I -c import venv"] = Answer(1, "")
    with pytest.raises(InstallError, match="has no apt-get"):
        packages.provide(debian)
