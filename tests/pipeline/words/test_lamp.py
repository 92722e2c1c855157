from bedside.pipeline.recorded import LightChange
from bedside.pipeline.words.lamp import settled


def test_a_dragged_slider_is_one_change():
    dragged = [LightChange(100.0 + 0.2 * step, 0.01 * step, "phone") for step in range(1, 31)]
    later = [LightChange(900.0, 0.0, "phone")]

    assert settled([*dragged, *later]) == [dragged[-1], *later]


def test_what_something_else_changed_is_told():
    changes = [
        LightChange(100.0, 0.08, "out of bed"),
        LightChange(104.0, 0.15, "button"),
        LightChange(106.0, 0.0, "phone"),
    ]

    assert settled(changes) == changes
    assert settled([]) == []
