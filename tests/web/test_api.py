from datetime import datetime

import pytest

from bedside import __version__
from bedside.machine_state import MachineState
from bedside.pipeline.report import as_json


@pytest.mark.parametrize("name", ["latest", "2026-11-21"])
def test_the_report_is_the_page_for_programs(rested, name):
    answer = rested.get(f"/api/report/{name}")

    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert answer.json == as_json(rested.nights.report())


def test_the_report_need_not_be_sent_twice(rested):
    tag = rested.get("/api/report/latest").headers["ETag"]

    assert rested.get("/api/report/latest", If_None_Match=tag).status_code == 304


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [
        ("2020-01-01", 404, "Nothing was recorded in the night of Wednesday 1 January 2020."),
        ("2026-02-30", 400, "Name the night by the date of its evening"),
        ("newest", 400, "Name the night by the date of its evening"),
    ],
)
def test_a_report_that_is_none(rested, name, status, said):
    answer = rested.get(f"/api/report/{name}")

    assert answer.status_code == status
    assert said in answer.json["error"]


def test_before_the_first_night_there_is_no_report(bedroom):
    answer = bedroom.get("/api/report/latest")

    assert answer.status_code == 404
    assert "No night has been recorded yet." in answer.json["error"]
    assert bedroom.get("/api/nights").json == {"nights": []}


def test_nights_are_listed_in_order(rested):
    nights = rested.get("/api/nights").json["nights"]

    assert (nights[0], nights[-1], len(nights)) == ("2026-11-14", "2026-11-21", 8)


def test_health_when_all_is_well(rested):
    rested.clock.advance(1.5)

    answer = rested.get("/api/health")
    told = answer.json

    assert answer.status_code == 200
    assert (told["status"], told["recording"], told["faults"]) == ("ok", True, [])
    assert told["sensor"] == "mpu6050 at 0x68"
    assert told["last_sample_age_s"] == 1.5
    assert told["clock_known"] is True
    assert told["version"] == __version__
    assert told["uptime_s"] == 1.5


def test_health_when_no_night_could_be_recorded(rested):
    rested.health.raise_fault("sensor", "nobody answers at 0x68")
    rested.clock.advance(60)

    answer = rested.get("/api/health")
    (fault,) = answer.json["faults"]

    assert answer.status_code == 503
    assert (answer.json["status"], answer.json["recording"]) == ("not recording", False)
    assert (fault["part"], fault["sentence"]) == ("sensor", "nobody answers at 0x68")
    assert fault["for_s"] == 60
    assert datetime.fromisoformat(fault["since"]).timestamp() == pytest.approx(
        rested.clock.wall() - 60, abs=1
    )


def test_health_before_the_first_sample(bedroom):
    answer = bedroom.get("/api/health")

    assert answer.status_code == 503
    assert (answer.json["status"], answer.json["last_sample_age_s"]) == ("starting", None)
    assert answer.json["sensor"] is None


def test_health_with_a_fault_that_leaves_the_night_whole(bedroom):
    bedroom.health.beat("samples")
    bedroom.health.raise_fault("clock", "the time of day is not known yet")
    bedroom.clock.step_wall(0.0, known=False)

    answer = bedroom.get("/api/health")

    assert answer.status_code == 200
    assert (answer.json["status"], answer.json["clock_known"]) == ("impaired", False)


def test_health_is_never_kept(rested):
    assert rested.get("/api/health").headers["Cache-Control"] == "no-store"


def test_health_tells_what_has_lasted_apart_from_what_is_to_be_mended(rested):
    rested.health.raise_fault("clock", "there is no time server", calm=True)
    rested.machine = MachineState(temperature_c=48.5, weak_power=False)

    told = rested.get("/api/health").json

    assert (told["status"], told["faults"]) == ("ok", [])
    assert [note["part"] for note in told["notes"]] == ["clock"]
    assert told["machine"]["temperature_c"] == 48.5
    assert told["machine"]["uptime_s"] is None
