from itertools import combinations, permutations

from hypothesis import given
from hypothesis import strategies as st

from bedside.bench.matching import SLACK_S, near, pairs
from bedside.pipeline.samples import Span

spans = st.lists(
    st.builds(
        lambda start, length: Span(start / 4, (start + length) / 4),
        st.integers(0, 60),
        st.integers(0, 20),
    ),
    max_size=5,
)


def may_pair(truth: Span, found: Span) -> bool:
    return truth.start_s - SLACK_S <= found.end_s and found.start_s <= truth.end_s + SLACK_S


def most_pairs(truth: list[Span], detected: list[Span]) -> int:
    for size in range(min(len(truth), len(detected)), 0, -1):
        for chosen in combinations(truth, size):
            for order in permutations(detected, size):
                if all(map(may_pair, chosen, order)):
                    return size
    return 0


@given(spans, spans)
def test_as_many_pairs_as_any_matching_has(truth, detected):
    matched = pairs(truth, detected)
    assert len(matched) == most_pairs(truth, detected)
    assert len({i for i, _ in matched}) == len({j for _, j in matched}) == len(matched)
    assert all(may_pair(truth[i], detected[j]) for i, j in matched)


def test_the_slack_is_three_quarters_of_a_second_at_either_end():
    truth = [Span(10.0, 11.0)]
    assert pairs(truth, [Span(11.75, 12.0)]) == [(0, 0)]
    assert pairs(truth, [Span(11.76, 12.0)]) == []
    assert pairs(truth, [Span(9.0, 9.25)]) == [(0, 0)]
    assert pairs(truth, [Span(9.0, 9.24)]) == []


def test_the_longer_overlap_is_preferred():
    truth = [Span(10.0, 10.4), Span(10.8, 11.2)]
    assert pairs(truth, [Span(10.8, 11.0), Span(10.1, 10.5)]) == [(0, 1), (1, 0)]


def test_a_late_comer_moves_others_along():
    # The middle detection overlaps both; only if the first gives it up can both be found.
    truth = [Span(0.0, 4.0), Span(5.0, 6.0)]
    assert pairs(truth, [Span(3.0, 5.5), Span(-0.5, 0.2)]) == [(0, 1), (1, 0)]


def test_nothing_matches_nothing():
    assert pairs([], [Span(0.0, 1.0)]) == []
    assert near([Span(0.0, 1.0)], []) == [[]]
