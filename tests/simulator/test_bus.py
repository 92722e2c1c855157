import errno

import pytest

from bedside.clock import SteppedClock
from bedside.simulator.bus import SimulatedI2C


class Echo:
    def __init__(self) -> None:
        self.written, self.given = [], 0

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def read(self, length: int) -> bytes:
        self.given += length
        return bytes([0xAB]) * length


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(monotonic=100.0)


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
def bus(clock: SteppedClock, echo: Echo) -> SimulatedI2C:
    return SimulatedI2C(clock, {0x68: echo})


def error_of(bus: SimulatedI2C, read: int = 4) -> int | None:
    try:
        bus.transfer(0x68, b"\x01", read)
    except OSError as error:
        return error.errno
    return None


def test_a_transfer_reaches_the_chip_at_its_address_alone(bus, echo):
    assert bus.transfer(0x68, b"\x01\x02", 3) == b"\xab\xab\xab"
    assert bus.transfer(0x68, b"\x03") == b""
    assert bus.transfer(0x68, b"", 1) == b"\xab"
    assert echo.written == [b"\x01\x02", b"\x03"]
    with pytest.raises(OSError, match="I/O"):
        bus.transfer(0x69, b"\x01", 1)
    assert bus.transfers == 4


def test_chips_come_and_go(bus, echo):
    bus.unplug(0x68)
    assert error_of(bus) == errno.EREMOTEIO
    bus.plug(0x68, echo)
    assert error_of(bus) is None


def test_an_unheard_transfer_leaves_the_chip_alone_and_a_broken_one_does_not(bus, echo):
    bus.fail_at = {1: errno.ENXIO, 2: errno.EIO}
    assert error_of(bus, 6) == errno.ENXIO
    assert (echo.written, echo.given) == ([], 0)
    assert error_of(bus, 6) == errno.EIO
    assert (echo.written, echo.given) == ([b"\x01"], 3)
    assert error_of(bus) is None


def test_an_answer_may_come_short(bus):
    bus.short_at = {2}
    assert [len(bus.transfer(0x68, b"\x01", 6)) for _ in range(3)] == [6, 3, 6]


def test_an_outage_has_a_beginning_and_an_end(bus, clock):
    bus.fail_between(110.0, 120.0, errno.ETIMEDOUT)
    seen = []
    for _ in range(4):
        seen.append(error_of(bus))
        clock.advance(7.0)
    assert seen == [None, None, errno.ETIMEDOUT, None]


def test_chance_is_reproducible_and_about_right(bus, clock, echo):
    bus.fail_sometimes(0.1, seed=3)
    first = [error_of(bus) for _ in range(2000)]
    again = SimulatedI2C(clock, {0x68: echo})
    again.fail_sometimes(0.1, seed=3)
    assert first == [error_of(again) for _ in range(2000)]
    assert 150 < sum(error is not None for error in first) < 250
