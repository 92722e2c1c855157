"""The whole streaming chain, from blocks to movements."""

import os
import pickle
from collections import Counter
from dataclasses import asdict, astuple, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.pipeline.listener import Heard, Listener, Now
from bedside.pipeline.samples import Block
from bedside.recordings import blocks, read
from bedside.simulator.profiles import PROFILES
from bedside.simulator.recording import record

OWN = ("jerk", "limb_movement", "turn", "bed_entry", "bed_exit")
SLACK_S = 0.75
TWITCHY = replace(PROFILES["twitchy"], opening="lying")


@pytest.fixture(scope="module")
def hour():
    """An ordinary hour: steps, into bed, a few movements, a door, out of bed."""
    return record("ordinary", "adxl355", 5, duration_s=3600.0)


@pytest.fixture(scope="module")
def heard_hour(hour, hear):
    return hear(hour)


@pytest.fixture(scope="module")
def twitchy():
    """Forty minutes of somebody who jerks a lot and has been in bed all along."""
    return record(TWITCHY, "adxl355", 5, duration_s=2400.0)


@pytest.fixture(scope="module")
def heard_twitchy(twitchy, hear):
    return hear(twitchy)


@pytest.fixture(scope="module")
def short(hour):
    """Ten minutes, into bed within the second."""
    return cut_out(hour, 0.0, 600.0)


@pytest.fixture(scope="module")
def heard_short(short, hear):
    return hear(short)


def cut_out(night, start_s, end_s):
    kept = (night.t >= start_s) & (night.t < end_s)
    return replace(night, t=night.t[kept], xyz=night.xyz[kept])


def block(night, start_s=0.0, end_s=np.inf, gap=False):
    part = cut_out(night, start_s, end_s)
    return Block(part.t, part.xyz, gap)


def cut(night, bounds):
    bounds = [0, *sorted(bounds), len(night.t)]
    return [Block(night.t[a:b], night.xyz[a:b]) for a, b in pairwise(bounds)]


def own(heard):
    return [m for m in heard.movements if m.kind in OWN]


def near(one, other, slack_s=SLACK_S):
    return one.start_s <= other.end_s + slack_s and other.start_s <= one.end_s + slack_s


def found(event, movements):
    return [m for m in movements if near(event, m)]


def between(heard, start_s, end_s):
    return [m for m in heard.movements if m.end_s > start_s and m.start_s < end_s]


def strong(night, kinds=("jerk", "limb_movement", "turn"), least_mg=90.0):
    return [h for h in night.truth.happenings if h.kind in kinds and h.peak_mg >= least_mg]


def same(heard, other):
    """Nothing differs by more than rounding."""
    for name in ("movements", "presence", "minutes"):
        told, expected = getattr(heard, name), getattr(other, name)
        assert len(told) == len(expected), name
        for one, another in zip(told, expected, strict=True):
            for field, value in asdict(another).items():
                if isinstance(value, float):
                    value = pytest.approx(value, rel=1e-9, abs=1e-9)
                assert getattr(one, field) == value, (name, field)
    assert heard.leavings == other.leavings


# -- however the stream is cut ---------------------------------------------------------------


@settings(max_examples=4, deadline=None)
@given(bounds=st.lists(st.integers(0, 60_000), max_size=60))
def test_any_cutting_tells_the_same(short, heard_short, listen, bounds):
    same(listen(cut(short, bounds)), heard_short)


@pytest.mark.parametrize("length", [25, 100, 511, 3000])
def test_even_blocks_tell_the_same(short, heard_short, listen, length):
    same(listen(cut(short, range(length, 60_000, length))), heard_short)


def test_one_sample_at_a_time_tells_the_same(hour, listen, hear):
    piece = cut_out(hour, 40.0, 130.0)
    heard = hear(piece)
    assert heard.movements
    same(listen(cut(piece, range(1, len(piece.t)))), heard)


