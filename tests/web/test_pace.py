import pytest

from bedside.clock import SteppedClock
from bedside.web.pace import LONGEST_S, MOST_A_SECOND, SHORTEST_S, Pace


@pytest.mark.parametrize("phones", [1, 10, 14, 50, 140])
def test_together_they_ask_no_oftener_than_is_good(phones):
    clock = SteppedClock()
    pace, due_s, asked = Pace(clock), [clock.monotonic()] * phones, 0
    end_s = clock.monotonic() + 60.0
    while clock.monotonic() < end_s:
        clock.advance(0.01)
        for phone in range(phones):
            if due_s[phone] <= clock.monotonic():
                period_s = pace.next_s()
                due_s[phone] = clock.monotonic() + period_s
                asked += clock.monotonic() > end_s - 30.0

    assert SHORTEST_S <= period_s <= LONGEST_S
    assert asked / 30.0 <= 1.15 * max(MOST_A_SECOND, phones / LONGEST_S)
    if phones <= 14:
        assert period_s == SHORTEST_S


def test_when_they_have_gone_the_one_that_stays_is_quick_again():
    clock = SteppedClock()
    pace = Pace(clock)
    for _ in range(1000):
        clock.advance(0.01)
        slow_s = pace.next_s()
    for _ in range(5):
        clock.advance(slow_s)
        quick_s = pace.next_s()

    assert slow_s > 1.0
    assert quick_s == SHORTEST_S
