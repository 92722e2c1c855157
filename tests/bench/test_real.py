import os
from pathlib import Path

import numpy as np
import pytest

from bedside.bench import real
from bedside.bench.chain import listen
from bedside.recordings import Recording, blocks

FOLDER = os.environ.get("BEDSIDE_RECORDINGS")


def quiet_minutes(odr_hz=100.0):
    rng = np.random.default_rng(1)
    xyz = rng.normal(0.0, 0.001, (int(120 * odr_hz), 3)).astype(np.float32)
    xyz[:, 2] += 1.0
    return Recording("quiet", odr_hz, np.arange(len(xyz)) / odr_hz, xyz)


def test_without_the_folder_nothing_is_measured_and_it_says_so(tmp_path):
    for where in (None, tmp_path):
        goals = real.recordings(where)
        assert [goal.met for goal in goals] == [None] * 3
        assert all("BEDSIDE_RECORDINGS" in goal.measured for goal in goals)


def test_the_folder_is_the_one_the_variable_names(monkeypatch, tmp_path):
    monkeypatch.setenv("BEDSIDE_RECORDINGS", str(tmp_path))
    assert real.folder() == tmp_path
    monkeypatch.delenv("BEDSIDE_RECORDINGS")
    assert real.folder() is None


def test_a_still_chip_without_events_is_met():
    recording = quiet_minutes()
    (goal,) = real.still("still", recording, listen(recording, blocks(recording)))
    assert (goal.what, goal.measured, goal.met) == ("still: events in 120 s", "0", True)


def test_a_slow_night_without_turns_makes_no_sense():
    recording = quiet_minutes()
    goals = real.slow_night("slow", recording, listen(recording, blocks(recording)))
    assert [goal.met for goal in goals] == [True, False, None]


@pytest.mark.skipif(not FOLDER, reason="BEDSIDE_RECORDINGS is not set")
def test_real_recordings_are_all_there():
    assert FOLDER is not None
    goals = real.recordings(Path(FOLDER))
    assert len(goals) == 7
    assert all(goal.met is not None for goal in goals if goal.target)
