"""Health: how every part fares, the log of faults, and the bundle."""

import io
import re
import zipfile
from datetime import date
from html import unescape

import pytest

from bedside.climate import Room
from bedside.machine_state import MachineState
from bedside.pipeline.recorded import Fault

EVENING = date(2026, 11, 14)


def text_of(answer):
    plain = unescape(re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2]))
    return " ".join(plain.replace("\N{NO-BREAK SPACE}", " ").split())


def verdicts(answer):
    """Give the word for each part, from the list at the top."""
    found = re.findall(r"<span>([^<]+)</span><b>([^<]+)</b>", answer.text)
    return dict(found)


def remember(bedroom, count, part="sensor"):
    now_s = bedroom.clock.monotonic()
    for number in range(count):
        start_s = now_s - 60.0 * (count - number)
        fault = Fault(start_s, start_s + 30.0, part, f"broken for the {number}th time")
        bedroom.store.add_fault(fault)
    bedroom.store.flush()


def test_when_all_is_well(rested):
    rested.health.note("set_odr_hz", 100.0)
    rested.health.note("odr_hz", 98.73)

    answer = rested.get("/health")
    said = text_of(answer)

    assert answer.status_code == 200
    assert set(verdicts(answer).values()) == {"Well"}
    assert said.startswith('id="main"> All is well')
    for figures in (
        "mpu6050 at 0x68",
        "98.7 (set to 100)",
        "Last sample a moment ago",
        "Bus errors since the start 0",
        "96 %, one gap of 17 min",
        "Time zone Europe/Berlin",
    ):
        assert figures in said
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_sensor_that_does_not_answer_is_said_first(rested):
    rested.health.raise_fault("sensor", "nobody answers at 0x68; check its wires")

    answer = rested.get("/health")

    assert "No night can be recorded" in text_of(answer)
    assert verdicts(answer)["Sensor"] == "At fault"
    assert "Nobody answers at 0x68; check its wires." in text_of(answer)


@pytest.mark.parametrize(
    ("part", "title"),
    [
        ("sensor clock", "Sensor"),
        ("space", "Disk and database"),
        ("card", "Disk and database"),
        ("clock", "Clock"),
        ("power", "The computer"),
        ("thermometer", "Light and room"),
        ("settings", "The rest"),
    ],
)
def test_each_fault_stands_with_its_part(rested, part, title):
    rested.health.raise_fault(part, "something is not as it should be; do this")

    found = verdicts(rested.get("/health"))

    assert found.pop(title) == "Needs a look"
    assert set(found.values()) == {"Well"}


def test_what_may_last_for_ever_is_a_note_among_the_rest(rested):
    rested.health.raise_fault("mqtt", "the broker is away", calm=True)

    page = rested.get("/health")

    assert verdicts(page)["The rest"] == "Worth knowing"
    assert "The broker is away." in text_of(page)


def test_a_verdict_is_a_shape_as_well_as_a_word(rested):
    rested.health.raise_fault("sensor", "gone")
    rested.health.raise_fault("clock", "unknown", calm=True)
    rested.health.raise_fault("heat", "hot")

    page = rested.get("/health").text
    signs = dict(re.findall(r'<svg class="sign (\w+)"[^>]*>(.*?)</svg>', page))

    assert set(signs) == {"well", "note", "look", "bad"}
    assert len(set(signs.values())) == 4


def test_a_clock_that_stays_unknown_is_a_calm_note(rested):
    rested.health.raise_fault("clock", "no time server answers; add a battery clock", calm=True)

    answer = rested.get("/health")

    assert verdicts(answer)["Clock"] == "Worth knowing"
    assert "All is well" in text_of(answer)
    assert "add a battery clock." in text_of(answer)


