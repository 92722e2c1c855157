"""`bedside export`: nights as files, opened again by others than ourselves."""

import csv
import warnings
from datetime import datetime
from zoneinfo import ZoneInfo

import edfio
import numpy as np
import pytest

from bedside.clock import SteppedClock
from bedside.pipeline.listener import Heard, Listener, Minute, PresenceChange
from bedside.pipeline.movements import Movement
from bedside.pipeline.samples import Block
from bedside.simulator.recording import record as simulated
from bedside.store import Store, StoreSettings

ODR_HZ, LSB_PER_G, HOUR = 100.0, 16384.0, 3600.0
BARE, RAW = "2026-11-14", "2026-11-15"
SERIES = 1800.0
"""A periodic series begins so long after ten in the evening."""


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    """Two nights: of the first no raw samples are kept; the settings file."""
    folder = tmp_path_factory.mktemp("nights")
    wall = datetime(2026, 11, 14, 22, tzinfo=ZoneInfo("UTC")).timestamp()
    clock = SteppedClock(wall=wall)
    with Store(StoreSettings(folder=str(folder), min_free_mb=0), clock) as store:
        store.add_sensor(clock.monotonic(), "mpu6050", ODR_HZ, LSB_PER_G)
        store.add_heard(asleep(clock.monotonic()))
        clock.advance(24 * HOUR)
        store.flush()
        listener, zero_s = Listener(ODR_HZ), clock.monotonic()
        xyz = simulated("twitchy", "mpu6050", 4, duration_s=900.0).xyz
        xyz = (np.rint(xyz * LSB_PER_G) / LSB_PER_G).astype(np.float32)
        for at in range(0, len(xyz), 1000):
            part = xyz[at : at + 1000]
            block = Block(zero_s + (at + np.arange(len(part))) / ODR_HZ, part, gap=not at)
            store.add_block(block)
            store.add_heard(listener.update(block))
            clock.advance(10.0)
            store.flush()
        store.add_heard(listener.flush())
    file = folder / "bedside.toml"
    file.write_text(
        f'[store]\nfolder = "{folder}"\nmin_free_mb = 0\n[clock]\ntime_zone = "Europe/Berlin"\n'
    )
    return file


def asleep(zero_s):
    """Eight hours in bed, with a periodic series in it."""
    moves = [Movement(zero_s + 5.0, zero_s + 8.0, "bed_entry", 90.0, 2.0, 20.0)]
    moves += [
        Movement(at_s, at_s + 2.0, "limb_movement", 15.0, 0.5, 0.0)
        for at_s in (zero_s + SERIES + 25.0 * n for n in range(20))
    ]
    minutes = [Minute(zero_s + 60.0 * n, 60.0, 1.0, 0.8, 5.0, 14.2, 0.8) for n in range(8 * 60)]
    presence = [PresenceChange(zero_s + 5.0, True), PresenceChange(zero_s + 8 * HOUR, False)]
    return Heard(moves, presence, minutes)


@pytest.fixture
def export(bedside, home):
    return lambda *words: bedside("export", *words, "--config", home)


def head(path):
    """Read the head of an EDF file by the letter of its specification."""
    data = path.read_bytes()
    count = int(data[252:256])
    at, fields = 256, {}
    sizes = {"label": 16, "transducer": 80, "unit": 8, "min": 8, "max": 8, "dmin": 8, "dmax": 8,
             "filter": 80, "samples": 8, "reserved": 32}  # fmt: skip
    for name, size in sizes.items():
        texts = [data[at + size * i : at + size * (i + 1)].decode("ascii") for i in range(count)]
        fields[name], at = [text.strip() for text in texts], at + size * count
    per_record = 2 * sum(map(int, fields["samples"]))
    assert int(data[184:192]) == at == 256 * (count + 1)
    assert len(data) == at + int(data[236:244]) * per_record
    return fields | {"kind": data[192:236].decode().strip(), "start": data[168:184].decode()}


def table(path):
    return list(csv.DictReader(path.read_text().splitlines()))


