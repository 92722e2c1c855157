"""The kernel's PWM against a /sys/class/pwm that behaves like the kernel's."""

import errno
import fcntl
import os

import pytest

from bedside.clock import SteppedClock
from bedside.drivers.pwm_kernel import KernelPwm, find_channel, write_file
from bedside.errors import NoPwm, PinError
from bedside.simulator.pwm import PwmTree

PI4, PI5 = "fe20c000.pwm", "1f00098000.pwm"
PERIOD_NS = 500_000


@pytest.fixture
def clock():
    return SteppedClock()


@pytest.fixture
def tree(tmp_path, clock):
    return PwmTree(tmp_path, clock)


def open_pin(tree, clock, pin=18, hz=2000.0):
    return KernelPwm(pin, hz, clock, tree.root, tree.write)


@pytest.mark.parametrize(
    ("device", "pin", "channel"),
    [
        *((device, pin, n) for device in ("2020c000.pwm", "3f20c000.pwm", PI4)
          for pin, n in ((12, 0), (18, 0), (13, 1), (19, 1))),
        *((PI5, pin, n) for pin, n in ((12, 0), (13, 1), (14, 2), (15, 3), (18, 2), (19, 3))),
    ],
)  # fmt: skip
def test_each_pin_has_the_channel_of_its_board(tree, device, pin, channel):
    chip = tree.add_chip(0, device, 4)
    found = find_channel(pin, tree.root)
    assert (found.chip, found.number) == (chip, channel)


@pytest.mark.parametrize(
    ("numbers", "ours"),
    [
        ({0: "107d517a80.pwm", 2: PI5, 6: "1f0009c000.pwm"}, 2),  # a Pi 5, kernel 6.6
        ({0: PI5, 1: "1f0009c000.pwm"}, 0),  # the same, kernel 6.12
        ({0: "fe20c800.pwm", 1: PI4}, 1),  # a Pi 4's second block drives the audio socket
    ],
)
def test_the_chip_is_found_by_what_it_is_and_not_by_its_number(tree, numbers, ours):
    for number, device in numbers.items():
        tree.add_chip(number, device, 4)
    assert find_channel(18, tree.root).chip.name == f"pwmchip{ours}"


def test_a_pin_without_pwm_says_which_have_it(tree):
    tree.add_chip(0, PI4, 2)
    with pytest.raises(NoPwm, match=r"GPIO 17 has no hardware PWM: use GPIO 12, 13, 18 or 19"):
        find_channel(17, tree.root)


@pytest.mark.parametrize(
    ("pin", "line"),
    [(18, "`dtoverlay=pwm-2chan`"), (13, "`dtoverlay=pwm-2chan,pin=12,func=4,pin2=13,func2=4`")],
)
def test_a_missing_overlay_is_told_with_the_line_that_adds_it(tree, pin, line):
    with pytest.raises(NoPwm, match="is not turned on") as told:
        find_channel(pin, tree.root)
    assert line in str(told.value)
    tree.add_chip(0, "fe20c800.pwm", 2)
    with pytest.raises(NoPwm):
        find_channel(pin, tree.root)


def test_no_pwm_at_all_is_a_missing_overlay(tmp_path):
    with pytest.raises(NoPwm):
        find_channel(18, tmp_path / "class/pwm")


def test_an_overlay_for_other_pins_is_noticed(tree):
    tree.add_chip(0, PI4, 2, routed=(12, 13))
    with pytest.raises(NoPwm, match="led to GPIO 12 and GPIO 13, not to GPIO 18"):
        find_channel(18, tree.root)
    assert find_channel(12, tree.root).number == 0


