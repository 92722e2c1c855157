"""What an accelerometer adds to what it feels: noise, offset, drift, steps, glitches."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from bedside.simulator.draws import Dice, log_uniform, uniform
from bedside.simulator.truth import Happening
from bedside.simulator.waves import band_gain

Samples = NDArray[np.float32]
Three = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class SensorNoise:
    """One kind of chip, at +-2 g.

    density_ug      white noise per axis, ug/rtHz
    lsb_g, counts   one count, g; how many there are on each side of zero
    offset_mg       largest zero-g offset per axis, mg
    drift_mg_c      largest change of the offset per axis, mg/C
    scale_error     largest error of the scale
    bandwidth       of its low-pass, as a share of the ODR
    glitches_per_h  spikes of one sample and stuck values
    """

    density_ug: Three
    lsb_g: float
    counts: int
    offset_mg: Three
    drift_mg_c: Three
    scale_error: float
    bandwidth: float
    glitches_per_h: float = 0.3

    def rms_mg(self) -> float:
        """Return the noise of all three axes together within 1-20 Hz, mg."""
        f = np.arange(0.01, 50.0, 0.01)
        width_hz = float((np.abs(band_gain(f)) ** 2).sum() * 0.01)
        return float(np.linalg.norm(self.density_ug) * np.sqrt(width_hz)) / 1000.0


SENSORS = {
    "adxl355": SensorNoise(
        density_ug=(22.5, 22.5, 25.0),
        lsb_g=3.9e-6,
        counts=2**19,
        offset_mg=(25.0, 25.0, 25.0),
        drift_mg_c=(0.1, 0.1, 0.15),
        scale_error=0.01,
        bandwidth=0.25,
    ),
    "lsm6dso": SensorNoise(
        density_ug=(70.0, 70.0, 95.0),
        lsb_g=0.061e-3,
        counts=2**15,
        offset_mg=(20.0, 20.0, 20.0),
        drift_mg_c=(0.1, 0.1, 0.1),
        scale_error=0.01,
        bandwidth=0.5,
    ),
    # Measured on a chip that lay still (the data sheet says 400 for all axes), and white up to
    # half its rate: what its soft low-pass leaves above is folded back.
    "mpu6050": SensorNoise(
        density_ug=(430.0, 440.0, 700.0),
        lsb_g=1.0 / 16384.0,
        counts=2**15,
        offset_mg=(50.0, 50.0, 80.0),
        drift_mg_c=(1.0, 1.0, 1.7),
        scale_error=0.03,
        bandwidth=0.5,
    ),
}


def sensed(
    felt: Samples, sensor: SensorNoise, dice: Dice, rate_hz: float, bandwidth: float
) -> Samples:
    """Return what a chip makes of `felt` (n, 3), g, at `rate_hz`, low-passed to a share of that."""
    rng = dice("noise")
    out = rng.standard_normal(felt.shape, np.float32)
    out *= np.array(sensor.density_ug, np.float32) * np.float32(1e-6 * (rate_hz / 2.0) ** 0.5)
    out += felt
    _low_pass(out, bandwidth)
    rng = dice("offset")
    out *= 1.0 + rng.uniform(-sensor.scale_error, sensor.scale_error, 3).astype(np.float32)
    offset_g = rng.uniform(-1.0, 1.0, 3) * sensor.offset_mg / 1000.0
    drift_g_c = rng.uniform(-1.0, 1.0, 3) * sensor.drift_mg_c / 1000.0
    cooling = _cooling(len(out), rate_hz, rng)
    for axis in range(3):
        out[:, axis] += offset_g[axis] + drift_g_c[axis] * cooling
    return out


def counted(samples: Samples, sensor: SensorNoise) -> Samples:
    """Round `samples` (n, 3), g, to counts in place, clipped where they end."""
    samples /= np.float32(sensor.lsb_g)
    np.rint(samples, out=samples)
    np.clip(samples, -sensor.counts, sensor.counts - 1, out=samples)
    samples *= np.float32(sensor.lsb_g)
    return samples


def glitches(
    samples: Samples, sensor: SensorNoise, rng: Generator, odr_hz: float
) -> list[Happening]:
    """Spoil `samples` (n, 3), g, in place with spikes and stuck values; return where.

    A spike's `peak_mg` is its own height; about a third of it lies within 1-20 Hz.
    """
    count = rng.poisson(sensor.glitches_per_h * len(samples) / odr_hz / 3600.0)
    found = []
    for at in sorted(rng.integers(1, max(2, len(samples) - 2 * int(odr_hz)), count)):
        length, peak_mg = 1, log_uniform(rng, (30.0, 1500.0))
        if rng.random() < 0.5:
            samples[at, rng.integers(3)] += np.float32(rng.choice((-1.0, 1.0)) * peak_mg / 1000.0)
        else:
            length, peak_mg = max(2, round(uniform(rng, (0.1, 1.0)) * odr_hz)), 0.0
            samples[at : at + length] = samples[at]
        span = (float(at) / odr_hz, float(at + length) / odr_hz)
        found.append(Happening(*span, "disturbance", "glitch", peak_mg))
    return found


def _cooling(n: int, odr_hz: float, rng: Generator) -> Samples:
    """Return the temperature (n,) against the start, C: about 3 C cooler by morning."""
    hours = np.linspace(0.0, n / odr_hz / 3600.0, 200)
    fall = -uniform(rng, (2.0, 4.0)) * (1.0 - np.exp(-hours / 3.0)) / (1.0 - np.exp(-8.0 / 3.0))
    heating = 0.2 * np.sin(2.0 * np.pi * hours / uniform(rng, (0.7, 1.5)))
    at = np.arange(n) / (odr_hz * 3600.0)
    warmth: Samples = np.interp(at, hours, fall + heating).astype(np.float32)
    return warmth


def _low_pass(samples: Samples, bandwidth: float) -> None:
    """Filter `samples` (n, 3) in place to `bandwidth` of their rate; at 0.5 nothing is to do."""
    if bandwidth >= 0.5:
        return
    half = max(12, round(3.0 / bandwidth))
    taps = np.sinc(2.0 * bandwidth * np.arange(-half, half + 1)) * np.hanning(2 * half + 3)[1:-1]
    taps = (taps / taps.sum()).astype(np.float32)
    for axis in range(3):
        column = samples[:, axis]
        first = column[0]
        samples[:, axis] = np.convolve(column - first, taps, "same") + first
