"""What is told, word by word, and what Home Assistant makes of it."""

import json

import pytest
from jinja2 import Environment

from bedside import __version__
from bedside.errors import StoreError
from bedside.mqtt import MqttSettings
from bedside.mqtt.discovery import discovery
from bedside.mqtt.orders import EFFECTS
from bedside.mqtt.telling import LOOK_IN_BED_S, LOOK_S, REST_S, Telling, last_night
from bedside.mqtt.topics import Topics
from bedside.pipeline.listener import Heard, Minute, PresenceChange
from bedside.pipeline.movements import Movement

SETTINGS = MqttSettings(broker="home.local", device="Bed 3")
HOUR = 3600.0


def telling(bedroom, **more):
    return Telling(SETTINGS, bedroom.bed, has_light=more.pop("has_light", True))


@pytest.fixture
def announced():
    return discovery(SETTINGS, Topics.of(SETTINGS), light=True)


def test_the_announcement_is_complete(announced):
    device, origin, parts = announced["dev"], announced["o"], announced["cmps"]

    assert device["identifiers"] == ["bedside_bed-3"]
    assert device["name"] == "Bed 3"
    assert device["sw_version"] == origin["sw"] == __version__
    assert origin["name"] == "bedside"
    assert announced["availability"] == [{"topic": "bedside/bed-3/status"}]
    assert {key: part["p"] for key, part in parts.items() if part["p"] != "sensor"} == {
        "presence": "binary_sensor", "problem": "binary_sensor", "light": "light"
    }  # fmt: skip
    assert parts["presence"]["device_class"] == "occupancy"
    assert parts["problem"]["device_class"] == "problem"
    assert parts["temperature"]["unit_of_measurement"] == "°C"
    assert {"jerks", "periodic_index", "asleep_min", "in_bed_min", "version", "fault"} < set(parts)
    assert parts["light"]["schema"] == "json"
    assert parts["light"]["effect_list"] == list(EFFECTS)
    assert parts["light"]["brightness_scale"] == 100
    ids = [part["unique_id"] for part in parts.values()]
    assert len(set(ids)) == len(ids)
    for part in parts.values():
        assert {"p", "name", "unique_id", "qos"} <= set(part)


def test_every_part_hears_of_a_topic_that_is_told(announced, bedroom):
    said = telling(bedroom).all()

    for key, part in announced["cmps"].items():
        assert part["state_topic"] in said, key
        assert part.get("json_attributes_topic", part["state_topic"]) in said
        for also in part.get("availability", []):
            assert said[also["topic"]] in ("online", "offline")


def test_a_template_for_every_state(announced, bedroom):
    """Home Assistant reads them with Jinja, as here."""
    bedroom.health.note("sensor", "adxl355 at 0x1d")
    bedroom.health.raise_fault("sensor", "x" * 400)
    said = telling(bedroom).all()

    def state(key):
        part = announced["cmps"][key]
        told = json.loads(said[part["state_topic"]])
        return Environment().from_string(part["value_template"]).render(value_json=told)

    assert state("presence") == state("problem") == "ON"
    assert state("temperature") == "19.5"
    assert state("humidity") == "51"
    assert state("version") == __version__
    assert state("fault") == "x" * 250
    assert state("jerks") == state("evening") == "None"  # read as: not known
    bedroom.health.clear_fault("sensor")
    bedroom.present = False
    said = telling(bedroom).all()
    assert state("presence") == state("problem") == "OFF"
    assert state("fault") == "none"
    bedroom.present = None
    said = telling(bedroom).all()
    assert state("presence") == "None"


def test_the_fault_of_the_connection_itself_is_not_told(bedroom):
    bedroom.health.raise_fault("mqtt", "the broker was away")

    assert json.loads(telling(bedroom).all()["bedside/bed-3/faults"])["problem"] is False


