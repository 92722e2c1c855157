"""The loop against a chip that is spoilt in every way; the motion tells the time it happened."""

import errno
import threading
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bedside.clock import SteppedClock, SystemClock
from bedside.drivers.i2c import I2CBus
from bedside.drivers.imu import ImuSettings
from bedside.errors import BusError
from bedside.health import Health
from bedside.pipeline.samples import Block
from bedside.sampling import Sampler
from bedside.simulator.adxl345 import Adxl345Model
from bedside.simulator.adxl355 import Adxl355Model
from bedside.simulator.bus import SimulatedI2C
from bedside.simulator.chip import Chip
from bedside.simulator.icm42688p import Icm42688pModel
from bedside.simulator.lis2dw12 import Lis2dw12Model
from bedside.simulator.lis3dh import Lis3dhModel
from bedside.simulator.lsm6ds3 import Lsm6ds3Model
from bedside.simulator.lsm6dso import Lsm6dsoModel
from bedside.simulator.mpu6050 import Mpu6050Model

TURN_S = 8.0
OTHERS: dict[str, tuple[int, Callable[..., Chip], float]] = {  # address, model, nominal rate
    "ICM-42688-P": (0x68, Icm42688pModel, 100.0),
    "LSM6DSO": (0x6A, Lsm6dsoModel, 104.0),
    "LSM6DS3": (0x6B, Lsm6ds3Model, 104.0),
    "ADXL345": (0x53, Adxl345Model, 100.0),
    "ADXL355": (0x1D, Adxl355Model, 125.0),
    "LIS3DH": (0x18, Lis3dhModel, 100.0),
    "LIS2DW12": (0x19, Lis2dw12Model, 100.0),
}


def telling(t: NDArray[np.float64]) -> NDArray[np.float64]:
    """Gravity on z; on x a slope that tells the time within 8 s."""
    x = t % TURN_S / TURN_S - 0.5
    return np.column_stack([x, np.zeros(len(t)), np.full(len(t), 0.8)])


class Bed:
    """A sampler on a simulated bus, and what happens to it at which second."""

    def __init__(
        self, address: int = 0x68, model: Callable[..., Chip] = Mpu6050Model, **chip: Any
    ) -> None:
        self.clock = SteppedClock()
        self.start_s = self.clock.monotonic()
        self.chip = model(self.clock, telling, **{"noise_ug": 10.0, **chip})
        self.bus = SimulatedI2C(self.clock, {address: self.chip})
        self.told: list[tuple[float, str, str, bool]] = []
        self.health = Health(self.clock, [self._note])
        self.plan: list[tuple[float, Callable[[], object]]] = []
        self.opened = 0

    def _note(self, fault: Any, over: bool) -> None:
        self.told.append((self.now_s, fault.part, fault.sentence, over))

    @property
    def now_s(self) -> float:
        """Seconds since the beginning."""
        return self.clock.monotonic() - self.start_s

    def another(self, identity: int) -> Mpu6050Model:
        return Mpu6050Model(self.clock, telling, identity=identity, noise_ug=10.0)

    def at(self, second: float, happen: Callable[[], object]) -> None:
        self.plan.append((second, happen))

    def open_bus(self) -> I2CBus:
        self.opened += 1
        return self.bus

    def sampler(self, open_bus: Callable[[], I2CBus] | None = None, **settings: Any) -> Sampler:
        return Sampler(open_bus or self.open_bus, self.clock, self.health, ImuSettings(**settings))

    def run(self, seconds: float, sampler: Sampler | None = None) -> list[Block]:
        stop = threading.Event()
        self.clock.on_wait = lambda _now: self._pass(seconds, stop)
        return list((sampler or self.sampler()).blocks(stop))

    def _pass(self, seconds: float, stop: threading.Event) -> None:
        due = [happen for second, happen in self.plan if second <= self.now_s]
        self.plan = [entry for entry in self.plan if entry[0] > self.now_s]
        for happen in due:
            happen()
        if self.now_s >= seconds:
            stop.set()

    @property
    def sentences(self) -> list[str]:
        return [sentence for _, _, sentence, over in self.told if not over]


