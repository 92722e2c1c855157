"""Who may open the page, on a clock that tests let pass."""

from contextlib import closing

import pytest

from bedside.access import Access
from bedside.clock import SteppedClock


@pytest.fixture
def clock():
    return SteppedClock()


@pytest.fixture
def access(tmp_path, clock):
    with closing(Access(tmp_path, clock)) as made:
        yield made
