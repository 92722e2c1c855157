from collections import Counter

from bedside.bench.figures import EventFigures, NightFigures, pool, share


def test_pooling_adds_counts_and_joins_lists():
    one = EventFigures(1, 8.0, 10, 2, Counter(door=1), onset_error_s=[0.1])
    two = EventFigures(1, 4.0, 5, 0, Counter(door=2, nothing=1), onset_error_s=[0.2])
    both = pool(EventFigures, [one, two])
    assert (both.nights, both.hours, both.hits, both.missed) == (2, 12.0, 15, 2)
    assert both.false == {"door": 3, "nothing": 1}
    assert both.onset_error_s == [0.1, 0.2]
    assert one.false == {"door": 1}


def test_a_pool_of_nothing_has_no_shares():
    empty = pool(EventFigures, [])
    assert empty.recall is empty.precision is empty.f1 is empty.false_per_hour is None
    assert pool(NightFigures, []).kind_right is None


def test_shares():
    assert share(1, 4) == 0.25
    assert share(0, 0) is None
