"""A disk that is full, read-only, dead or slow: the night waits in memory and catches up."""

import fcntl
import os
import shutil
import struct
import subprocess
import sys
import threading
from itertools import islice, pairwise

import pytest

from bedside.daemon import Bedside
from bedside.errors import StoreError
from bedside.web import create_app

MOST_RAW_S = 600.0
SHUT_DOWN = 0x8004587D  # ext4: from now on this card answers nothing


def ran(*command):
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture
def small_disk(folder):
    """A file system of 4 MB."""
    if os.geteuid() != 0 or not ran("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder):
        pytest.skip("only root may mount a small disk")
    yield folder
    ran("umount", folder)


@pytest.fixture
def card(folder, tmp_path):
    """A card with a file system of its own."""
    image = tmp_path / "card"
    image.write_bytes(b"")
    os.truncate(image, 16 << 20)
    made = os.geteuid() == 0 and shutil.which("mkfs.ext4") and ran("mkfs.ext4", "-q", image)
    if not made or not ran("mount", "-o", "loop", image, folder):
        pytest.skip("only root may mount a card, and not everywhere")
    yield folder
    ran("umount", folder)


def fill(folder):
    status = os.statvfs(folder)
    (folder / "filler").write_bytes(b"\0" * (status.f_bavail * status.f_frsize))


def raw(bedside, recorded):
    """Give (first, last) s of what samples are kept, one pair for each unbroken stretch."""
    spans = []
    for block in bedside.store.raw(recorded.start_s, recorded.end_s):
        if spans and block.t[0] - spans[-1][1] < 0.1:
            spans[-1][1] = block.t[-1]
        else:
            spans.append([block.t[0], block.t[-1]])
    return spans


def shown(bedside):
    return {fault.part: fault.sentence for fault in bedside.health.faults()}


def page(bedside):
    """Load the page as at the device itself; give its status."""
    browser = create_app(bedside.house()).test_client()
    return browser.get("/", base_url="http://localhost", buffered=True).status_code


def test_a_disk_that_is_full_for_some_minutes_costs_no_sample(
    small_disk, bed, config, live, tonight, entry_s
):
    with Bedside(config(small_disk), bed, threading.Event()) as bedside:
        live(bedside, entry_s)
        fill(small_disk)
        live(bedside, MOST_RAW_S - 90.0)
        assert "the night cannot be saved" in shown(bedside)["disk"]
        assert page(bedside) == 200
        (small_disk / "filler").unlink()
        live(bedside, 60.0)

        recorded = tonight(bedside)
        assert shown(bedside) == {}
        assert len(raw(bedside, recorded)) == 1
        assert len(recorded.heard) == len(recorded.presence) == 1
        (fault,) = [fault for fault in recorded.faults if fault.part == "disk"]
        assert fault.end_s - fault.start_s == pytest.approx(MOST_RAW_S - 90.0, abs=50.0)


def test_a_disk_that_is_full_for_long_costs_the_oldest_samples_and_no_movement(
    small_disk, bed, config, live, tonight, entry_s
):
    with Bedside(config(small_disk), bed, threading.Event()) as bedside:
        live(bedside, entry_s)
        fill(small_disk)
        live(bedside, 3.0 * MOST_RAW_S)
        assert bedside.store._raw.waiting_s <= MOST_RAW_S + 60.0
        (small_disk / "filler").unlink()
        live(bedside, 60.0)

        recorded = tonight(bedside)
        assert shown(bedside) == {}
        before, after = raw(bedside, recorded)
        assert before[1] - before[0] > entry_s - 60.0
        assert after[1] - after[0] > MOST_RAW_S - 60.0
        assert len(recorded.heard) == len(recorded.presence) == 1
        assert bedside.store.dropped == 0
        ends = [movement.end_s for movement in recorded.movements]
        assert max(later - earlier for earlier, later in pairwise(ends)) < MOST_RAW_S


def test_a_disk_that_is_read_only_at_the_start(small_disk, bed, config, live, tonight):
    assert ran("mount", "-o", "remount,ro", small_disk)
    with Bedside(config(small_disk), bed, threading.Event()) as bedside:
        live(bedside, 300.0)
        told = shown(bedside)
        assert "bedside.db" in told["disk"]
        assert page(bedside) < 600
        assert ran("mount", "-o", "remount,rw", small_disk)
        live(bedside, 60.0)

        recorded = tonight(bedside)
        assert shown(bedside) == {}
        ((first_s, last_s),) = raw(bedside, recorded)
        assert last_s - first_s > 300.0  # the newest still wait for a larger piece
        assert len(recorded.heard) == 1


def test_a_start_on_a_full_disk(small_disk, bed, config, live, tonight):
    fill(small_disk)
    with Bedside(config(small_disk), bed, threading.Event()) as bedside:
        live(bedside, 300.0)
        assert "bedside.db" in shown(bedside)["disk"]
        (small_disk / "filler").unlink()
        live(bedside, 60.0)

        recorded = tonight(bedside)
        assert shown(bedside) == {}
        assert len(raw(bedside, recorded)) == 1


def test_a_card_that_dies_is_told_and_the_page_goes_on(card, bed, config, live):
    with pytest.raises(StoreError), Bedside(config(card), bed, threading.Event()) as bedside:
        dies(card, bedside, live)


def dies(card, bedside, live):
    live(bedside, 300.0)
    place = os.open(card, os.O_RDONLY)
    try:
        fcntl.ioctl(place, SHUT_DOWN, struct.pack("I", 2))
    except OSError:
        pytest.skip("this kernel does not let a file system die")
    finally:
        os.close(place)
    changes = []
    bedside.health._on_change = (*bedside.health._on_change, lambda *told: changes.append(told))
    live(bedside, 300.0)

    assert "the night cannot be saved" in shown(bedside)["disk"]
    assert len([told for told in changes if told[0].part == "disk"]) == 1
    assert page(bedside) < 600
    assert bedside.health.age_s("samples") < 1.0
    assert bedside.store.waiting > 0


HOLDER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""


def hear(bedside, blocks):
    for block in islice(bedside.blocks, blocks):
        bedside.hear(block)


def test_a_disk_that_is_slow_by_seconds_holds_up_nothing_but_the_writing(
    bedside, bed, live, tonight, entry_s
):
    live(bedside, entry_s)
    command = [sys.executable, "-c", HOLDER, str(bedside.store.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        holder.stdout.readline()
        hear(bedside, 200)
        writing = threading.Thread(target=bedside.write)
        writing.start()
        hear(bedside, 200)  # while another thread waits for the disk
        assert page(bedside) == 200
        assert writing.is_alive()
        writing.join()
        assert "locked" in shown(bedside)["disk"]
        holder.stdin.close()
    live(bedside, 60.0)

    recorded = tonight(bedside)
    assert shown(bedside) == {}
    assert len(raw(bedside, recorded)) == len(recorded.heard) == len(recorded.presence) == 1
