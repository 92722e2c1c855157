import xml.etree.ElementTree as ET

import pytest

from bedside.web.strip import strip, summary

HOUR = 3600.0


def drawn(report):
    return ET.fromstring(strip(report))


def texts(picture):
    return [element.text for element in picture.iter("text")]


def boxes(picture, class_):
    found = [e for e in picture.iter("rect") if e.get("class") == class_]
    return [(float(e.get("x")), float(e.get("width"))) for e in found]


def d(picture, class_):
    return [e.get("d") for e in picture.iter("path") if e.get("class") == class_]


def test_it_is_one_picture_with_a_title_and_a_description(told, mark):
    report = told(mark("jerk", 1, value=20.0))

    picture = drawn(report)

    assert picture.get("role") == "img"
    names = picture.get("aria-labelledby").split()
    by_id = {element.get("id"): element.text for element in picture.iter() if element.get("id")}
    assert [by_id[name] for name in names] == ["The whole night", summary(report)]


def test_a_still_night_has_all_lanes_an_empty_bed_none(told, mark):
    picture = drawn(told(mark("presence", 0, 8)))

    assert texts(drawn(told(hours=0.5))) == ["23"]
    assert [t for t in texts(picture) if t and not t.isdigit()] == [
        "In bed", "asleep", "Jerks", "Limb movements", "Turns"
    ]  # fmt: skip
    assert summary(told()) == "From 23:00 to 07:00: no movement."


def test_presence_is_an_outline_and_sleep_fills_it(told, mark):
    picture = drawn(
        told(
            mark("presence", 0, 4),
            mark("presence", 5, 8),
            mark("sleep", 1, 4, "asleep"),
            mark("sleep", 4, 5, "away"),
            mark("bed_exit", 4),
        )
    )

    # The last of each is a sample in the label.
    assert boxes(picture, "lying")[:-1] == [(8, 152), (198, 114)]
    assert boxes(picture, "asleep")[:-1] == [(46, 114)]
    assert d(picture, "exit") == ["M160 21l-3-4h6z"]


def test_each_kind_has_a_shape_of_its_own(told, mark):
    picture = drawn(
        told(
            mark("jerk", 2, value=20.0),
            mark("limb_movement", 2, value=20.0),
            mark("turn", 2, value=20.0),
            mark("disturbance", 2, kind="door"),
        )
    )

    (jerk,), (limb,) = d(picture, "jerk"), d(picture, "limb_movement")
    (turn,), (other,) = d(picture, "turn"), d(picture, "disturbance")
    assert "v-" in jerk
    assert limb.endswith("h0")
    assert turn.endswith("z")
    assert "m0-6" in other


def test_a_stronger_movement_stands_taller_up_to_a_limit(told, mark):
    marks = [mark("jerk", hour, value=value) for hour, value in enumerate([0.0, 3, 30, 300, 9999])]

    strokes = d(drawn(told(*marks)), "jerk")[0].split("v-")[1:]
    heights = [float(stroke.split("M")[0]) for stroke in strokes]

    assert heights == sorted(heights)
    assert heights[0] == 5
    assert heights[-1] == heights[-2] == 13


def test_a_hypnic_jerk_carries_a_ring(told, mark):
    picture = drawn(told(mark("jerk", 1, kind="hypnic"), mark("jerk", 2, kind="jerk")))

    assert [e.get("class") for e in picture.iter("circle")] == ["ring"]


@pytest.mark.parametrize(
    ("kind", "label"),
    [("periodic", "Periodic series"), ("rhythmic", "Rhythmic series"),
     ("cluster", "Clusters of jerks")],
)  # fmt: skip
def test_series_have_lanes_by_kind(told, mark, kind, label):
    picture = drawn(told(mark("series", 1, 1.5, kind)))

    assert label in texts(picture)
    assert boxes(picture, "series") == [(46, 19)]


