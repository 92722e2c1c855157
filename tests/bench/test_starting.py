import pytest

from bedside.bench import starting
from bedside.bench.measure import MeasureFailed


def test_a_start_a_stop_and_an_import_are_timed():
    goals = starting.starting(repeats=1)

    assert [goal.what for goal in goals] == [
        "start to the first sample",
        "stop",
        "import of the daemon",
    ]
    assert all(float(goal.measured) > 0.0 for goal in goals)


def test_a_daemon_that_never_says_it_is_ready_is_no_figure(monkeypatch):
    monkeypatch.setattr(starting, "_PATIENCE_S", 0.01)

    with pytest.raises(MeasureFailed):
        starting.starting(repeats=1)
