import errno
import os
from pathlib import Path

import pytest
import smbus2

from bedside.clock import SteppedClock
from bedside.drivers.i2c import GONE, LinuxI2C, PatientI2C
from bedside.errors import BusError


class Kernel:
    """Stands where the kernel does: takes messages, answers the last one."""

    def __init__(self, number: int) -> None:
        self.number, self.heard, self.closed = number, [], False

    def i2c_rdwr(self, *messages: smbus2.i2c_msg) -> None:
        self.heard.append([(m.addr, m.flags & 1, m.len, bytes(m)) for m in messages])
        for message in messages:
            if message.flags & 1:
                for at in range(message.len):
                    message.buf[at] = bytes([at % 256])

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> list[Kernel]:
    opened: list[Kernel] = []

    def open_bus(number: int) -> Kernel:
        opened.append(Kernel(number))
        return opened[-1]

    monkeypatch.setattr(smbus2, "SMBus", open_bus)
    return opened


def refuse(monkeypatch: pytest.MonkeyPatch, error: int) -> None:
    def open_bus(_number: int) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(smbus2, "SMBus", open_bus)


def test_write_and_read_are_one_transfer_with_the_read_last(kernel):
    answer = LinuxI2C(1).transfer(0x68, b"\x74", 1020)
    assert kernel[0].number == 1
    assert answer == bytes(at % 256 for at in range(1020))  # far beyond an SMBus block
    [[write, read]] = kernel[0].heard
    assert write == (0x68, 0, 1, b"\x74")
    assert read[:3] == (0x68, 1, 1020)


def test_a_write_alone_reads_nothing_and_a_read_alone_writes_nothing(kernel):
    bus = LinuxI2C(1)
    assert bus.transfer(0x68, b"\x6b\x80") == b""
    assert bus.transfer(0x44, b"", 2) == b"\x00\x01"
    assert [len(messages) for messages in kernel[0].heard] == [1, 1]
    bus.close()
    assert kernel[0].closed


def test_a_bus_that_was_given_back_is_a_bus_that_has_gone(kernel):
    bus = LinuxI2C(1)
    bus.close()
    with pytest.raises(OSError, match="No such device") as caught:
        bus.transfer(0x68, b"\x75", 1)
    assert caught.value.errno in GONE
    assert kernel[0].heard == []


class Flaky:
    """A bus on which transfers fail as told, one after the other; 0 is none."""

    def __init__(self, *errors: int) -> None:
        self.errors, self.asked, self.closed = list(errors), [], False

    def transfer(self, address: int, write: bytes, read: int = 0) -> bytes:
        self.asked.append((address, write, read))
        error = self.errors.pop(0) if self.errors else 0
        if error:
            raise OSError(error, os.strerror(error))
        return bytes(read)

    def close(self) -> None:
        self.closed = True


def patient(bus: Flaky) -> tuple[PatientI2C, SteppedClock, list[int]]:
    clock, repeats = SteppedClock(), []
    return PatientI2C(bus, clock, lambda: repeats.append(1)), clock, repeats


@pytest.mark.parametrize("error", [errno.EREMOTEIO, errno.ENXIO])
def test_a_chip_that_has_answered_is_asked_again(error):
    flaky = Flaky(0, error, error, error)
    bus, clock, repeats = patient(flaky)
    bus.transfer(0x68, b"\x75", 1)
    before = clock.monotonic()
    assert bus.transfer(0x68, b"\x3b", 6) == bytes(6)
    assert flaky.asked[1:] == [(0x68, b"\x3b", 6)] * 4
    assert len(repeats) == 3
    assert 0.05 < clock.monotonic() - before < 0.1


def test_patience_ends():
    bus, _, repeats = patient(Flaky(0, *[errno.ENXIO] * 4))
    bus.transfer(0x68, b"\x75", 1)
    with pytest.raises(OSError, match="No such device or address"):
        bus.transfer(0x68, b"\x75", 1)
    assert len(repeats) == 3


def test_where_nobody_has_answered_nobody_is_waited_for():
    flaky = Flaky(0, errno.EREMOTEIO)
    bus, clock, repeats = patient(flaky)
    bus.transfer(0x68, b"\x75", 1)
    before = clock.monotonic()
    with pytest.raises(OSError, match="I/O"):
        bus.transfer(0x69, b"\x75", 1)
    assert (clock.monotonic(), repeats) == (before, [])


@pytest.mark.parametrize("error", [errno.EIO, errno.ETIMEDOUT, errno.ENODEV])
def test_what_broke_off_may_have_happened_and_is_not_asked_again(error):
    flaky = Flaky(0, error)
    bus, _, repeats = patient(flaky)
    bus.transfer(0x68, b"\x75", 1)
    with pytest.raises(OSError, match=os.strerror(error)):
        bus.transfer(0x68, b"\x74", 6)
    assert len(flaky.asked) == 2
    assert repeats == []


def test_a_patient_bus_is_given_back_too():
    flaky = Flaky()
    patient(flaky)[0].close()
    assert flaky.closed


def test_no_bus_says_how_to_turn_it_on(monkeypatch):
    refuse(monkeypatch, errno.ENOENT)
    monkeypatch.setattr(Path, "glob", lambda _self, _pattern: [])
    with pytest.raises(BusError, match=r"no I2C bus /dev/i2c-1: .*raspi-config") as caught:
        LinuxI2C(1)
    assert "this machine has" not in str(caught.value)


def test_another_bus_is_named(monkeypatch):
    refuse(monkeypatch, errno.ENOENT)
    monkeypatch.setattr(Path, "glob", lambda _self, _pattern: [Path("/dev/i2c-20")])
    with pytest.raises(BusError, match=r"this machine has /dev/i2c-20"):
        LinuxI2C(1)


def test_no_permission_names_the_group(monkeypatch):
    refuse(monkeypatch, errno.EACCES)
    with pytest.raises(BusError, match=r"usermod -aG i2c"):
        LinuxI2C(1)


def test_any_other_refusal_is_a_sentence_too(monkeypatch):
    refuse(monkeypatch, errno.ENOTTY)
    with pytest.raises(BusError, match=r"/dev/i2c-1 cannot be opened"):
        LinuxI2C(1)


@pytest.mark.skipif(Path("/dev/i2c-99").exists(), reason="this machine has an I2C bus 99")
def test_the_real_way_to_a_bus_that_is_not_there():
    with pytest.raises(BusError, match="/dev/i2c-99"):
        LinuxI2C(99)
