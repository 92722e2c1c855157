import errno

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.clock import SteppedClock
from bedside.drivers.registers import Field, Registers, unheard
from bedside.errors import ChipNotFound, SettingsLost, WriteLost
from bedside.simulator.bus import SimulatedI2C


class Memory:
    """A chip of nothing but registers; `stuck` bits keep what they hold."""

    def __init__(self, fill: int = 0, stuck: int = 0) -> None:
        self.registers, self.stuck, self.pointer = bytearray([fill] * 256), stuck, 0

    def write(self, data: bytes) -> None:
        self.pointer = data[0]
        for at, value in enumerate(data[1:], data[0]):
            self.registers[at] = value & ~self.stuck | self.registers[at] & self.stuck

    def read(self, length: int) -> bytes:
        return bytes(self.registers[self.pointer : self.pointer + length])


def on_bus(chip: Memory) -> tuple[Registers, SimulatedI2C]:
    bus = SimulatedI2C(SteppedClock(), {0x68: chip})
    return Registers(bus, 0x68, "MPU-6050"), bus


fields = st.tuples(st.integers(0, 255), st.integers(0, 7), st.integers(0, 7)).map(
    lambda parts: Field(parts[0], max(parts[1:]), min(parts[1:]))
)


@given(field=fields, fill=st.integers(0, 255), data=st.data())
def test_a_written_field_reads_back_and_its_neighbours_stay(field, fill, data):
    value = data.draw(st.integers(0, field.mask >> field.low))
    chip = Memory(fill)
    registers, _ = on_bus(chip)
    registers.write(field, value)
    assert registers.read(field) == value
    assert chip.registers[field.address] & ~field.mask == fill & ~field.mask
    rest = [byte for at, byte in enumerate(chip.registers) if at != field.address]
    assert set(rest) == {fill}


def test_a_value_too_large_for_its_field_is_a_fault_of_the_program():
    registers, bus = on_bus(Memory())
    with pytest.raises(ValueError, match="does not fit"):
        registers.write(Field(0x1C, 4, 3), 4)
    assert bus.transfers == 0


def test_a_register_that_does_not_keep_its_value_is_named():
    registers, _ = on_bus(Memory(stuck=0xFF))
    with pytest.raises(WriteLost, match=r"MPU-6050 at 0x68 .*register 0x1c holds 0x00, not 0x02"):
        registers.write(Field(0x1C, 4, 3), 2)
    registers.write(Field(0x6B, 7, 7), 1, sticks=False)


@pytest.mark.parametrize(
    ("error", "meaning", "not_heard"),
    [
        (errno.EREMOTEIO, "nobody answers.*wires", True),
        (errno.ENXIO, "nobody answers.*wires", True),
        (errno.EIO, "broke off.*cable", False),
        (errno.ETIMEDOUT, "stuck.*power", False),
        (errno.EAGAIN, "disturbed", False),
        (errno.EBUSY, "kernel driver", False),
        (errno.EPROTO, "Protocol error", False),
    ],
)
def test_an_error_says_chip_address_and_likely_cause(error, meaning, not_heard):
    registers, bus = on_bus(Memory())
    bus.fail_at = {1: error}
    with pytest.raises(ChipNotFound, match=f"MPU-6050 at 0x68: .*{meaning}") as caught:
        registers.read(Field(0x75))
    assert f"error {error}" in str(caught.value)
    assert unheard(caught.value) is not_heard


def test_a_chip_that_wants_a_bit_for_its_bursts_gets_it():
    chip = Memory()
    registers = Registers(SimulatedI2C(SteppedClock(), {0x18: chip}), 0x18, "x", burst_bit=0x80)
    registers.burst(0x28, 6)
    assert chip.pointer == 0xA8
    registers.burst(0x28, 1)
    assert chip.pointer == 0x28


def test_registers_are_compared_span_by_span():
    registers, bus = on_bus(Memory(0x5A))
    before = bus.transfers
    settings = {Field(0x10, 7, 4): 0x5, Field(0x12, 1, 0): 2, Field(0x30): 0x5A}
    registers.compare(settings, ((0x10, 3), (0x30, 1)))
    assert bus.transfers == before + 2
    settings[Field(0x11, 3, 3)] = 0
    with pytest.raises(SettingsLost, match=r"MPU-6050 at 0x68 lost .*register 0x11 holds 0x5a"):
        registers.compare(settings, ((0x10, 3), (0x30, 1)))


def test_a_short_answer_is_no_answer():
    registers, bus = on_bus(Memory(0x11))
    bus.short_at = {1}
    with pytest.raises(ChipNotFound, match="broke off after 3 of 6 bytes") as caught:
        registers.burst(0x74, 6)
    assert not unheard(caught.value)
