import threading
import time

import numpy as np
import pytest

from bedside.live.ring import KEPT_MOVEMENTS, KEPT_SLOTS, Live
from bedside.pipeline.listener import Heard, PresenceChange
from bedside.pipeline.movements import Movement
from bedside.pipeline.samples import Block


def test_five_slots_a_second(live, pour, still):
    pour(live, still(10.0))

    slots = live.slots()

    assert len(slots) == 49  # the last is not known to be over
    assert np.diff([slot.t_s for slot in slots]) == pytest.approx(0.2)
    assert slots[0].t_s == pytest.approx(100.2)
    assert slots[-1].z == pytest.approx(1000.0, abs=2.0)


@pytest.mark.parametrize("odr_hz", [50.0, 100.0, 200.0])
def test_a_push_swings_as_far_as_it_is_strong(live, pour, odr_hz):
    t = np.arange(0, 6, 1 / odr_hz)
    xyz = np.column_stack([np.zeros(len(t)), np.zeros(len(t)), np.ones(len(t))])
    xyz[:, 0] += 0.030 * np.sin(2 * np.pi * 5 * t) * (abs(t - 3) < 0.5)

    pour(live, xyz, odr_hz=odr_hz)

    swings = np.array([slot.swing_mg for slot in live.slots()])
    assert 22.0 < swings.max() < 36.0
    assert np.median(swings) == pytest.approx(0.0, abs=0.01)
    assert 5 <= (swings > 10.0).sum() <= 7


def test_breathing_hardly_swings(live, pour):
    t = np.arange(0, 40, 0.01)
    xyz = np.column_stack([0.005 * np.sin(2 * np.pi * 0.25 * t), 0 * t, 1 + 0 * t])

    pour(live, xyz)

    slots = live.slots()
    assert max(slot.swing_mg for slot in slots) < 1.8
    assert max(slot.x for slot in slots) == pytest.approx(5.0, abs=0.2)


@pytest.mark.parametrize("noise_mg", [0.3, 4.0])
def test_the_noise_is_that_of_the_chip(live, pour, still, noise_mg):
    pour(live, still(60.0, noise_mg=noise_mg))

    density = np.mean([slot.noise_mg2_hz for slot in live.slots()])

    assert density == pytest.approx(3 * noise_mg**2 / 50.0, rel=0.05)


@pytest.mark.parametrize("size", [1, 7, 20, 43, 1000])
def test_any_cutting_gives_the_same_slots(health, pour, tapped, size):
    xyz = tapped(20.0, [5.0, 9.0])
    whole, cut = Live(health), Live(health)
    pour(whole, xyz, size=len(xyz))
    pour(cut, xyz, size=size)

    ours, theirs = np.array(cut.slots()), np.array(whole.slots())

    least = min(len(ours), len(theirs))
    assert least >= 98
    assert ours[:least] == pytest.approx(theirs[:least], abs=1e-9)


def test_a_gap_is_marked_and_nothing_swings_across_it(live, pour, still):
    end_s = pour(live, still(5.0))
    pour(live, still(5.0, down=(1.0, 0.0, 0.0)), start_s=end_s + 3.0, gap=True)

    slots = live.slots()
    marked = [at for at, slot in enumerate(slots) if slot.gap]

    assert len(marked) == 1
    assert slots[marked[0]].t_s - slots[marked[0] - 1].t_s == pytest.approx(3.3, abs=0.2)
    assert max(slot.swing_mg for slot in slots) < 5.0


def test_a_jump_of_time_is_a_gap_even_when_nobody_says_so(live, pour, still):
    end_s = pour(live, still(5.0))
    pour(live, still(5.0), start_s=end_s + 2.0)

    assert sum(slot.gap for slot in live.slots()) == 1


def test_another_rate_begins_anew(live, pour, still):
    end_s = pour(live, still(5.0))
    pour(live, still(5.0), start_s=end_s, odr_hz=50.0)

    slots = live.slots()
    assert sum(slot.gap for slot in slots) == 1
    assert slots[-1].t_s - slots[-2].t_s == pytest.approx(0.2)


def test_the_ring_is_bounded(live, pour, still):
    for part in range(4):
        pour(live, still(60.0), start_s=60.0 * part)

    assert len(live.slots()) == KEPT_SLOTS
    assert live.since(0)[0] == 1199


def test_one_asks_for_what_is_new(live, pour, still):
    end_s = pour(live, still(5.0))
    seq, first = live.since(0)
    pour(live, still(2.0), start_s=end_s)

    newest, fresh = live.since(seq)

    assert len(fresh) == newest - seq == 10
    assert [*first, *fresh] == live.slots()
    assert live.since(newest) == (newest, [])
    assert live.since(newest + 1000) == (newest, live.slots())
    assert live.since(0, most=3)[1] == live.slots()[-3:]


def test_errors_of_the_bus_are_noted_beside_the_samples(live, health, pour, still):
    end_s = pour(live, still(5.0))
    health.count("bus_errors")
    pour(live, still(5.0), start_s=end_s)

    slots = live.slots()
    assert (slots[0].bus_errors, slots[-1].bus_errors) == (0, 1)


def test_what_the_listener_made_of_it(live):
    turns = [Movement(s, s + 2, "turn", 90.0, 1.0, 20.0) for s in range(20)]

    live.take(Heard())
    live.take(Heard(movements=turns, presence=[PresenceChange(3.0, True)]))

    felt = live.felt()
    assert felt.movements == tuple(turns[-KEPT_MOVEMENTS:])
    assert (felt.present, felt.since_s) == (True, 3.0)


def test_before_anything_was_heard(live):
    assert live.slots() == []
    assert live.since(7) == (0, [])
    assert live.felt() == ((), None, None)
    live.hear(Block(np.empty(0), np.empty((0, 3), np.float32)), 100.0)
    assert live.slots() == []


def test_many_may_read_while_one_writes(live, still):
    xyz, stop, wrong = still(400.0), threading.Event(), []

    def read():
        seq, last_s = 0, 0.0
        while not stop.is_set():
            newest, slots = live.since(seq)
            if len(slots) != min(newest - seq, KEPT_SLOTS) or any(
                slot.t_s <= last_s for slot in slots
            ):
                wrong.append((seq, newest, len(slots)))
            seq, last_s = newest, slots[-1].t_s if slots else last_s

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    t = 1.0 + np.arange(len(xyz)) / 100.0
    for first in range(0, len(xyz), 43):
        part = slice(first, first + 43)
        live.hear(Block(t[part], np.float32(xyz[part])), 100.0)
    stop.set()
    for reader in readers:
        reader.join()

    assert wrong == []
    assert live.since(0)[0] > 1990


def test_it_costs_next_to_nothing(live, pour, still):
    xyz = still(300.0)
    began = time.process_time()
    pour(live, xyz)

    # A Pi 4 is five times as slow as a desktop: 0.3 % of its core is 0.9 s for five minutes.
    assert time.process_time() - began < 0.18
