"""The section of the bench on what must survive, in short nights."""

import shutil

import pytest

from bedside.bench.measure import MeasureFailed
from bedside.bench.survival import section


def test_a_night_with_cuts_has_its_goals():
    goals = section.cut(2, 0.2)

    assert all(goal.met for goal in goals), goals
    assert len(goals) == 4
    assert "2 kills in one night" in goals[0].what


def test_losses_of_power_have_their_goals():
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    goals = section.lost(4, 0.2)

    assert all(goal.met for goal in goals), goals
    assert [goal.what for goal in goals] == [
        "4 power cuts: corrupt databases",
        "4 power cuts: most lost at one",
    ]


def test_many_nights_have_their_goals():
    goals = section.lasted(4, 0.02, settled=3)

    assert [goal.met is not None for goal in goals] == [True] * 3
    assert "files, night 3 to night 4" in goals[1].what


def test_a_module_that_fails_is_no_figure():
    with pytest.raises(MeasureFailed, match="month"):
        section.lasted(2, -1.0)