def test_a_long_block_tells_the_same_as_many(hour, heard_hour, listen):
    same(listen(cut(hour, range(6000, len(hour.t), 6000))), heard_hour)


def test_an_empty_block_is_nothing(short, heard_short, listen):
    nothing = Block(np.empty(0), np.empty((0, 3), np.float32))
    assert Listener(100.0).update(nothing) == Heard()
    some = cut(short, [20_000, 40_000])
    same(listen([nothing, some[0], nothing, nothing, *some[1:], nothing]), heard_short)


def test_a_listener_pickled_on_the_way_goes_on_the_same(short, heard_short):
    listener, heard = Listener(100.0), Heard()
    for piece in cut(short, range(7111, 60_000, 7111)):
        listener = pickle.loads(pickle.dumps(listener))
        collect(heard, listener.update(piece))
    collect(heard, pickle.loads(pickle.dumps(listener)).flush())
    same(heard, heard_short)


def collect(heard, more):
    for name in ("movements", "presence", "minutes", "leavings"):
        getattr(heard, name).extend(getattr(more, name))


# -- when it is told --------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["hour", "twitchy"])
def test_movements_come_in_order_and_soon(which, request):
    night = request.getfixturevalue(which)
    listener, told = Listener(100.0), []
    for piece in cut(night, range(100, len(night.t), 100)):
        now_s = piece.t[-1]
        told += [(m, now_s) for m in listener.update(piece).movements]
    told += [(m, night.t[-1]) for m in listener.flush().movements]
    starts = [m.start_s for m, _ in told]
    assert starts == sorted(starts)
    assert len(starts) > 8
    assert max(now_s - m.end_s for m, now_s in told) <= 35.0


def test_movements_are_apart_and_measured(heard_hour, heard_twitchy):
    for heard in (heard_hour, heard_twitchy):
        for m in heard.movements:
            assert m.end_s > m.start_s
            assert m.peak_mg > 0.0
            assert m.peak_jerk_g_s > 0.0
            assert (m.kind == "disturbance") == bool(m.cause)
        assert all(b.start_s >= a.end_s for a, b in pairwise(heard.movements))


def test_flush_gives_what_is_open(hour):
    turn = next(h for h in hour.truth.happenings if h.kind == "turn")
    listener = Listener(100.0)
    before = listener.update(block(hour, 0.0, turn.end_s + 0.5))
    assert not found(turn, before.movements)
    after = listener.flush()
    assert [m.kind for m in found(turn, after.movements)] == ["turn"]
    assert listener.flush() == Heard()


def test_a_listener_that_was_flushed_hears_another_stream(short, heard_short):
    listener = Listener(100.0)
    first = listener.update(block(short))
    collect(first, listener.flush())
    again = listener.update(replace(block(short), t=short.t + 10_000.0))
    collect(again, listener.flush())
    same(first, heard_short)
    late = [(round(m.start_s - 10_000.0, 3), m.kind) for m in own(again)]
    assert [kind for _, kind in late][-1] == own(first)[-1].kind
    assert late[-1][0] == pytest.approx(own(first)[-1].start_s, abs=0.2)


def test_minutes_follow_each_other(hour, heard_hour):
    minutes = heard_hour.minutes
    assert [m.start_s for m in minutes] == [60.0 * i for i in range(60)]
    assert sum(m.heard_s for m in minutes) == pytest.approx(3600.0, abs=0.5)
    loud = max(minutes, key=lambda m: m.peak_mg)
    entry = next(m for m in heard_hour.movements if m.kind == "bed_entry")
    assert loud.start_s <= entry.start_s < loud.start_s + 60.0
    assert loud.peak_mg == pytest.approx(entry.peak_mg)


