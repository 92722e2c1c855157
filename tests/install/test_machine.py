import pytest

from bedside.errors import InstallError
from bedside.install.machine import Answer, Machine, last_words


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_a_file_is_written_once(machine, tmp_path):
    assert machine.write("/etc/some/file", "text", 0o600)
    assert not machine.write("/etc/some/file", "text")
    assert machine.write("/etc/some/file", "other")
    assert (tmp_path / "etc/some/file").read_text() == "other"
    assert [each.name for each in (tmp_path / "etc/some").iterdir()] == ["file"]


def test_a_link_is_pointed_elsewhere_in_one_step(machine, tmp_path):
    machine.link("/current", "one")
    machine.link("/current", "two")

    assert str((tmp_path / "current").readlink()) == "two"


def test_removing_twice_does_no_harm(machine, tmp_path):
    (tmp_path / "folder/deep").mkdir(parents=True)

    assert machine.remove("/folder")
    assert not machine.remove("/folder")


def test_a_link_is_removed_and_not_what_it_points_to(machine, tmp_path):
    (tmp_path / "kept").mkdir()
    machine.link("/link", "kept")
    machine.remove("/link")

    assert (tmp_path / "kept").is_dir()


def test_a_dry_run_only_says(tmp_path, capsys):
    machine = Machine(tmp_path, dry=True)
    machine.write("/file", "text")
    machine.link("/link", "there")
    status = machine.run("false").status

    assert list(tmp_path.iterdir()) == []
    assert status == 0
    assert capsys.readouterr().out.splitlines() == [
        "would write /file",
        "would point /link to there",
        "would run false",
    ]


def test_a_command_that_has_to_succeed_says_why_it_was_needed(machine):
    with pytest.raises(InstallError, match="no user: `sh` says: E: broken"):
        machine.must("sh", "-c", "echo 'E: broken'; echo more; exit 3", why="no user")


def test_a_command_that_is_not_there_or_hangs_is_an_answer(machine):
    assert machine.ask("/no/such/command").status == 127
    assert machine.ask("sh", "-c", "read forever <&1", timeout_s=0.05).status in (1, 124)
    assert machine.ask("tail", "-f", "/dev/null", timeout_s=0.05).status == 124
    assert machine.ask("echo", "well") == Answer(0, "well\n")


@pytest.mark.parametrize(
    ("out", "last"),
    [
        ("", "nothing"),
        ("one\ntwo\n\n", "two"),
        ("ERROR: no such thing\n[notice] a newer pip\n", "ERROR: no such thing"),
    ],
)
def test_last_words(out, last):
    assert last_words(out) == last
