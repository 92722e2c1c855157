"""Links, passwords and sessions, whatever the clock does meanwhile."""

import sqlite3
import threading
from contextlib import closing

import pytest

from bedside.access import Access
from bedside.access.access import LINK_LASTS_S, SESSION_LASTS_S
from bedside.errors import AccessError

DAY_S = 86_400.0
WORDS = "correct horse battery"
HOME = "192.168.1.7"


@pytest.fixture
def again(tmp_path, clock):
    """Open the same file as another process would, or after a restart."""
    opened = []

    def make():
        opened.append(Access(tmp_path, clock))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


# ── links ───────────────────────────────────────────────────────────────────────────────────


def test_a_link_lets_in_one_phone_once(access):
    link = access.invite()

    token = access.accept(link, "Safari on iPhone")

    assert access.session(token).label == "Safari on iPhone"
    assert access.session(token).by == "link"
    assert access.accept(link, "another") is None
    assert len(access.sessions()) == 1


def test_looking_at_a_link_does_not_use_it_up(access):
    link = access.invite()

    assert [access.invited(link) for _ in range(5)] == [True] * 5
    assert access.accept(link, "phone") is not None


def test_a_link_of_the_command_is_known_to_the_daemon(access, again):
    link = again().invite()

    assert access.accept(link, "phone") is not None


@pytest.mark.parametrize("guess", ["", "x", "A" * 22, "../..", "\udcff", "ü" * 1000])
def test_a_guessed_link_lets_in_nobody(access, guess):
    access.invite()

    assert not access.invited(guess)
    assert access.accept(guess, "phone") is None


def test_a_link_ends_after_ten_minutes(access, clock):
    link = access.invite()
    clock.advance(LINK_LASTS_S - 1.0)
    assert access.invited(link)

    clock.advance(1.0)

    assert not access.invited(link)
    assert access.accept(link, "phone") is None


@pytest.mark.parametrize("step_s", [-50 * 365 * DAY_S, -3600.0, 3600.0, 50 * 365 * DAY_S])
def test_a_step_of_the_clock_neither_ends_a_link_nor_lengthens_it(access, clock, step_s):
    link = access.invite()

    clock.step_wall(step_s, known=True)

    assert access.invited(link)
    clock.advance(LINK_LASTS_S)
    assert not access.invited(link)


def test_a_link_does_not_outlive_the_boot(access, clock):
    link = access.invite()

    clock.boot_id = "another boot"

    assert access.accept(link, "phone") is None


def test_of_many_who_follow_a_link_at_once_one_is_let_in(access, again):
    link, doors = access.invite(), [again() for _ in range(8)]
    ready, tokens = threading.Barrier(len(doors)), []

    def follow(door):
        ready.wait(10)
        tokens.append(door.accept(link, "phone"))

    threads = [threading.Thread(target=follow, args=(door,)) for door in doors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(tokens) == len(doors)
    assert len([token for token in tokens if token]) == 1
    assert len(access.sessions()) == 1


def test_old_links_are_not_kept(access, clock):
    for _ in range(30):
        access.invite()
    clock.advance(LINK_LASTS_S)
    access.invite()

    with closing(sqlite3.connect(access.path)) as db:
        assert db.execute("SELECT count(*) FROM pairings").fetchone() == (1,)


def test_links_are_few(access):
    links = [access.invite() for _ in range(30)]

    assert [access.invited(link) for link in links].count(True) == 20
    assert access.invited(links[-1])


def test_no_token_can_be_read_from_the_file(access):
    link = access.invite()
    token = access.accept(access.invite(), "phone")
    access.set_password(WORDS)

    content = access.path.read_bytes()

    for secret in (link, token, WORDS):
        assert secret.encode() not in content


# ── passwords ───────────────────────────────────────────────────────────────────────────────


def test_the_password_lets_in(access):
    access.set_password(WORDS)

    token = access.admit(HOME, WORDS, "Firefox on Linux")

    assert access.session(token).by == "password"


def test_a_wrong_password_lets_in_nobody(access):
    access.set_password(WORDS)

    assert access.admit(HOME, "correct horse", "phone") is None
    assert access.sessions() == []


def test_without_a_password_none_is_right(access):
    assert not access.has_password()
    assert access.admit(HOME, "", "phone") is None


def test_a_weak_password_is_refused_and_the_old_one_stays(access):
    access.set_password(WORDS)

    with pytest.raises(AccessError, match="at least 8 characters"):
        access.set_password("short")

    assert access.admit(HOME, WORDS, "phone")


def test_another_password_ends_what_the_old_one_opened_and_nothing_else(access):
    access.set_password(WORDS)
    by_link = access.accept(access.invite(), "phone")
    by_password = access.admit(HOME, WORDS, "phone")

    assert access.set_password(WORDS + " staple") == 1

    assert access.session(by_password) is None
    assert access.session(by_link) is not None


def test_a_removed_password_opens_nothing(access):
    access.set_password(WORDS)

    access.set_password(None)

    assert not access.has_password()
    assert access.admit(HOME, WORDS, "phone") is None


def test_a_password_is_set_while_the_daemon_runs(access, again):
    assert not access.has_password()

    again().set_password(WORDS)

    assert access.admit(HOME, WORDS, "phone")


def test_the_waits_grow_and_end(access, clock):
    access.set_password(WORDS)
    waits = []
    for _ in range(7):
        while isinstance(verdict := access.admit(HOME, "wrong password", "x"), float):
            waits.append(verdict)
            clock.advance(verdict)
        assert verdict is None

    assert waits == [1.0, 2.0, 4.0]
    clock.advance(8.0)
    assert isinstance(access.admit(HOME, WORDS, "the owner"), str)


def test_while_one_waits_the_right_password_waits_too(access):
    access.set_password(WORDS)
    for _ in range(4):
        access.admit(HOME, "wrong password", "x")

    assert access.admit(HOME, WORDS, "x") == 1.0


def test_a_link_lets_in_whoever_has_to_wait(access):
    access.set_password(WORDS)
    for _ in range(10):
        access.admit(HOME, "wrong password", "x")

    assert access.accept(access.invite(), "the owner") is not None


# ── sessions ────────────────────────────────────────────────────────────────────────────────


def test_a_restart_keeps_sessions_and_the_secret(access, again, clock):
    token, secret = access.accept(access.invite(), "phone"), access.secret()
    access.close()
    clock.boot_id = "another boot"

    later = again()

    assert later.session(token).label == "phone"
    assert later.secret() == secret
    assert len(secret) == 32


def test_every_house_has_its_own_secret(access, tmp_path_factory, clock):
    with closing(Access(tmp_path_factory.mktemp("other"), clock)) as other:
        assert other.secret() != access.secret()


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "\udcff"])
def test_a_forged_token_is_a_stranger(access, token):
    access.accept(access.invite(), "phone")

    assert access.session(token) is None