def test_now_tells_how_it_is(hour):
    listener = Listener(100.0)
    assert listener.now == Now()
    listener.update(block(hour, 0.0, 700.0))
    quiet = listener.now
    assert 697.0 < quiet.t_s < 700.0
    assert quiet.present is True
    assert 0.0 < quiet.level_mg < quiet.threshold_mg
    assert 0.0 < quiet.floor_mg < quiet.threshold_mg
    assert 8.0 < quiet.breaths_per_min < 20.0
    listener.update(block(hour, 700.0, 824.0))
    assert listener.now.level_mg > listener.now.threshold_mg


# -- gaps ---------------------------------------------------------------------------------------


def test_a_gap_invents_no_movement(hour, heard_hour, listen):
    first, late = block(hour, 0.0, 500.0), block(hour, 502.0, gap=True)
    shift_g = np.array([0.05, -0.03, 0.02], np.float32)
    moved = replace(late, accel=late.accel + shift_g)
    heard = listen([first, late])
    assert between(heard, 400.0, 600.0) == []
    assert between(listen([first, moved]), 400.0, 600.0) == []
    assert [m.kind for m in own(heard)] == [m.kind for m in own(heard_hour)]
    assert [c.present for c in heard.presence] == [c.present for c in heard_hour.presence]
    assert sum(m.heard_s for m in heard.minutes) == pytest.approx(3598.0, abs=1.0)


def test_a_jump_of_the_time_is_a_gap_though_nobody_says_so(hour, listen):
    first, later = block(hour, 0.0, 500.0), block(hour, 502.0, 900.0)
    told = listen([first, replace(later, gap=True)])
    same(listen([first, later]), told)


def test_one_missing_sample_is_no_gap(short, heard_short, listen):
    pieces = cut(short, [30_000])
    late = pieces[1]
    late = Block(late.t[1:], late.accel[1:], gap=True)
    heard = listen([pieces[0], late])
    assert [m.kind for m in heard.movements] == [m.kind for m in heard_short.movements]
    for one, other in zip(heard.movements, heard_short.movements, strict=True):
        assert one.start_s == pytest.approx(other.start_s, abs=0.1)
    assert [c.present for c in heard.presence] == [c.present for c in heard_short.presence]
    assert [m.start_s for m in heard.minutes] == [m.start_s for m in heard_short.minutes]


def test_many_gaps_invent_no_movement(hour, listen):
    quiet = [
        replace(block(hour, s + 0.1, s + 10.0), gap=True) for s in np.arange(330.0, 800.0, 10.0)
    ]
    heard = listen([block(hour, 0.0, 330.0), *quiet, block(hour, 800.0, gap=True)])
    assert between(heard, 305.0, 815.0) == []


def test_a_movement_that_a_gap_cuts_is_told_once_up_to_the_gap(hour, listen):
    turn = next(h for h in hour.truth.happenings if h.kind == "turn")
    middle_s = (turn.start_s + turn.end_s) / 2.0
    heard = listen([block(hour, 0.0, middle_s), block(hour, turn.end_s + 20.0, gap=True)])
    told = found(turn, own(heard))
    assert len(told) == 1
    assert told[0].start_s == pytest.approx(turn.start_s, abs=SLACK_S)
    assert told[0].end_s <= middle_s + 0.1


def test_after_an_hour_without_data_the_bed_is_looked_at_anew(hour, listen):
    empty = record(replace(PROFILES["ordinary"], opening="never"), "adxl355", 7, duration_s=600.0)
    first, empty_s = block(hour, 0.0, 600.0), 600.0 + 3600.0
    heard = listen([first, Block(empty.t + empty_s, empty.xyz, gap=True)])
    assert [c.present for c in heard.presence] == [False, True, False]
    assert heard.presence[-1].t_s == pytest.approx(empty_s, abs=60.0)
    assert [m for m in own(heard) if m.start_s > 600.0] == []
    silent = [m for m in heard.minutes if 600.0 < m.start_s + 60.0 <= empty_s and m.heard_s]
    assert all(m.start_s < 600.0 for m in silent)
    assert sum(m.heard_s for m in heard.minutes) == pytest.approx(1200.0, abs=1.0)


