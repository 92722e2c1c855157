"""The simulated pins do what the kernel's documentation says of the real ones."""

import errno

import pytest

from bedside.clock import SteppedClock
from bedside.simulator.pwm import PwmTree, SimulatedPins


@pytest.fixture
def clock():
    return SteppedClock()


@pytest.fixture
def tree(tmp_path, clock):
    return PwmTree(tmp_path, clock)


def refused(tree, path, value):
    with pytest.raises(OSError, match=r"\[Errno") as told:
        tree.write(path, value)
    return told.value.errno


def test_a_channel_exists_from_its_export_to_its_unexport(tree):
    chip = tree.add_chip(3, "fe20c000.pwm", 2)
    assert chip == tree.root / "pwmchip3"
    assert (chip / "device").resolve().name == "fe20c000.pwm"
    assert refused(tree, chip / "unexport", "0") == errno.ENODEV
    tree.write(chip / "export", "0")
    assert refused(tree, chip / "export", "0") == errno.EBUSY
    assert refused(tree, chip / "export", "2") == errno.ENODEV
    assert refused(tree, chip / "export", "x") == errno.EINVAL
    tree.write(chip / "unexport", "0")
    assert not (chip / "pwm0").exists()
    assert refused(tree, chip / "pwm0/enable", "1") == errno.ENOENT


def test_a_state_that_makes_no_sense_is_refused(tree):
    chip = tree.add_chip(0, "fe20c000.pwm", 2)
    tree.write(chip / "export", "1")
    channel = chip / "pwm1"
    for name, value in (("enable", 1), ("duty_cycle", 0), ("duty_cycle", 1), ("period", 0)):
        assert refused(tree, channel / name, str(value)) == errno.EINVAL
    tree.write(channel / "period", "1000")
    tree.write(channel / "duty_cycle", "800")
    assert refused(tree, channel / "period", "799") == errno.EINVAL
    assert refused(tree, channel / "duty_cycle", "1001") == errno.EINVAL
    assert refused(tree, channel / "enable", "2") == errno.EINVAL
    assert (channel / "period").read_text() == "1000\n"


def test_the_pin_is_high_for_whole_ticks_while_it_is_enabled(tree, clock):
    chip = tree.add_chip(0, "fe20c000.pwm", 2, clock_hz=10_000_000)
    tree.write(chip / "export", "0")
    channel = chip / "pwm0"
    tree.write(channel / "period", "100000")
    tree.write(channel / "duty_cycle", "1240")
    assert tree.pulse_ns(channel) == 0
    tree.write(channel / "enable", "1")
    clock.advance(1.0)
    tree.write(channel / "duty_cycle", "1260")
    tree.write(channel / "enable", "0")
    assert tree.sent == {"pwmchip0/pwm0": [(100.0, 1200), (101.0, 1300), (101.0, 0)]}


def test_the_simulated_header_remembers_what_it_is_sent(clock):
    pins = SimulatedPins(clock)
    pwm = pins.open_pwm(18, "the light", None)
    pwm.off()
    pwm.set_duty(0.5)
    clock.advance(2.0)
    pwm.set_duty(0.5)
    pwm.close()
    assert pins.pwm[18].sent == [(100.0, 0.5), (102.0, 0.0)]
    pressed = []
    contact = pins.open_button(
        None, lambda: pressed.append("short"), lambda: pressed.append("long")
    )
    pins.press()
    pins.hold()
    contact.close()
    pins.press()
    assert pressed == ["short", "long"]
    pins.close()
