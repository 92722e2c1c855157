import numpy as np
import pytest
from scipy import signal

from bedside.simulator.waves import WAVE_HZ, Chorus, Wave, band_gain, band_peak


def sine(hz: float, seconds: float) -> np.ndarray:
    t = np.arange(round(seconds * WAVE_HZ) + 1) / WAVE_HZ
    return np.sin(2 * np.pi * hz * t)[:, None] * [0.0, 0.6, 0.8]


def heard(chorus: Chorus, t: np.ndarray) -> np.ndarray:
    out = np.zeros((len(t), 3))
    chorus.add_to(out, t)
    return out


@pytest.mark.parametrize(("hz", "error"), [(4.0, 1e-4), (12.0, 2e-3), (38.0, 0.08)])
def test_a_wave_is_followed_between_its_samples(hz: float, error: float) -> None:
    chorus = Chorus()
    chorus.extend([Wave(3.0017, sine(hz, 2.0).astype(np.float32))])
    t = np.arange(3.1, 4.9, 0.01)
    expected = np.sin(2 * np.pi * hz * (t - 3.0017))
    assert np.abs(heard(chorus, t)[:, 1] - 0.6 * expected).max() < error


def test_waves_are_silent_outside_and_add_up_inside() -> None:
    chorus = Chorus()
    assert not heard(chorus, np.arange(5.0)).any()
    one = np.ones((251, 3), np.float32)
    chorus.extend([Wave(1.0, one)])
    chorus.extend([Wave(1.5, 2 * one)])
    level = heard(chorus, np.array([0.9, 1.2, 1.7, 2.2, 2.6]))[:, 0]
    assert level.tolist() == [0.0, 1.0, 3.0, 2.0, 0.0]


def test_the_band_is_scipys_butterworth() -> None:
    f = np.array([0.0, 0.3, 1.0, 5.0, 20.0, 60.0])
    band = 2 * np.pi * np.array([1.0, 20.0])
    b, a = signal.butter(2, band, "bandpass", analog=True)
    _, response = signal.freqs(b, a, 2 * np.pi * f)
    assert np.allclose(band_gain(f), response, atol=1e-9)


def test_the_peak_is_that_of_the_filtered_vector() -> None:
    samples = sine(6.0, 3.0) * np.hanning(751)[:, None]
    assert band_peak(samples) == pytest.approx(1.0, rel=0.03)
    assert band_peak(np.full((751, 3), 0.5)) < 1.0
    assert band_peak(sine(0.2, 10.0)) < 0.1