def happened_at(block: Block, near: NDArray[np.float64]) -> NDArray[np.float64]:
    """When the samples were taken, s, by what they say; the turn is chosen close to `near`."""
    within = (block.accel[:, 0].astype(float) + 0.5) * TURN_S
    return within + np.rint((near - within) / TURN_S) * TURN_S


def assert_true(blocks: list[Block], *, within_s: float = 0.06) -> None:
    """Stamps increase and tell the truth, and without a gap no sample is missing."""
    t = np.concatenate([block.t for block in blocks])
    assert (np.diff(t) > 0.0).all()
    last_s = None
    for block in blocks:
        assert block.t.shape == (len(block.accel),)
        assert block.accel.dtype == np.float32
        np.testing.assert_allclose(block.accel[:, 1:], [[0.0, 0.8]] * len(block.t), atol=2e-3)
        true_s = happened_at(block, block.t)
        assert np.abs(block.t - true_s).max() < within_s
        if last_s is not None and not block.gap:
            assert true_s[0] - last_s < 0.018
        last_s = true_s[-1]


def gaps(blocks: list[Block]) -> list[float]:
    """Lengths of the gaps, s."""
    return [float(later.t[0] - earlier.t[-1]) for earlier, later in pairwise(blocks) if later.gap]


@pytest.mark.parametrize("identity", [0x68, 0x70])
@pytest.mark.parametrize("rate_error", [0.0, 0.03, -0.05])
def test_a_healthy_chip_gives_all_its_samples_at_their_true_times(identity, rate_error):
    bed = Bed(identity=identity, rate_error=rate_error)
    blocks = bed.run(120.0)
    assert_true(blocks)
    assert not any(block.gap for block in blocks)
    assert sum(len(block.t) for block in blocks) == pytest.approx(
        119.6 * 100.0 * (1.0 + rate_error), abs=50
    )
    assert max(len(block.t) for block in blocks) <= 47
    assert bed.told == []
    facts = bed.health.facts()
    assert facts.pop("odr_hz") == pytest.approx(100.0 * (1.0 + rate_error), rel=1e-3)
    assert facts.pop("set_odr_hz") == 100.0
    assert facts == {"sensor": f"{'MPU-6050' if identity == 0x68 else 'MPU-6500'} at 0x68"}
    assert bed.health.age_s("samples") < 0.5


@pytest.mark.parametrize("odr_hz", [50.0, 200.0])
def test_other_rates(odr_hz):
    bed = Bed()
    blocks = bed.run(60.0, bed.sampler(odr_hz=odr_hz))
    assert not any(block.gap for block in blocks)
    assert sum(len(block.t) for block in blocks) == pytest.approx(59.6 * odr_hz, rel=0.01)


def test_reads_keep_to_their_deadlines():
    bed = Bed()
    ends = [block.t[-1] for block in bed.run(60.0)]
    assert np.diff(ends) == pytest.approx(0.425, abs=0.011)


def transfers_of(seconds: float) -> tuple[int, int]:
    bed = Bed()
    setting_up = []
    bed.at(0.4, lambda: setting_up.append(bed.bus.transfers))
    bed.run(seconds)
    return setting_up[0], bed.bus.transfers


@pytest.mark.parametrize("error", [errno.EREMOTEIO, errno.EIO, errno.ETIMEDOUT, errno.EAGAIN])
def test_any_single_transfer_may_fail(error):
    first, last = transfers_of(6.0)
    for n in range(first + 1, last):
        bed = Bed()
        bed.bus.fail_at = {n: error}
        blocks = bed.run(6.0)
        assert_true(blocks)
        assert bed.health.facts()["bus_errors"] == 1
        assert bed.told == []  # too short to call the chip gone
        if error == errno.EREMOTEIO:  # not heard by the chip: nothing is lost
            assert gaps(blocks) == []
        assert all(length < 1.0 for length in gaps(blocks))


@pytest.mark.parametrize("error", [errno.EREMOTEIO, errno.EIO])
def test_any_transfer_of_the_set_up_may_fail(error):
    for n in range(1, transfers_of(2.0)[0] + 1):
        bed = Bed()
        bed.bus.fail_at = {n: error}
        blocks = bed.run(4.0)
        assert_true(blocks)
        assert not any(block.gap for block in blocks)  # nothing came before
        if n == 1 and error == errno.EREMOTEIO:  # as if there were no chip
            assert [over for *_, over in bed.told] == [False, True]
        else:
            assert bed.told == []
            assert bed.health.facts()["bus_errors"] == 1