def test_a_board_moved_in_a_gap_hides_no_exit(hour, listen):
    (out,) = (h for h in hour.truth.happenings if h.kind == "bed_exit")
    first, later = block(hour, 0.0, out.start_s - 400.0), block(hour, out.start_s - 390.0, gap=True)
    for shift_g in ([0.04, 0.02, -0.01], [-0.03, 0.0, 0.03], [0.1, -0.1, 0.0]):
        moved = replace(later, accel=later.accel + np.array(shift_g, np.float32))
        heard = listen([first, moved])
        assert [m.kind for m in found(out, own(heard))] == ["bed_exit"]
        assert not heard.presence[-1].present
        assert heard.presence[-1].t_s == pytest.approx(out.end_s, abs=2.0)


# -- what is found ------------------------------------------------------------------------------


def missed(night, heard):
    true = [h for h in night.truth.happenings if h.kind in OWN and not h.faint]
    return true, [h for h in true if not found(h, own(heard))]


@pytest.mark.parametrize("which", ["hour", "twitchy"])
def test_movements_are_found_and_none_invented(which, request):
    night, heard = (request.getfixturevalue(name) for name in (which, f"heard_{which}"))
    true, lost = missed(night, heard)
    assert len(true) >= 8
    assert len(lost) <= 0.1 * len(true)
    every = [h for h in night.truth.happenings if h.kind in OWN]
    false = [m for m in own(heard) if not found(m, every)]
    assert len(false) <= 1


@pytest.mark.parametrize("sensor", ["lsm6dso", "mpu6050"])
def test_other_chips_find_what_their_noise_lets_through(hear, sensor):
    night = record(TWITCHY, sensor, 8, duration_s=1800.0)
    true, lost = missed(night, hear(night))
    assert len(true) >= 8
    assert len(lost) <= 0.1 * len(true)


def test_the_onset_of_a_jerk_is_near_the_true_one(twitchy, heard_twitchy):
    jerks = [h for h in twitchy.truth.happenings if h.kind == "jerk" and not h.faint]
    errors = [
        min(abs(m.start_s - h.start_s) for m in found(h, own(heard_twitchy)))
        for h in jerks
        if found(h, own(heard_twitchy))
    ]
    assert len(errors) >= 10
    assert np.median(errors) < 0.15


def test_most_movements_have_their_names(twitchy, heard_twitchy):
    true = [h for h in twitchy.truth.happenings if h.kind in OWN and not h.faint]
    named = [h for h in true if h.kind in {m.kind for m in found(h, own(heard_twitchy))}]
    assert len(named) >= 0.85 * len(true)


def test_doors_are_not_the_sleepers(hear):
    told = []
    for seed in (3, 4):
        who = replace(PROFILES["noisy_house"], opening="lying", doors=(80.0, 90.0))
        night = record(who, "adxl355", seed, duration_s=1800.0)
        mine = [h for h in night.truth.happenings if h.kind in OWN]
        doors = [h for h in night.truth.happenings if h.cause == "door"]
        alone = [d for d in doors if not found(d, mine)]
        heard = hear(night)
        told += [bool(found(d, own(heard))) for d in alone]
    assert len(told) >= 6
    assert sum(told) <= 0.1 * len(told)


def test_a_chip_that_lies_still_hears_nothing(hear, twitchy):
    """Noise of an MPU-6050, the loudest of the chips."""
    n = 60_000
    density_g = np.array([430e-6, 440e-6, 700e-6])
    noise = np.random.default_rng(2).normal(0.0, 1.0, (n, 3)) * density_g * np.sqrt(50.0)
    counts = np.round((noise + np.array([0.0, 0.0, 1.0])) * 16384.0)
    still = replace(twitchy, t=np.arange(n) / 100.0, xyz=(counts / 16384.0).astype(np.float32))
    heard = hear(still)
    assert own(heard) == []
    assert len(heard.movements) <= 1
    assert [c.present for c in heard.presence] == [False]