def test_a_session_lasts_as_long_as_it_is_used(access, clock):
    token = access.accept(access.invite(), "phone")
    for _ in range(5):
        clock.advance(SESSION_LASTS_S - DAY_S)
        assert access.session(token) is not None

    clock.advance(SESSION_LASTS_S + 1.0)

    assert access.session(token) is None


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("step_s", [-56 * 365 * DAY_S, 80 * 365 * DAY_S])
def test_no_step_of_the_clock_ends_a_session(access, clock, step_s, known):
    token = access.accept(access.invite(), "phone")
    clock.step_wall(step_s, known=known)
    clock.advance(DAY_S)
    assert access.session(token) is not None
    access.keep()

    clock.step_wall(-step_s, known=True)

    assert access.session(token) is not None


def test_the_time_that_passed_before_a_restart_counts(access, again, clock):
    token = access.accept(access.invite(), "phone")
    clock.advance(SESSION_LASTS_S - DAY_S)
    access.keep()
    access.close()

    later = again()
    clock.advance(2 * DAY_S)

    assert later.session(token) is None


def test_who_has_not_come_for_too_long_is_forgotten(access, clock):
    access.accept(access.invite(), "phone")
    clock.advance(SESSION_LASTS_S + DAY_S)

    access.keep()

    assert access.sessions() == []


def test_a_visit_is_written_down_twice_a_day_at_most(access, clock):
    token = access.accept(access.invite(), "phone")
    before = access.path.read_bytes()

    noted = []
    for _ in range(48):
        clock.advance(1800.0)
        noted.append(access.session(token).noted)

    assert noted.count(True) == 1
    assert access.path.read_bytes() != before


def test_the_time_is_left_out_while_it_is_not_known(access, clock):
    clock.step_wall(-50 * 365 * DAY_S, known=False)
    token = access.accept(access.invite(), "phone")
    assert access.session(token).made_wall is None

    clock.step_wall(50 * 365 * DAY_S, known=True)
    clock.advance(DAY_S)
    access.session(token)

    assert access.session(token).seen_wall == pytest.approx(clock.wall())


def test_keeping_writes_seldom(access, clock):
    access.keep()
    written = access.path.stat().st_mtime_ns
    for _ in range(100):
        clock.advance(20.0)
        access.keep()

    assert access.path.stat().st_mtime_ns == written


def test_sessions_are_listed_and_shown_out(access, clock):
    tokens = []
    for label in ("first", "second", "third"):
        tokens.append(access.accept(access.invite(), label))
        clock.advance(60.0)
    listed = access.sessions()
    assert [session.label for session in listed] == ["third", "second", "first"]

    assert access.revoke(listed[1].id)
    assert not access.revoke(listed[1].id)
    assert access.session(tokens[1]) is None
    assert access.revoke_others(listed[0].id) == 1

    assert [access.session(token) is None for token in tokens] == [True, True, False]


def test_a_program_that_logs_in_each_time_does_not_fill_the_disk(access):
    tokens = [access.accept(access.invite(), "curl") for _ in range(103)]

    assert len(access.sessions()) == 100
    assert access.session(tokens[-1]) is not None
    assert access.session(tokens[0]) is None


def test_a_label_is_cut(access):
    token = access.accept(access.invite(), "x" * 1000)

    assert len(access.session(token).label) == 60
