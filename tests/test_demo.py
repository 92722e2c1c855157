import socket

import pytest

from bedside import demo
from bedside.errors import BedsideError
from bedside.store import Archive, StoreSettings


def test_a_port_that_is_taken_is_told_before_the_night(bedside, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        answer = bedside("demo", "--port", port, "--folder", tmp_path / "night")

    assert answer.status == 1
    assert f"port {port} is already in use" in answer.err
    assert "--port" in answer.err
    assert answer.out == ""


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path):
    (tmp_path / "diary.txt").write_text("mine")

    with pytest.raises(BedsideError, match=r"diary\.txt"):
        demo.play(profile="quiet", seed=1, folder=tmp_path, port=0, once=True)

    assert (tmp_path / "diary.txt").read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(BedsideError, match="--folder"):
        demo.play(profile="quiet", seed=1, folder=tmp_path / "file" / "x", port=0, once=True)


def test_an_unknown_profile_is_told(bedside, tmp_path):
    answer = bedside("demo", "--profile", "nobody", "--folder", tmp_path / "night", "--once")

    assert answer.status == 2
    assert "ordinary" in answer.err


@pytest.mark.slow
def test_a_night_from_bed_to_report(bedside, tmp_path):
    folder = tmp_path / "night"
    answer = bedside("demo", "--once", "--port", 0, "--folder", folder)
    left = {path.name for path in folder.iterdir()}
    settings = tmp_path / "bed.toml"
    settings.write_text(f"[store]\nfolder = '{folder}'\n")

    report = bedside("report", "--config", settings)

    assert answer.status == report.status == 0
    opening = answer.out.strip().splitlines()[-1]
    assert "twitches in" in opening
    assert opening.split(".")[0] in " ".join(report.out.split())
    assert bedside("nights", "--config", settings).out.count("20") >= 1
    assert left == {"access.db", "bedside.db"}
    with Archive(StoreSettings(folder=str(folder))) as archive:
        recorded = archive.recorded(0.0, 4e9)
    lit_s = [change.t_s for change in recorded.light if change.cause == "out of bed"]
    left_s = [each.end_s for each in recorded.movements if each.kind == "bed_exit"]
    assert lit_s == [pytest.approx(left_s[0], abs=5.0)]
