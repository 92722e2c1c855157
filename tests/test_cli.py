import json

import pytest

from bedside import __version__
from bedside.cli import SLEEPERS, cli
from bedside.simulator.profiles import PROFILES

COMMANDS = [
    [],
    ["run"],
    ["demo"],
    ["score"],
    ["series"],
    ["nights"],
    ["report"],
    ["config"],
    ["config", "check"],
    ["config", "show"],
    ["config", "manual"],
    ["doctor"],
    ["bench"],
    ["light"],
    ["light", "test"],
    ["light", "off"],
    ["schedule"],
    ["support"],
    ["pair"],
    ["password"],
]


def one_sentence(answer):
    assert answer.status == 1
    assert answer.out == ""
    assert answer.err.startswith("bedside: ")
    assert "Traceback" not in answer.err
    assert len(answer.err.strip().splitlines()) == 1
    return answer.err


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(bedside, command):
    answer = bedside(*command, "--help")

    assert answer.status == 0
    assert "Usage: bedside" in answer.out
    assert len(answer.out.splitlines()) > 4


def test_every_command_is_explained_in_the_readme(request):
    readme = (request.config.rootpath / "README.md").read_text()
    for name in cli.commands:
        assert f"`bedside {name}" in readme, name


def test_every_sleeper_can_be_asked_for():
    assert set(SLEEPERS) == set(PROFILES)


def test_the_version(bedside):
    assert bedside("--version").out.strip() == f"bedside, version {__version__}"


def test_a_run_without_settings_says_how_to_get_some(bedside, tmp_path):
    err = one_sentence(bedside("run", "--config", tmp_path / "none.toml"))

    assert "none.toml" in err
    assert "bedside config manual >" in err


def test_all_mistakes_of_the_settings_are_told_at_once(bedside, tmp_path):
    file = tmp_path / "bed.toml"
    file.write_text("[sensor]\nodr = 100\nfull_scale_g = 3\n\n[web]\nport = '8080'\n")

    answer = bedside("config", "check", file)

    assert answer.status == 1
    lines = answer.err.strip().splitlines()
    assert len(lines) == 3
    assert f"{file}:2: [sensor] odr" in lines[0]
    assert "'odr_hz'" in lines[0]
    assert f"{file}:3: [sensor] full_scale_g" in lines[1]
    assert f"{file}:6: [web] port" in lines[2]


def test_what_two_sections_want_at_once_is_a_mistake_too(bedside, tmp_path):
    file = tmp_path / "bed.toml"
    file.write_text('[light]\npins = "18"\n[button]\npin = 18\n')

    err = one_sentence(bedside("config", "check", file))

    assert f"{file}:4: [button] pin: GPIO 18 has two jobs" in err


def test_right_settings_are_praised(bedside, tmp_path):
    file = tmp_path / "bed.toml"
    file.write_text(bedside("config", "manual").out)

    answer = bedside("config", "check", file)

    assert (answer.status, answer.out) == (0, f"{file}: no mistakes.\n")


def test_settings_in_force_are_shown(bedside, tmp_path):
    file = tmp_path / "bed.toml"
    file.write_text("[sensor]\nodr_hz = 50.0\n")

    answer = bedside("config", "show", "--config", file)

    assert answer.status == 0
    assert "odr_hz = 50.0" in answer.out


def test_the_doctor_says_by_its_status_whether_a_night_could_be_recorded(bedside, tmp_path):
    file = tmp_path / "bed.toml"
    file.write_text(f"[sensor]\nbus = 98\n[store]\nfolder = '{tmp_path}'\n")

    answer = bedside("doctor", "--config", file, "--json")

    found = json.loads(answer.out)
    assert answer.status == (0 if found["can_record"] else 1)
    assert {"ok", "fail"} <= {finding["level"] for finding in found["findings"]}


def test_the_doctor_goes_on_when_the_settings_are_broken(bedside, tmp_path):
    file = tmp_path / "bed.toml"
    file.write_text("[sensor]\nodr = 100\n")

    answer = bedside("doctor", "--config", file)

    assert answer.status == 1
    assert "odr" in answer.out
    assert "I2C" in answer.out


@pytest.mark.parametrize("command", ["nights", "report"])
def test_no_night_yet_is_a_sentence(bedside, tmp_path, command):
    file = tmp_path / "bed.toml"
    file.write_text(f"[store]\nfolder = '{tmp_path}'\n")

    answer = bedside(command, "--config", file)

    assert answer.status == 1
    assert "Traceback" not in answer.err
    assert "bedside:" in answer.err


def test_what_the_light_will_do_is_printed(bedside, tmp_path):
    file = tmp_path / "bed.toml"
    file.write_text("[light]\npins = '18'\nalarm = '07:00'\n[clock]\ntime_zone = 'UTC'\n")

    assert "06:30  sunrise" in bedside("schedule", "--config", file).out
    file.write_text("")
    assert "Nothing" in bedside("schedule", "--config", file).out


def test_a_light_without_pins_is_a_sentence(bedside, tmp_path):
    file = tmp_path / "bed.toml"
    file.write_text("")

    assert "[light] pins" in one_sentence(bedside("light", "test", "--config", file))
    assert bedside("light", "off", "--config", file).status == 0


def series_file(tmp_path, events):
    file = tmp_path / "events.json"
    file.write_text(events if isinstance(events, str) else json.dumps(events))
    return file


def test_a_series_is_found_in_a_list_of_movements(bedside, tmp_path):
    events = [
        {"start_s": 30.0 * i, "end_s": 30.0 * i + 2, "kind": "limb_movement"} for i in range(5)
    ]

    answer = bedside("series", series_file(tmp_path, events), "--json")

    assert json.loads(answer.out) == {
        "series": [
            {"kind": "periodic", "start_s": 0.0, "end_s": 122.0, "count": 5, "median_imi_s": 30.0}
        ]
    }
    assert "periodic" in bedside("series", series_file(tmp_path, events)).out


def test_the_rule_decides_over_short_intervals(bedside, tmp_path):
    events = [{"start_s": 7.0 * i, "end_s": 7.0 * i + 2, "kind": "limb_movement"} for i in range(5)]
    file = series_file(tmp_path, events)

    found = {
        rule: bedside("series", file, "--rule", rule, "--json").out for rule in ("wasm", "aasm")
    }

    assert json.loads(found["wasm"])["series"] == []
    assert [each["count"] for each in json.loads(found["aasm"])["series"]] == [5]


@pytest.mark.parametrize(
    "events",
    ["", "[", "{}", "3", '[{"start_s": 1}]', '[{"start_s": 2, "end_s": 1, "kind": "jerk"}]'],
)
def test_events_that_are_none_are_refused(bedside, tmp_path, events):
    assert "events.json" in one_sentence(bedside("series", series_file(tmp_path, events)))


def test_events_in_no_file_are_refused(bedside, tmp_path):
    assert "none.json" in one_sentence(bedside("series", tmp_path / "none.json"))


@pytest.mark.parametrize("name", ["none.csv", "none.npz", "none.edf", "night.txt"])
def test_a_recording_that_is_not_there_is_refused(bedside, tmp_path, name):
    assert name in one_sentence(bedside("score", tmp_path / name, "--json"))


def test_unknown_commands_and_options_are_refused_with_their_usage(bedside):
    for words in (["snore"], ["score"], ["score", "a.csv", "--rate", "fast"]):
        answer = bedside(*words)
        assert answer.status == 2
        assert "Usage:" in answer.err
