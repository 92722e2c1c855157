from collections import Counter

import pytest

from bedside.bench.figures import EventFigures, NightFigures
from bedside.bench.plan import Assignment, Played


def make_played(profile="ordinary", sensor="mpu6050", *, hits=95, false=1, theirs=60):
    """A night with round numbers: 100 movements, of which `hits` were found."""
    return Played(
        Assignment(profile, sensor, 5000, 8 * 3600.0),
        EventFigures(
            nights=1,
            hours=8.0,
            hits=hits,
            missed=100 - hits,
            false=Counter(door=false),
            at_level=Counter({4.0: 50, 10.0: 50}),
            found_at_level=Counter({4.0: hits - 50, 10.0: 50}),
            loud_jerks=20,
            loud_jerks_found=20,
            disturbances=Counter(door=20, steps=10, partner=10),
            disturbed=Counter(door=false),
            all_disturbances=Counter(door=40, steps=10, partner=10),
            onset_error_s=[0.05, -0.1, 0.2],
        ),
        NightFigures(
            kinds=Counter({("jerk", "jerk"): hits - 5, ("jerk", "limb_movement"): 5}),
            series_true=Counter(periodic=2),
            series_found=Counter(periodic=2),
            index=[(10.0, 10.5)],
            plain_nights=1,
            plain_nights_clean=1,
            minutes=480,
            minutes_right=478,
            changes=2,
            changes_right=2,
            sol_nights=1,
            sol_told=1,
            sol_error_s=[120.0],
            tst_error_s=[600.0],
            breath_minutes=400,
            breath_told=300,
            breath_error=[0.2, -0.4],
            cpu_s=1.5,
        ),
        EventFigures(nights=1, hours=8.0, hits=theirs, missed=100 - theirs, false=Counter(door=9)),
        ["     10.00  missed jerk"],
    )


@pytest.fixture
def played():
    """Make one night's result, with the figures that matter to the test."""
    return make_played
