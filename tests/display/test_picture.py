"""The picture, pixel by pixel: in `pictures/` each sign of Braille is two by four pixels."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from luma.core.device import dummy

from bedside.display.panel import as_image
from bedside.display.picture import WIDTH, View, render, shifted

PICTURES = Path(__file__).parent / "pictures"
CASES = {
    "comfortable": (View(19.4, "comfortable", "23:41"), 64),
    "cool and faulty": (View(-10.5, "cool", "02:08", fault=True, shift=(8, 4)), 64),
    "warm": (View(25.7, "warm", "15:36"), 64),
    "unknown": (View(fault=True, clock="09:00"), 64),
    "small": (View(26.8, "warm", "17:59", fault=True), 32),
    "small and cool": (View(-10.5, "cool", "", shift=(8, 4)), 32),
}


def braille(picture):
    dots = ((0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1), (3, 0), (3, 1))
    height, width = picture.shape
    return "".join(
        "".join(
            chr(0x2800 + sum(picture[y + dy, x + dx] << bit for bit, (dy, dx) in enumerate(dots)))
            for x in range(0, width, 2)
        )
        + "\n"
        for y in range(0, height, 4)
    )


@pytest.mark.parametrize("name", CASES)
def test_the_picture_is_as_drawn_here_and_as_luma_captures_it(name):
    view, height = CASES[name]
    picture = render(view, height)
    assert braille(picture.astype(int)) == (PICTURES / f"{name}.txt").read_text("utf-8")
    capture = dummy(width=WIDTH, height=height, mode="1")
    capture.display(as_image(picture))
    np.testing.assert_array_equal(np.asarray(capture.image), picture)


@pytest.mark.parametrize("height", [64, 32])
@pytest.mark.parametrize("c", [-10.0, -9.96, -0.04, 0.0, 8.05, 20.0, 38.8, 50.0, None])
def test_whatever_it_shows_nothing_leaves_the_glass_or_runs_into_another(c, height):
    full = View(c, "warm", "20:48", fault=True)
    parts = [View(c, "warm"), View(c, None, "20:48"), View(c, None, "", fault=True)]
    bare = render(View(c), height)
    extra = [render(part, height) & ~bare for part in parts]
    assert sum(part.astype(int) for part in extra).max() == 1
    far = render(View(c, "warm", "20:48", True, (8, 4)), height)
    assert far.sum() == render(full, height).sum()
    assert not far[:4].any()
    assert not far[:, :8].any()
    np.testing.assert_array_equal(far[4:, 8:], render(full, height)[:-4, :-8])


def test_zero_has_no_sign():
    np.testing.assert_array_equal(render(View(-0.04), 64), render(View(0.0), 64))
    assert not np.array_equal(render(View(-0.06), 64), render(View(0.0), 64))


def test_no_two_digits_look_alike():
    looks = {render(View(float(digit)), 64).tobytes() for digit in range(10)}
    assert len(looks) == 10


def test_above_the_band_the_arrow_points_up_and_below_it_down():
    bare = render(View(20.0), 64)
    arrows = {state: render(View(20.0, state), 64) & ~bare for state in ("cool", "warm")}
    widths = {
        state: [np.ptp(np.flatnonzero(row)) for row in arrow if row.any()]
        for state, arrow in arrows.items()
    }
    assert widths["warm"] == sorted(widths["warm"]) == widths["cool"][::-1]
    assert (widths["warm"][0], widths["warm"][-1]) == (0, 10)
    np.testing.assert_array_equal(render(View(20.0, "comfortable"), 64), bare)


@pytest.mark.parametrize("height", [64, 32])
def test_the_picture_wanders_so_that_nothing_burns_in(height):
    shifts = [shifted(minute) for minute in range(24 * 60)]
    across, down = zip(*shifts, strict=True)
    assert (min(across), max(across), min(down), max(down)) == (0, 8, 0, 4)
    assert np.abs(np.diff(across)).max() == 1
    assert np.abs(np.diff(down)).max() == 1
    view = View(19.4, "warm", "03:12", fault=True)
    glow = np.mean([render(replace(view, shift=shift), height) for shift in shifts], axis=0)
    assert glow.max() < 1.0  # no pixel glows all day
    assert (glow > 0).sum() > 1.3 * render(view, height).sum()
