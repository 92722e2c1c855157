import json

import pytest
from click.testing import CliRunner

from bedside.bench.command import bench
from bedside.bench.seeds import SeedsRefused

SMALL = ["--hours", "0.5", "--seeds", "1", "--jobs", "1", "--no-peer", "--profiles", "ordinary"]


def run(*arguments):
    return CliRunner().invoke(bench, [*arguments], catch_exceptions=False)


def test_help_names_every_part_and_option():
    text = run("--help").output
    for word in ("accuracy", "recordings", "speed", "tune-peer", "--tuning", "--list", "--json"):
        assert word in text


def test_a_tuning_run_says_its_tables_and_writes_everything(tmp_path):
    arguments = [*SMALL, "--sensors", "adxl355", "--tuning", "--list"]
    written = tmp_path / "new" / "bench.json"
    result = run(*arguments, "--json", str(written), "--pictures", str(tmp_path / "pictures"))
    assert result.exit_code == 0
    assert "1 simulated nights of 0.5 h, tuning seeds 0 to 0" in result.output
    assert "Verdict" in result.output
    document = json.loads(written.read_text())
    assert document["accuracy"]["plan"]["purpose"] == "tuning"
    assert document["machine"]
    assert document["measured"].endswith("+00:00")
    assert "speed" not in document
    assert len(list((tmp_path / "pictures").glob("*.svg"))) == 2


def test_figures_come_from_held_out_seeds(tmp_path):
    written = tmp_path / "bench.json"
    run("accuracy", *SMALL, "--sensors", "adxl355", "--json", str(written))
    nights = json.loads(written.read_text())["accuracy"]["nights"]
    assert [night["seed"] for night in nights] == [5000]


@pytest.mark.parametrize(
    "arguments", [["--tuning", "--first", "5000"], ["accuracy", "--first", "3"]]
)
def test_seeds_of_the_other_purpose_are_refused(arguments):
    with pytest.raises(SeedsRefused):
        run(*arguments, "--no-peer")


def test_tuning_the_peer_never_reads_a_held_out_seed():
    with pytest.raises(SeedsRefused):
        run("tune-peer", "--first", "5000", "--no-peer")
