import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import signal

from bedside.pipeline.filters import FilterBank, bandpass, highpass, lowpass, response

ODR_HZ = 100.0
DESIGNS = [
    pytest.param(
        design(order, *edges, ODR_HZ), (order, edges, btype), id=f"{btype}-{order}-{edges}"
    )
    for design, btype, edges in (
        (lowpass, "lowpass", (7.0,)),
        (highpass, "highpass", (1.0,)),
        (bandpass, "bandpass", (1.0, 20.0)),
        (bandpass, "bandpass", (22.0, 45.0)),
        (bandpass, "bandpass", (0.1, 0.5)),
        (bandpass, "bandpass", (1.0, 45.0)),
    )
    for order in (1, 2, 3, 4, 5)
]


def noise(n, seed=0):
    return np.random.default_rng(seed).normal([0.0, 20.0, 1000.0], 5.0, (n, 3))


def oracle(order, edges, btype, u):
    sos = signal.butter(
        order, edges if len(edges) > 1 else edges[0], btype, fs=ODR_HZ, output="sos"
    )
    rest = signal.sosfilt_zi(sos)
    return sos, np.stack(
        [signal.sosfilt(sos, column, zi=rest * column[0])[0] for column in u.T], axis=1
    )


@pytest.mark.parametrize(("sections", "spec"), DESIGNS)
def test_design_and_output_are_scipys(sections, spec):
    u = noise(777)
    sos, expected = oracle(*spec, u)
    hz = np.linspace(0.01, 49.9, 400)
    assert np.allclose(
        response(sections, hz, ODR_HZ), signal.sosfreqz(sos, hz, fs=ODR_HZ)[1], rtol=0, atol=1e-9
    )
    got = FilterBank([sections]).update(u)[0]
    assert np.abs(got - expected).max() < 1e-10 * np.abs(u).max()


def test_output_is_exact_to_rounding():
    u = noise(5000) - [0.0, 20.0, 1000.0]
    sos = signal.butter(2, (1.0, 20.0), "bandpass", fs=ODR_HZ, output="sos")
    rest = signal.sosfilt_zi(sos)
    expected = signal.sosfilt(sos, u[:, 0], zi=rest * u[0, 0])[0]
    got = FilterBank([sos]).update(u)[0, :, 0]
    assert np.abs(got - expected).max() < 2e-14 * np.abs(u).max()


def test_a_bank_answers_as_its_filters_one_by_one():
    u = noise(333)
    parts = [bandpass(2, 1.0, 20.0, ODR_HZ), lowpass(3, 5.0, ODR_HZ), highpass(1, 25.0, ODR_HZ)]
    together = FilterBank(parts).update(u)
    for row, part in zip(together, parts, strict=True):
        assert np.allclose(row, FilterBank([part]).update(u)[0], rtol=0, atol=1e-10)


def test_gravity_makes_no_transient():
    u = np.tile([30.0, -200.0, 980.0], (500, 1))
    y = FilterBank([bandpass(2, 1.0, 20.0, ODR_HZ), lowpass(2, 0.5, ODR_HZ)]).update(u)
    assert np.abs(y[0]).max() < 1e-8
    assert np.allclose(y[1], u, rtol=1e-9)


@given(cuts=st.lists(st.integers(0, 400), max_size=12))
def test_any_cutting_gives_the_same(cuts):
    u = noise(400, seed=1)
    whole = FilterBank([bandpass(2, 1.0, 20.0, ODR_HZ), lowpass(2, 3.0, ODR_HZ)])
    pieces = FilterBank([bandpass(2, 1.0, 20.0, ODR_HZ), lowpass(2, 3.0, ODR_HZ)])
    parts = [pieces.update(part) for part in np.split(u, sorted(cuts))]
    assert np.allclose(np.concatenate(parts, axis=1), whole.update(u), rtol=0, atol=1e-9)


def test_reset_is_a_new_filter_and_the_state_pickles():
    u = noise(260)
    bank = FilterBank([bandpass(2, 1.0, 20.0, ODR_HZ)])
    first = bank.update(u)
    copy = pickle.loads(pickle.dumps(bank))
    assert np.array_equal(bank.update(u), copy.update(u))
    bank.reset()
    assert np.array_equal(bank.update(u), first)


@pytest.mark.parametrize("edges", [(0.0, 5.0), (20.0, 50.0), (-1.0, 3.0)])
def test_an_edge_outside_the_band_is_refused(edges):
    with pytest.raises(ValueError, match="is not between 0 and 50 Hz"):
        bandpass(2, *edges, ODR_HZ)


def test_an_empty_band_is_refused():
    with pytest.raises(ValueError, match="from 9 to 4 Hz is empty"):
        bandpass(2, 9.0, 4.0, ODR_HZ)
