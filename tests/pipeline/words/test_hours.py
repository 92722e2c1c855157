from bedside.pipeline.samples import Span
from bedside.pipeline.words.hours import by_hour
from bedside.pipeline.words.times import Times

HOUR = 3600.0


def test_movements_are_shared_among_the_hours_of_the_wall(night, move):
    moved = [
        move(2.4 * HOUR, "jerk"),
        move(2.6 * HOUR, "jerk"),
        move(2.7 * HOUR, "turn"),
        move(2.8 * HOUR),
        move(2.9 * HOUR, "disturbance", cause="door"),
        move(2.95 * HOUR, "turn", far=True),
    ]
    heard = (Span(0.0, 5 * HOUR), Span(5.5 * HOUR, 8 * HOUR))

    hours = by_hour(night(*moved, heard=heard), Times(((0.0, 22.5 * HOUR),), 0.0))

    assert [hour.label for hour in hours] == ["22", "23", "0", "1", "2", "3", "4", "5", "6"]
    assert (hours[2].jerks, hours[2].turns) == (1, 0)
    assert (hours[3].jerks, hours[3].limb_movements, hours[3].turns) == (1, 1, 1)
    assert hours[3].disturbances == 2
    assert [hour.heard_s for hour in hours] == [1800.0] + [HOUR] * 4 + [HOUR / 2] + [HOUR] * 2 + [
        1800.0
    ]
    assert (hours[3].asleep_s, hours[8].asleep_s) == (HOUR - 30.0, 600.0)


def test_an_empty_bed_has_no_hours(night):
    assert by_hour(night(presence=()), Times((), 0.0)) == []