@pytest.mark.parametrize("seed", range(5))
def test_a_loose_wire_does_not_keep_it_from_starting(seed):
    bed = Bed()
    bed.bus.fail_sometimes(0.1, seed)
    blocks = bed.run(30.0)
    assert_true(blocks)
    assert blocks[0].t[0] < bed.start_s + 2.5
    assert not any(block.gap for block in blocks)
    assert bed.health.faults() == ()


def test_nobody_there_is_no_bus_error():
    bed = Bed()
    bed.bus.unplug(0x68)
    bed.run(60.0)
    assert "bus_errors" not in bed.health.facts()


def test_any_short_answer_is_asked_for_again():
    first, last = transfers_of(3.0)
    for n in range(first + 1, last):
        bed = Bed()
        bed.bus.short_at = {n}
        blocks = bed.run(3.0)
        assert_true(blocks)
        assert bed.told == []


@pytest.mark.parametrize("error", [errno.EREMOTEIO, errno.EIO])
def test_a_bus_that_often_fails_never_brings_a_wrong_number(error):
    bed = Bed(rate_error=0.02)
    bed.bus.fail_sometimes(0.02, seed=7, error=error)
    blocks = bed.run(300.0)
    assert_true(blocks)
    assert sum(len(block.t) for block in blocks) > 0.8 * 300.0 * 102.0
    assert bed.health.facts()["bus_errors"] > 15


def test_four_failures_running_are_a_chip_that_has_gone():
    bed = Bed()
    bed.bus.fail_between(bed.start_s + 10.0, bed.start_s + 10.6)
    blocks = bed.run(20.0)
    assert_true(blocks)
    [length] = gaps(blocks)
    assert 0.5 < length < 2.0
    assert [over for *_, over in bed.told] == [False, True]
    assert "nobody answers" in bed.sentences[0]
    assert bed.health.facts()["gaps"] == 1
    assert bed.opened == 1  # the same bus all along


def test_ten_minutes_of_silence_and_back():
    bed = Bed(rate_error=-0.03)
    bed.bus.fail_between(bed.start_s + 100.0, bed.start_s + 700.0)
    seen = []
    bed.at(400.0, lambda: seen.extend(bed.health.faults()))
    bed.at(400.0, lambda: seen.append(bed.health.age_s("samples")))
    blocks = bed.run(900.0)
    assert_true(blocks)
    [length] = gaps(blocks)
    assert 600.0 < length < 632.0
    fault, age_s = seen
    assert fault.part == "sensor"
    assert fault.since_s == pytest.approx(bed.start_s + 100.0, abs=1.0)
    assert 299.0 < age_s < 331.0  # this clock jumps from wait to wait
    assert bed.health.faults() == ()


def test_waits_grow_to_thirty_seconds_and_start_small_again():
    bed = Bed()
    looked: list[float] = []
    transfer = bed.bus.transfer

    def watched(address: int, write: bytes, read: int = 0) -> bytes:
        if write == b"\x75" and address == 0x68:
            looked.append(round(bed.now_s, 1))
        return transfer(address, write, read)

    bed.bus.transfer = watched
    bed.bus.unplug(0x68)
    bed.at(150.0, lambda: bed.bus.plug(0x68, bed.chip))
    bed.at(200.0, lambda: bed.bus.unplug(0x68))
    bed.run(203.0)
    waits = np.diff(sorted(set(looked)))
    waits = waits[waits > 0.15]  # less is the bus being patient with a chip it knows
    assert waits[:9].tolist() == pytest.approx([0.5, 1, 2, 4, 8, 16, 30, 30, 30])
    assert waits[-1] == pytest.approx(1.0, abs=0.11)


@pytest.mark.parametrize("second", [1.0, 30.0, 31.7])
@pytest.mark.parametrize("identity", [0x68, 0x71])
def test_a_brown_out_is_noticed_at_once(second, identity):
    bed = Bed(identity=identity)
    bed.at(second, bed.chip.brown_out)
    blocks = bed.run(60.0)
    assert_true(blocks)
    [length] = gaps(blocks)
    assert length < 5.0
    [(noticed, part, sentence, over), (_, _, _, cleared)] = bed.told
    assert second < noticed < second + 1.5
    assert (part, over, cleared) == ("sensor", False, True)
    assert "lost its settings" in sentence