def opened(path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return edfio.read_edf(path)


def test_a_table_of_movements(export, tmp_path):
    answer = export(BARE, tmp_path / "night.csv")

    assert answer.status == 0, answer.err
    rows = table(tmp_path / "night.csv")
    assert [row["kind"] for row in rows] == ["bed_entry"] + 20 * ["limb_movement"]
    assert rows[1]["utc"] == "2026-11-14T22:30:00.000+00:00"
    assert "21 movements" in answer.out
    assert [path.name for path in tmp_path.iterdir()] == ["night.csv"]


def test_edf_with_its_raw_samples(export, tmp_path):
    file = tmp_path / "night.edf"
    answer = export(RAW, file)

    assert answer.status == 0, answer.err
    assert "the raw samples and" in answer.out
    told, edf = head(file), opened(file)
    assert told["kind"] == "EDF+C"
    assert told["label"] == ["acc x", "acc y", "acc z", "EDF Annotations"]
    assert told["start"] == "15.11.2623.00.00"  # local time
    assert [signal.label for signal in edf.signals] == ["acc x", "acc y", "acc z"]
    assert len(edf.signals[0].data) == pytest.approx(900 * ODR_HZ, abs=1000)
    texts = [mark.text for mark in edf.annotations]
    assert any("jerk" in text.lower() for text in texts)


def test_edf_of_a_night_whose_raw_samples_are_gone(export, tmp_path):
    file = tmp_path / "night.EDF"
    answer = export(BARE, file)

    assert answer.status == 0, answer.err
    assert "its raw samples are not kept" in answer.out
    told, edf = head(file), opened(file)
    assert told["label"] == ["EDF Annotations"]
    assert edf.signals == ()
    marks = edf.annotations
    moves = [mark for mark in marks if "limb" in mark.text.lower()]
    [series] = [mark for mark in marks if mark.text.startswith("periodic series")]
    assert len(moves) == 20
    assert series.text == "periodic series, 20 movements"
    assert series.onset == moves[0].onset
    assert series.duration == pytest.approx(19 * 25.0 + 2.0)
    began = datetime.combine(edf.startdate, edf.starttime, ZoneInfo("Europe/Berlin")).timestamp()
    bed = datetime(2026, 11, 14, 22, tzinfo=ZoneInfo("UTC")).timestamp()
    assert began + series.onset == pytest.approx(bed + SERIES, abs=0.01)
    assert [mark.onset for mark in marks] == sorted(mark.onset for mark in marks)


def test_every_night_into_a_folder(export, tmp_path):
    folder = tmp_path / "nights"
    answer = export("--from", BARE, folder)

    assert answer.status == 0, answer.err
    assert sorted(path.name for path in folder.iterdir()) == [
        f"bedside-{BARE}-movements.csv", f"bedside-{RAW}-movements.csv", "bedside-nights.csv",
    ]  # fmt: skip
    [first, second] = table(folder / "bedside-nights.csv")
    assert first["evening"] == BARE
    assert first["lights_out"] == "2026-11-14T23:00:05+01:00"
    assert first["periodic_series"] == "1"
    assert int(first["limb_movement_asleep"]) + int(first["limb_movement_awake"]) == 20
    assert float(first["tib_s"]) == pytest.approx(8 * HOUR, abs=10.0)
    assert second["evening"] == RAW

    answer = export("--to", RAW, "--format", "edf", folder)
    assert answer.status == 0, answer.err
    assert len(list(folder.glob("*.edf"))) == 2
    for file in folder.glob("*.edf"):
        head(file)
        opened(file)
    assert {oct(path.stat().st_mode)[-3:] for path in folder.iterdir()} == {"644"}


def test_one_night_into_a_folder_that_is_there(export, tmp_path):
    assert export(BARE, tmp_path, "--format", "edf").status == 0
    assert (tmp_path / f"bedside-{BARE}.edf").exists()


def test_a_file_of_another_name_with_a_format(export, tmp_path):
    assert export(BARE, tmp_path / "night.txt", "--format", "csv").status == 0
    assert (tmp_path / "night.txt").read_text().startswith("t_s,utc")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["yesterday", "x.csv"], "'yesterday' is no date"),
        (["2020-01-01", "x.csv"], "no night of 2020-01-01"),
        (["--from", "soon", "x"], "'soon' is no date"),
        (["--from", "2030-01-01", "x"], "no night from 2030-01-01 to the newest"),
        (["--from", RAW, "--to", BARE, "x"], f"no night from {RAW} to {BARE}"),
        ([BARE, "x.exe"], "ends neither in .csv nor in .edf"),
        ([BARE, "no/such/folder/x.csv"], "No such file or directory"),
        ([BARE, "no/such/folder/x.edf"], "No such file or directory"),
        (["--from", BARE, "no/such/folder"], "cannot be made"),
    ],
)
def test_what_cannot_be_written_is_said_in_a_sentence(export, tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    answer = export(*words)

    assert answer.status == 1
    assert answer.err.startswith("bedside: ")
    assert answer.err.count("\n") <= 1
    assert said in answer.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words", [[], [BARE], ["a", "b", "c"], ["--from", BARE], ["--to", BARE, "a", "b"]]
)
def test_words_that_do_not_add_up(export, words):
    answer = export(*words)

    assert answer.status == 2
    assert "TARGET" in answer.err


def test_where_there_is_no_record(bedside, tmp_path):
    file = tmp_path / "bed.toml"
    file.write_text(f'[store]\nfolder = "{tmp_path}"\n')
    answer = bedside("export", BARE, tmp_path / "x.csv", "--config", file)

    assert answer.status == 1
    assert answer.err.startswith("bedside: ")
    assert not (tmp_path / "x.csv").exists()


def test_a_folder_that_may_not_be_written_leaves_the_old_file(export, tmp_path):
    target = tmp_path / "night.csv"
    target.mkdir()
    (target / "kept").write_text("x")
    answer = export("--from", BARE, "--to", BARE, target / "kept")

    assert answer.status == 1
    assert (target / "kept").read_text() == "x"