def test_a_short_series_can_still_be_seen(told, mark):
    assert boxes(drawn(told(mark("series", 1, 1.001, "cluster"))), "series") == [(46, 3)]


def test_light_stands_as_high_as_the_eye_feels_it(told, mark):
    picture = drawn(told(mark("light", 0, 1, value=1.0), mark("light", 1, 2, value=0.04),
                         mark("light", 2, 3, value=0.0)))  # fmt: skip

    heights = [float(e.get("height")) for e in picture.iter("rect") if e.get("class") == "light"]
    assert heights == [16, 3.2]


def test_the_room_is_below_inside_or_above_its_band(told, mark):
    picture = drawn(
        told(
            mark("temperature", 0, 2, "above", 21.6),
            mark("temperature", 2, 4, "inside", 19.0),
            mark("temperature", 5, 8, "below", 17.2),
        )
    )

    (line,) = d(picture, "degrees")
    assert line.count("V") == 1  # two touch, one stands apart
    assert line.count("M") == 2
    assert "17–22 °C" in texts(picture)


def test_gaps_are_hatched_from_top_to_bottom(told, mark):
    report = told(mark("gap", 4, 6))

    hatched = [e for e in drawn(report).iter("rect") if e.get("fill") == "url(#strip-gap)"]

    assert [(e.get("x"), e.get("width")) for e in hatched] == [("160", "76")]
    assert summary(report) == "From 23:00 to 07:00: 1 stretch without data (hatched)."


def test_the_seam_of_summer_time_is_marked(told, mark):
    offsets = ((0.0, 2 * HOUR), (1_793_484_000.0 + 3 * HOUR, HOUR))
    report = told(
        mark("seam", 3, value=-HOUR, text="02:00 the clocks went back by one hour"),
        offsets=offsets,
    )

    picture = drawn(report)

    ticks = [e.text for e in picture.iter("text") if e.get("class") == "tick"]
    assert ticks == ["0", "1", "2", "2", "3", "4", "5", "6", "clock -1 h"]
    assert summary(report).endswith("no movement. At 02:00 the clocks went back by one hour.")


def test_a_long_window_has_fewer_hours_labelled(told):
    ticks = [e.text for e in drawn(told(hours=24.0)).iter("text") if e.get("class") == "tick"]

    assert ticks == ["0", "3", "6", "9", "12", "15", "18", "21"]


def test_without_a_clock_hours_count_from_the_start(told):
    picture = drawn(told(hours=2.0, offsets=()))

    assert [e.text for e in picture.iter("text") if e.get("class") == "tick"] == ["+0", "+1"]
    assert summary(told(hours=2.0, offsets=())).startswith("From +0:00 to +2:00:")


def test_the_summary_counts_one_and_many(told, mark):
    report = told(
        mark("jerk", 1), mark("jerk", 2), mark("turn", 3), mark("series", 3, 4, "cluster"),
        mark("sleep", 4, 4.1, "away"), mark("bed_exit", 4), mark("bed_exit", 8),
        mark("disturbance", 5), mark("disturbance", 6),
    )  # fmt: skip

    assert summary(report) == (
        "From 23:00 to 07:00: 2 jerks, 1 turn, 1 series, 1 time out of bed, "
        "2 disturbances from outside."
    )


def test_marks_outside_the_drawing_stay_on_its_edge(told, mark):
    picture = drawn(told(mark("presence", -3, 2), mark("jerk", 99)))

    assert boxes(picture, "lying")[0] == (8, 76)
    assert d(picture, "jerk")[0].startswith("M312 ")


def test_words_from_the_report_are_escaped(told, mark):
    report = told(mark("seam", 3, value=HOUR, text="<script>alert(1)</script>"))

    assert "<script>" not in strip(report)


def test_a_moment_is_enough_for_a_night(told):
    assert drawn(told(hours=0.0)).get("viewBox").startswith("0 0 320 ")
