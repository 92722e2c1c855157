"""Raw samples, packed and unpacked."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bedside.pipeline.samples import Block, Timebase
from bedside.store.raw import LONGEST_S, STRAIGHT_S, RawQueue, decode, encode, stamps

ODDEST = 2**23 - 1


@given(
    arrays(
        np.int32,
        st.tuples(st.integers(1, 40), st.just(3)),
        elements=st.one_of(st.integers(-32768, 32767), st.integers(-ODDEST, ODDEST)),
    ),
    st.sampled_from([2048.0, 16384.0, 16393.0, 256000.0]),
)
def test_every_count_comes_back(counts, lsb_per_g):
    accel = (counts / lsb_per_g).astype(np.float32)

    unpacked = decode(encode(accel, lsb_per_g), len(counts), lsb_per_g)

    assert np.array_equal(unpacked, accel)
    assert unpacked.dtype == np.float32


def test_noise_costs_hardly_more_than_its_bits(counts):
    accel = (counts(2000, rms=50.0) / 16384).astype(np.float32)

    bits = 8 * len(encode(accel, 16384.0)) / accel.size

    assert bits < 8.2  # its entropy is 7.7


@pytest.mark.parametrize("at", [0, 1, 20, 500, -1])
def test_a_damaged_blob_is_told(counts, at):
    blob = bytearray(encode((counts(200) / 16384).astype(np.float32), 16384.0))
    blob[at] ^= 0x55

    assert decode(bytes(blob), 200, 16384.0) is None


def test_a_blob_of_another_length_is_told(counts):
    blob = encode((counts(200) / 16384).astype(np.float32), 16384.0)

    assert decode(blob, 199, 16384.0) is None
    assert decode(encode(np.zeros((1, 3), np.float32), 1.0)[:5], 1, 1.0) is None


def pieces_of(blocks, longest_s=600.0):
    queue = RawQueue(longest_s)
    for block in blocks:
        queue.add(block, 16384.0)
    return [piece.block for piece in queue.take()]


def test_blocks_become_one_piece(block):
    (piece,) = pieces_of([block(100.0 + i) for i in range(20)])

    assert len(piece.t) == 2000
    assert piece.t[0] == 100.0
    assert np.array_equal(piece.accel[:100], block(100.0).accel)


def test_no_piece_is_longer_than_a_minute(block):
    pieces = pieces_of([block(100.0 + i) for i in range(150)] + [block(250.0, seconds=90.0)])

    assert all(piece.t[-1] - piece.t[0] <= LONGEST_S for piece in pieces)
    assert sum(len(piece.t) for piece in pieces) == 24_000


def test_a_gap_begins_a_new_piece(block):
    marked = pieces_of([block(100.0), block(101.0, gap=True), block(102.0)])
    unmarked = pieces_of([block(100.0), block(103.0)])

    assert [(piece.t[0], piece.gap) for piece in marked] == [(100.0, False), (101.0, True)]
    assert [piece.t[0] for piece in unmarked] == [100.0, 103.0]


def test_another_scale_begins_a_new_piece(block):
    queue = RawQueue(600.0)
    queue.add(block(100.0), 16384.0)
    queue.add(block(101.0), 8192.0)

    assert [piece.lsb_per_g for piece in queue.take()] == [16384.0, 8192.0]


def test_single_samples_are_collected(block):
    whole = block(100.0)
    parts = [Block(whole.t[i : i + 1], whole.accel[i : i + 1]) for i in range(100)]

    (piece,) = pieces_of([Block(np.empty(0), np.empty((0, 3), np.float32)), *parts])

    assert np.array_equal(piece.accel, whole.accel)


def test_uneven_stamps_come_back_to_within_a_sample(block):
    timebase = Timebase(100.0)
    rng = np.random.default_rng(3)
    blocks, read_at_s = [], 50.0
    for _ in range(240):
        read_at_s += 0.25
        t = timebase.stamp(26, read_at_s + rng.exponential(0.02))  # 4 % fast, read late
        blocks.append(Block(t, np.zeros((26, 3), np.float32)))

    pieces = pieces_of(blocks)

    back = np.concatenate([stamps(p.t[0], p.t[-1], len(p.t)) for p in pieces])
    assert np.abs(back - np.concatenate([b.t for b in blocks])).max() <= STRAIGHT_S
    assert np.all(np.diff(back) > 0)
    assert len(pieces) < 40


def test_what_waits_too_long_makes_room_for_the_newest(block):
    queue = RawQueue(5.0)
    for i in range(10):
        queue.add(block(100.0 + i), 16384.0)
        queue.give_back(queue.take())

    kept = queue.take()

    assert [piece.block.t[0] for piece in kept] == [105.0, 106.0, 107.0, 108.0, 109.0]
    assert queue.dropped_s == pytest.approx(5 * 0.99)


def test_what_waits_is_measured(block):
    queue = RawQueue(600.0)
    assert queue.waiting_s == 0.0
    queue.add(block(100.0), 16384.0)
    queue.add(block(101.0, gap=True), 16384.0)

    assert queue.waiting_s == pytest.approx(1.98)
