"""What every accelerometer driver promises, each against the model of its chip."""

import numpy as np
import pytest

from bedside.drivers.imu import CHIPS, ImuSettings
from bedside.errors import BusError, ChipError, ChipNotFound, SettingsLost, WrongChip
from bedside.store.raw import decode, encode

GRAVITY = np.array([0.3, -0.8, 0.5])
NAMES = {
    "mpu6050": "MPU-6050",
    "icm42688p": "ICM-42688-P",
    "lsm6dso": "LSM6DSO",
    "lsm6ds3": "LSM6DS3",
    "lsm6ds3trc": "LSM6DS3TR-C",
    "adxl345": "ADXL345",
    "adxl355": "ADXL355",
    "lis3dh": "LIS3DH",
    "lis2dw12": "LIS2DW12",
}
_LSM = {50.0: 52.0, 100.0: 104.0, 200.0: 208.0}
NOMINAL_HZ = {
    "lsm6dso": _LSM,
    "lsm6ds3": _LSM,
    "lsm6ds3trc": _LSM,
    "adxl355": {50.0: 62.5, 100.0: 125.0, 200.0: 250.0},
}
MG_PER_LSB = {  # at 2, 4, 8, 16 g
    "lsm6dso": (0.061, 0.122, 0.244, 0.488),
    "lsm6ds3": (0.061, 0.122, 0.244, 0.488),
    "lsm6ds3trc": (0.061, 0.122, 0.244, 0.488),
    "adxl345": (3.9, 3.9, 3.9, 3.9),
    "adxl355": (0.0039, 0.0078, 0.0156),
    "lis3dh": (1.0, 2.0, 4.0, 12.0),
    "lis2dw12": (0.244, 0.488, 0.976, 1.952),
}
# What the data sheets say the registers shall hold at 100 Hz and 2 g: register, then bytes.
IMAGES = {
    "mpu6050": {0x19: "0903", 0x1C: "00", 0x23: "08", 0x38: "10", 0x6A: "40", 0x6B: "0100"},
    "mpu6500": {0x19: "0903", 0x1C: "0003", 0x23: "08", 0x38: "10", 0x6A: "40", 0x6B: "0100"},
    "icm42688p": {
        0x16: "40",
        0x4C: "30",
        0x4E: "03",
        0x50: "68",
        0x52: "01",
        0x5F: "01",
        0x76: "00",
    },
    "lsm6dso": {0x09: "0406", 0x10: "400044", 0x17: "00e2"},
    "lsm6ds3": {0x08: "010026", 0x10: "430044 80", 0x15: "00", 0x17: "00"},
    "lsm6ds3trc": {0x08: "010026", 0x10: "400044 00", 0x15: "00", 0x17: "00"},
    "adxl345": {0x1E: "000000", 0x2C: "0a08", 0x31: "08", 0x38: "80"},
    "adxl355": {0x28: "05", 0x2C: "8100"},
    "lis3dh": {0xA0: "5700008840", 0x2E: "80"},
    "lis2dw12": {0x20: "540c", 0x25: "04", 0x2E: "c0"},
}
STRAYS = {  # a register that nothing but a reset clears
    **dict.fromkeys(CHIPS, 0x37),
    "icm42688p": 0x14,
    "lsm6dso": 0x0D,
    "lsm6ds3": 0x0D,
    "lsm6ds3trc": 0x0D,
    "adxl355": 0x24,
    "lis2dw12": 0x23,
    "adxl345": 0x1D,
    "lis3dh": 0x32,
}
NO_RESET = ("adxl345", "lis3dh")
NO_THERMOMETER = ("adxl345", "lis3dh")
BLURRED = [("lsm6ds3", 50.0)]  # its narrowest low-pass is wider than half that rate
TURN_G = 1.8
pytestmark = pytest.mark.parametrize("chip", CHIPS)


def turning(t):
    """Gravity on z; x climbs from -0.9 to 0.9 g each second, so that it tells each sample."""
    return np.column_stack([t % 1.0 * TURN_G - TURN_G / 2, np.zeros(len(t)), np.full(len(t), 0.8)])


def jumps(x, odr_hz):
    """Between which samples something is missing, doubled or wrong."""
    step_g = TURN_G / odr_hz
    return np.abs(np.diff(x) % TURN_G - step_g) > 0.4 * step_g


def collect(bed, imu, seconds):
    reads = []
    period_s = min(0.1, imu.fifo_s / 3)
    for _ in range(round(seconds / period_s)):
        bed.wait(period_s)
        read = imu.read_fifo()
        assert not read.overrun
        reads.append(read.accel)
    return np.vstack(reads)


