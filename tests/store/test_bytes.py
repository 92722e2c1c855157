"""How much a night writes: an SD card wears by it."""

from pathlib import Path

import attrs
import numpy as np
import pytest

from bedside.pipeline.recorded import Temperature
from bedside.pipeline.samples import Block
from bedside.store import Store

HOURS = 2
NIGHT_HOURS = 8
COUNTERS = Path("/proc/self/io")


def written_mb():
    fields = dict(line.split(": ") for line in COUNTERS.read_text().splitlines())
    return int(fields["wchar"]) / 1e6


@pytest.mark.skipif(not COUNTERS.exists(), reason="only Linux counts what is written")
@pytest.mark.parametrize(("raw", "most_mb"), [(True, 30.0), (False, 3.0)])
def test_a_night_writes_little(settings, clock, counts, jerk, heard, raw, most_mb):
    """At 100 Hz, with the noise of an MPU-6050, a movement every two minutes."""
    before_mb = written_mb()
    noise = (counts(2000) / 16384).astype(np.float32)
    with Store(attrs.evolve(settings, raw=raw), clock) as store:
        store.add_sensor(clock.monotonic(), "MPU-6050", 100.0, 16384.0)
        for i in range(HOURS * 180):
            now_s = clock.monotonic()
            store.add_block(Block(now_s + np.arange(2000) / 100, np.roll(noise, i, axis=0)))
            clock.advance(20.0)
            if i % 3 == 2:
                store.add_heard(heard(minutes=[now_s - 40.0]))
                store.add_temperature(Temperature(now_s, 18.0 + i % 7 / 10, 45.0))
            if i % 6 == 4:
                store.add_heard(heard(jerk(now_s)))
            store.flush()

    assert (written_mb() - before_mb) * NIGHT_HOURS / HOURS < most_mb
