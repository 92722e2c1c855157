import xml.etree.ElementTree as ET

import pytest

from bedside.pipeline.report import Hour, KindLine
from bedside.web.charts import glyph, hours_chart, most_of, number, range_bar, swatch, tag

HOUR = 3600.0


def hour(label="0", heard_s=HOUR, jerks=0, limb_movements=0, turns=0):
    return Hour(label, 0.0, HOUR, heard_s, 3000.0, jerks, limb_movements, turns, 0)


def kind(now=1.5, low=0.5, mean=1.0, high=2.0, nights=7):
    return KindLine("jerk", "Jerks", 11, 1, 0, 0, now, 0.9, low, mean, high, nights, "1.5 an hour")


def test_coordinates_are_short():
    assert [number(value) for value in (1.0, 1.25, 1.26)] == ["1", "1.2", "1.3"]


def test_attributes_and_children_are_escaped():
    assert tag("text", "a<b", aria_label='"&') == '<text aria-label="&#34;&amp;">a&lt;b</text>'
    assert tag("g", tag("line", class_="grid", x1=1.0)) == '<g><line class="grid" x1="1"/></g>'


def test_bars_stand_on_each_other():
    picture = ET.fromstring(hours_chart([hour(jerks=2, limb_movements=3, turns=5)]))

    bars = {e.get("class"): e for e in picture.iter("rect")}
    heights = {name: float(e.get("height")) for name, e in bars.items()}
    assert heights == {"solid": 20, "hatched": 30, "hollow": 50}
    assert float(bars["solid"].get("y")) == 98
    assert float(bars["hollow"].get("y")) == 18
    assert bars["hatched"].get("fill") == "url(#hours-limb)"


def test_the_count_stands_above_and_the_hour_below():
    picture = ET.fromstring(hours_chart([hour("23", jerks=2), hour("2 again", turns=1)]))

    words = [(e.get("class"), e.text) for e in picture.iter("text")]
    assert words == [("count", "2"), ("tick", "23"), ("count", "1"), ("tick", "2")]
    assert picture.find("desc").text == "23: 2; 2 again: 1"


def test_an_hour_that_was_not_heard_is_hatched_not_empty():
    picture = ET.fromstring(hours_chart([hour(heard_s=600.0, jerks=1)]))

    assert [e.get("fill") for e in picture.iter("rect")] == ["url(#hours-unheard)"]


def test_a_few_movements_do_not_fill_the_drawing():
    picture = ET.fromstring(hours_chart([hour(jerks=1), hour()]))

    assert [float(e.get("height")) for e in picture.iter("rect")] == [pytest.approx(16.7)]


def test_a_whole_day_fits():
    day = [hour(str(number), jerks=100) for number in range(24)]

    picture = ET.fromstring(hours_chart(day))

    assert [e.text for e in picture.iter("text")] == [str(number) for number in range(0, 24, 2)]
    assert all(float(e.get("x")) + float(e.get("width")) < 320 for e in picture.iter("rect"))


def test_tonight_stands_on_the_range_of_the_nights_before():
    line = kind()
    bar = ET.fromstring(range_bar(line, most_of([line])))

    (band,), (dot,) = list(bar.iter("rect")), list(bar.iter("circle"))
    (mean,) = [e for e in bar.iter("line") if e.get("class") == "mean"]
    left, width = float(band.get("x")), float(band.get("width"))
    assert left < float(mean.get("x1")) < float(dot.get("cx")) < left + width < 320


def test_the_first_night_has_no_range():
    assert range_bar(kind(low=None, mean=None, high=None), 2.0) == ""


def test_a_rate_that_is_not_known_is_not_drawn():
    assert not list(ET.fromstring(range_bar(kind(now=None), 2.0)).iter("circle"))


def test_no_rate_at_all():
    assert most_of([kind(now=None, high=None)]) > 0
    assert most_of([]) > 0


@pytest.mark.parametrize("kind", ["jerk", "limb_movement", "turn", "disturbance", "bed_exit"])
def test_signs_are_for_the_eye_alone(kind):
    assert ET.fromstring(glyph(kind)).get("aria-hidden") == "true"


def test_the_legend_shows_what_the_bars_show():
    assert 'fill="url(#hours-limb)"' in swatch("hatched")
    assert 'class="hollow"' in swatch("hollow")
