"""The bundle for whoever helps: what is in it, and above all what is not."""

import io
import json
import socket
import zipfile
from pathlib import Path

import pytest

from bedside.config import load
from bedside.config.told import told
from bedside.doctor import Examination, Finding
from bedside.machine_state import MachineState
from bedside.pipeline.recorded import Fault
from bedside.store.condition import Condition
from bedside.support import Evidence, bundle, scrubber, unquoted

FOLDER = Path("/home/liselotte/nights")
SETTINGS = f"""
[light]
pins = "18"
bedtime = "22:41"
lights_out = "23:20"
alarm = "06:47"
alarm_days = "weekdays"
[climate]
serial = "28-0123456789ab"
[series]
child = true
[store]
folder = "{FOLDER}"
raw_nights = 21
[web]
host = "0.0.0.0"
trusted_hosts = "liselottes-bed.example.org"
"""
PRIVATE = ("liselotte", "22:41", "06:47", "0123456789ab", "example.org", "192.168.", "occupied")


@pytest.fixture
def evidence(tmp_path):
    file = tmp_path / "bedside.toml"
    file.write_text(SETTINGS)
    sentences = [
        f"the night cannot be saved to {FOLDER}/bedside.db: disk full",
        "alarm of 06:47 was left out: its turn came 9 min late",
        f"{socket.gethostname()} and 192.168.178.31 do not answer, nor liselottes-bed.local",
    ]
    return Evidence(
        settings=told(load(file)),
        machine=MachineState(model="Raspberry Pi 4", temperature_c=51.234),
        examination=Examination((Finding("warn", f"{FOLDER} has 20 MB left", "free some"),)),
        clock_known=True,
        facts={"sensor": "mpu6050 at 0x68", "bed": "occupied", "gaps": 2},
    ).with_database(
        Condition(newest_s=1_793_484_000.0, clock_steps=((1_793_484_000.0, 3600.0),)),
        {"minutes": 480, "movements": 77, "diary": 12},
        [Fault(1_793_484_000.0 + at, None, "schedule", text) for at, text in enumerate(sentences)],
    )


@pytest.fixture
def files(evidence):
    with zipfile.ZipFile(io.BytesIO(bundle(evidence, FOLDER))) as archive:
        return {
            name.removeprefix("bedside-support/"): archive.read(name).decode()
            for name in archive.namelist()
        }


def test_what_is_in_it(files):
    assert list(files) == [
        "README.txt",
        "versions.json",
        "settings.toml",
        "health.json",
        "faults.json",
        "doctor.txt",
    ]
    assert "Not inside: movements, sleep" in files["README.txt"]
    assert {"bedside", "python", "numpy", "flask"} <= json.loads(files["versions.json"]).keys()


@pytest.mark.parametrize("secret", PRIVATE)
def test_nothing_private_is_in_it(files, secret):
    assert [name for name, text in files.items() if secret in text.lower()] == []


def test_this_machine_is_not_named(files):
    assert [name for name, text in files.items() if socket.gethostname() in text] == []


def test_settings_are_there_but_for_what_names_people(files):
    lines = files["settings.toml"].splitlines()

    assert "raw_nights = 21  # line 14" in lines
    assert 'pins = "18"  # line 3' in lines
    assert "# bedtime: set, and left out here  # line 4" in lines
    assert "# trusted_hosts: set, and left out here  # line 17" in lines
    assert "# child: set, and left out here  # line 11" in lines
    assert "[sensor]" in lines


def test_health_is_there_but_not_who_is_in_bed(files):
    health = json.loads(files["health.json"])

    assert health["facts"] == {"sensor": "mpu6050 at 0x68", "gaps": 2}
    assert health["machine"]["temperature_c"] == 51.2
    assert health["rows"] == {"minutes": 480}
    assert "newest_s" not in health["database"]


def test_faults_are_there_without_folders_names_and_addresses(files):
    sentences = [fault["sentence"] for fault in json.loads(files["faults.json"])]

    assert sentences == [
        "the night cannot be saved to FOLDER/bedside.db: disk full",
        "alarm of TIME was left out: its turn came 9 min late",
        "NAME and ADDRESS do not answer, nor NAME",
    ]
    assert "FOLDER has 20 MB left" in files["doctor.txt"]


def test_when_an_alarm_was_missed_only_the_day_is_told(files):
    assert {len(fault["start"]) for fault in json.loads(files["faults.json"])} == {10}


def test_it_stays_small(evidence):
    many = [Fault(float(at), at + 1.0, "sensor", "gone " * 40) for at in range(50_000)]
    packed = bundle(evidence.with_database(Condition(), {}, many), FOLDER)

    assert len(packed) < 100_000
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        faults = json.loads(archive.read("bedside-support/faults.json"))
    assert (len(faults), faults[-1]["for_s"]) == (2000, 1.0)
    assert faults[-1]["start"].startswith("1970-01-01T13:53:19")


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("mpu6050 at 0x68 does not answer", "mpu6050 at 0x68 does not answer"),
        ("the phone aa:bb:cc:dd:ee:0f", "the phone ADDRESS"),
        ("fe80::1ff:fe23:4567:890a is no name", "ADDRESS is no name"),
        ("/home/anna/x: denied", "/home/USER/x: denied"),
        ("pi.fritz.box refused", "NAME refused"),
    ],
)
def test_what_is_scrubbed(said, left):
    assert scrubber(FOLDER)(said) == left


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        ("/etc/b.toml:3: [web] host: 'anna' is no text", "/etc/b.toml:3: [web] host: is wrong"),
        ("/etc/b.toml:3: a text in quotes is not closed: 'anna", "/etc/b.toml:3: cannot be used"),
    ],
)
def test_of_a_fault_in_the_settings_only_the_place_is_told(problem, told):
    assert unquoted(problem) == told
