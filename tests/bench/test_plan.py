import pytest

from bedside.bench.plan import Plan, PlanRefused
from bedside.bench.seeds import SeedsRefused
from bedside.simulator.profiles import PROFILES
from bedside.simulator.sensors import SENSORS


def test_a_plan_is_every_profile_on_every_sensor_with_every_seed():
    nights = Plan(count=2, with_peer=False).assignments()
    assert len(nights) == len(set(nights)) == len(PROFILES) * len(SENSORS) * 2
    assert {night.seed for night in nights} == {5000, 5001}


def test_some_profiles_and_sensors_can_be_chosen():
    plan = Plan("tuning", ("slat",), ("mpu6050", "adxl355"), 1, 7, 3600.0, with_peer=False)
    assert [(n.profile, n.sensor, n.seed) for n in plan.assignments()] == [
        ("slat", "mpu6050", 7),
        ("slat", "adxl355", 7),
    ]


@pytest.mark.parametrize(("purpose", "first"), [("tuning", 5000), ("held-out", 999)])
def test_seeds_of_the_other_purpose_are_refused(purpose, first):
    with pytest.raises(SeedsRefused):
        Plan(purpose, first=first, with_peer=False).assignments()


def test_an_unknown_profile_is_named_beside_those_there_are():
    with pytest.raises(PlanRefused, match="no profile 'loud'; there are quiet, ordinary"):
        Plan(profiles=("loud",), with_peer=False).assignments()


def test_an_unknown_sensor_is_named():
    with pytest.raises(PlanRefused, match="no sensor 'geophone'"):
        Plan(sensors=("geophone",), with_peer=False).assignments()


@pytest.mark.parametrize("plan", [Plan(count=0), Plan(duration_s=60.0)])
def test_a_run_without_a_night_is_refused(plan):
    with pytest.raises(PlanRefused, match="at least one seed"):
        plan.assignments()


def test_the_quick_run_is_short_and_keeps_to_its_seeds():
    assert sum(night.duration_s for night in Plan.quick(with_peer=False).assignments()) <= 7200.0
    assert Plan.quick("tuning").seeds() == range(1)
