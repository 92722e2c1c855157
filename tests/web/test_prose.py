from bedside.web.language import known
from bedside.web.prose import prose


def test_a_number_and_its_unit_stay_together():
    assert prose("49 twitches in 7 h 12 min, 3 s apart") == (
        "49 twitches in 7\xa0h\xa012\xa0min, 3\xa0s apart"
    )
    assert prose("18 to 21 °C, 89 %") == "18 to 21\xa0°C, 89\xa0%"
    assert prose("3 hours, 4 stretches") == "3 hours, 4 stretches"


def test_commands_are_marked():
    assert prose("run `bedside doctor`.") == "run <code>bedside doctor</code>."
    assert prose("a ` alone") == "a ` alone"


def test_everything_else_is_escaped():
    assert prose("<b>`<i>`&</b>") == "&lt;b&gt;<code>&lt;i&gt;</code>&amp;&lt;/b&gt;"


def test_decimals_are_those_of_the_reader():
    assert prose("2.4 to 3.0 an hour", known("de")) == "2,4 to 3,0 an hour"
    assert prose("19.6 °C", known("fr")) == "19,6\xa0°C"
