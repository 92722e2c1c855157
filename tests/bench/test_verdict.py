from bedside.bench.verdict import NOTHING, PIECE, Happened, judge
from bedside.pipeline.samples import Span


def jerk(start_s, *, faint=False):
    return Happened(Span(start_s, start_s + 0.3), "jerk", faint=faint)


def disturbance(start_s, cause, length_s=0.5):
    return Happened(Span(start_s, start_s + length_s), "disturbance", cause)


def test_found_missed_and_invented():
    verdict = judge([jerk(10.0), jerk(20.0)], [Span(10.1, 10.4), Span(30.0, 31.0)])
    assert verdict.hits == [(0, 0)]
    assert verdict.missed == [1]
    assert verdict.false == [(1, NOTHING)]


def test_a_movement_in_two_pieces_is_a_hit_and_a_false_alarm():
    turn = Happened(Span(10.0, 18.0), "turn")
    verdict = judge([turn], [Span(10.0, 11.0), Span(12.0, 18.0)])
    assert verdict.hits == [(0, 1)]
    assert verdict.false == [(0, PIECE)]
    assert verdict.missed == []


def test_a_disturbance_need_not_be_found():
    verdict = judge([disturbance(10.0, "door")], [])
    assert verdict.missed == verdict.false == verdict.disturbed == []


def test_a_disturbance_taken_for_the_sleeper_is_named_and_counted():
    truth = [disturbance(10.0, "door"), disturbance(40.0, "steps", 5.0)]
    verdict = judge(truth, [Span(40.0, 40.2), Span(41.0, 41.2)])
    assert verdict.false == [(0, "steps"), (1, "steps")]
    assert verdict.disturbed == [1]


def test_the_shorter_disturbance_is_blamed():
    truth = [disturbance(0.0, "machine", 3600.0), disturbance(100.0, "door")]
    assert judge(truth, [Span(100.1, 100.3)]).false == [(0, "door")]


def test_a_movement_on_top_of_a_disturbance_is_found():
    truth = [disturbance(0.0, "machine", 3600.0), jerk(100.0)]
    verdict = judge(truth, [Span(100.0, 100.4)])
    assert verdict.hits == [(1, 0)]
    assert verdict.false == []
    assert verdict.disturbed == []


def test_a_faint_movement_counts_neither_way():
    truth = [jerk(10.0, faint=True), jerk(20.0, faint=True)]
    verdict = judge(truth, [Span(10.0, 10.3)])
    assert verdict.faint_hits == [(0, 0)]
    assert verdict.hits == verdict.missed == verdict.false == []


def test_a_faint_movement_excuses_one_detection_only():
    verdict = judge([jerk(10.0, faint=True)], [Span(10.0, 10.1), Span(10.2, 10.3)])
    assert [cause for _, cause in verdict.false] == [PIECE]


def test_a_clear_movement_comes_before_a_faint_one():
    truth = [jerk(10.0, faint=True), jerk(10.5)]
    verdict = judge(truth, [Span(10.2, 10.6)])
    assert verdict.hits == [(1, 0)]
    assert verdict.missed == []
