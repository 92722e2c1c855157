import errno

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.clock import SteppedClock
from bedside.drivers.fifo import Drain
from bedside.drivers.registers import Registers
from bedside.errors import ChipNotFound, SettingsLost
from bedside.simulator.bus import SimulatedI2C

PORT = 0x3E


class Port:
    """A FIFO port that gives 1, 2, 3... or else what it is told."""

    def __init__(self) -> None:
        self.given, self.always = 0, None

    def write(self, data: bytes) -> None:
        assert data == bytes([PORT])

    def read(self, length: int) -> bytes:
        first, self.given = self.given, self.given + length
        if self.always is not None:
            return bytes([self.always]) * length
        return bytes(at % 251 for at in range(first, self.given))


class Sink:
    def __init__(self, most: int = 12) -> None:
        self.port = Port()
        self.bus = SimulatedI2C(SteppedClock(), {0x6A: self.port})
        self.drain = Drain(Registers(self.bus, 0x6A, "LSM6DS3"), PORT, most)
        self.checks, self.lost = 0, False

    def check(self) -> None:
        self.checks += 1
        if self.lost:
            raise SettingsLost("its power failed")

    def take(self, length: int) -> tuple[list[int], bool]:
        taken, overran = self.drain.take(length, self.check)
        return list(taken), overran


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.mark.parametrize(("length", "transfers"), [(0, 0), (6, 1), (12, 1), (18, 2), (120, 10)])
def test_it_takes_as_much_as_asked_for_in_pieces(sink, length, transfers):
    assert sink.take(length) == (list(range(length)), False)
    assert sink.bus.transfers == transfers
    assert sink.checks == 0


def test_what_came_before_an_unheard_transfer_is_not_lost(sink):
    sink.bus.fail_at = {3: errno.ENXIO}
    with pytest.raises(ChipNotFound):
        sink.take(48)
    assert not sink.drain.broken
    assert sink.take(24) == (list(range(48)), False)
    assert sink.take(6) == (list(range(48, 54)), False)


@pytest.mark.parametrize("error", [errno.EIO, errno.ETIMEDOUT, "short"])
def test_a_transfer_that_broke_off_breaks_the_fifo_until_it_is_started_anew(sink, error):
    if error == "short":
        sink.bus.short_at = {2}
    else:
        sink.bus.fail_at = {2: error}
    with pytest.raises(ChipNotFound):
        sink.take(48)
    assert sink.drain.broken
    sink.drain.restart()
    assert not sink.drain.broken
    assert sink.take(6) == (list(range(18, 24)), False)


def test_an_overrun_forgets_what_was_held_and_is_told_once(sink):
    sink.bus.fail_at = {2: errno.ENXIO}
    with pytest.raises(ChipNotFound):
        sink.take(24)
    sink.drain.overran()
    assert sink.take(12) == (list(range(12, 24)), True)
    assert sink.take(12) == (list(range(24, 36)), False)


def test_an_overrun_is_remembered_although_the_read_fails(sink):
    sink.drain.overran()
    sink.bus.fail_at = {2: errno.ENXIO}
    with pytest.raises(ChipNotFound):
        sink.take(24)
    assert sink.take(12) == (list(range(24)), True)


def test_the_first_bytes_after_a_start_may_be_of_no_use(sink):
    sink.drain.restart(skip=18)
    assert sink.take(0) == ([], False)
    assert sink.take(12) == ([], False)
    assert sink.take(12) == (list(range(18, 24)), False)
    assert sink.take(12) == (list(range(24, 36)), False)


@pytest.mark.parametrize("level", [0x00, 0xFF, 0x5A])
def test_one_byte_again_and_again_is_believed_only_after_a_check(sink, level):
    sink.port.always = level
    assert sink.take(12) == ([level] * 12, False)
    assert sink.checks == 1
    sink.lost = True
    with pytest.raises(SettingsLost):
        sink.take(12)
    assert sink.drain.broken


def test_an_answer_that_ends_in_silence_is_checked_too(sink):
    sink.port.read = lambda length: bytes(range(6)) + bytes(length - 6)
    sink.take(12)
    assert sink.checks == 1


@given(
    lengths=st.lists(st.integers(0, 15).map(lambda n: 6 * n), min_size=1, max_size=6),
    failing=st.sets(st.integers(1, 30)),
    most=st.sampled_from([6, 12, 30, 96]),
)
def test_unheard_transfers_never_lose_or_double_a_byte(lengths, failing, most):
    sink = Sink(most)
    sink.bus.fail_at = dict.fromkeys(failing, errno.EREMOTEIO)
    taken = []
    for length in lengths:
        due = sink.port.given + length
        while True:
            try:
                taken += sink.take(due - sink.port.given)[0]
                break
            except ChipNotFound:
                continue
    assert taken == [at % 251 for at in range(sum(lengths))]
