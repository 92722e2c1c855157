import sys

import pytest

from bedside.bench.measure import MeasureFailed
from bedside.bench.watch import Watched, goals, watch

STAYS = "import signal; signal.pause()"


def test_a_program_that_goes_on_is_watched_and_ended():
    watched = watch([sys.executable, "-c", STAYS], settle_s=0.05, span_s=0.05)
    assert 1.0 < watched.peak_mib < 60.0
    assert 0.0 <= watched.core < 3.0


def test_a_program_that_ends_by_itself_is_said_so():
    with pytest.raises(MeasureFailed, match="ended by itself: no bus here"):
        watch([sys.executable, "-c", "raise SystemExit('no bus here')"], settle_s=60.0, span_s=60.0)


def test_limits_of_the_daemon():
    told = {goal.what: goal.met for goal in goals("run", Watched(0.03, 63.0, 1.0), 64.0)}
    assert told == {
        "run: memory": True,
        "run: share of one core": False,
        "run: written to disk, MB an hour": None,
    }
