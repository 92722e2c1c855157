import pytest

from bedside.pipeline.night import score
from bedside.pipeline.recorded import LightChange, Recorded, Temperature
from bedside.pipeline.samples import Span
from bedside.pipeline.words.marks import drawn, marks
from bedside.pipeline.words.times import Times

HOUR = 3600.0
NIGHT = Span(0.0, 8 * HOUR)
CLOCK = Times(((-1e9, 22 * HOUR),), 0.0)


@pytest.fixture
def lane(night):
    """Marks of one lane of a night made from movements and changes."""

    def of(name, *movements, clock=CLOCK, frame=NIGHT, **changes):
        found = marks(night(*movements, **changes), clock, frame)
        return [mark for mark in found if mark.lane == name]

    return of


def test_presence_and_sleep(lane):
    spans = (Span(0.0, 3 * HOUR), Span(3 * HOUR + 600.0, 8 * HOUR))

    assert [m.text for m in lane("presence", presence=spans)] == [
        "In bed from 22:00 to 01:00 (3 h 0 min)",
        "In bed from 01:10 to 06:00 (4 h 50 min)",
    ]
    states = [(m.kind, m.text) for m in lane("sleep", presence=spans)]
    assert states[0][0] == "awake"
    assert ("away", "Out of bed from 01:00 to 01:10 (10 min)") in states
    times_s = [m.start_s for m in lane("sleep", presence=spans)]
    assert times_s == sorted(times_s)


def test_movements_tell_when_and_how(lane, move):
    moved = [
        move(1500.0, "jerk", peak_mg=61.4),
        move(2 * HOUR, "jerk", peak_mg=20.0),
        move(3 * HOUR, "limb_movement"),
        move(3 * HOUR + 60.0, "disturbance", cause="door", peak_mg=12.0),
        move(4 * HOUR, "turn", far=True),
        move(5 * HOUR, "disturbance", cause="earthquake"),
        move(5.5 * HOUR, "disturbance"),
    ]
    told = {"stimuli_s": (2 * HOUR - 1.0,)}

    assert [(m.kind, m.text, m.value) for m in lane("jerk", *moved, **told)] == [
        ("hypnic", "22:25 jerk, 61 mg, while falling asleep", 61.4),
        ("jerk", "00:00 jerk, 20 mg, asleep, right after a noise or the light", 20.0),
    ]
    assert lane("limb_movement", *moved)[0].text == "01:00 limb movement, 30 mg, asleep"
    assert lane("turn", *moved)[0].text == "22:00 turn, 300 mg, awake"
    assert [(m.kind, m.text) for m in lane("disturbance", *moved)] == [
        ("door", "01:01 not the sleeper: a door, 12 mg"),
        ("partner", "02:00 not the sleeper: somebody else in the bed, 300 mg"),
        ("earthquake", "03:00 not the sleeper: earthquake, 500 mg"),
        ("other", "03:30 not the sleeper: something that was not the sleeper, 500 mg"),
    ]


def test_coming_and_going(lane, move):
    exits = lane("bed_exit", move(3 * HOUR, "bed_exit"))

    assert exits[0].text == "01:00 left the bed, 500 mg"


def test_only_what_lies_in_the_frame(lane, move):
    jerks = [move(t * HOUR, "jerk") for t in (1, 3, 5)]

    assert len(lane("jerk", *jerks, frame=Span(2 * HOUR, 4 * HOUR))) == 1


def test_series(lane, move):
    told = lane("series", *(move(3 * HOUR + 24.5 * n) for n in range(5)))[0]

    assert (told.kind, told.value) == ("periodic", 5.0)
    assert told.text == "Periodic series from 01:00 to 01:01: five movements, one every 24.5 s"


def test_light_is_drawn_while_it_is_on(lane):
    light = (
        LightChange(HOUR, 0.05, "left the bed"),
        LightChange(2 * HOUR, 0.0, "timed out"),
        LightChange(7 * HOUR, 0.5),
    )

    told = lane("light", light=light)
    assert [(m.start_s, m.end_s, m.kind, m.value) for m in told] == [
        (HOUR, 2 * HOUR, "left the bed", 0.05),
        (7 * HOUR, 8 * HOUR, "light", 0.5),
    ]
    assert told[0].text == "Light at 5 % from 23:00 to 00:00 (left the bed)"


def test_temperatures_are_drawn_by_band(lane):
    degrees = [17.0, 17.5, 19.0, 22.0]
    readings = tuple(Temperature(600.0 * n, c) for n, c in enumerate(degrees))

    told = lane("temperature", temperatures=readings)
    assert [(m.kind, m.value, m.start_s, m.end_s) for m in told] == [
        ("below", 17.25, 0.0, 1200.0),
        ("inside", 19.0, 1200.0, 1800.0),
        ("above", 22.0, 1800.0, 2700.0),
    ]
    assert told[0].text == "Room 17.2 °C on average, cool, from 22:00 to 22:20"


def test_gaps(lane):
    heard = (Span(0.0, HOUR), Span(2 * HOUR, 8 * HOUR))

    assert [m.text for m in lane("gap", heard=heard)] == ["No data from 23:00 to 00:00"]


@pytest.mark.parametrize(
    ("after_h", "said"),
    [
        (21.0, "01:00 the clocks went back by one hour"),
        (23.0, "03:00 the clocks went forward by one hour"),
        (21.5, "01:30 the clocks went back by 30 min"),
    ],
)
def test_the_seam_of_a_clock_change(lane, after_h, said):
    clock = Times(((-1e9, 22 * HOUR), (4 * HOUR, after_h * HOUR)), 0.0)

    told = lane("seam", clock=clock)
    assert [m.text for m in told] == [said]
    assert told[0].value == (after_h - 22.0) * HOUR


def test_the_drawing_shows_the_night_with_a_margin():
    bed, window = Span(10 * HOUR, 18 * HOUR), Span(0.0, 24 * HOUR)
    night = score(Recorded(*window, presence=(bed,), heard=(window,)))
    late = score(Recorded(*window, presence=(Span(10 * HOUR, 24 * HOUR),), heard=(window,)))

    assert drawn(night, clock_given=True) == Span(bed.start_s - 300.0, bed.end_s + 300.0)
    assert drawn(late, clock_given=True).end_s == 24 * HOUR
    # A recording counts from its first sample, so all of it is drawn.
    assert drawn(night, clock_given=False) == window


def test_of_an_empty_bed_all_that_is_known_is_drawn(night):
    assert drawn(night(presence=(), until_s=HOUR), clock_given=True) == Span(0.0, HOUR)
    assert marks(night(presence=()), CLOCK, NIGHT)[0].lane == "turn"


def test_the_margin_ends_where_the_record_does(night):
    told = night(start_s=-HOUR, end_s=9 * HOUR, heard=(Span(-120.0, 8 * HOUR + 60.0),))

    frame = drawn(told, clock_given=True)

    assert (frame.start_s, frame.end_s) == (-120.0, 8 * HOUR + 60.0)
    assert [m for m in marks(told, CLOCK, frame) if m.lane == "gap"] == []


def test_a_gap_in_bed_is_drawn_up_to_the_edge(night):
    told = night(start_s=-HOUR, end_s=9 * HOUR, heard=(Span(1800.0, 9 * HOUR),))

    frame = drawn(told, clock_given=True)

    gaps = [m for m in marks(told, CLOCK, frame) if m.lane == "gap"]
    assert [(m.start_s, m.end_s) for m in gaps] == [(0.0, 1800.0)]
