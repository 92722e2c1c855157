from pathlib import Path

import pytest

from bedside.errors import InstallError
from bedside.install import wheels
from bedside.install.layout import WHEELS
from bedside.install.machine import Answer

CHECKOUT = Path(__file__).parents[2]
WHEEL = "bedside-1.0-py3-none-any.whl"


@pytest.fixture
def fetch(house, tmp_path):
    """Fetch with a pip that answers `pip(words)`; the commands it was called by."""
    fresh = tmp_path / "fresh"
    fresh.mkdir()

    def fetch(pip):
        def answer(words):
            told = pip(words)
            if not told.status:
                (fresh / WHEEL).touch()
            return told

        house.answers["python"] = answer
        return wheels.fetch(house, Path("python"), CHECKOUT, fresh)

    return fetch


def test_what_is_here_is_taken_and_the_index_not_asked(house, fetch):
    folder = house.path(WHEELS)
    folder.mkdir(parents=True)
    (folder / "numpy.whl").touch()

    fetched = fetch(lambda _words: Answer(0, ""))

    (command,) = house.commands
    assert "--no-index" in command
    assert fetched.wanted.startswith("bedside[")
    assert fetched.wanted.endswith(WHEEL)


def test_without_wheels_the_index_is_asked_for_the_locked_ones(house, fetch):
    fetch(lambda _words: Answer(0, ""))

    (command,) = house.commands
    assert "--no-index" not in command
    assert "--constraint" in command


def test_what_an_index_lacks_is_left_out_step_by_step(house, fetch):
    fetched = fetch(
        lambda words: Answer(1 if "[" in words else 0, "ERROR: No matching distribution")
    )

    assert fetched.wanted == f"bedside @ {(fetched.folder / WHEEL).as_uri()}"
    assert "extras cannot be had" in house.said[-1]


def test_no_network_is_one_sentence_at_once(house, fetch):
    with pytest.raises(InstallError, match="connect the network") as error:
        fetch(lambda _words: Answer(1, "WARNING: Retrying: NewConnectionError(...)\nERROR: no"))

    assert len(house.commands) == 1
    assert "\n" not in str(error.value)


def test_another_failure_says_what_pip_said(fetch):
    with pytest.raises(InstallError, match="pip says: ERROR: Disk quota exceeded"):
        fetch(lambda _words: Answer(1, "ERROR: Disk quota exceeded"))


def test_the_lock_file_becomes_constraints():
    lines = wheels.locked(CHECKOUT / "uv.lock").splitlines()

    names = [line.split("==")[0] for line in lines]
    assert "flask" in names
    assert "bedside" not in names
    assert len(names) == len(set(names))


def test_without_a_lock_file_nothing_is_constrained(tmp_path):
    assert wheels.locked(tmp_path / "uv.lock") == ""


def test_the_empty_lgpio_of_the_index_is_out_of_the_question():
    assert wheels.LGPIO == "lgpio>=0.2.2"
