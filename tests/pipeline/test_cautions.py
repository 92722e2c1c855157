"""What is said of a signal with faults."""

import numpy as np
import pytest

from bedside.pipeline.cautions import Cautions
from bedside.pipeline.listener import Listener
from bedside.pipeline.samples import Block
from bedside.simulator.sensors import SENSORS, counted

MINUTE = 6000


@pytest.fixture
def stream():
    """Ten minutes of an MPU-6050 that lies flat and is stirred a little now and then."""
    rng = np.random.default_rng(1)
    xyz = rng.normal(0.0, 0.004, (10 * MINUTE, 3)) + np.array([0.02, -0.01, 1.0])
    xyz[::500] += 0.05
    return counted(xyz.astype(np.float32), SENSORS["mpu6050"])


def said(xyz, size=MINUTE, odr_hz=100.0):
    cautions = Cautions(odr_hz)
    for first in range(0, len(xyz), size):
        cautions.update(Block(np.empty(0), xyz[first : first + size]))
    return cautions.sentences


def test_nothing_is_said_of_a_good_signal(stream):
    assert said(stream) == ()


@pytest.mark.parametrize(("axis", "name"), [(0, "x"), (1, "y"), (2, "z")])
def test_a_dead_axis_is_named(stream, axis, name):
    stream[:, axis] = 0.0
    (sentence,) = [each for each in said(stream) if "one value" in each]
    assert f"The {name} axis" in sentence


def test_an_axis_that_dies_on_the_way_is_named_too(stream):
    stream[7 * MINUTE :, 0] = stream[7 * MINUTE, 0]
    assert len(said(stream)) == 1


def test_a_chip_that_holds_all_axes_still_is_not_dead():
    assert said(np.tile(np.float32([0.0, 0.0, 1.0]), (3 * MINUTE, 1))) == ()


def test_a_clipped_axis_is_named(stream):
    stream[:, 2] = np.minimum(stream[:, 2] + 0.995, np.float32(2.0 - 1.0 / 16384.0))
    (sentence,) = said(stream)
    assert "The z axis was at its limit" in sentence
    assert "larger full scale" in sentence


def test_a_fall_into_bed_that_reaches_the_limit_for_a_moment_is_not_clipping(stream):
    stream[30 * 100 : 30 * 100 + 20, 2] = 2.0 - 1.0 / 16384.0
    assert said(stream) == ()


def test_a_board_that_slides_is_told_and_a_turn_is_not(stream):
    long = np.tile(stream, (6, 1))
    long[20 * MINUTE :, 0] += 0.1
    assert said(long) == ()
    long[:, 1] += np.linspace(0.0, 0.06, len(long), dtype=np.float32)
    (sentence,) = said(long)
    assert "sliding" in sentence


@pytest.mark.parametrize(
    ("turned", "words"),
    [((1, -1, -1), "upside down"), ((0, 1, 2), None), ((2, 1, 0), "on its side")],
)
def test_how_the_board_lies_is_said(stream, turned, words):
    xyz = stream * np.float32(turned) if words == "upside down" else stream[:, list(turned)]
    assert [words in each for each in said(xyz)] == ([True] if words else [])


@pytest.mark.parametrize("size", [37, 1000, 6000, 60_000])
def test_the_cut_does_not_matter(stream, size):
    stream[:, 0] = 0.0
    assert said(stream, size) == said(stream)


def test_a_listener_passes_them_on_and_says_when_it_is_too_slow(stream):
    listener = Listener(100.0)
    assert listener.cautions == ()
    assert not listener.too_slow_for_jerks
    stream[:, 1] = 0.0
    listener.update(Block(np.arange(len(stream)) / 100.0, stream))
    assert len(listener.cautions) == 1
    assert Listener(1.6).too_slow_for_jerks