# ── last night ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def slept(bedrooms):
    """A bedroom in which somebody sleeps from ten in the evening to six."""
    bedroom = bedrooms(hour=21)
    zero_s = bedroom.clock.monotonic()
    start_s, end_s = zero_s + HOUR, zero_s + 9 * HOUR
    moves = [
        Movement(start_s + 2 * HOUR + 60.0 * n, start_s + 2 * HOUR + 60.0 * n + 0.4, "jerk",
                 20.0, 1.0, 0.0)
        for n in range(12)
    ]  # fmt: skip
    minutes = [
        Minute(zero_s + 60.0 * n, 60.0, float(60 <= n < 540), 0.8, 5.0, 14.2, 0.8)
        for n in range(12 * 60)
    ]
    night = Heard(moves, [PresenceChange(start_s, True), PresenceChange(end_s, False)], minutes)

    def until(hours):
        until_s = zero_s + hours * HOUR
        bedroom.store.add_heard(
            Heard(
                [m for m in night.movements if m.end_s < until_s],
                [c for c in night.presence if c.t_s < until_s],
                [m for m in night.minutes if m.start_s < until_s],
            )
        )
        bedroom.clock.advance(until_s - bedroom.clock.monotonic())
        bedroom.store.flush()
        return bedroom

    return until


def test_a_night_is_told_once_it_is_over(slept):
    bedroom = slept(9 + REST_S / HOUR + 0.1)
    said = json.loads(telling(bedroom).all()["bedside/bed-3/night"])

    assert said["evening"] == "2026-11-14"
    assert said["in_bed_min"] == pytest.approx(480.0, abs=2.0)
    assert 0 < said["asleep_min"] <= said["in_bed_min"]
    assert said["jerks"] == 12
    assert said["movements_per_hour"] > 1.0
    assert said["recorded_percent"] > 99.0
    assert said["clock_known"] is True


@pytest.mark.parametrize("hours", [5.0, 9.2])
def test_a_night_that_may_go_on_is_not_told(slept, hours):
    bedroom = slept(hours)

    assert last_night(bedroom.nights, bedroom.clock) is None


def test_an_afternoon_in_bed_is_no_night(bedroom):
    zero_s = bedroom.clock.monotonic()
    presence = [PresenceChange(zero_s, True), PresenceChange(zero_s + HOUR, False)]
    minutes = [
        Minute(zero_s + 60.0 * n, 60.0, float(n < 60), 0.8, 5.0, 14.2, 0.8) for n in range(180)
    ]
    bedroom.store.add_heard(Heard([], presence, minutes))
    bedroom.clock.advance(3 * HOUR)
    bedroom.store.flush()

    assert bedroom.nights.dates()
    assert last_night(bedroom.nights, bedroom.clock) is None


def test_the_nights_are_looked_at_now_and_then(slept, monkeypatch):
    bedroom, looks = slept(10.0), []
    monkeypatch.setattr("bedside.mqtt.telling.last_night", lambda *_: looks.append(0))
    bedroom.present = True
    words = telling(bedroom)
    for wait_s, count in ((0.0, 1), (LOOK_S, 1), (LOOK_IN_BED_S, 2)):
        bedroom.clock.advance(wait_s)
        words.all()
        assert len(looks) == count
    bedroom.present = False
    for wait_s, count in ((LOOK_IN_BED_S, 3), (LOOK_S / 2, 3), (LOOK_S / 2, 4)):
        bedroom.clock.advance(wait_s)
        words.all()
        assert len(looks) == count


def test_a_record_that_cannot_be_read_is_no_end(slept, monkeypatch):
    bedroom = slept(10.0)
    words = telling(bedroom)
    before = words.all()

    def refuse():
        raise StoreError("the disk is gone")

    monkeypatch.setattr(bedroom.nights, "dates", refuse)
    bedroom.clock.advance(LOOK_IN_BED_S)

    assert words.all() == before


def test_without_a_light_nothing_is_said_of_it(bedroom):
    said = telling(bedroom, has_light=False).all()

    assert not [topic for topic in said if "light" in topic]
