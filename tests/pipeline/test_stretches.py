from bedside.pipeline.samples import Span
from bedside.pipeline.stretches import Stretch, quiet_stretches, restless_stretches

HOUR = 3600.0


def test_quiet_is_the_longest_sleep_without_a_movement(move):
    own = [move(t, "turn", 10.0) for t in (HOUR, 4 * HOUR, 4.5 * HOUR)]

    found = quiet_stretches(own, [Span(0.0, 6 * HOUR)])

    assert found == [
        Stretch("quiet", HOUR + 10.0, 4 * HOUR, 0),
        Stretch("quiet", 4.5 * HOUR + 10.0, 6 * HOUR, 0),
        Stretch("quiet", 0.0, HOUR, 0),
    ]


def test_quiet_lasts_three_quarters_of_an_hour(move):
    assert quiet_stretches([], [Span(0.0, 2699.0)]) == []
    assert len(quiet_stretches([], [Span(0.0, 2700.0)])) == 1


def test_wake_and_missing_data_end_the_quiet():
    assert quiet_stretches([], [Span(0.0, 2000.0), Span(2030.0, 4000.0)]) == []


def test_restless_is_many_movements_close_together(move):
    busy = [move(HOUR + 60.0 * n) for n in range(9)]
    few = [move(2 * HOUR + 60.0 * n) for n in range(7)]
    quick = [move(3 * HOUR + 10.0 * n, "jerk") for n in range(20)]

    found = restless_stretches([*busy, *few, *quick], Span(0.0, 8 * HOUR))

    assert found == [Stretch("restless", HOUR, HOUR + 482.0, 9)]


def test_only_the_three_busiest_are_named(move):
    own = [move(HOUR * k + 60.0 * n) for k in range(1, 6) for n in range(8 + k)]

    counts = [stretch.count for stretch in restless_stretches(own, Span(0.0, 8 * HOUR))]
    assert counts == [13, 12, 11]


def test_nothing_moves():
    assert restless_stretches([], Span(0.0, HOUR)) == []
