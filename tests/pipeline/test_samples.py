from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from bedside.pipeline.samples import Span, Timebase


class Run(NamedTuple):
    """What a timebase made of a chip that is off: error of the stamps, s, and of the rate."""

    read_at_s: NDArray[np.float64]
    end_error_s: NDArray[np.float64]
    rate_error: NDArray[np.float64]


def run(
    rate_error: float,
    latency_s: float,
    *,
    odr_hz: float = 100.0,
    period_s: float = 0.425,
    duration_s: float = 900.0,
    seed: int = 0,
) -> Run:
    """A chip off by `rate_error`, counted an exponential `latency_s` after the clock was read."""
    rng, timebase = np.random.default_rng(seed), Timebase(odr_hz)
    true_hz = odr_hz * (1.0 + rate_error)
    made, last_s, rows = 0, -1.0, []
    for read_at_s in np.arange(period_s, duration_s, period_s):
        due = int((read_at_s + rng.exponential(latency_s)) * true_hz)
        stamps = timebase.stamp(due - made, read_at_s)
        assert (np.diff(stamps, prepend=last_s) > 0.0).all()
        made, last_s = due, stamps[-1]
        rows.append((read_at_s, last_s - due / true_hz, timebase.odr_hz / true_hz - 1.0))
    assert not timebase.slipped
    return Run(*np.array(rows).T)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("rate_error", [0.03, -0.05, 0.12, -0.12])
def test_a_busy_scheduler_does_not_become_jitter(rate_error, seed):
    found = run(rate_error, 0.020, seed=seed)
    settled = found.read_at_s > 180.0
    assert found.end_error_s[settled].std() < 0.003
    assert np.abs(found.rate_error[settled]).max() < 100e-6
    assert np.abs(found.rate_error[found.read_at_s > 20.0]).max() < 1e-3
    assert np.abs(found.end_error_s).max() < 0.1


@pytest.mark.parametrize(
    ("odr_hz", "period_s"), [(50.0, 0.43), (100.0, 0.2125), (200.0, 0.106), (200.0, 0.2125)]
)
def test_all_rates_and_fifos_do(odr_hz, period_s):
    found = run(0.031, 0.005, odr_hz=odr_hz, period_s=period_s, duration_s=400.0)
    settled = found.read_at_s > 120.0
    assert found.end_error_s[settled].std() < 0.004
    assert np.abs(found.rate_error[settled]).max() < 100e-6


def test_a_stamp_is_never_much_later_than_its_sample():
    found = run(0.03, 0.020)
    assert found.end_error_s[found.read_at_s > 5.0].max() < 0.010


def test_a_single_read_that_was_held_up_moves_little():
    timebase = Timebase(100.0)
    for k in range(1, 301):
        last_s = timebase.stamp(40, 0.4 * k)[-1]
    assert timebase.stamp(70, 0.4 * 301)[-1] == pytest.approx(last_s + 0.7, abs=0.005)
    assert timebase.odr_hz == pytest.approx(100.0, rel=1e-3)
    assert not timebase.slipped
    assert timebase.stamp(10, 0.4 * 302)[-1] == pytest.approx(0.4 * 302, abs=0.005)


def test_a_wandering_clock_is_followed():
    timebase, made, errors = Timebase(100.0), 0, []
    times = np.arange(0.4, 7200.0, 0.4)
    counts = 100.0 * (times + 0.5 * 1e-4 / 3600.0 * times**2)  # 100 ppm more every hour
    for read_at_s, due in zip(times, counts.astype(int), strict=True):
        end_s = timebase.stamp(due - made, read_at_s)[-1]
        made = due
        errors.append(end_s - read_at_s)
    assert np.abs(errors[500:]).max() < 0.015


def test_samples_that_went_missing_are_noticed():
    timebase = Timebase(100.0)
    for k in range(1, 200):
        timebase.stamp(40, 0.4 * k)
    assert not timebase.slipped
    for k in range(201, 204):  # one second of them is gone
        timebase.stamp(40, 0.4 * k + 1.0)
    assert timebase.slipped
    timebase.reset()
    assert not timebase.slipped
    assert timebase.stamp(40, 90.0)[-1] == 90.0


@given(
    reads=st.lists(
        st.tuples(st.integers(0, 200), st.floats(0.0, 3.0, allow_subnormal=False), st.booleans()),
        max_size=60,
    )
)
def test_stamps_increase_whatever_the_reads_and_restarts(reads):
    timebase, now_s, stamps = Timebase(100.0), 1000.0, []
    for n, pause_s, restart in reads:
        now_s += pause_s
        if restart:
            timebase.reset()
        block = timebase.stamp(n, now_s)
        assert block.shape == (n,)
        stamps.append(block)
    steps = np.diff(np.concatenate([np.empty(0), *stamps]))
    assert (steps > 0.0).all()
    assert 50.0 <= timebase.odr_hz <= 200.0


def test_how_long_it_was_heard_starts_anew_with_the_stream():
    timebase = Timebase(50.0)
    for k in range(1, 11):
        timebase.stamp(50, float(k))
    assert timebase.heard_s == pytest.approx(10.0)
    timebase.reset()
    assert timebase.heard_s == 0.0
    assert timebase.stamp(0, 11.0).shape == (0,)


def test_spans_overlap_or_do_not():
    assert Span(1.0, 4.0).length_s == 3.0
    assert Span(1.0, 4.0).overlap_s(Span(3.0, 9.0)) == 1.0
    assert Span(1.0, 2.0).overlap_s(Span(3.0, 9.0)) == 0.0