@pytest.mark.parametrize("full_scale_g", [2, 4, 8, 16])
def test_gain_sign_and_axes_are_right(make_bed, chip, full_scale_g):
    bed = make_bed(chip=chip)
    if (chip, full_scale_g) == ("adxl355", 16):
        with pytest.raises(ChipError, match=r"ADXL355 at 0x1d .*8 g: set \[sensor\] full_scale_g"):
            bed.open(full_scale_g=full_scale_g)
        return
    imu = bed.open(chip=chip, full_scale_g=full_scale_g)
    accel = collect(bed, imu, 0.6)
    assert accel.dtype == np.float32
    mg = MG_PER_LSB.get(chip, tuple(1000 * g / 32768 for g in (2, 4, 8, 16)))
    assert 1000 / imu.lsb_per_g == pytest.approx(mg[[2, 4, 8, 16].index(full_scale_g)], rel=0.003)
    assert len(accel) > 50
    np.testing.assert_allclose(accel, np.tile(GRAVITY, (len(accel), 1)), atol=0.51 / imu.lsb_per_g)


def test_counts_are_kept_to_the_last_bit(make_bed, chip):
    bed = make_bed(chip=chip, motion=turning, noise_ug=300.0)
    imu = bed.open(chip=chip)
    accel = collect(bed, imu, 2.0)
    counts = accel.astype(np.float64) * imu.lsb_per_g
    np.testing.assert_allclose(counts, np.rint(counts), atol=0.05)
    kept = decode(encode(accel, imu.lsb_per_g), len(accel), imu.lsb_per_g)
    np.testing.assert_array_equal(np.rint(kept * imu.lsb_per_g), np.rint(counts))


@pytest.mark.parametrize("odr_hz", [50.0, 100.0, 200.0])
def test_rate_and_low_pass_go_together(make_bed, chip, odr_hz):
    bed = make_bed(chip=chip, rate_error=0.03)
    imu = bed.open(chip=chip, odr_hz=odr_hz)
    nominal_hz = NOMINAL_HZ.get(chip, {}).get(odr_hz, odr_hz)
    knows_itself = 1.03 if chip == "lsm6dso" else 1.0
    assert imu.odr_hz == pytest.approx(nominal_hz * knows_itself)
    collect(bed, imu, 0.5)
    accel = collect(bed, imu, 20.0)
    assert len(accel) == pytest.approx(20.0 * nominal_hz * 1.03, abs=nominal_hz * 0.04 + 2)
    assert 0.2 * nominal_hz <= bed.chip.low_pass_hz
    if (chip, odr_hz) not in BLURRED:
        assert bed.chip.low_pass_hz <= 0.5 * nominal_hz


def test_no_sample_is_lost_or_doubled_from_read_to_read(make_bed, chip):
    bed = make_bed(chip=chip, motion=turning)
    imu = bed.open(chip=chip)
    bed.wait(0.05)
    imu.read_fifo()
    longest_s = min(imu.fifo_s, 0.85)
    x = []
    for share in (0.03, 0.2, 0.7, 0.01, 0.93, 0.5) * 20:
        bed.wait(share * longest_s)
        read = imu.read_fifo()
        assert not read.overrun
        x.append(read.accel[:, 0])
    x = np.concatenate(x)
    assert len(x) == pytest.approx(20 * 2.37 * longest_s * imu.odr_hz, abs=3)
    assert not jumps(x, imu.odr_hz).any()


def test_the_first_samples_are_as_good_as_the_later_ones(make_bed, chip):
    bed = make_bed(chip=chip, motion=turning)
    imu = bed.open(chip=chip)
    x = collect(bed, imu, 0.5)[:, 0]
    assert not jumps(x, imu.odr_hz).any()


def test_the_fifo_holds_as_long_as_it_says(make_bed, chip):
    bed = make_bed(chip=chip)
    imu = bed.open(chip=chip)
    imu.read_fifo()
    bed.wait(0.95 * imu.fifo_s)
    read = imu.read_fifo()
    assert not read.overrun
    assert len(read.accel) == pytest.approx(0.95 * imu.fifo_s * imu.odr_hz, abs=3)


def test_whatever_an_overrun_took_is_said_and_nothing_wrong_follows(make_bed, chip):
    bed = make_bed(chip=chip, motion=turning)
    imu = bed.open(chip=chip)
    last, lost = None, False
    for share in (0.3, 1.1, 0.3, 0.9, 1.15, 2.3, 0.1, 0.1, 20.0, 0.5, 0.5):
        bed.wait(share * imu.fifo_s)
        accel, overrun = imu.read_fifo()
        assert overrun == (share > 1.0)
        lost = lost or overrun
        if not len(accel):
            continue
        np.testing.assert_allclose(accel[:, 1:], [[0.0, 0.8]] * len(accel), atol=0.01)
        x = accel[:, 0] if last is None or lost else np.append(last, accel[:, 0])
        assert not jumps(x, imu.odr_hz).any()
        last, lost = accel[-1, 0], False


def transfers_of_a_read(bed, imu, fill_s):
    bed.wait(fill_s)
    before = bed.bus.transfers
    imu.read_fifo()
    return bed.bus.transfers - before