def test_a_setting_that_changes_by_itself_is_noticed_within_five_seconds():
    bed = Bed()
    bed.at(30.0, lambda: bed.bus.transfer(0x68, b"\x1c\x18"))  # a bit flips: 16 g full scale
    bed.run(60.0)
    [(noticed, _, sentence, _), _] = bed.told
    assert noticed < 35.0
    assert "register 0x1c" in sentence


def test_a_stalled_program_loses_samples_and_says_so():
    bed = Bed()
    bed.at(30.0, lambda: bed.clock.advance(20.0))
    blocks = bed.run(80.0)
    assert_true(blocks)
    [length] = gaps(blocks)
    assert 19.0 < length < 23.0
    assert bed.health.facts()["overruns"] == 1
    assert bed.told == []  # the chip is well


def test_a_stall_that_the_fifo_outlasts_loses_nothing():
    bed = Bed()
    bed.at(30.0, lambda: bed.clock.advance(1.1))
    blocks = bed.run(60.0)
    assert_true(blocks)
    assert gaps(blocks) == []


def test_a_frozen_chip_is_called_so_and_set_up_anew():
    bed = Bed()
    bed.at(30.0, bed.chip.freeze)
    blocks = bed.run(60.0)
    [(noticed, _, sentence, _), (recovered, _, _, _)] = bed.told
    assert "the same values again and again" in sentence
    assert 35.0 < noticed < 36.0
    assert recovered < 38.0
    after = [block for block in blocks if block.t[0] > bed.start_s + noticed]
    assert after[0].gap
    assert_true(after)


def test_a_chip_that_stays_frozen_brings_no_more_blocks():
    bed = Bed(noise_ug=0.0)
    bed.chip.brown_out()
    still = Mpu6050Model(bed.clock, lambda t: np.full((len(t), 3), 0.5), noise_ug=0.0)
    bed.bus.plug(0x68, still)
    bed.at(200.0, lambda: bed.bus.plug(0x68, bed.chip))
    blocks = bed.run(300.0)
    frozen = [block for block in blocks if block.t[0] < bed.start_s + 200.0]
    assert frozen[-1].t[-1] < bed.start_s + 7.0
    alive = blocks[len(frozen) :]
    assert alive[0].gap
    assert_true(alive)
    assert [over for *_, over in bed.told][-1]


class Mute:
    """A chip whose FIFO stays empty although its registers are as they should be."""

    def __init__(self, chip: Mpu6050Model) -> None:
        self.chip, self.pointer = chip, 0

    def write(self, data: bytes) -> None:
        self.pointer = data[0]
        self.chip.write(data)

    def read(self, length: int) -> bytes:
        return bytes(length) if self.pointer == 0x72 else self.chip.read(length)


def test_a_chip_without_samples_is_called_so():
    bed = Bed()
    bed.at(30.0, lambda: bed.bus.plug(0x68, Mute(bed.chip)))
    bed.at(60.0, lambda: bed.bus.plug(0x68, bed.chip))
    blocks = bed.run(120.0)
    assert_true(blocks)
    assert "no samples at all" in bed.sentences[0]
    assert len(gaps(blocks)) == 1
    assert bed.health.faults() == ()


class Stranger:
    """An ICM-20948, for which there is no driver."""

    def __init__(self) -> None:
        self.pointer = 0

    def write(self, data: bytes) -> None:
        self.pointer = data[0]

    def read(self, length: int) -> bytes:
        return bytes([0xEA if self.pointer == 0x00 else 0x33]) * length


def test_a_chip_that_is_swapped_for_a_wrong_one_and_back():
    bed = Bed()
    bed.at(20.0, lambda: bed.bus.unplug(0x68))
    bed.at(30.0, lambda: bed.bus.plug(0x68, Stranger()))
    bed.at(90.0, lambda: bed.bus.plug(0x68, bed.another(0x70)))
    blocks = bed.run(150.0)
    assert_true(blocks)
    assert any("ICM-20948 at 0x68" in sentence for sentence in bed.sentences)
    assert bed.health.faults() == ()
    assert bed.health.facts()["sensor"] == "MPU-6500 at 0x68"
    [length] = gaps(blocks)
    assert 70.0 < length < 101.0


