import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bedside.pipeline.ranks import median, quantiles, row_medians

some = arrays(np.float64, st.integers(1, 40), elements=st.floats(-1e6, 1e6))


@given(some, st.floats(0.0, 1.0))
def test_quantiles_are_those_of_numpy(values, share):
    (found,) = quantiles(values, share)

    assert found == pytest.approx(np.quantile(values, share), rel=1e-9, abs=1e-6)


@given(some)
def test_the_median_is_that_of_numpy(values):
    assert median(values) == pytest.approx(np.median(values), rel=1e-12, abs=1e-9)


@given(arrays(np.float64, (3, 7), elements=st.floats(-1e6, 1e6)))
def test_medians_of_rows(values):
    assert row_medians(values) == pytest.approx(np.median(values, axis=1), abs=1e-9)


def test_several_come_from_one_sorting():
    assert quantiles(np.array([4.0, 0.0, 2.0]), 0.0, 0.5, 0.75, 1.0) == (0.0, 2.0, 3.0, 4.0)


def test_listening_never_loads_masked_arrays():
    listens = (
        "import sys, numpy as np\n"
        "from bedside.pipeline.listener import Listener\n"
        "from bedside.pipeline.samples import Block\n"
        "t = np.arange(30_000) / 100.0\n"
        "xyz = np.sin(np.outer(t, [700.0, 800.0, 900.0])) * 0.01 + [0.0, 0.0, 1.0]\n"
        "listener = Listener(100.0)\n"
        "listener.update(Block(t, xyz.astype(np.float32)))\n"
        "listener.flush()\n"
        "sys.exit('numpy.ma' in sys.modules)\n"
    )

    assert subprocess.run([sys.executable, "-c", listens], check=False).returncode == 0
