import numpy as np
import pytest

from bedside.simulator.body import Mattress
from bedside.simulator.outline import Outline
from bedside.simulator.profiles import PROFILES
from bedside.simulator.truth import Happening
from bedside.simulator.vitals import (
    beat_rms,
    beat_shape,
    beats,
    breathing,
    breaths,
    heartbeat,
    vitals_of,
)

HOUR = Outline(0.0, 3600.0, presence=[(600.0, 3000.0)], asleep=[(900.0, 3000.0)])
TURN = Happening(2000.0, 2010.0, "turn", "", 300.0)


def rng() -> np.random.Generator:
    return np.random.default_rng(11)


@pytest.mark.parametrize("profile", PROFILES)
def test_breaths_have_the_profiles_pace_and_depth(profile: str) -> None:
    limits = PROFILES[profile]
    vitals = vitals_of(limits, rng(), 1.0)
    starts, lengths, vectors = breaths(vitals, rng(), HOUR, [TURN])
    asleep = starts > 900.0
    assert np.median(1.0 / lengths[asleep]) == pytest.approx(vitals.breath_hz, rel=0.15)
    assert np.median(lengths[~asleep]) < np.median(lengths[asleep])
    depth = np.median(1000.0 * np.linalg.norm(vectors, axis=1))
    assert 0.7 * limits.breath_mg[0] < depth < 1.2 * limits.breath_mg[1]
    assert starts[0] > 600.0
    assert starts[-1] + lengths[-1] <= 3000.0


def test_nobody_breathes_evenly_while_turning() -> None:
    vitals = vitals_of(PROFILES["ordinary"], rng(), 1.0)
    starts, lengths, vectors = breaths(vitals, rng(), HOUR, [TURN])
    depth = np.linalg.norm(vectors, axis=1)
    during = (starts < TURN.end_s) & (starts + lengths > TURN.start_s)
    assert depth[during].max() < 0.7 * np.median(depth)


def test_breaths_and_beats_add_up_on_their_own_time() -> None:
    breath, beat = breathing(), heartbeat(Mattress(8.4, 4.0))
    breath.extend(np.array([10.0]), np.array([5.0]), np.array([[0.0, 0.0, 0.01]]))
    beat.extend(np.array([20.0]), np.array([1.0]), np.array([[0.0, 0.0, 0.005]]))
    t = np.arange(0.0, 30.0, 0.01)
    out = np.zeros((len(t), 3))
    breath.add_to(out, t)
    assert out[:, 2].max() == pytest.approx(0.01, rel=1e-3)
    assert t[np.argmax(out[:, 2])] == pytest.approx(12.0, abs=0.02)
    assert not out[(t < 10.0) | (t > 15.0)].any()
    out[:] = 0.0
    beat.add_to(out, t)
    assert np.abs(out[:, 2]).max() == pytest.approx(0.005, rel=0.05)
    assert not out[(t < 20.0) | (t > 20.8)].any()


@pytest.mark.parametrize("profile", ["ordinary", "infant", "slat"])
def test_the_heart_beats_as_often_and_as_hard_as_it_should(profile: str) -> None:
    limits = PROFILES[profile]
    vitals = vitals_of(limits, rng(), 1.0)
    starts, _, vectors = beats(vitals, rng(), HOUR, [TURN])
    gaps = np.diff(starts)
    assert 1.0 / np.median(gaps) == pytest.approx(vitals.heart_hz, rel=0.1)
    assert gaps.min() > 0.35
    assert 600.0 < starts[0] < 620.0
    assert 2980.0 < starts[-1] < 3000.0
    peak_mg = np.median(1000.0 * np.linalg.norm(vectors, axis=1))
    assert 0.7 * limits.heart_mg[0] < peak_mg < 1.1 * limits.heart_mg[1]


def test_a_beat_is_a_packet_of_4_to_14_hz() -> None:
    mattress = Mattress(8.4, 5.0)
    shape = beat_shape(mattress)
    assert np.abs(shape).max() == pytest.approx(1.0)
    power = np.abs(np.fft.rfft(shape, 4096)) ** 2
    f = np.fft.rfftfreq(4096, 0.002)
    assert power[(f > 4) & (f < 14)].sum() > 0.9 * power.sum()
    assert 0.3 < beat_rms(mattress) < 0.7
