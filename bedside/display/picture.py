"""What the display shows, as pixels: large digits, an arrow, the time, a sign for a fault.

Digits are seven strokes each, so that they look the same on every machine and at any size.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.bool_]
"""(height, width), True where it glows."""

WIDTH = 128
ROAM_ACROSS, ROAM_DOWN = 8, 4  # pixels that the picture wanders: no stroke is thicker
SLOWER = 3  # it wanders up and down more slowly than from side to side
ARROW_ROWS = 12

_STROKES = {
    "0": "abcdef", "1": "bc", "2": "abged", "3": "abgcd", "4": "fgbc", "5": "afgcd",
    "6": "afgedc", "7": "abc", "8": "abcdefg", "9": "abcdfg",
}  # fmt: skip
_WARNING = (
    "......##......",
    ".....####.....",
    ".....#..#.....",
    "....##..##....",
    "....#.##.#....",
    "...##.##.##...",
    "...#..##..#...",
    "..##..##..##..",
    "..#........#..",
    ".##...##...##.",
    ".#....##....#.",
    "##############",
    "##############",
)


@dataclass(frozen=True, slots=True)
class View:
    """What is to be seen.

    c      degrees Celsius; None where nobody knows
    state  above the comfort band the arrow points up, below it down
    clock  hours and minutes, as 23:41; empty where nobody knows
    fault  something is wrong: the page says what
    shift  pixels to the right and down, so that nothing burns in
    """

    c: float | None = None
    state: Literal["cool", "comfortable", "warm"] | None = None
    clock: str = ""
    fault: bool = False
    shift: tuple[int, int] = (0, 0)


class _Type(NamedTuple):
    """Size of a digit, of its strokes, and of the space behind it, pixels."""

    width: int
    height: int
    stroke: int
    space: int


class _Layout(NamedTuple):
    """Where things stand; (right, down) from the corner of what wanders."""

    large: _Type
    small: _Type
    ring: int
    clock: tuple[int, int]
    warning: tuple[int, int]


_LAYOUTS = {
    64: _Layout(_Type(22, 40, 4, 5), _Type(8, 13, 2, 3), 9, (0, 47), (104, 47)),
    32: _Layout(_Type(14, 28, 4, 3), _Type(6, 11, 2, 2), 7, (82, 17), (103, 0)),
}


def render(view: View, height: int) -> Picture:
    """Draw a view for a panel of 64 or 32 rows."""
    layout = _LAYOUTS[height]
    picture: Picture = np.zeros((height, WIDTH), np.bool_)
    text = "--.-" if view.c is None else f"{round(view.c, 1) + 0.0:.1f}"  # never -0.0
    right = _write(picture, (0, 0), text, layout.large)
    _ring(picture[:, right:], layout.ring)
    arrow = _arrow(view)
    bottom = layout.large.height
    picture[bottom - ARROW_ROWS : bottom, right : right + arrow.shape[1]] |= arrow
    _write(picture, layout.clock, view.clock, layout.small)
    if view.fault:
        x, y = layout.warning
        sign = np.array([[char == "#" for char in row] for row in _WARNING])
        picture[y : y + sign.shape[0], x : x + sign.shape[1]] |= sign
    across, down = view.shift
    return np.roll(picture, (down, across), axis=(0, 1))


def shifted(minute: int) -> tuple[int, int]:
    """Give the shift in some minute: from side to side, and up and down, a pixel at a time."""
    return _swing(minute, ROAM_ACROSS), _swing(minute // SLOWER, ROAM_DOWN)


def _swing(step: int, far: int) -> int:
    return far - abs(step % (2 * far) - far)


def _write(picture: Picture, at: tuple[int, int], text: str, size: _Type) -> int:
    """Write from `at` (right, down) on; give the column behind what was written."""
    x, y = at
    for char in text:
        drawn = _character(char, size)
        picture[y : y + size.height, x : x + drawn.shape[1]] |= drawn
        x += drawn.shape[1] + size.space
    return x


def _character(char: str, size: _Type) -> Picture:
    width, height, stroke, _ = size
    middle = (height - stroke) // 2
    if char == "-":
        drawn = np.zeros((height, width // 2 + 1), np.bool_)
        drawn[middle : middle + stroke] = True
        return drawn
    if char in ".:":
        drawn = np.zeros((height, stroke), np.bool_)
        for top in (height - stroke,) if char == "." else (height // 4, height * 3 // 4 - stroke):
            drawn[top : top + stroke] = True
        return drawn
    drawn = np.zeros((height, width), np.bool_)
    upper, lower = slice(0, middle + stroke), slice(middle, height)
    left, right, all_of_it = slice(0, stroke), slice(width - stroke, width), slice(None)
    strokes = {
        "a": (slice(0, stroke), all_of_it), "b": (upper, right), "c": (lower, right),
        "d": (slice(height - stroke, height), all_of_it), "e": (lower, left), "f": (upper, left),
        "g": (slice(middle, middle + stroke), all_of_it),
    }  # fmt: skip
    for name in _STROKES[char]:
        drawn[strokes[name]] = True
    return drawn


def _ring(corner: Picture, size: int) -> None:
    """Draw the sign for degrees."""
    line = size // 4
    corner[1 : size - 1, :size] = corner[:size, 1 : size - 1] = True
    corner[line + 1 : size - line - 1, line : size - line] = False
    corner[line : size - line, line + 1 : size - line - 1] = False


def _arrow(view: View) -> Picture:
    """Draw where the room lies against its band; (rows, 11), blank within the band."""
    columns = abs(np.arange(11) - 5)
    edge = np.arange(ARROW_ROWS)[:, None] // 2
    up: Picture = (columns <= edge) & (columns > edge - 3)
    if view.state == "warm":
        return up
    return up[::-1] if view.state == "cool" else np.zeros_like(up)
