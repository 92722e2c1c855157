import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.light.fade import Fade

LEVELS = st.floats(0.0, 1.0)


def test_it_is_even_between_its_ends():
    fade = Fade(10.0, 0.2, 20.0, 0.6)
    assert [fade.level(t) for t in (0, 10, 12.5, 15, 20, 99)] == pytest.approx(
        [0.2, 0.2, 0.3, 0.4, 0.6, 0.6]
    )
    assert [fade.done(t) for t in (0, 19.9, 20)] == [False, False, True]


@given(LEVELS, LEVELS, LEVELS, st.floats(-5.0, 15.0), st.floats(0.1, 10.0))
def test_it_goes_elsewhere_from_where_it_is(start, end, other, now_s, length_s):
    fade = Fade(0.0, start, 10.0, end)
    turned = fade.toward(now_s, other, length_s)
    assert turned.level(now_s) == fade.level(now_s)
    assert turned.level(now_s + length_s) == other


@given(LEVELS, LEVELS, LEVELS, st.floats(-5.0, 15.0))
def test_below_a_ceiling_it_never_jumps_and_never_ends_above(start, end, ceiling, now_s):
    fade = Fade(0.0, start, 10.0, end)
    lower = fade.below(now_s, ceiling, 5.0)
    assert lower.end <= max(ceiling, 0.0) or lower.end == pytest.approx(ceiling)
    assert lower.level(now_s) == pytest.approx(fade.level(now_s), abs=1e-9)
    for t in (now_s + 0.5, now_s + 5.0, now_s + 30.0):
        assert lower.level(t) <= max(fade.level(now_s), ceiling) + 1e-9


def test_a_rise_keeps_its_pace_up_to_the_ceiling():
    lower = Fade(0.0, 0.0, 100.0, 1.0).below(20.0, 0.5, 5.0)
    assert lower == Fade(0.0, 0.0, 50.0, 0.5)
