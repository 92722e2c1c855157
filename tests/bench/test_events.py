import pytest

from bedside.bench import events
from bedside.bench.figures import NightFigures
from bedside.bench.verdict import Happened, judge
from bedside.pipeline.movements import Movement
from bedside.pipeline.samples import Span

TRUTH = [
    Happened(Span(10.0, 10.2), "jerk", level=5.0),
    Happened(Span(50.0, 50.2), "jerk", level=3.5),
    Happened(Span(90.0, 92.0), "limb_movement", level=12.0),
    Happened(Span(120.0, 120.2), "jerk", faint=True, level=1.5),
    Happened(Span(200.0, 200.4), "disturbance", "door", level=8.0),
    Happened(Span(300.0, 305.0), "disturbance", "steps", level=8.0),
    Happened(Span(400.0, 405.0), "disturbance", "steps", faint=True, level=0.5),
    Happened(Span(500.0, 505.0), "disturbance", "steps", faint=True, level=0.5),
]


def told(start_s, end_s, kind):
    return Movement(start_s, end_s, kind, 20.0, 1.0, 0.0)


OWN = [
    told(10.1, 10.4, "jerk"),
    told(90.0, 91.0, "turn"),
    told(120.0, 120.2, "jerk"),
    told(300.0, 300.3, "jerk"),
    told(500.0, 500.3, "jerk"),
    told(900.0, 900.3, "jerk"),
]
OTHERS = [told(50.0, 50.3, "disturbance")]
SPANS = [Span(m.start_s, m.end_s) for m in OWN]


def test_counts_of_a_night():
    figures = events.count(TRUTH, SPANS, judge(TRUTH, SPANS), 1800.0)
    assert (figures.hits, figures.missed, figures.hours) == (2, 1, 0.5)
    assert figures.false == {"steps": 2, "nothing": 1}
    assert figures.false_per_hour == 6.0
    assert figures.recall == pytest.approx(2 / 3)
    assert figures.precision == pytest.approx(2 / 5)
    assert figures.f1 == pytest.approx(2 * (2 / 3) * (2 / 5) / (2 / 3 + 2 / 5))
    assert figures.onset_error_s == [pytest.approx(0.1)]


def test_a_faint_disturbance_counts_where_it_was_taken_for_the_sleeper():
    figures = events.count(TRUTH, SPANS, judge(TRUTH, SPANS), 1800.0)
    assert figures.disturbances == {"door": 1, "steps": 2}
    assert figures.disturbed == {"steps": 2}
    assert figures.all_disturbances == {"door": 1, "steps": 3}


def test_recall_by_level_has_the_faint_ones_too():
    figures = events.count(TRUTH, SPANS, judge(TRUTH, SPANS), 1800.0)
    assert figures.at_level == {4.0: 1, 3.0: 1, 10.0: 1, 1.0: 1}
    assert figures.found_at_level == {4.0: 1, 10.0: 1, 1.0: 1}
    assert (figures.loud_jerks, figures.loud_jerks_found) == (1, 1)


@pytest.mark.parametrize(
    ("level", "low"), [(0.0, 0.0), (0.99, 0.0), (1.0, 1.0), (4.0, 4.0), (9.9, 6.0), (99.0, 10.0)]
)
def test_bins_of_level(level, low):
    assert events.level_bin(level) == low


def test_kinds_are_confused_and_misses_may_be_muted():
    figures = NightFigures()
    events.count_kinds(figures, TRUTH, OWN, OTHERS, judge(TRUTH, SPANS))
    assert figures.kinds == {("jerk", "jerk"): 1, ("limb_movement", "turn"): 1}
    assert figures.kind_right == 0.5
    assert figures.muted == {"jerk": 1}


def test_a_line_for_everything_that_went_wrong():
    lines = events.notes(TRUTH, OWN, OTHERS, judge(TRUTH, SPANS))
    assert [line.split()[:3] for line in lines] == [
        ["50.00", "missed", "jerk"],
        ["90.00", "named", "limb_movement"],
        ["300.00", "false", "jerk"],
        ["500.00", "false", "jerk"],
        ["900.00", "false", "jerk"],
    ]
    assert "called disturbance" in lines[0]
    assert lines[2].endswith(": steps")
    assert lines[4].endswith(": nothing")
