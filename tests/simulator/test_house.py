import numpy as np
import pytest
from scipy import signal

from bedside.simulator import house
from bedside.simulator.draws import dice
from bedside.simulator.outline import Outline
from bedside.simulator.profiles import PROFILES
from bedside.simulator.waves import WAVE_HZ

NOISY = PROFILES["noisy_house"]


def test_a_door_is_a_burst_above_the_beds_own_frequencies() -> None:
    shares = []
    for seed in range(20):
        happening, wave = house.door(5.0, np.random.default_rng(seed))
        assert 0.2 <= happening.length_s <= 0.5
        assert 3.0 <= 1000 * np.linalg.norm(wave.samples, axis=1).max() <= 40.0
        f, power = signal.periodogram(wave.samples, WAVE_HZ, axis=0)
        total = power.sum(axis=1)
        shares.append(total[(f > 10) & (f < 45)].sum() / total.sum())
    assert np.mean(shares) > 0.75


def test_steps_come_at_a_walkers_pace() -> None:
    for seed in range(10):
        swell = np.ones(10)
        happening, wave = house.walk(0.0, swell, 20.0, np.random.default_rng(seed), 5.0)
        energy = (wave.samples.astype(float) ** 2).sum(axis=1)
        smooth = np.convolve(energy, np.hanning(25), "same")
        steps, _ = signal.find_peaks(
            smooth, distance=round(0.35 * WAVE_HZ), height=0.1 * smooth.max()
        )
        assert len(steps) == 10
        gaps = np.diff(steps) / WAVE_HZ
        assert 0.42 < gaps.min() <= gaps.max() < 0.72
        assert happening.end_s == pytest.approx(steps[-1] / WAVE_HZ, abs=0.35)


def test_a_lorry_swells_and_dies_away() -> None:
    happening, wave = house.lorry(0.0, np.random.default_rng(1), NOISY)
    norm = np.linalg.norm(wave.samples, axis=1)
    thirds = [part.mean() for part in np.array_split(norm, 3)]
    assert thirds[1] > 2 * thirds[0]
    assert thirds[1] > 2 * thirds[2]
    assert 5.0 <= happening.length_s <= 20.0
    assert happening.peak_mg <= NOISY.lorry_mg[1]


def test_a_machine_hums_one_wandering_tone() -> None:
    happening, machine = house.machine(np.random.default_rng(4), 0.0, 7200.0)
    t = np.arange(happening.start_s - 5.0, happening.end_s + 5.0, 0.01)
    out = np.zeros((len(t), 3))
    machine.add_to(out, t)
    assert not out[:400].any()
    assert not out[-400:].any()
    middle = out[len(t) // 2 :][:3000]
    f, power = signal.periodogram(middle, 100.0, axis=0)
    tone = f[np.argmax(power.sum(axis=1))]
    assert 10.0 <= tone <= 25.0
    onset = 1000 * np.linalg.norm(out[500:1000], axis=1).max()
    assert onset < 0.35 * happening.peak_mg + 0.2


def test_somebody_walks_to_the_bed_and_away_from_it() -> None:
    outline = Outline(0.0, 3600.0, walks=[(300.0, False), (3000.0, True)])
    calm = PROFILES["quiet"]
    noises = house.noises(calm, dice("quiet", 12, "night"), outline)
    steps = [h for h, _ in noises if h.cause == "steps"]
    assert any(297.0 < h.end_s < 300.0 for h in steps)
    assert any(3000.0 < h.start_s < 3002.0 for h in steps)
    for happening, wave in noises:
        assert wave.start_s == happening.start_s


def test_a_noisy_house_is_noisier() -> None:
    def count(profile: str, cause: str) -> int:
        return sum(
            happening.cause == cause
            for seed in range(6)
            for happening, _ in house.noises(
                PROFILES[profile], dice(profile, seed, "night"), Outline(0.0, 28800.0)
            )
        )

    assert 36 <= count("noisy_house", "door") <= 90
    assert 60 <= count("noisy_house", "steps") <= 120
    assert 120 <= count("noisy_house", "lorry") <= 360
    assert count("ordinary", "door") <= 30