@pytest.mark.parametrize(
    ("clock_hz", "step", "hz"),
    [
        (None, 20 / PERIOD_NS, "2000"),
        (100_000_000, 10 / PERIOD_NS, "2000"),
        (50_000_000, 20 / PERIOD_NS, "2000"),
        (10_000_000, 1 / 7000, "1429"),  # slower, so that the steps stay fine
    ],
)
def test_the_step_is_a_tick_of_the_clock_that_the_device_tree_names(
    tree, clock, clock_hz, step, hz
):
    tree.add_chip(0, PI4, 2, clock_hz)
    pwm = open_pin(tree, clock)
    assert pwm.step == pytest.approx(step)
    assert pwm.step < 1 / 4096
    assert pwm.name == f"GPIO 18 (hardware PWM, {hz} Hz)"


def test_it_starts_dark_and_sends_what_is_asked_for(tree, clock):
    chip = tree.add_chip(0, PI4, 2)
    pwm = open_pin(tree, clock)
    assert pwm.name == "GPIO 18 (hardware PWM, 2000 Hz)"
    assert not tree.sent.get("pwmchip0/pwm0")
    assert (chip / "pwm0/period").read_text() == "500000\n"
    assert (chip / "pwm0/enable").read_text() == "0\n"
    for duty in (0.5, pwm.step, 1.0, 0.0):
        pwm.set_duty(duty)
    assert [ns for _, ns in tree.sent["pwmchip0/pwm0"]] == [250_000, 20, 500_000, 0]
    pwm.close()


def test_every_step_is_a_pulse_of_its_own_length(tree, clock):
    tree.add_chip(0, PI4, 2, 10_000_000)
    pwm = open_pin(tree, clock, hz=1234.5)
    for n in range(1, 300):
        pwm.set_duty(n * pwm.step)
    assert [ns for _, ns in tree.sent["pwmchip0/pwm0"]] == [100 * n for n in range(1, 300)]


def test_off_disables_the_channel_and_the_next_duty_enables_it(tree, clock):
    chip = tree.add_chip(0, PI4, 2)
    pwm = open_pin(tree, clock)
    pwm.set_duty(0.3)
    pwm.off()
    pwm.off()
    assert (chip / "pwm0/enable").read_text() == "0\n"
    pwm.set_duty(0.1)
    assert tree.pulse_ns(chip / "pwm0") == 50_000


def test_closing_leaves_the_pin_dark_and_gives_the_channel_back(tree, clock):
    chip = tree.add_chip(0, PI4, 2)
    pwm = open_pin(tree, clock)
    pwm.set_duty(0.3)
    pwm.close()
    pwm.close()
    assert tree.sent["pwmchip0/pwm0"][-1][1] == 0
    assert not (chip / "pwm0").exists()
    open_pin(tree, clock).close()


def test_what_a_crash_left_burning_is_put_out_at_the_start(tree, clock):
    chip = tree.add_chip(0, PI4, 2)
    crashed = open_pin(tree, clock)
    crashed.set_duty(0.3)
    os.close(crashed._lock)  # what the kernel does when a process dies
    pwm = open_pin(tree, clock)
    assert tree.pulse_ns(chip / "pwm0") == 0
    pwm.set_duty(0.2)
    assert tree.pulse_ns(chip / "pwm0") == 100_000


@pytest.mark.parametrize("hz", [1000.0, 7000.0])
def test_a_channel_that_others_left_dark_may_have_had_any_period(tree, clock, hz):
    tree.add_chip(0, PI4, 2)
    before = open_pin(tree, clock, hz=hz)
    before.set_duty(1.0)
    before._set("enable", 0)
    os.close(before._lock)
    open_pin(tree, clock).set_duty(0.5)
    assert tree.sent["pwmchip0/pwm0"][-1][1] == 250_000


def test_a_channel_that_another_program_uses_is_left_alone(tree, clock):
    chip = tree.add_chip(0, PI4, 2)
    for name, value in (("export", 0), ("pwm0/period", 40_000), ("pwm0/enable", 1),
                        ("pwm0/duty_cycle", 30_000)):  # fmt: skip
        tree.write(chip / name, str(value))
    with pytest.raises(PinError, match="GPIO 18 is in use by another program"):
        open_pin(tree, clock)
    assert tree.pulse_ns(chip / "pwm0") == 30_000


