"""A night's files, and hearing it anew, as one asks for them in the browser."""

import csv
import gzip
import html
import io
import json
import re
from collections import namedtuple
from datetime import date

import edfio
import numpy as np
import pytest

from bedside.nights.events import events_of
from bedside.pipeline.listener import Listener
from bedside.pipeline.samples import Block
from bedside.recordings import read
from bedside.simulator.recording import record as simulated
from bedside.web.jobs import Done

ODR_HZ, LSB_PER_G = 100.0, 16384.0
NIGHT = "/night/2026-11-14"
EVENING = date(2026, 11, 14)


def words(answer):
    text = re.sub(r"<[^>]+>", " ", answer.text.replace("\xa0", " "))
    return re.sub(r"\s+", " ", html.unescape(text))


@pytest.fixture(scope="session")
def quarter():
    """A quarter of an hour of a simulated sleeper, as a chip gives it."""
    xyz = simulated("twitchy", "mpu6050", 4, duration_s=900.0).xyz
    return (np.rint(xyz * LSB_PER_G) / LSB_PER_G).astype(np.float32)


@pytest.fixture
def slept(bedroom, quarter):
    """A bedroom in which that was recorded."""
    zero_s, listener = bedroom.clock.monotonic(), Listener(ODR_HZ)
    bedroom.store.add_sensor(zero_s, "mpu6050", ODR_HZ, LSB_PER_G)
    for at in range(0, len(quarter), 1000):
        part = quarter[at : at + 1000]
        block = Block(zero_s + (at + np.arange(len(part))) / ODR_HZ, part, gap=not at)
        bedroom.store.add_block(block)
        bedroom.store.add_heard(listener.update(block))
        bedroom.clock.advance(10.0)
        bedroom.store.flush()
    bedroom.store.add_heard(listener.flush())
    bedroom.store.flush(full=True)
    yield bedroom
    bedroom.jobs.close()


def test_what_is_offered(slept):
    page = slept.get(f"{NIGHT}/export")

    assert page.status_code == 200
    for offered in ("Download the table", "Write CSV", "Write EDF+", "Hear the night anew"):
        assert offered in words(page)
    assert f'href="{NIGHT}/export"' in slept.get(f"{NIGHT}/events").text


def test_without_raw_samples_only_the_table_is(rested):
    page = rested.get("/night/2026-11-20/export")

    assert "Download the table" in words(page)
    assert "are not kept any more" in words(page)
    assert "Write CSV" not in words(page)


def test_the_table_holds_every_movement_and_what_was_said_of_it(slept):
    event = events_of(slept.nights, slept.store, EVENING)[2]
    slept.post(f"{NIGHT}/events/{event.key}/mark", verdict="partner")

    answer = slept.get(f"{NIGHT}/events.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))

    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="bedside-2026-11-14-movements.csv"'
    )
    events = events_of(slept.nights, slept.store, EVENING)
    assert len(rows) == len(events) > 3
    assert [row["marked"] for row in rows].count("partner") == 1
    assert rows[2]["marked"] == "partner"
    assert rows[2]["kind"] == event.heard.kind, "as it was heard"
    for row, each in zip(rows, events, strict=True):
        assert float(row["peak_mg"]) == pytest.approx(each.heard.peak_mg, abs=0.01)
        assert float(row["length_s"]) == pytest.approx(
            each.heard.end_s - each.heard.start_s, abs=0.01
        )


def test_the_raw_samples_come_as_a_recording_that_can_be_scored(slept, tmp_path, quarter):
    answer = slept.post(f"{NIGHT}/export")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/work")
    slept.jobs.join(60)

    page = slept.get("/work")
    assert "The file is ready" in words(page)
    link = re.search(r'href="(/work/\d+/file)"', page.text)[1]
    given = slept.get(link)
    assert given.headers["Content-Disposition"].endswith('"bedside-2026-11-14-raw.csv.gz"')
    path = tmp_path / "night.csv.gz"
    path.write_bytes(given.data)
    recording = read(path)
    assert recording.odr_hz == pytest.approx(100.0, rel=1e-3)
    assert len(recording.xyz) > 50_000
    first = len(quarter) - len(recording.xyz)
    assert np.abs(recording.xyz - quarter[first:]).max() < 2e-6
    times = gzip.decompress(given.data).decode().splitlines()
    assert times[0] == "t_s,ax_g,ay_g,az_g"
    assert slept.get(link).data == given.data, "it can be taken twice"


