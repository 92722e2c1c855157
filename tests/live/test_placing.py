import numpy as np
import pytest

from bedside.live.placing import judge, quiet

FLAT, OVER, SIDE, ASKEW = (0, 0, 1), (0, 0, -1), (0, 1, 0), (0.0, 0.6, 0.8)


@pytest.mark.parametrize("late_s", [3.5, 1e6])
def test_a_sensor_that_does_not_answer(live, pour, still, late_s):
    end_s = pour(live, still(30.0))

    assert judge([], 100.0).step == "sensor"
    assert judge(live.slots(), end_s + late_s).step == "sensor"
    assert judge(live.slots(), end_s + 1.0).step == "tap"


@pytest.mark.parametrize(
    ("down", "way"),
    [
        (FLAT, "flat"),
        (OVER, "upside down"),
        (SIDE, "on its side"),
        ((-1, 0, 0), "on its side"),
        (ASKEW, "askew"),
    ],
)
def test_how_it_lies(live, pour, still, down, way):
    end_s = pour(live, still(20.0, down=down))

    lie = judge(live.slots(), end_s).lie

    assert lie.way == way
    assert lie.g == pytest.approx(1.0, abs=0.01)
    assert lie.slid_deg < 0.5


def test_a_sensor_in_the_hand_lies_nowhere_yet(live, pour, still):
    t = np.arange(0, 10, 0.01)
    turning = np.column_stack([np.sin(t), 0 * t, np.cos(t)])
    end_s = pour(live, turning)
    in_hand = judge(live.slots(), end_s)
    end_s = pour(live, still(5.0), start_s=end_s)

    assert (in_hand.step, in_hand.lie.way) == ("lies", "")
    assert (judge(live.slots(), end_s).step, judge(live.slots(), end_s).lie.way) == ("tap", "flat")


def test_a_sensor_that_slides_is_told(live, pour, still):
    angle = np.radians(np.linspace(0.0, 9.0, 6000))
    xyz = still(60.0)
    xyz[:, 0] += np.sin(angle)
    end_s = pour(live, xyz)

    assert judge(live.slots(), end_s).lie.slid_deg == pytest.approx(9.0, abs=0.7)


def test_a_scale_that_is_wrong_shows(live, pour, still):
    end_s = pour(live, 0.5 * still(20.0))

    assert judge(live.slots(), end_s).lie.g == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("noise_mg", [0.3, 4.0])
@pytest.mark.parametrize("tau_s", [0.05, 0.25])
@pytest.mark.parametrize("every_s", [0.7, 1.0, 2.3])
def test_taps_are_felt_and_counted(live, pour, tapped, noise_mg, tau_s, every_s):
    at = [20.0 + every_s * tap for tap in range(4)]
    end_s = pour(live, tapped(34.0, at, peak_mg=120.0, tau_s=tau_s, noise_mg=noise_mg))

    placing = judge(live.slots(), end_s)

    assert len(placing.taps) == 4
    assert min(placing.taps) > 5.0
    assert placing.step == "still"


def test_a_tap_is_told_by_how_far_it_stands_out(live, pour, tapped):
    end_s = pour(live, tapped(30.0, [20.0, 22.0], peak_mg=60.0, noise_mg=1.0))

    placing = judge(live.slots(), end_s)

    assert placing.step == "tap"  # two are not enough
    assert placing.taps == pytest.approx([36.0 / placing.quiet_mg] * 2, rel=0.3)


def test_what_lasts_longer_is_no_tap(live, pour, still):
    t = np.arange(0, 30, 0.01)
    xyz = still(30.0)
    xyz[:, 2] += 0.08 * np.sin(2 * np.pi * 6 * t) * ((t > 15) & (t < 20))
    end_s = pour(live, xyz)

    assert judge(live.slots(), end_s).taps == ()


def test_a_heart_is_no_tap(bed):
    slots, _ = bed("slat", "adxl355", 2)

    assert [judge(slots[:end], slots[end - 1].t_s).taps for end in (300, 400)] == [(), ()]


def test_noise_is_no_tap(live, pour, still):
    end_s = pour(live, still(120.0, noise_mg=4.0))

    assert judge(live.slots(), end_s).taps == ()


def test_whoever_is_felt_to_breathe_has_found_the_place(bed):
    slots, _ = bed("ordinary", "mpu6050", from_s=300.0, to_s=360.0)

    placing = judge(slots, slots[-1].t_s)

    assert (placing.step, placing.breath.grade) == ("leave", "good")
    assert 9.0 < placing.breath.per_min < 20.0


def test_a_tapped_bed_with_nobody_in_it_waits_for_somebody(live, pour, tapped):
    end_s = pour(live, tapped(60.0, [10.0, 12.0, 14.0]))

    placing = judge(live.slots(), end_s)

    assert (placing.step, placing.breath.grade) == ("still", "none")


def test_errors_and_gaps_are_counted_meanwhile(live, health, pour, still):
    health.count("bus_errors")
    end_s = pour(live, still(10.0))
    for _ in range(3):
        health.count("bus_errors")
    end_s = pour(live, still(10.0), start_s=end_s + 2.0, gap=True)

    placing = judge(live.slots(), end_s)

    assert (placing.bus_errors, placing.gaps) == (3, 1)


def test_the_first_moment(live, pour, still):
    end_s = pour(live, still(0.5))

    placing = judge(live.slots(), end_s)

    assert len(live.slots()) == 2
    assert placing.step == "lies"
    assert placing.taps == ()
    assert quiet(live.slots()) > 0.0
