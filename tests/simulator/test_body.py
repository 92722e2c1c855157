import numpy as np
import pytest
from scipy import signal

from bedside.simulator.body import Mattress, wave_of
from bedside.simulator.truth import Happening
from bedside.simulator.waves import WAVE_HZ, band_peak


@pytest.mark.parametrize(
    "happening",
    [
        Happening(10.0, 10.05, "jerk", "", 5.0),
        Happening(10.0, 10.25, "jerk", "hypnic", 400.0),
        Happening(10.0, 13.0, "limb_movement", "periodic", 30.0),
        Happening(10.0, 22.0, "turn", "", 900.0),
        Happening(10.0, 16.0, "bed_exit", "", 1400.0),
    ],
    ids=lambda happening: f"{happening.kind}-{happening.peak_mg:.0f}mg",
)
@pytest.mark.parametrize("mattress", [Mattress(8.4, 6.0), Mattress(5.0, 2.0)], ids=["slat", "foam"])
def test_a_movement_is_as_strong_as_its_truth_and_ends_quietly(
    happening: Happening, mattress: Mattress
) -> None:
    wave = wave_of(happening, mattress, np.random.default_rng(3))
    assert wave.start_s == 10.0
    assert 1000 * band_peak(wave.samples) == pytest.approx(happening.peak_mg, rel=0.02)
    assert not wave.samples[-1].any()
    energy = (wave.samples.astype(float) ** 2).sum(axis=1)
    pushed = round((happening.length_s + 0.6) * WAVE_HZ)
    assert energy[pushed:].sum() < 0.02 * energy.sum()


@pytest.mark.parametrize(("hz", "q"), [(5.0, 3.0), (8.4, 6.0), (11.0, 4.0)])
def test_a_jerk_rings_at_the_mattresss_frequency(hz: float, q: float) -> None:
    spectra = 0.0
    for seed in range(8):
        jerk = Happening(0.0, 0.1, "jerk", "", 30.0)
        wave = wave_of(jerk, Mattress(hz, q), np.random.default_rng(seed))
        tail = wave.samples[round(0.12 * WAVE_HZ) :]
        f, power = signal.periodogram(tail, WAVE_HZ, nfft=8192, axis=0)
        spectra = spectra + power.sum(axis=1)
    assert f[np.argmax(spectra)] == pytest.approx(hz, rel=0.1)


def test_the_resonance_has_its_q() -> None:
    kick = np.zeros((4096, 3))
    kick[0] = 1.0
    gain = np.abs(np.fft.rfft(Mattress(8.4, 6.0).felt(kick)[:, 0]))
    f = np.fft.rfftfreq(4096, 1 / WAVE_HZ)
    half = f[gain > gain.max() / np.sqrt(2.0)]
    assert 8.4 / (half[-1] - half[0]) == pytest.approx(6.0, rel=0.15)
    assert gain[0] == pytest.approx(1.0)


def test_no_pause_inside_a_long_movement_is_taken_for_its_end() -> None:
    for seed in range(10):
        turn = Happening(0.0, 10.0, "turn", "", 300.0)
        wave = wave_of(turn, Mattress(8.4, 3.0), np.random.default_rng(seed))
        norm = np.linalg.norm(wave.samples[: round(10 * WAVE_HZ)], axis=1)
        loudest = norm.reshape(-1, round(0.5 * WAVE_HZ)).max(axis=1)
        assert loudest.min() > 0.05 * loudest.max()


def test_the_other_side_of_the_bed_sounds_lower() -> None:
    turn = Happening(0.0, 5.0, "turn", "", 100.0)
    shares = []
    for mattress in (Mattress(9.0, 3.0), Mattress(6.3, 3.0, far_hz=5.0)):
        wave = wave_of(turn, mattress, np.random.default_rng(5))
        f, power = signal.welch(wave.samples, WAVE_HZ, nperseg=256, axis=0)
        shares.append(power[f > 8.0].sum() / power[f > 1.0].sum())
    assert shares[1] < 0.5 * shares[0]
