"""Killed, and without power, again and again in one night."""

import json
import shutil
import subprocess
import sys
import threading

import pytest

from bedside.daemon import Bedside

CUTS, CUT_HOURS = 8, 1.5
LOSSES, LOSS_HOURS = 30, 3.0


def ran(module, *words):
    command = [sys.executable, "-m", f"bedside.bench.survival.{module}", *map(str, words)]
    process = subprocess.run(command, capture_output=True, text=True, timeout=150.0, check=False)
    if process.returncode and module == "losses" and "strace" in process.stderr:
        pytest.skip(process.stderr.strip())
    assert process.returncode == 0, process.stderr[-2000:]
    return json.loads(process.stdout)


def test_a_night_that_is_killed_and_cut_off_goes_on_as_one():
    outcome = ran("cuts", CUTS, CUT_HOURS, 1)

    assert outcome["cuts"] == CUTS
    assert outcome["corrupt"] == outcome["set_aside"] == 0
    assert outcome["most_lost_s"] <= 60.0
    assert outcome["nights"] == outcome["stays"] == 1
    assert outcome["length_s"] == pytest.approx(CUT_HOURS * 3600.0, abs=120.0)
    # what the report knows of, and not the raw samples only
    assert outcome["unheard_s"] - outcome["outages_s"] <= 60.0 * CUTS
    assert outcome["doubled_s"] <= 1.0


def test_a_disk_that_lost_what_it_had_not_synced_is_sound_and_lacks_a_minute_at_most():
    lost = ran("losses", LOSSES, LOSS_HOURS, 1)

    assert lost["losses"] == LOSSES
    assert lost["in_checkpoints"] >= LOSSES // 2
    assert lost["corrupt"] == 0
    assert lost["most_lost_s"] <= 60.0


def test_another_boot_tells_what_was_recorded_and_not_told(
    bedside, bed, folder, tmp_path, config, live, tonight, entry_s
):
    live(bedside, entry_s)
    shutil.copytree(folder, tmp_path / "after")
    told_s = bedside.store.recorded(0.0, 4e9).heard[-1].end_s
    (*_, last) = bedside.store.raw(0.0, 4e9)
    first, bed.clock.boot_id = bed.clock.boot_id, "another"

    with Bedside(config(tmp_path / "after"), bed, threading.Event()) as revived:
        live(revived, 30.0)
        before, *_ = tonight(revived).heard
    bed.clock.boot_id = first

    assert last.t[-1] > told_s + 20.0
    assert before.end_s == pytest.approx(last.t[-1], abs=1.0)
