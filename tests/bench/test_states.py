import numpy as np
import pytest

from bedside.bench import states
from bedside.bench.figures import NightFigures
from bedside.pipeline.listener import Minute, PresenceChange
from bedside.pipeline.samples import Span

HOUR = 3600.0


def test_presence_is_made_of_its_changes():
    changes = [
        PresenceChange(10.0, present=True),
        PresenceChange(20.0, present=False),
        PresenceChange(25.0, present=False),
        PresenceChange(30.0, present=True),
    ]
    assert states.present(changes, 100.0) == [Span(10.0, 20.0), Span(30.0, 100.0)]


def test_minutes_of_presence_go_by_the_majority():
    figures = NightFigures()
    states.presence(figures, [Span(600.0, 3000.0)], [Span(620.0, 3095.0)], HOUR)
    assert figures.minutes == 60
    assert figures.minutes_right == 58  # one minute too many at the end, and most of another


@pytest.mark.parametrize(("late_s", "right"), [(10.0, 1), (10.1, 0), (-10.0, 1), (-10.1, 0)])
def test_an_entry_within_ten_seconds_is_right(late_s, right):
    figures = NightFigures()
    states.presence(figures, [Span(600.0, HOUR)], [Span(600.0 + late_s, HOUR)], HOUR)
    assert (figures.changes, figures.changes_right, figures.changes_false) == (1, right, 1 - right)


def test_an_exit_does_not_stand_for_an_entry():
    figures = NightFigures()
    states.presence(figures, [Span(600.0, HOUR)], [Span(0.0, 600.0)], HOUR)
    assert (figures.changes, figures.changes_right, figures.changes_false) == (1, 0, 1)


def test_the_ends_of_the_recording_are_no_changes():
    figures = NightFigures()
    states.presence(figures, [Span(0.0, HOUR)], [Span(5.0, HOUR)], HOUR)
    assert (figures.changes, figures.changes_false) == (0, 0)


def test_latency_runs_from_the_way_to_bed():
    figures = NightFigures()
    in_bed, asleep = [Span(100.0, 8 * HOUR)], [Span(1000.0, 7 * HOUR), Span(7.5 * HOUR, 8 * HOUR)]
    states.sleep(figures, in_bed, asleep, sol_s=960.0, tst_s=7 * HOUR)
    assert figures.sol_error_s == [pytest.approx(60.0)]
    assert figures.tst_error_s == [pytest.approx(1000.0 - 0.5 * HOUR)]


def test_sleep_that_was_not_seen_is_not_told():
    figures = NightFigures()
    states.sleep(figures, [Span(0.0, HOUR)], [Span(600.0, HOUR)], sol_s=None, tst_s=None)
    assert (figures.sol_nights, figures.sol_told) == (1, 0)
    assert figures.tst_error_s == [-3000.0]


def test_breathing_is_compared_in_whole_minutes_in_bed():
    breaths = np.array([[0.0, 12.0], [600.0, 12.0], [1200.0, 18.0]])
    minutes = [
        Minute(0.0, 60.0, 1.0, 1.0, 1.0, breaths_per_min=13.0),
        Minute(60.0, 60.0, 1.0, 1.0, 1.0),
        Minute(870.0, 60.0, 1.0, 1.0, 1.0, breaths_per_min=15.0),
        Minute(1800.0, 60.0, 0.0, 1.0, 1.0, breaths_per_min=15.0),
    ]
    figures = NightFigures()
    states.breathing(figures, breaths, [Span(0.0, 1200.0)], minutes)
    assert (figures.breath_minutes, figures.breath_told, figures.breath_invented) == (3, 2, 1)
    assert figures.breath_error == [pytest.approx(1.0), pytest.approx(0.0, abs=1e-9)]


def test_series_are_matched_within_their_kind_first():
    truth = [("periodic", Span(0.0, 300.0)), ("cluster", Span(500.0, 510.0))]
    told = [("rhythmic", Span(0.0, 300.0)), ("periodic", Span(0.0, 200.0))]
    figures = NightFigures()
    states.series(figures, truth, told, [])
    assert figures.series_true == {"periodic": 1, "cluster": 1}
    assert figures.series_found == {"periodic": 1}
    assert figures.series_false == {"rhythmic": 1}
    assert figures.plain_nights == 0


def test_a_series_of_another_kind_is_neither_found_nor_false():
    figures = NightFigures()
    truth, told = [("cluster", Span(0.0, 10.0))], [("rhythmic", Span(2.0, 9.0))]
    states.series(figures, truth, told, [])
    assert figures.series_renamed == {"cluster": 1}
    assert not figures.series_found
    assert not figures.series_false


def test_half_a_series_must_be_covered():
    figures = NightFigures()
    states.series(figures, [("periodic", Span(0.0, 100.0))], [("periodic", Span(51.0, 100.0))], [])
    assert not figures.series_found
    assert figures.series_false == {"periodic": 1}


def test_footsteps_as_a_rhythm_and_a_plain_night_that_got_a_series():
    figures = NightFigures()
    told = [("rhythmic", Span(10.0, 13.0)), ("periodic", Span(100.0, 200.0))]
    states.series(figures, [], told, steps=[Span(9.0, 14.0)])
    assert figures.steps_as_rhythm == 1
    assert (figures.plain_nights, figures.plain_nights_clean) == (1, 0)