def test_a_quick_swap_is_a_brown_out():
    bed = Bed()
    bed.at(20.0, lambda: bed.bus.plug(0x68, bed.another(0x71)))
    blocks = bed.run(40.0)
    assert_true(blocks)
    assert bed.health.facts()["sensor"] == "MPU-9250 at 0x68"
    assert all(length < 5.0 for length in gaps(blocks))


def test_a_bus_that_is_not_there_at_the_start_is_a_fault_and_comes_later():
    bed = Bed()

    def open_bus() -> I2CBus:
        if bed.now_s < 10.0:
            raise BusError("there is no I2C bus /dev/i2c-1: turn it on")
        return bed.open_bus()

    sampler = bed.sampler(open_bus)
    assert sampler.imu is None
    blocks = bed.run(40.0, sampler)
    assert bed.sentences == ["there is no I2C bus /dev/i2c-1: turn it on"]
    assert not any(block.gap for block in blocks)  # nothing was lost before the first sample
    assert bed.start_s + 10.0 < blocks[0].t[0] < bed.start_s + 26.0
    assert sampler.imu is not None
    assert sampler.imu.die_temperature_c() == pytest.approx(31.0, abs=0.1)


class Adapter(SimulatedI2C):
    """A bus on an adapter that may be pulled out; a new one is another bus."""

    closed = False

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("error", [errno.ENODEV, errno.ESHUTDOWN])
def test_an_adapter_that_was_pulled_out_and_put_back(error):
    bed = Bed()
    first, second = Adapter(bed.clock, {0x68: bed.chip}), Adapter(bed.clock, {0x68: bed.chip})
    first.fail_between(bed.start_s + 20.0, float("inf"), error)

    def open_bus() -> I2CBus:
        if bed.now_s < 20.0:
            return first
        if bed.now_s < 50.0:
            raise BusError("there is no I2C bus /dev/i2c-1: turn it on")
        return second

    blocks = bed.run(120.0, bed.sampler(open_bus))
    assert_true(blocks)
    assert first.closed
    assert not second.closed
    assert "there is no I2C bus /dev/i2c-1: turn it on" in bed.sentences
    [length] = gaps(blocks)
    assert 30.0 < length < 63.0
    assert bed.health.faults() == ()


def test_a_bus_on_which_nothing_works_is_opened_anew():
    bed = Bed()
    stuck = Adapter(bed.clock, {0x68: bed.chip})
    stuck.fail_between(bed.start_s + 20.0, float("inf"), errno.ETIMEDOUT)
    buses: list[I2CBus] = [stuck, bed.bus]
    blocks = bed.run(60.0, bed.sampler(lambda: buses.pop(0)))
    assert_true(blocks)
    assert stuck.closed
    assert buses == []
    assert len(gaps(blocks)) == 1


def test_a_bus_that_only_lost_its_chip_for_a_moment_is_kept():
    bed = Bed()
    bed.bus.fail_between(bed.start_s + 10.0, bed.start_s + 11.0)
    bed.run(30.0)
    assert bed.opened == 1


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("rate_error", [0.0, 0.04, -0.04])
def test_every_chip_gives_all_its_samples_at_their_true_times(name, rate_error):
    address, model, nominal_hz = OTHERS[name]
    bed = Bed(address, model, rate_error=rate_error)
    blocks = bed.run(120.0)
    t = np.concatenate([block.t for block in blocks])
    assert (np.diff(t) > 0.0).all()
    assert not any(block.gap for block in blocks)
    coarse_s = TURN_S / (256.0 if name == "ADXL345" else 1000.0)
    for block in blocks:
        assert np.abs(block.t - happened_at(block, block.t)).max() < 0.06 + coarse_s
    true_hz = nominal_hz * (1.0 + rate_error)
    assert len(t) == pytest.approx(119.5 * true_hz, abs=0.6 * true_hz)
    assert bed.told == []
    assert bed.health.facts()["sensor"] == f"{name} at {address:#04x}"
    assert bed.health.facts()["odr_hz"] == pytest.approx(true_hz, rel=2e-3)


