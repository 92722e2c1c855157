from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.simulator.stream import Stream


def numbered(t, _number):
    """Frame k of a 100 Hz stream from 50 s on holds k, counted from 1."""
    return np.rint((t - 50.0) * 100.0).astype(">i4").tobytes()


def stream() -> Stream:
    return Stream(50.0, 100.0, 4, numbered)


def frames(raw: bytes) -> list[int]:
    return np.frombuffer(raw, ">i4").tolist()


def test_a_frame_is_made_when_its_time_has_come():
    made = [stream().made(now) // 4 for now in (49.0, 50.0, 50.0099, 50.01, 50.0101, 51.0, 3650.0)]
    assert made == [0, 0, 0, 1, 1, 100, 360_000]


def test_a_minute_is_rendered_at_a_time():
    asked = []

    def render(t, number):
        asked.append((number, len(t)))
        return numbered(t, number)

    one = Stream(50.0, 100.0, 4, render)
    for first in range(0, 48_000, 400):
        one.part(first, first + 400)
    assert asked == [(0, 6000), (1, 6000)]


@given(
    cuts=st.lists(st.integers(0, 60_000), min_size=2, max_size=8).map(sorted),
)
def test_any_cutting_gives_the_same_bytes(cuts):
    whole = stream().part(cuts[0], cuts[-1])
    one = stream()
    pieces = [one.part(a, b) for a, b in pairwise(cuts)]
    assert b"".join(pieces) == whole
    assert len(whole) == cuts[-1] - cuts[0]


@pytest.mark.parametrize("frozen_at", [50.005, 53.0, 110.0, 170.33])
def test_a_frozen_stream_repeats_the_newest_frame(frozen_at):
    one = stream()
    one.part(0, 40)
    one.freeze(frozen_at)
    newest = max(1, int((frozen_at - 50.0) * 100.0 + 1e-6))
    assert frames(one.part(0, 80_000)) == [min(k, newest) for k in range(1, 20_001)]
