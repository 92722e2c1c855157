"""The computer's own files, as a Pi and as another machine have them."""

import pytest

from bedside.clock import SteppedClock
from bedside.health import Health
from bedside.machine_state import MachineState, judge, look, untold

THROTTLED = "sys/devices/platform/soc/soc:firmware/get_throttled"


@pytest.fixture
def pi(tmp_path):
    """Lay out the files of a Pi that is well; give what writes more of them."""

    def write(path, text):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return tmp_path

    write("proc/device-tree/model", "Raspberry Pi Zero 2 W Rev 1.0\0")
    write(
        "proc/meminfo", "MemTotal:         425000 kB\nMemAvailable:     212500 kB\nHugePages: 0\n"
    )
    write("proc/self/status", "Name:\tbedside\nVmRSS:\t   50000 kB\nThreads:\t7\n")
    write("proc/uptime", "93784.52 360012.11\n")
    write("sys/class/thermal/thermal_zone0/temp", "48312\n")
    write("sys/fs/ext4/mmcblk0p2/errors_count", "0\n")
    write(THROTTLED, "0\n")
    return write


def test_a_pi_that_is_well(pi, tmp_path):
    state = look(tmp_path)

    assert state.model == "Raspberry Pi Zero 2 W Rev 1.0"
    assert state.temperature_c == pytest.approx(48.312)
    assert (state.weak_power, state.weak_power_before) == (False, False)
    assert (state.slowed, state.slowed_before) == (False, False)
    assert state.memory_mb == pytest.approx(435.2)
    assert state.free_mb == pytest.approx(217.6)
    assert state.program_mb == pytest.approx(51.2)
    assert state.uptime_s == pytest.approx(93784.52)
    assert state.card_errors == 0
    assert state.clock_source is None


@pytest.mark.parametrize(
    ("flags", "weak", "before", "slowed", "slowed_before"),
    [
        ("0", False, False, False, False),
        ("1", True, False, False, False),
        ("50005", True, True, True, True),
        ("10000", False, True, False, False),
        ("80008", False, False, True, True),
    ],
)
def test_the_flags_of_the_firmware(pi, flags, weak, before, slowed, slowed_before):
    state = look(pi(THROTTLED, f"{flags}\n"))

    assert (state.weak_power, state.weak_power_before) == (weak, before)
    assert (state.slowed, state.slowed_before) == (slowed, slowed_before)


def test_without_these_flags_the_kernels_own_watch_is_asked(pi, tmp_path):
    (tmp_path / THROTTLED).unlink()
    pi("sys/class/hwmon/hwmon0/name", "cpu_thermal\n")
    pi("sys/class/hwmon/hwmon1/name", "rpi_volt\n")
    pi("sys/class/hwmon/hwmon1/in0_lcrit_alarm", "1\n")

    state = look(tmp_path)

    assert state.weak_power is True
    assert state.weak_power_before is None


def test_another_machine_tells_what_it_knows(tmp_path):
    assert look(tmp_path) == untold() == MachineState()


@pytest.mark.parametrize("text", ["", "soon\n", "\xff\xfe"])
def test_nonsense_is_nothing(pi, text):
    for path in (THROTTLED, "proc/uptime", "sys/class/thermal/thermal_zone0/temp"):
        root = pi(path, text)

    state = look(root)

    assert (state.weak_power, state.uptime_s, state.temperature_c) == (None, None, None)


def test_what_sets_the_clock(pi):
    assert look(pi("dev/rtc0", "")).clock_source == "a battery clock"
    assert look(pi("sys/class/rtc/rtc0/name", "rtc-ds1307 1-0068\n")).clock_source == (
        "a battery clock (rtc-ds1307)"
    )
    assert look(pi("run/systemd/timesync/synchronized", "")).clock_source == "a time server"


def test_faults_of_several_file_systems_add_up(pi):
    pi("sys/fs/ext4/mmcblk0p2/errors_count", "3\n")

    assert look(pi("sys/fs/ext4/sda1/errors_count", "2\n")).card_errors == 5


@pytest.mark.parametrize(
    ("state", "part", "word"),
    [
        (MachineState(weak_power=True), "power", "voltage"),
        (MachineState(temperature_c=80.0), "heat", "too hot"),
        (MachineState(card_errors=1), "card", "SD card"),
    ],
)
def test_what_is_wrong_is_a_fault_until_it_is_mended(state, part, word):
    health = Health(SteppedClock())

    judge(state, health)
    (fault,) = health.faults()
    judge(untold(), health)

    assert fault.part == part
    assert word in fault.sentence
    assert health.faults() == ()


def test_what_is_well_or_not_told_is_no_fault():
    health = Health(SteppedClock())

    judge(MachineState(weak_power=False, weak_power_before=True, temperature_c=79.9), health)
    judge(MachineState(card_errors=0, slowed=True), health)

    assert health.faults() == ()
