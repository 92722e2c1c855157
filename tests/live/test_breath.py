import numpy as np
import pytest

from bedside.live.breath import breathing, still_s

SENSORS = ["adxl355", "lsm6dso", "mpu6050"]


def judged(bed, *who, **how):
    """Give (when, judged) every five seconds, where it was still for long enough, and the truth."""
    slots, truth = bed(*who, **how)
    found = []
    for end in range(200, len(slots) + 1, 25):
        part = slots[max(0, end - 600) : end]
        breath = breathing(part, still_s(part))
        if breath.grade is not None:
            found.append((part[-1].t_s, breath))
    assert len(found) >= 8
    return found, truth


@pytest.mark.parametrize("sensor", SENSORS)
@pytest.mark.parametrize("profile", ["ordinary", "infant", "slat", "partner"])
def test_a_sleeper_is_felt_to_breathe(bed, profile, sensor):
    found, truth = judged(bed, profile, sensor)

    grades = [breath.grade for _, breath in found]
    assert grades.count("good") >= 0.6 * len(grades)
    assert "none" not in grades
    for t_s, breath in found:
        breaths = truth.breaths[(truth.breaths[:, 0] > t_s - 30) & (truth.breaths[:, 0] < t_s), 1]
        assert breath.per_min == pytest.approx(np.mean(breaths), abs=2.0)


@pytest.mark.parametrize("sensor", SENSORS)
def test_through_a_thick_mattress_at_least_weakly(bed, sensor):
    grades = [breath.grade for _, breath in judged(bed, "thick_mattress", sensor)[0]]

    assert grades.count("none") <= 0.1 * len(grades)


@pytest.mark.parametrize("sensor", SENSORS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nobody_breathes_in_an_empty_bed(bed, sensor, seed):
    found, _ = judged(bed, "ordinary", sensor, seed, opening="never")

    assert {breath.grade for _, breath in found} == {"none"}
    assert {breath.per_min for _, breath in found} == {None}


@pytest.mark.parametrize("noise_mg", [0.1, 1.0, 5.0])
def test_noise_alone_does_not_breathe(live, pour, still, noise_mg):
    pour(live, still(100.0, noise_mg=noise_mg))

    slots = live.slots()
    grades = {breathing(slots[:end], 30.0).grade for end in range(160, len(slots), 20)}

    assert grades == {"none"}


def test_a_sensor_that_gives_one_value_does_not_breathe(live, pour, still):
    pour(live, still(60.0, noise_mg=0.0))

    assert breathing(live.slots(), still_s(live.slots())).grade == "none"


def test_it_is_still_since_the_last_push(live, pour, tapped):
    pour(live, tapped(60.0, [20.0], peak_mg=60.0))

    assert still_s(live.slots()) == pytest.approx(38.0, abs=2.0)


def test_it_is_not_still_while_somebody_pushes(live, pour, tapped):
    pour(live, tapped(30.0, list(np.arange(0.5, 30.0, 0.4)), peak_mg=80.0))

    assert still_s(live.slots()) == 0.0


def test_a_gap_ends_the_stillness(live, pour, still):
    end_s = pour(live, still(40.0))
    pour(live, still(10.0), start_s=end_s + 5.0, gap=True)

    assert still_s(live.slots()) == pytest.approx(9.0, abs=2.0)


def test_too_short_a_stillness_tells_nothing(live, pour, still):
    pour(live, still(15.0))

    assert breathing(live.slots(), still_s(live.slots())).grade is None
    assert still_s([]) == 0.0