@pytest.mark.parametrize("name", OTHERS)
def test_every_chip_comes_back_from_whatever_befalls_it(name):
    address, model, _ = OTHERS[name]
    bed = Bed(address, model, noise_ug=300.0)
    bed.bus.fail_sometimes(0.01, seed=3)
    bed.at(20.0, bed.chip.brown_out)
    bed.at(40.0, bed.chip.freeze)
    bed.at(60.0, lambda: bed.clock.advance(30.0))
    bed.at(100.0, lambda: bed.bus.unplug(address))
    bed.at(110.0, lambda: bed.bus.plug(address, bed.chip))
    blocks = bed.run(140.0)
    lengths = gaps(blocks)
    assert len(lengths) == 4
    assert blocks[-1].t[-1] > bed.start_s + 138.0
    assert bed.health.faults() == ()
    told = " ".join(bed.sentences)
    for words in ("lost its settings", "the same values again and again", "nobody answers"):
        assert words in told
    for block in blocks:
        np.testing.assert_allclose(block.accel[:, 1:], [[0.0, 0.8]] * len(block.t), atol=0.02)


def test_equal_values_are_no_fault_where_a_count_is_wider_than_the_noise():
    bed = Bed(0x18, Lis3dhModel, noise_ug=0.0)
    bed.chip.brown_out()
    bed.bus.plug(0x18, Lis3dhModel(bed.clock, lambda t: np.full((len(t), 3), 0.5), noise_ug=0.0))
    fine = bed.run(20.0)
    assert "again and again" in bed.sentences[0]
    assert fine[-1].t[-1] < bed.start_s + 7.0
    bed = Bed(0x18, Lis3dhModel)
    bed.bus.plug(0x18, Lis3dhModel(bed.clock, lambda t: np.full((len(t), 3), 0.5), noise_ug=0.0))
    coarse = bed.run(20.0, bed.sampler(full_scale_g=16))
    assert bed.told == []
    assert coarse[-1].t[-1] > bed.start_s + 19.0


def test_samples_that_somebody_else_took_are_a_gap():
    bed = Bed()
    bed.at(60.2, lambda: bed.bus.transfer(0x68, b"\x74", 6 * 20))
    bed.at(60.6, lambda: bed.bus.transfer(0x68, b"\x74", 6 * 20))
    blocks = bed.run(120.0)
    t = np.concatenate([block.t for block in blocks])
    assert (np.diff(t) > 0.0).all()
    assert len(gaps(blocks)) == 1
    assert_true([block for block in blocks if block.t[0] > bed.start_s + 62.0])


@pytest.mark.parametrize("rate_error", [0.2, -0.2])
def test_a_clock_that_is_far_off_is_a_fault_but_times_stay_true(rate_error):
    bed = Bed(rate_error=rate_error)
    blocks = bed.run(300.0)
    assert_true([block for block in blocks if block.t[0] > bed.start_s + 10.0])
    assert gaps(blocks) == []
    [(noticed, part, sentence, over)] = bed.told
    assert (part, over) == ("sensor clock", False)
    assert noticed < 70.0
    assert "100 samples a second" in sentence


def test_a_fault_of_the_program_comes_through():
    bed = Bed()

    def broken() -> I2CBus:
        raise RuntimeError("a slip in the wiring")

    with pytest.raises(RuntimeError, match="a slip"):
        bed.run(10.0, bed.sampler(broken))


def test_a_fault_of_the_reader_is_not_taken_for_one_of_the_bus():
    bed = Bed()
    blocks = bed.sampler().blocks(threading.Event())
    next(blocks)
    with pytest.raises(BusError):
        raise BusError("from elsewhere")
    blocks.close()
    assert bed.told == []


def test_it_stops_at_once_while_it_waits_for_a_chip():
    looked, stop = threading.Event(), threading.Event()
    clock = SystemClock()
    health = Health(clock, [lambda _fault, _over: looked.set()])
    sampler = Sampler(lambda: SimulatedI2C(clock), clock, health, ImuSettings())
    thread = threading.Thread(target=lambda: list(sampler.blocks(stop)))
    thread.start()
    assert looked.wait(5.0)
    stop.set()
    thread.join(1.0)
    assert not thread.is_alive()
