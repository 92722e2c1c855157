import os
from pathlib import Path

import numpy as np
import pytest

HEADER = "t_s,ax_g,ay_g,az_g"


@pytest.fixture
def table(tmp_path):
    """Writes text (or bytes) as a CSV file and gives its path."""

    def write(content, name="night.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


@pytest.fixture
def rows():
    """CSV text of still samples at the given times."""

    def write(t, header=HEADER):
        lines = [f"{float(a)!r},0.01,-0.02,{1.0 + 0.001 * (i % 3)!r}" for i, a in enumerate(t)]
        return "\n".join([header, *lines]) + "\n"

    return write


@pytest.fixture
def still():
    """Samples (n, 3), g, of a board that lies still under a little noise."""

    def draw(n, seed=1):
        noise = np.random.default_rng(seed).normal(0.0, 0.004, (n, 3))
        return (noise + np.array([0.01, -0.02, 1.0])).astype(np.float32)

    return draw


@pytest.fixture(scope="session")
def real_recordings():
    folder = os.environ.get("BEDSIDE_RECORDINGS")
    if not folder:
        pytest.skip("BEDSIDE_RECORDINGS does not name the folder of real recordings")
    return Path(folder)