def test_a_channel_of_the_kernels_own_is_busy(tree, clock):
    tree.take(tree.add_chip(0, PI4, 2), 0)
    with pytest.raises(PinError, match="GPIO 18 is in use by a driver of the kernel"):
        open_pin(tree, clock)


def test_a_second_bedside_is_kept_off(tree, clock):
    chip = tree.add_chip(0, PI4, 2)
    pwm = open_pin(tree, clock)
    pwm.set_duty(0.3)
    with pytest.raises(PinError, match="in use by another bedside"):
        open_pin(tree, clock)
    assert tree.pulse_ns(chip / "pwm0") == 150_000
    with (chip / "pwm0/period").open() as file, pytest.raises(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_it_waits_for_udev_to_hand_the_files_over(tmp_path, clock):
    tree = PwmTree(tmp_path, clock, udev_s=0.7)
    tree.add_chip(0, PI4, 2)
    began_s = clock.monotonic()
    open_pin(tree, clock).set_duty(0.5)
    assert 0.7 <= clock.monotonic() - began_s < 0.75


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (errno.EACCES, "may not be used by this user: run `sudo usermod -aG gpio"),
        (errno.EPERM, "may not be used by this user"),
        (errno.EROFS, "is read-only here"),
        (errno.EBUSY, "is in use by a driver of the kernel"),
        (errno.ENODEV, "has gone"),
        (errno.EINVAL, "refuses: Invalid argument"),
    ],
)
@pytest.mark.parametrize("opened", [False, True])
def test_every_refusal_is_one_sentence(tree, clock, error, told, opened):
    tree.add_chip(0, PI4, 2)
    pwm = open_pin(tree, clock) if opened else None
    tree.error = error
    with pytest.raises(PinError, match=f"the hardware PWM of GPIO 18 {told}"):
        pwm.set_duty(0.5) if pwm else open_pin(tree, clock)
    if pwm:
        pwm.close()


def test_permission_that_never_comes_is_told_after_a_while(tmp_path, clock):
    tree = PwmTree(tmp_path, clock, udev_s=1000.0)
    tree.add_chip(0, PI4, 2)
    with pytest.raises(PinError, match="may not be used"):
        open_pin(tree, clock)


def test_a_channel_that_vanishes_is_told(tree, clock):
    chip = tree.add_chip(0, PI4, 2)
    pwm = open_pin(tree, clock)
    tree.write(chip / "unexport", "0")
    with pytest.raises(PinError, match="has gone"):
        pwm.set_duty(0.5)
    with pytest.raises(PinError, match="has gone"):
        pwm._get("period")


def test_no_refusal_leaks_the_lock(tree, clock):
    chip = tree.add_chip(0, PI4, 2)
    write, calls = tree.write, []

    def fail_at(n):
        def failing(path, text):
            calls.append(path)
            if len(calls) == n:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            write(path, text)

        return failing

    for n in (2, 1, 2):  # the first one exports the channel
        calls.clear()
        with pytest.raises(PinError):
            KernelPwm(18, 2000.0, clock, tree.root, fail_at(n))
    open_pin(tree, clock).set_duty(0.5)
    assert tree.pulse_ns(chip / "pwm0") == 250_000


def test_files_are_written_in_one_call(tmp_path):
    file = tmp_path / "duty_cycle"
    file.write_text("123456789")
    write_file(file, "42")
    assert file.read_text() == "423456789"  # as sysfs takes it: nothing is truncated first
    with pytest.raises(FileNotFoundError):
        write_file(tmp_path / "gone", "1")


def test_no_clock_in_the_device_tree_that_makes_sense(tree):
    chip = tree.add_chip(0, PI4, 2, 1)
    (chip / "device/of_node/assigned-clock-rates").write_bytes(bytes(4))
    assert find_channel(18, tree.root).tick_ns == 20
    (chip / "device/of_node/assigned-clock-rates").write_bytes(b"\1")
    assert find_channel(18, tree.root).tick_ns == 20