# -- boards and chips in a bad way --------------------------------------------------------------


@pytest.mark.parametrize("mounting", ["upside_down", "on_its_side"])
def test_the_way_a_board_lies_changes_little(heard_twitchy, hear, mounting):
    turned = hear(record(TWITCHY, "adxl355", 5, duration_s=2400.0, mounting=mounting))
    flat, other = own(heard_twitchy), own(turned)
    same = [m for m in flat if m.kind in {o.kind for o in found(m, other)}]
    assert len(same) >= 0.9 * len(flat)
    assert len(other) == pytest.approx(len(flat), rel=0.1)
    assert [c.present for c in turned.presence] == [c.present for c in heard_twitchy.presence]


@pytest.mark.parametrize("seed", [11, 12])
def test_a_board_that_slides_does_not_turn_the_sleeper(hear, seed):
    who = replace(PROFILES["quiet"], opening="lying", slide_mg_per_h=60.0)
    night = record(who, "adxl355", seed, duration_s=1800.0)
    true = [h for h in night.truth.happenings if h.kind in ("turn", "bed_exit", "bed_entry")]
    turns = [m for m in hear(night).movements if m.kind == "turn"]
    assert [m for m in turns if not found(m, true)] == []


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("fault", ["dead", "clipped"])
def test_a_bad_axis_hides_no_strong_movement(twitchy, hear, axis, fault):
    xyz = twitchy.xyz.copy()
    top = 0.0 if fault == "dead" else np.quantile(xyz[:, axis], 0.7)
    xyz[:, axis] = 0.0 if fault == "dead" else np.minimum(xyz[:, axis], top)
    heard = hear(replace(twitchy, xyz=xyz))
    true = strong(twitchy)
    assert {"jerk", "turn"} <= {h.kind for h in true}
    assert [h for h in true if not found(h, own(heard))] == []


@pytest.mark.parametrize("odr_hz", [25.0, 50.0, 200.0])
def test_other_rates_find_the_same(hear, odr_hz):
    night = record(TWITCHY, "adxl355", 5, duration_s=1500.0, odr_hz=odr_hz)
    heard = hear(night)
    true, lost = missed(night, heard)
    assert len(lost) <= 0.15 * len(true)
    assert [h for h in strong(night) if not found(h, own(heard))] == []
    assert Counter(m.kind for m in own(heard))["jerk"] >= 5


def test_a_rate_too_low_for_jerks_tells_none(hear):
    heard = hear(record(TWITCHY, "adxl355", 5, duration_s=2400.0, odr_hz=1.6))
    assert [m for m in heard.movements if m.kind == "jerk"] == []
    assert sum(m.heard_s for m in heard.minutes) == pytest.approx(2400.0, abs=5.0)


# -- real chips ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def recordings():
    folder = os.environ.get("BEDSIDE_RECORDINGS")
    if not folder:
        pytest.skip("BEDSIDE_RECORDINGS does not name the folder of real recordings")
    return Path(folder)


def test_a_real_chip_that_lies_still_hears_no_sleeper(recordings, listen):
    still = read(recordings / "mpu6050-still.csv.gz")
    heard = listen(blocks(still), still.odr_hz)
    assert own(heard) == []
    assert [c.present for c in heard.presence] == [False]


def test_a_real_slow_night_is_heard_from_end_to_end(recordings, listen):
    night = read(recordings / "bed-night-1.csv.gz")
    assert night.slow
    heard = listen(blocks(night), night.odr_hz)
    assert "jerk" not in {m.kind for m in heard.movements}
    assert all(np.isfinite(astuple(m)[:2]).all() for m in heard.movements)
    assert heard.minutes[-1].start_s + 60.0 >= night.t[-1]
    present = [m.present for m in heard.minutes if m.heard_s]
    assert np.mean(present) > 0.5