def test_what_a_pi_tells_of_itself(rested):
    rested.machine = MachineState(
        model="Raspberry Pi 4",
        temperature_c=51.6,
        weak_power=False,
        weak_power_before=True,
        memory_mb=900.0,
        free_mb=412.0,
        program_mb=61.0,
        uptime_s=90_061.0,
        card_errors=0,
        clock_source="a time server",
    )

    said = text_of(rested.get("/health"))

    assert "Processor 52 °C" in said
    assert "Voltage enough now, too weak at times since the start" in said
    assert "412 of 900 MB free" in said
    assert "Running for 1 day 1 h 1 min" in said
    assert "Told by a time server" in said
    assert "the voltage has been too low since the start" in said
    assert "Not told by this machine" not in said


def test_what_a_machine_does_not_tell_is_said(rested):
    rested.machine = MachineState(memory_mb=900.0, free_mb=412.0)

    assert "Not told by this machine model, processor, voltage" in text_of(rested.get("/health"))


def test_thermometer_light_and_display(rested):
    rested.room = Room(19.34, 45.0, 12.0, "comfortable")
    rested.health.note("thermometer", "sht4x at 0x44")
    rested.health.note("light", "one LED on GPIO 18")

    said = text_of(rested.get("/health"))

    assert "sht4x at 0x44, 19.3 °C 12 s ago" in said
    assert "one LED on GPIO 18" in said
    assert "Display none is set" in said


def test_before_the_first_night(bedroom):
    answer = bedroom.get("/health")

    assert answer.status_code == 200
    assert "Just started" in text_of(answer)
    assert "No night has been recorded yet." in text_of(answer)


def test_faults_are_listed_newest_first_with_how_long_they_lasted(bedroom):
    remember(bedroom, 3)

    said = text_of(bedroom.get("/health"))

    assert said.index("Broken for the 2th time") < said.index("Broken for the 0th time")
    assert "for 30 s" in said


def test_a_fault_that_goes_on_is_said_to(bedroom):
    bedroom.store.add_fault(Fault(bedroom.clock.monotonic(), None, "sensor", "gone"))
    bedroom.store.flush()

    assert "still so" in text_of(bedroom.get("/health"))


def test_the_log_has_pages(bedroom):
    remember(bedroom, 60)

    first, last = bedroom.get("/health"), bedroom.get("/health?page=3")

    assert 'rel="next" href="/health?page=2#log"' in first.text
    assert 'rel="prev"' not in first.text
    assert "Page 3 of 3, 60 faults in all." in text_of(last)
    assert "Broken for the 0th time" in text_of(last)
    assert 'rel="next"' not in last.text


@pytest.mark.parametrize("page", ["0", "2", "-1", "x", "9999999", "%00", "1e3", "١"])
def test_a_page_of_the_log_that_is_none(bedroom, page):
    assert bedroom.get(f"/health?page={page}").status_code == 400


def test_faults_of_long_ago_are_not_listed(bedroom):
    remember(bedroom, 1)
    bedroom.clock.advance(31 * 86_400.0)
    bedroom.store.flush()

    assert "Broken" not in text_of(bedroom.get("/health"))


def test_what_somebody_wrote_is_never_markup(bedroom):
    bedroom.store.add_fault(Fault(bedroom.clock.monotonic(), None, "<b>", "<script>alert(1)"))
    bedroom.store.flush()
    bedroom.health.raise_fault("settings", "<script>alert(2)</script>")

    assert "<script>alert" not in bedroom.get("/health").text


def test_the_bundle_is_given_to_whoever_asks_from_the_page(rested):
    rested.store.keep_diary("2026-11-20", ("schnapps with aunt Liselotte",))
    rested.access.set_password("correct horse battery staple")
    rested.store.flush()

    answer = rested.post("/health/bundle")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        everything = b"\n".join(archive.read(name) for name in archive.namelist()).decode()

    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    assert "bedside-support-2026-11-" in answer.headers["Content-Disposition"]
    assert '"sensor": "mpu6050 at 0x68"' in everything
    assert "ok  the time is known" in everything
    for private in ("schnapps", "horse", "limb_movement", str(rested.store.path.parent)):
        assert private not in everything
    rested.store.keep_diary("2026-11-20", ())


def test_the_bundle_is_made_for_nobody_else(rested):
    assert rested.post("/health/bundle", csrf=False).status_code == 403
    assert rested.get("/health/bundle").status_code == 405