def test_they_come_as_edf_too_with_the_movements_in_it(slept, tmp_path, quarter):
    event = events_of(slept.nights, slept.store, EVENING)[2]
    slept.post(f"{NIGHT}/events/{event.key}/mark", verdict="wrong")
    slept.post(f"{NIGHT}/export", kind="edf")
    slept.jobs.join(60)
    given = slept.get(f"/work/{slept.jobs.now.number}/file")

    assert given.headers["Content-Disposition"].endswith('"bedside-2026-11-14-raw.edf"')
    path = tmp_path / "night.edf"
    path.write_bytes(given.data)
    recording = read(path)
    assert np.abs(recording.xyz - quarter[len(quarter) - len(recording.xyz) :]).max() < 4e-5
    marks = edfio.read_edf(path).annotations
    named = [mark for mark in marks if mark.text.endswith("marked wrong")]
    assert len(named) == 1
    assert len([mark for mark in marks if mark.text != "no data"]) > 2
    first_s = slept.store.recorded(*slept.nights.window(EVENING)).heard[0].start_s
    cut_s = (len(quarter) - len(recording.xyz)) / ODR_HZ
    assert named[0].onset == pytest.approx(event.heard.start_s - first_s - cut_s, abs=0.05)


def test_only_what_is_offered_is_written(slept):
    assert slept.post(f"{NIGHT}/export", kind="exe").status_code == 400
    assert slept.jobs.now is None


def test_nothing_is_left_in_the_folder(slept, tmp_path):
    slept.post(f"{NIGHT}/export")
    slept.jobs.join(60)

    names = [path.name for path in tmp_path.iterdir()]
    assert [name for name in names if ".db" not in name] == []


def test_a_file_that_is_gone(slept):
    slept.post(f"{NIGHT}/export")
    slept.jobs.join(60)
    number = slept.jobs.now.number

    assert slept.get(f"/work/{number + 1}/file").status_code == 404
    slept.jobs.begin("Else", "/", iter_done())
    slept.jobs.join(10)
    assert slept.get(f"/work/{number}/file").status_code == 404
    assert slept.get("/work/-1/file").status_code == 404


def iter_done():
    yield 0.0
    return Done("Nothing came of it.")


def test_a_disk_without_room_is_said_before_anything_is_written(slept, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _path: usage(10, 9, 1))
    slept.post(f"{NIGHT}/export")
    slept.jobs.join(10)

    assert slept.jobs.now.state == "failed"
    assert "the disk has 0 MB free" in words(slept.get("/work"))


def test_a_night_is_heard_anew(slept):
    with slept.store._writing:
        slept.store._db.execute("DELETE FROM movements")
    slept.store.change([])
    assert slept.nights.night(EVENING).movements == ()

    answer = slept.post(f"{NIGHT}/rescore")
    assert answer.status_code == 303
    slept.jobs.join(60)

    assert slept.jobs.now.state == "done", slept.jobs.now.sentence
    assert "movements are on record now, 0 were before." in words(slept.get("/work"))
    assert len(slept.nights.night(EVENING).movements) > 2


def test_only_one_work_at_a_time(slept):
    def forever():
        while True:
            yield 0.25

    slept.jobs.begin("Busy", NIGHT, forever())
    try:
        for path in ("rescore", "export"):
            answer = slept.post(f"{NIGHT}/{path}")
            assert answer.status_code == 409
            assert "Something else is still being worked on" in words(answer)
        page = slept.get("/work")
        assert "25 %" in words(page)
        assert '<meta http-equiv="refresh" content="5">' in page.text
        assert "Something is being worked on" in words(slept.get(f"{NIGHT}/export"))
        told = json.loads(slept.get("/api/work").text)
        assert told["state"] == "going on"
        assert told["progress"] == 0.25
        assert slept.post("/work/cancel").status_code == 303
        slept.jobs.join(10)
    finally:
        slept.jobs.cancel()
    assert "ended before its time" in words(slept.get("/work"))


def test_no_work_at_all(rested):
    page = rested.get("/work")

    assert page.status_code == 200
    assert "Nothing is being worked on" in words(page)
    assert rested.get("/api/work").json == {"state": "idle"}
    assert rested.post("/work/cancel").status_code == 303


@pytest.mark.parametrize("path", ["export", "events.csv", "rescore"])
@pytest.mark.parametrize(("day", "status"), [("2020-01-01", 404), ("x", 400), ("2026-02-30", 400)])
def test_nights_that_are_none(rested, path, day, status):
    ask = rested.post if path == "rescore" else rested.get
    assert ask(f"/night/{day}/{path}").status_code == status


@pytest.mark.parametrize("path", ["export", "rescore"])
def test_nobody_else_sets_it_to_work(slept, path):
    assert slept.post(f"{NIGHT}/{path}", csrf=False).status_code == 403
    assert slept.jobs.now is None


def test_reading_never_sets_it_to_work(slept):
    assert slept.get(f"{NIGHT}/rescore").status_code == 405
    assert slept.get("/work/cancel").status_code == 405
    assert slept.jobs.now is None
