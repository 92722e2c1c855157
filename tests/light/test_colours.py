from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.light.colours import COLOURS, Mixture
from bedside.light.curve import luminance

LAMPS = [
    ("warm",),
    ("warm", "amber"),
    ("red", "white"),
    ("red", "green", "blue"),
    ("amber", "warm", "white"),
]


def test_one_channel_gets_the_curve():
    lamp = Mixture(["warm"], 0.2)
    assert lamp.duties(0.5) == pytest.approx([luminance(0.5)])
    assert lamp.duties(0.0) == [0.0]
    assert lamp.duties(1.0) == [1.0]


def test_the_dimmer_the_redder():
    lamp = Mixture(["green", "red", "blue"], 0.2)
    for level in (0.01, 0.1, 0.2):
        green, red, blue = lamp.duties(level)
        assert (green, blue) == (0.0, 0.0)
        assert red > 0.0
    assert lamp.duties(1.0) == pytest.approx([0.25, 1.0, 0.01])
    shares = [lamp.duties(level)[0] / lamp.duties(level)[1] for level in (0.25, 0.3, 0.35, 0.4)]
    assert shares == sorted(shares)


def test_nothing_glows_alone_where_that_is_not_wanted():
    amber, warm = Mixture(["amber", "warm"], 0.0).duties(0.1)
    assert amber == warm > 0.0


@pytest.mark.parametrize("names", LAMPS, ids="-".join)
@given(level=st.floats(0.0, 1.0), alone=st.floats(0.0, 0.5))
def test_the_light_follows_the_curve_whatever_the_colours(names, level, alone):
    lamp = Mixture(names, alone)
    most = sum(COLOURS[name].light * COLOURS[name].share for name in names)
    duties = lamp.duties(level)
    assert all(0.0 <= duty <= 1.0 for duty in duties)
    light = sum(COLOURS[name].light * duty for name, duty in zip(names, duties, strict=True))
    assert light == pytest.approx(luminance(level) * most, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("names", LAMPS, ids="-".join)
def test_no_channel_jumps(names):
    lamp = Mixture(names, 0.2)
    duties = [lamp.duties(n / 5000) for n in range(5001)]
    for before, after in pairwise(duties):
        assert all(abs(a - b) < 2e-3 for a, b in zip(before, after, strict=True))
