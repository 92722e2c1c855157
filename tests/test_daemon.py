import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from datetime import UTC

import attrs
import pytest

from bedside import hardware
from bedside.config import Config
from bedside.daemon import Bedside

ENTRY_S = 1800.0  # by then every simulated sleeper is in bed


def config(folder):
    folder.mkdir(exist_ok=True)
    plain = Config()
    return attrs.evolve(
        plain,
        store=attrs.evolve(plain.store, folder=str(folder), min_free_mb=0),
        web=attrs.evolve(plain.web, port=0),
        clock=attrs.evolve(plain.clock, time_zone="UTC"),
    )


@pytest.fixture
def bed():
    return hardware.simulated("twitchy", 3, UTC)


@pytest.fixture
def bedside(bed, tmp_path):
    with Bedside(config(tmp_path / "nights"), bed, threading.Event()) as made:
        yield made


def live(bedside, seconds):
    """Let time pass as the demo does: every block, then whatever is due."""
    until_s = bedside.clock.monotonic() + seconds
    for block in bedside.blocks:
        bedside.hear(block)
        bedside.tick()
        if bedside.clock.monotonic() >= until_s:
            break
    bedside.write()


def tonight(bedside):
    night = bedside.nights.current()
    return bedside.store.recorded(*bedside.nights.window(night))


def test_what_the_sleeper_does_is_remembered(bedside):
    live(bedside, 2 * ENTRY_S)

    recorded = tonight(bedside)

    assert bedside.health.faults() == ()
    assert {movement.kind for movement in recorded.movements} >= {"bed_entry", "jerk"}
    assert len(recorded.presence) == 1
    assert sum(minute.heard_s for minute in recorded.minutes) > 2 * ENTRY_S - 180.0
    assert "twitches in" in bedside.nights.report().opening


def test_ten_minutes_of_silence_are_a_gap_in_one_night(bedside, bed):
    live(bedside, ENTRY_S)
    now_s = bed.clock.monotonic()
    bed.open_bus().fail_between(now_s, now_s + 600.0)
    shown = []
    bed.clock.on_wait = lambda _now: shown.extend(bedside.health.faults())

    live(bedside, 1200.0)

    recorded = tonight(bedside)
    assert {fault.part for fault in shown} == {"sensor"}
    assert "0x68" in shown[0].sentence
    assert bedside.health.faults() == ()
    assert len(recorded.presence) == 1
    (kept,) = [each for each in recorded.faults if each.part == "sensor"]
    assert kept.end_s - kept.start_s == pytest.approx(600.0, abs=45.0)
    gap_s = recorded.heard[1].start_s - recorded.heard[0].end_s
    assert gap_s == pytest.approx(600.0, abs=60.0)


def test_a_clock_that_is_set_late_moves_the_whole_night(bed, tmp_path):
    away_s = 40 * 86_400.0
    bed.clock.step_wall(-away_s, known=False)
    with Bedside(config(tmp_path / "nights"), bed, threading.Event()) as bedside:
        live(bedside, 600.0)
        (fault,) = bedside.health.faults()
        assert fault.part == "clock"
        assert not tonight(bedside).clock_known

        bed.clock.step_wall(away_s, known=True)
        live(bedside, 600.0)

        assert bedside.health.faults() == ()
        assert len(bedside.nights.dates()) == 1
        recorded = tonight(bedside)
        assert recorded.clock_known
        assert recorded.heard[0].start_s == pytest.approx(bed.clock.wall() - 1200.0, abs=90.0)


@pytest.mark.parametrize("step_s", [3 * 3600.0, -20 * 60.0])
def test_a_step_of_the_clock_tears_no_night(bedside, bed, step_s):
    live(bedside, ENTRY_S)
    bed.clock.step_wall(step_s)
    live(bedside, ENTRY_S)

    recorded = tonight(bedside)
    assert len(recorded.heard) == 1
    assert recorded.heard[0].length_s > 2 * ENTRY_S - 180.0
    assert len(recorded.presence) == 1


def test_the_night_goes_on_after_a_power_cut(bedside, bed, tmp_path):
    live(bedside, 2 * ENTRY_S)
    for block in bedside.blocks:  # and some more that no flush has seen
        bedside.hear(block)
        if bed.clock.monotonic() % 60.0 > 50.0:
            break
    cut_s = bed.clock.wall()
    shutil.copytree(tmp_path / "nights", tmp_path / "after")
    before = [m for m in tonight(bedside).movements if m.start_s < cut_s - 60.0]

    with Bedside(config(tmp_path / "after"), bed, threading.Event()) as revived:
        live(revived, 600.0)
        after = tonight(revived)
        report = revived.nights.report()

    assert before
    assert [m for m in after.movements if m.start_s < cut_s - 60.0] == before
    assert len(after.presence) == 1
    assert "twitches in" in report.opening
    with sqlite3.connect(tmp_path / "after" / "bedside.db") as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()


def test_a_full_disk_is_shown_and_caught_up_with(bedside, bed):
    live(bedside, 120.0)
    db = bedside.store._db
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    db.execute(f"PRAGMA max_page_count = {pages + 2}")
    live(bedside, ENTRY_S)
    (fault,) = bedside.health.faults()

    db.execute("PRAGMA max_page_count = 1000000")
    live(bedside, 60.0)

    assert fault.part == "disk"
    assert bedside.health.faults() == ()
    assert tonight(bedside).heard[0].length_s > ENTRY_S


def health(url):
    """Ask until the daemon has looked for its sensor."""
    for _ in range(100):
        status, told = asked(f"{url}api/health")
        if any(fault["part"] == "sensor" for fault in told["faults"]):
            break
    return status, told


def asked(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_daemon_lives_without_a_bus_and_ends_when_told(tmp_path, number):
    file = tmp_path / "bed.toml"
    file.write_text(f"[sensor]\nbus = 98\n[web]\nport = 0\n[store]\nfolder = '{tmp_path}'\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "bedside", "run", "--config", file],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "COVERAGE_PROCESS_START": ""},
    )
    with process:
        try:
            url = next(line.split()[-1] for line in process.stderr if "http://" in line)
            status, told = health(url)
            process.send_signal(number)
            process.wait(timeout=3.0)
        finally:
            process.kill()

    assert process.returncode == 0
    assert status == 503
    assert "/dev/i2c-98" in " ".join(fault["sentence"] for fault in told["faults"])


def test_two_parts_that_want_one_pin_are_told_and_the_rest_goes_on(bed, tmp_path):
    plain = config(tmp_path / "nights")
    shared = attrs.evolve(
        plain,
        light=attrs.evolve(plain.light, pins="18"),
        button=attrs.evolve(plain.button, pin=18),
    )

    with Bedside(shared, bed, threading.Event()) as bedside:
        live(bedside, 60.0)
        faults = {fault.part: fault.sentence for fault in bedside.health.faults()}
        recorded = tonight(bedside)

    assert "GPIO 18 has two jobs" in faults["settings"]
    assert recorded.minutes


def test_what_is_heard_shows_live_at_once(bedside):
    live(bedside, ENTRY_S)

    slots, felt = bedside.live.slots(), bedside.live.felt()

    assert bedside.clock.monotonic() - slots[-1].t_s < 1.0
    assert len(slots) == 600
    assert felt.present is bedside.listener.now.present is True
    last = tonight(bedside).movements[-1]
    assert felt.movements[-1].kind == last.kind
    assert felt.movements[-1].peak_mg == pytest.approx(last.peak_mg)
