import attrs
import pytest

from bedside.settings import setting


@attrs.frozen
class LampSettings:
    """The lamp."""

    level: float = setting(5.0, "How bright.", unit="%", low=0.0, high=100.0)
    colour: str = setting("warm", "Which colour.", choices=("warm", "red"))


def test_a_setting_carries_its_own_manual():
    level = attrs.fields(LampSettings).level

    assert level.default == 5.0
    assert level.metadata["doc"] == "How bright."
    assert level.metadata["unit"] == "%"


@pytest.mark.parametrize("value", [0.0, 100.0, 0.5])
def test_limits_are_inclusive(value):
    assert LampSettings(level=value).level == value


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"level": -1.0}, "-1.0 is below the lowest value, 0"),
        ({"level": 101.0}, "101.0 is above the highest value, 100"),
        ({"level": float("nan")}, "nan is below"),
        ({"colour": "blue"}, "'blue' is not one of 'warm', 'red'"),
    ],
)
def test_what_is_out_of_bounds_is_refused(given, says):
    with pytest.raises(ValueError, match=says):
        LampSettings(**given)
