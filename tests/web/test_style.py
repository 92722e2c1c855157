import re
from pathlib import Path

import pytest

import bedside.web

CSS = (Path(bedside.web.__file__).parent / "static" / "style.css").read_text()
LIGHT, DARK, NIGHT = (
    dict(re.findall(r"--(\w[\w-]*): (#\w{6})", block))
    for block in re.findall(r":root(?:\[[^]]*\])? \{(.*?)\}", CSS, re.DOTALL)[:3]
)
THEMES = {"light": LIGHT, "dark": DARK, "night": NIGHT}
TEXT = [  # WCAG 2.2, 1.4.3: at least 4.5
    *((ink, ground) for ink in ("ink", "soft", "link") for ground in ("paper", "card")),
    ("alert-ink", "alert"),
    ("on-link", "link"),
    ("good", "paper"),
    ("good", "card"),
]
DRAWN = [  # WCAG 2.2, 1.4.11: at least 3
    *((ink, "card") for ink in ("sleep", "jerk", "limb", "turn", "outside", "lamp", "gap")),
    *((ink, "paper") for ink in ("jerk", "limb", "turn")),
    ("ink", "band"),
    ("edge", "paper"),
    ("edge", "card"),
]


def luminance(colour):
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(theme, one, other):
    low, high = sorted((luminance(theme[one]), luminance(theme[other])))
    return (high + 0.05) / (low + 0.05)


def test_the_formula_is_right():
    assert contrast({"a": "#000000", "b": "#ffffff"}, "a", "b") == pytest.approx(21)
    assert contrast({"a": "#777777", "b": "#ffffff"}, "a", "b") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(theme, ink, ground):
    assert contrast(theme, ink, ground) >= 4.5


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize(("ink", "ground"), DRAWN)
def test_drawings_can_be_seen(theme, ink, ground):
    assert contrast(theme, ink, ground) >= 3.0


def test_all_themes_name_the_same_colours():
    assert LIGHT.keys() == DARK.keys() == NIGHT.keys()


def test_the_night_is_red_on_black():
    assert NIGHT["paper"] == "#000000"
    for colour in NIGHT.values():
        red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
        assert blue <= green + 2
        assert (red >= 2 * blue) or red == 0


def test_every_colour_that_is_used_is_named():
    used = set(re.findall(r"var\(--([\w-]+)\)", CSS))

    assert used <= LIGHT.keys() | {"serif", "sans"}


def test_nothing_comes_from_elsewhere():
    assert "url(" not in CSS
    assert "@import" not in CSS


def test_it_stays_small():
    assert len(CSS.splitlines()) < 300
