import sys

import numpy as np
import pytest

from bedside.bench import peer
from bedside.bench.peer import PeerSettings
from bedside.pipeline.samples import Span
from bedside.simulator.sensors import SENSORS

ODR_HZ = 100.0


def noise_with_bursts(*at_s, duration_s=300.0):
    """White noise of 1 mg on an axis and bursts of 8 Hz, 50 mg, 0.5 s long."""
    rng = np.random.default_rng(1)
    xyz = rng.normal(0.0, 0.001, (int(duration_s * ODR_HZ), 3)).astype(np.float32)
    t = np.arange(50) / ODR_HZ
    for start_s in at_s:
        first = int(start_s * ODR_HZ)
        xyz[first : first + 50, 0] += 0.05 * np.sin(2 * np.pi * 8.0 * t).astype(np.float32)
    xyz[:, 2] += 1.0
    return xyz


def test_bursts_are_found_where_they_are():
    pytest.importorskip("obspy")
    found = peer.detect(noise_with_bursts(100.0, 200.0), ODR_HZ, PeerSettings(on=8.0))
    assert [round(span.start_s, 1) for span in found] == [100.0, 200.0]
    assert all(0.3 < span.length_s < 2.0 for span in found)


def test_times_begin_where_the_recording_does():
    pytest.importorskip("obspy")
    found = peer.detect(noise_with_bursts(100.0), ODR_HZ, PeerSettings(on=8.0), start_s=5000.0)
    assert [round(span.start_s, 1) for span in found] == [5100.0]


def test_the_vertical_axis_alone_does_not_hear_the_others():
    pytest.importorskip("obspy")
    xyz = noise_with_bursts(100.0)
    assert peer.detect(xyz, ODR_HZ, PeerSettings(on=8.0, axes="z")) == []


def test_quiet_gives_nothing():
    pytest.importorskip("obspy")
    assert peer.detect(noise_with_bursts(), ODR_HZ, PeerSettings(on=8.0)) == []


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (PeerSettings(merge_s=0.0), [(1.0, 2.0), (2.4, 3.0), (9.0, 9.1)]),
        (PeerSettings(merge_s=0.5), [(1.0, 3.0), (9.0, 9.1)]),
        (PeerSettings(merge_s=0.0, least_s=0.5), [(1.0, 2.0), (2.4, 3.0)]),
        (PeerSettings(merge_s=0.0, cut_s=0.5), [(1.0, 1.5), (2.4, 2.5), (9.0, 9.0)]),
    ],
)
def test_triggers_are_tidied_as_the_settings_say(settings, expected):
    picks = np.array([(1.0, 2.0), (2.4, 3.0), (9.0, 9.1)])
    assert peer.tidy(picks, settings) == pytest.approx(np.array(expected))


def test_nothing_to_tidy():
    assert len(peer.tidy(np.empty((0, 2)), PeerSettings())) == 0


def test_every_sensor_is_tuned():
    assert set(peer.TUNED) == set(SENSORS)


def test_without_obspy_one_sentence_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "obspy", None)
    monkeypatch.setitem(sys.modules, "obspy.signal.filter", None)
    with pytest.raises(peer.PeerMissing, match=r"uv sync --group bench.*--no-peer") as refused:
        peer.detect(np.zeros((10, 3), np.float32), ODR_HZ, PeerSettings())
    assert "\n" not in str(refused.value)


def test_spans_are_plain_floats():
    pytest.importorskip("obspy")
    found = peer.detect(noise_with_bursts(100.0), ODR_HZ, PeerSettings(on=8.0))
    assert isinstance(found[0], Span)
    assert type(found[0].start_s) is float
