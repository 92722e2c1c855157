import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bedside import __version__
from bedside.errors import InstallError
from bedside.install import release, wheels
from bedside.install.layout import CURRENT, RELEASES, WHEELS
from bedside.install.machine import Answer

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def source(tmp_path):
    """A checkout that is small, and whole as far as an installation goes."""
    place = tmp_path / "source"
    place.mkdir()
    for name in ("config", "systemd"):
        shutil.copytree(CHECKOUT / name, place / name)
    (place / "bedside").mkdir()
    (place / "docs").mkdir()
    shutil.copy(CHECKOUT / "bedside" / "__init__.py", place / "bedside")
    shutil.copy(CHECKOUT / "docs" / "install.md", place / "docs")
    for name in ("pyproject.toml", "LICENSE"):
        shutil.copy(CHECKOUT / name, place)
    return place


@pytest.fixture
def make(house, source, monkeypatch):
    """Make a version of the source, with a pip that has nothing to fetch."""

    def fetch(machine, python, source, fresh):
        (fresh / "bedside.whl").touch()
        return wheels.Fetched(fresh, "bedside", wheels.ATTEMPTS[0])

    def venv(words):
        making = Path(words.split()[-1])
        (making / "lib/python3/site-packages/bedside").mkdir(parents=True)
        return Answer(0, "")

    monkeypatch.setattr(wheels, "fetch", fetch)
    house.answers[f"{sys.executable} -I -m venv"] = venv
    return lambda: release.make(house, source)


def test_the_same_source_has_the_same_stamp_and_another_has_not(source):
    first, again = release.stamped(source), release.stamped(source)
    (source / "systemd" / "bedside.service").write_text("changed")

    assert first == again
    assert first.version == __version__
    assert first.stamp.startswith(f"{__version__}-py3.{sys.version_info[1]}-")
    assert release.stamped(source) != first


def test_compiled_files_change_no_stamp(source):
    first = release.stamped(source)
    (source / "bedside" / "__pycache__").mkdir()
    (source / "bedside" / "__pycache__" / "x.pyc").write_bytes(b"x")

    assert release.stamped(source) == first


def test_a_version_is_complete_or_not_there(house, make):
    made = make()

    assert release.find(house, made.stamp) == made
    assert (house.path(made.share) / "bedside.service").is_file()
    assert (house.path(made.share) / "install.md").is_file()
    assert [each.name for each in house.path(WHEELS).iterdir()] == ["bedside.whl"]
    assert [each.name for each in house.path(RELEASES).iterdir()] == [made.stamp]


def test_a_version_that_is_there_is_not_made_again(house, make):
    make()
    house.commands.clear()
    make()

    assert house.commands == []


def test_a_half_made_one_is_made_again(house, make):
    made = make()
    (house.path(made.place) / "release.json").unlink()

    assert release.find(house, made.stamp) is None
    assert release.find(house, make().stamp) == made


@pytest.mark.parametrize("fault", ["compileall", "import bedside.daemon"])
def test_what_does_not_start_leaves_nothing_behind(house, make, fault):
    def refuse(words):
        return Answer(1, "SyntaxError: invalid") if fault in words else Answer(0, "")

    house.answers[str(house.path(f"{RELEASES}/.making/bin/python"))] = refuse
    with pytest.raises(InstallError, match="nothing was changed; it says: SyntaxError"):
        make()

    assert list(house.root.rglob("opt/bedside/*")) == []


def test_lgpio_is_fetched_where_the_system_has_none(house, make):
    house.answers[f"{house.path(f'{RELEASES}/.making/bin/python')} -I -c {wheels.LGPIO_WORKS}"] = (
        Answer(1, "ModuleNotFoundError")
    )
    make()

    assert any(wheels.LGPIO in command for command in house.commands)


def test_a_link_to_nothing_is_no_version(house):
    house.path(CURRENT).parent.mkdir(parents=True)
    house.link(CURRENT, "releases/gone")

    assert release.current(house) is None


def test_the_installer_needs_nothing_but_python(tmp_path):
    """It runs before anything is installed: by a Python that has no package at all."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(CHECKOUT)!r});"
         "import bedside.install.command; print('well')"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )  # fmt: skip

    assert done.stdout == "well\n"
