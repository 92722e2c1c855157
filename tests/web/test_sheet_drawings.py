"""What is drawn on the doctor's sheets."""

import re
from xml.etree import ElementTree

import pytest

from bedside.pipeline.words.several import AfterOnset
from bedside.web.sheet_drawings import (
    Row,
    after_onset_bars,
    axis,
    intervals,
    night_strip,
    row_hours,
    row_strip,
)

EMPTY = Row((), (), (), (), (), ())
ROW = Row(
    bed=((10.5, 18.25),),
    asleep=((11.0, 14.0), (14.5, 18.0)),
    gaps=((15.0, 15.5),),
    jerks=(12.0, 13.0),
    limbs=(16.0,),
    hypnic=(10.9,),
)


def parsed(drawing):
    return ElementTree.fromstring(str(drawing))


def by_class(drawing, name):
    return [each for each in parsed(drawing).iter() if name in each.get("class", "").split()]


def test_the_axis_holds_all_nights():
    assert axis([ROW, EMPTY]) == (10, 19)
    assert axis([EMPTY]) == (10, 20)
    assert axis([Row(((10.0, 10.0),), (), (), (), (), ())]) == (10, 11)


def test_a_night_on_a_line():
    drawing = row_strip(ROW, (10, 19), 16.0)

    assert by_class(drawing, "jerk")[0].get("d").count("M") == 2
    assert by_class(drawing, "limb")[0].get("d").count("M") == 1
    assert by_class(drawing, "asleep")[0].get("d").count("z") == 2
    assert len(by_class(drawing, "missing")) == 1
    assert len(by_class(drawing, "ring")) == 1
    assert parsed(drawing).get("aria-hidden") == "true"  # its figures stand beside it


def test_jerks_stand_on_the_line_and_limb_movements_hang_below():
    drawing = row_strip(ROW, (10, 19), 16.0)
    jerk = re.match(r"M[\d.]+ ([\d.]+)v([-\d.]+)", by_class(drawing, "jerk")[0].get("d"))
    limb = re.match(r"M[\d.]+ ([\d.]+)v([-\d.]+)", by_class(drawing, "limb")[0].get("d"))

    assert 0 < float(jerk[1]) + float(jerk[2]) < float(jerk[1]) < 8.0
    assert 8.0 < float(limb[1]) < float(limb[1]) + float(limb[2]) < 16.0


@pytest.mark.parametrize("height", [9.5, 16.0, 24.0])
def test_an_empty_line_is_only_a_grid(height):
    drawing = parsed(row_strip(EMPTY, (10, 19), height))

    assert [each.get("class") for each in drawing] == ["grid"]


def test_hours_are_those_of_the_wall():
    said = [each.text for each in parsed(row_hours((10, 19)))]

    assert said == ["23", "0", "1", "2", "3", "4", "5", "6"]


def test_the_night_has_a_lane_for_each_thing(told, mark):
    drawing = night_strip(
        told(
            mark("presence", 0.0, 8.0),
            mark("sleep", 0.5, 7.0, "asleep"),
            mark("jerk", 1.0, kind="hypnic", value=40.0),
            mark("jerk", 2.0, kind="jerk", value=40.0),
            mark("series", 3.0, 3.2, "rhythmic", 8.0),
            mark("gap", 4.0, 4.5),
        )
    )
    words = [each.text for each in parsed(drawing).iter() if each.tag.endswith("text")]

    assert {"In bed, asleep", "Jerks", "Limb movements", "Turns", "Rhythmic series"} <= set(words)
    assert "Night light" not in words
    assert words[words.index("Jerks") + 1] == "2"
    assert len(by_class(drawing, "ring")) == 1
    assert len(by_class(drawing, "gap")) == 1
    assert parsed(drawing).get("aria-label").startswith("The whole night. From ")


def test_bars_are_as_high_as_their_rates():
    hours = [AfterOnset(1, 5.0, 4.0, 1.0, 0.5), AfterOnset(2, 5.0, 0.0, 2.0, 0.5)]
    drawing = after_onset_bars(hours)
    solid, hatched = by_class(drawing, "solid"), by_class(drawing, "hatched")

    assert len(solid) == 1  # none where there is nothing
    assert float(solid[0].get("height")) == pytest.approx(4 * float(hatched[0].get("height")),
                                                          rel=0.02)  # fmt: skip
    assert "hour 1: jerks 4.0, limb movements 1.0" in parsed(drawing).get("aria-label")


def test_without_any_sleep_there_are_no_bars():
    assert by_class(after_onset_bars([]), "solid") == []


def test_intervals_come_in_steps_of_ten_seconds():
    drawing = intervals([(0.0, 1), (20.0, 3), (28.0, 2), (88.0, 1), (90.0, 50)])
    counts = [each.text for each in by_class(drawing, "count")]

    assert counts == ["1", "0", "5", "0", "0", "0", "0", "0", "1"]  # longer ones are told in words