def test_a_program_held_up_in_the_midst_of_a_read_makes_no_hole_unsaid(make_bed, chip):
    fill_s = 0.2
    scout = make_bed(chip=chip, motion=turning)
    total = transfers_of_a_read(scout, scout.open(chip=chip), fill_s)
    for n in range(1, total + 1):
        for share in (0.4, 1.2):
            bed = make_bed(chip=chip, motion=turning)
            imu = bed.open(chip=chip)
            imu.read_fifo()
            bed.wait(fill_s)
            bed.before_transfer(n, lambda bed=bed, imu=imu, s=share: bed.wait(s * imu.fifo_s))
            x, lost = [], False
            for _ in range(4):
                accel, overrun = imu.read_fifo()
                if overrun:
                    x, lost = [], True
                x.append(accel[:, 0])
                bed.wait(0.1)
            assert not jumps(np.concatenate(x), imu.odr_hz).any()
            assert lost or share < 1.0


def test_a_brown_out_is_noticed_and_brings_no_number(make_bed, chip):
    bed = make_bed(chip=chip)
    imu = bed.open(chip=chip)
    bed.wait(0.2)
    imu.check()
    bed.chip.brown_out()
    bed.wait(0.2)
    assert len(imu.read_fifo().accel) == 0
    with pytest.raises(SettingsLost, match=r"lost its settings .*3\.3 V"):
        imu.check()


def test_a_brown_out_in_the_midst_of_a_read_brings_no_wrong_number(make_bed, chip):
    fill_s = 0.2
    scout = make_bed(chip=chip)
    total = transfers_of_a_read(scout, scout.open(chip=chip), fill_s)
    for n in range(1, total + 1):
        bed = make_bed(chip=chip)
        imu = bed.open(chip=chip)
        bed.wait(fill_s)
        bed.before_transfer(n, bed.chip.brown_out)
        try:
            accel = imu.read_fifo().accel
        except BusError:
            continue
        np.testing.assert_allclose(accel, np.tile(GRAVITY, (len(accel), 1)), atol=1 / imu.lsb_per_g)


@pytest.mark.parametrize("celsius", [12.0, 31.5, 44.0])
def test_die_temperature(make_bed, chip, celsius):
    found = make_bed(chip=chip, temperature_c=celsius).open(chip=chip).die_temperature_c()
    if chip in NO_THERMOMETER:
        assert found is None
    elif chip == "clone":  # nobody knows its formula
        assert -5.0 < found - celsius < 20.0
    else:
        assert found == pytest.approx(celsius, abs=0.06)


def test_a_chip_that_goes_away_is_a_chip_not_found(make_bed, chip):
    bed = make_bed(chip=chip)
    imu = bed.open(chip=chip)
    bed.bus.unplug(bed.address)
    asked = [imu.read_fifo, imu.check]
    if chip not in NO_THERMOMETER:
        asked.append(imu.die_temperature_c)
    for ask in asked:
        with pytest.raises(ChipNotFound, match=rf"at {bed.address:#04x}: nobody answers"):
            ask()


def test_it_is_found_by_itself_and_by_its_word_alone(make_bed, chip):
    bed = make_bed(chip=chip)
    if chip != "clone":
        imu = bed.open()
        assert imu.address == bed.address
        assert imu.name == NAMES.get(chip, imu.name)
    assert bed.open(chip=chip).address == bed.address
    other = "lsm6dso" if chip == "mpu6050" else "mpu6050"
    with pytest.raises(WrongChip, match=f"at {bed.address:#04x}"):
        bed.open(chip=other)


def test_every_setting_that_matters_is_checked(make_bed, chip):
    bed = make_bed(chip=chip)
    imu = bed.open(chip=chip)
    settings = list(imu._settings)
    assert len(settings) >= 4
    for field in settings:
        imu.check()
        held = bed.bus.transfer(bed.address, bytes([field.address]), 1)[0]
        bed.bus.transfer(bed.address, bytes([field.address, held ^ (1 << field.low)]))
        with pytest.raises(SettingsLost, match=r"lost its settings \(register 0x"):
            imu.check()
        bed.chip.brown_out()  # or it might not be known again: another bank hides its identity
        imu = bed.open(chip=chip)


def test_the_registers_hold_what_the_data_sheet_says(make_bed, chip):
    bed = make_bed(chip=chip)
    bed.open(chip=chip)
    for register, held in IMAGES.get(chip, {}).items():
        image = bytes.fromhex(held)
        found = bed.bus.transfer(bed.address, bytes([register]), len(image))
        assert found.hex() == image.hex(), f"{register:#04x}"


def test_a_reset_if_there_is_one_clears_what_another_program_left(make_bed, chip):
    bed = make_bed(chip=chip)
    stray = STRAYS[chip]
    bed.bus.transfer(bed.address, bytes([stray, 0x15]))
    bed.open(chip=chip)
    found = bed.bus.transfer(bed.address, bytes([stray]), 1)
    assert found == (b"\x15" if chip in NO_RESET else b"\x00")


def test_it_has_a_word_in_the_settings(chip):
    assert ImuSettings(chip=chip).chip == chip
