import numpy as np
import pytest
from scipy import signal

from bedside.simulator.draws import dice
from bedside.simulator.sensors import SENSORS, counted, glitches, sensed

STILL = np.tile(np.array([0.0, 0.0, 1.0], np.float32), (60_000, 1))


def output(sensor: str, seed: int = 1, felt: np.ndarray = STILL) -> np.ndarray:
    chip = SENSORS[sensor]
    return sensed(felt, chip, dice("test", seed, sensor), 100.0, chip.bandwidth)


@pytest.mark.parametrize(
    ("sensor", "density_ug"),
    [
        ("adxl355", (22.5, 22.5, 25.0)),
        ("lsm6dso", (70.0, 70.0, 95.0)),
        ("mpu6050", (430.0, 440.0, 700.0)),
    ],
)
def test_noise_has_the_density_of_the_chip(sensor: str, density_ug: tuple[float, ...]) -> None:
    f, power = signal.welch(counted(output(sensor), SENSORS[sensor]), 100.0, nperseg=1024, axis=0)
    level = 1e6 * np.sqrt(np.median(power[(f > 2) & (f < 20)], axis=0))
    assert level == pytest.approx(np.array(density_ug), rel=0.1)


def test_the_low_pass_takes_off_what_is_above_it() -> None:
    f, power = signal.welch(output("adxl355"), 100.0, nperseg=512, axis=0)
    level = power.sum(axis=1)
    assert level[f > 30.0].mean() < 0.15 * level[(f > 2) & (f < 20)].mean()


def test_an_mpu6050_that_lies_still_looks_like_the_one_that_was_measured() -> None:
    samples = counted(output("mpu6050"), SENSORS["mpu6050"])
    assert 1000 * samples.std(axis=0) == pytest.approx([3.13, 3.12, 4.98], rel=0.1)
    band = signal.butter(2, [1, 20], "band", fs=100.0, output="sos")
    norm = 1000 * np.linalg.norm(signal.sosfilt(band, samples - samples[0], axis=0)[500:], axis=1)
    assert np.median(norm) == pytest.approx(3.55, rel=0.1)
    assert np.sqrt((norm**2).mean()) == pytest.approx(SENSORS["mpu6050"].rms_mg(), rel=0.05)


@pytest.mark.parametrize("sensor", SENSORS)
def test_samples_are_whole_counts_within_2_g(sensor: str) -> None:
    chip = SENSORS[sensor]
    loud = STILL * np.linspace(-4.0, 4.0, len(STILL), dtype=np.float32)[:, None]
    samples = counted(output(sensor, felt=loud), chip)
    counts = samples.astype(float) / chip.lsb_g
    assert np.abs(counts - np.rint(counts)).max() < 0.1
    assert counts.min() == pytest.approx(-chip.counts)
    assert counts.max() == pytest.approx(chip.counts - 1)
    assert samples.max() == pytest.approx(2.0, abs=0.05)


def test_the_offset_stays_within_the_data_sheet_and_drifts_as_it_cools() -> None:
    chip = SENSORS["mpu6050"]
    night = np.zeros((8 * 3600, 3), np.float32)
    drifts = []
    for seed in range(12):
        out = 1000 * sensed(night, chip, dice("test", seed, "mpu6050"), 1.0, 0.5)
        first, last = out[:1200].mean(axis=0), out[-1200:].mean(axis=0)
        assert np.all(np.abs(first) < np.array(chip.offset_mg) + 2.0)
        drifts.append(np.abs(last - first))
    assert np.max(drifts) < 4.0 * 1.7 + 1.0
    assert np.median(drifts) > 0.3


def test_another_seed_is_another_noise_and_the_same_is_the_same() -> None:
    assert np.array_equal(output("lsm6dso", 5), output("lsm6dso", 5))
    assert not np.array_equal(output("lsm6dso", 5), output("lsm6dso", 6))


def test_glitches_are_where_they_are_said_to_be_and_nowhere_else() -> None:
    clean = output("mpu6050")
    spoilt = np.tile(clean, (60, 1))
    before = spoilt.copy()
    found = glitches(spoilt, SENSORS["mpu6050"], np.random.default_rng(3), 100.0)
    changed = np.zeros(len(spoilt), bool)
    assert {(h.kind, h.cause) for h in found} == {("disturbance", "glitch")}
    for happening in found:
        first, last = round(100 * happening.start_s), round(100 * happening.end_s)
        changed[first:last] = True
        if happening.peak_mg:
            step = 1000 * np.abs(spoilt[first] - before[first])
            assert last - first == 1
            assert step.max() == pytest.approx(happening.peak_mg, rel=1e-3)
            assert np.count_nonzero(step) == 1
        else:
            assert 0.1 <= happening.length_s <= 1.0
            assert np.ptp(spoilt[first:last], axis=0).max() == 0.0
    assert np.array_equal(spoilt[~changed], before[~changed])
