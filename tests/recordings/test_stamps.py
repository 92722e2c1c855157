import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.recordings.stamps import even_out

RNG_SEED = 3


def noise(n):
    return np.random.default_rng(RNG_SEED).normal(0.0, 1.0, (n, 3)).astype(np.float32)


def late(n, per_fetch, fetch_s, jitter_s=0.0, seed=RNG_SEED):
    """Stamps of an even chip whose samples arrive in bunches, 20 us apart."""
    rng = np.random.default_rng(seed)
    fetch = np.arange(n) // per_fetch
    wait = rng.uniform(0.0, jitter_s, fetch[-1] + 1)
    return (fetch + 1) * fetch_s + wait[fetch] + 2e-5 * (np.arange(n) % per_fetch)


def test_even_stamps_are_left_alone():
    t, xyz = np.arange(1000) / 104.0, noise(1000)

    evened = even_out(t, xyz)

    assert evened.t is t
    assert evened.xyz is xyz
    assert evened.odr_hz == pytest.approx(104.0)
    assert evened.starts.tolist() == []
    assert evened.note == ""


def test_stamps_in_whole_milliseconds_are_even_too():
    t = np.round(np.arange(5000) / 104.0, 3)

    evened = even_out(t, noise(5000))

    assert evened.t is t
    assert evened.odr_hz == pytest.approx(104.0, rel=1e-4)


def test_a_missing_sample_is_bridged_by_a_straight_line():
    whole_t, whole = np.arange(300) / 100.0, noise(300)
    t, xyz = np.delete(whole_t, 100), np.delete(whole, 100, axis=0)

    evened = even_out(t, xyz)

    assert evened.t == pytest.approx(whole_t)
    assert evened.xyz[100] == pytest.approx((whole[99] + whole[101]) / 2.0, abs=1e-6)
    assert np.array_equal(np.delete(evened.xyz, 100, axis=0), xyz)
    assert evened.starts.tolist() == []
    assert "1 missing sample was bridged" in evened.note


def test_many_missing_samples_do_not_spoil_the_rate():
    rng = np.random.default_rng(RNG_SEED)
    kept = np.sort(rng.choice(20000, 16000, replace=False))

    evened = even_out(kept / 100.0, noise(20000)[kept])

    assert evened.odr_hz == pytest.approx(100.0)
    assert len(evened.t) == kept[-1] - kept[0] + 1


@pytest.mark.parametrize("gap_s", [0.3, 3600.0])
def test_a_gap_splits_and_is_not_bridged(gap_s):
    t = np.arange(2000) / 100.0
    t[700:] += gap_s

    evened = even_out(t, noise(2000))

    assert evened.starts.tolist() == [700]
    assert len(evened.t) == 2000
    assert evened.odr_hz == pytest.approx(100.0)


def test_a_gap_after_a_bridged_hole_is_where_it_belongs():
    t = np.delete(np.arange(2000) / 100.0, [50, 51])
    t[500:] += 60.0

    evened = even_out(t, noise(1998))

    assert evened.starts.tolist() == [502]
    assert evened.t[502] == t[500]


@pytest.mark.parametrize(
    ("per_fetch", "fetch_s", "jitter_s"), [(7, 0.07, 0.03), (25, 0.25, 0.02), (500, 5.0, 0.1)]
)
def test_late_samples_are_counted_not_moved(per_fetch, fetch_s, jitter_s):
    t, xyz = late(20000, per_fetch, fetch_s, jitter_s), noise(20000)

    evened = even_out(t, xyz)

    assert np.array_equal(evened.xyz, xyz)
    assert evened.odr_hz == pytest.approx(100.0, rel=2e-3)
    assert evened.starts.tolist() == []
    np.testing.assert_allclose(np.diff(evened.t), 0.01, rtol=0.02)
    assert np.abs(evened.t - t).max() < fetch_s + jitter_s
    assert "came late" in evened.note


def test_what_was_lost_among_late_samples_is_a_gap():
    t = late(20000, 25, 0.25, 0.02)
    t[8000:] += 30.0

    evened = even_out(t, noise(20000))

    assert evened.starts.tolist() == [8000]
    assert evened.t[8000] - evened.t[7999] == pytest.approx(30.0, abs=0.2)
    assert evened.odr_hz == pytest.approx(100.0, rel=1e-3)


def test_polled_samples_are_interpolated():
    rng = np.random.default_rng(RNG_SEED)
    t = np.cumsum(rng.uniform(0.002, 0.018, 20000))
    t[9000:] += 5.0
    wave = np.sin(np.pi * t)
    xyz = np.column_stack((wave, wave, wave)).astype(np.float32)

    evened = even_out(t, xyz)

    assert "interpolated" in evened.note
    assert len(evened.starts) == 1
    assert evened.odr_hz == pytest.approx(100.0, rel=0.02)
    steps = np.delete(np.diff(evened.t), evened.starts - 1)
    np.testing.assert_allclose(steps, 1.0 / evened.odr_hz)
    np.testing.assert_allclose(evened.xyz[:, 0], np.sin(np.pi * evened.t), atol=1e-3)


def test_uneven_samples_with_a_gap_every_second_are_never_joined():
    rng = np.random.default_rng(RNG_SEED)
    steps = rng.uniform(0.002, 0.018, (40, 100))
    steps[:, 0] = 60.0
    t = np.cumsum(steps)

    evened = even_out(t, noise(4000))

    assert len(evened.starts) == 39
    assert np.diff(evened.t)[evened.starts - 1] == pytest.approx(60.0, abs=0.5)


def test_noise_does_not_bunch_where_late_samples_do():
    t, xyz = late(6000, 7, 0.07), noise(6000)

    even = even_out(t, xyz).xyz[:, 0].reshape(-1, 100).std(axis=1)

    assert even.max() < 1.4
    assert even.min() > 0.6


@given(
    steps=st.lists(st.floats(1e-3, 30.0), min_size=1, max_size=200),
    at=st.floats(0.0, 1e9),
)
def test_whatever_the_stamps_time_runs_on(steps, at):
    t = np.concatenate(([0.0], np.cumsum(steps))) + at
    evened = even_out(t, np.zeros((len(t), 3), np.float32))

    assert (np.diff(evened.t) > 0.0).all()
    assert len(evened.t) == len(evened.xyz)
    assert evened.odr_hz > 0.0
    assert ((evened.starts > 0) & (evened.starts < len(evened.t))).all()
    # An even grid over what the stamps span, give or take what smoothing moves.
    assert evened.t[-1] - evened.t[0] <= 2.0 * (t[-1] - t[0]) + 1.0
