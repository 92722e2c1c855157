from bedside.pipeline.night import Recorded, Temperature, score
from bedside.pipeline.recorded import LightChange
from bedside.pipeline.samples import Span
from bedside.pipeline.words import notes
from bedside.pipeline.words.times import Times

HOUR = 3600.0
CLOCK = Times(((0.0, 22 * HOUR),), 0.0)


def test_quiet_and_restless_stretches(night, move):
    told = night(*(move(3 * HOUR + 60.0 * n) for n in range(9)))

    assert notes.stretches(told, CLOCK) == [
        "Quiet from 22:22 to 01:00 (2 h 38 min): not one movement.",
        "Restless from 01:00 to 01:08 (8 min): nine movements.",
        "Quiet from 01:08 to 05:40 (4 h 32 min): not one movement.",
    ]


def test_out_of_bed(night):
    told = night(presence=(Span(0.0, 3 * HOUR), Span(3 * HOUR + 240.0, 8 * HOUR)))

    assert notes.away(told, CLOCK) == ["Out of bed from 01:00 to 01:04 (4 min)."]
    assert notes.away(night(presence=()), CLOCK) == []


def test_naps():
    bed = (Span(0.0, 0.5 * HOUR), Span(4 * HOUR, 4.1 * HOUR), Span(10 * HOUR, 18 * HOUR))
    heard = (Span(0.0, 2 * HOUR), Span(5 * HOUR, 20 * HOUR))
    told = score(Recorded(0.0, 20 * HOUR, presence=bed, heard=heard))

    assert notes.naps(told, CLOCK) == [
        "Also in bed from 22:00 to 22:30 (30 min), about 30 min of it asleep.",
        "Also in bed from 02:00 to 02:06 (6 min), not asleep.",
    ]


def test_the_room(night):
    degrees = [17.0, 19.0, 20.0, 22.0, 22.0]
    readings = tuple(Temperature(600.0 * n, c, 41.6) for n, c in enumerate(degrees))

    assert notes.comfort(night(temperatures=readings)) == [
        "The room was 20.2 °C on average, between 17.0 and 22.0 °C.",
        "For 10 min cooler than 18 °C and 25 min warmer than 21 °C.",
        "The relative humidity was 42 % on average.",
    ]
    assert notes.comfort(night(temperatures=readings[1:2]))[1:] == [
        "It stayed between 18 and 21 °C all the time.",
        "The relative humidity was 42 % on average.",
    ]
    assert notes.comfort(night()) == []


def test_the_light(night):
    light = (
        LightChange(-10.0, 0.3, "evening"),
        LightChange(60.0, 0.0, "bedtime"),
        LightChange(3 * HOUR, 0.05, "left the bed"),
        LightChange(3 * HOUR + 60.0, 0.2),
        LightChange(3 * HOUR + 90.0, 0.2, "again"),
        LightChange(3 * HOUR + 300.0, 0.0, "timed out"),
    )

    assert notes.light(night(light=light), CLOCK) == [
        "22:01 light off (bedtime).",
        "01:00 light on, at 5 % (left the bed).",
        "01:01 light at 20 %.",
        "01:05 light off (timed out).",
    ]


def test_a_flickering_light_is_cut_short(night):
    light = tuple(LightChange(60.0 * n, n % 2) for n in range(40))

    told = notes.light(night(light=light), CLOCK)
    assert len(told) == 13
    assert told[-1] == "27 more changes."


def test_noises(night, move):
    others = [
        *(move(t * HOUR, "disturbance", cause="lorry") for t in (1, 2)),
        move(3 * HOUR, "disturbance", cause="steps"),
        move(4 * HOUR, "turn", far=True),
    ]

    assert notes.noises(night(*others)) == [
        "Felt, but not counted as the sleeper's: two lorries, one walk past and one movement of "
        "somebody else."
    ]
    assert notes.noises(night()) == []
