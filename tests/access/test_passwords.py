import subprocess
import sys
import threading

import pytest

from bedside.access.passwords import fits, kept, weakness

WORDS = "correct horse battery"


@pytest.mark.parametrize(
    ("password", "why"),
    [("", "at least 8 characters; this one has 0"), ("seven77", "this one has 7"),
     ("aaaaaaaaaaaa", "repeats"), ("12121212", "repeats"), ("abcdefghijk", "counts up or down"),
     ("987654321", "counts up or down"), ("password", "tried first"), ("Password1!", "tried first"),
     ("RASPBERRY", "tried first"), ("x y" * 100, "at most 200")],
)  # fmt: skip
def test_weak_passwords_are_told_apart_in_one_sentence(password, why):
    assert why in weakness(password)
    assert "\n" not in weakness(password)


@pytest.mark.parametrize(
    "password", [WORDS, "Tr0ub4dor&3", "älter wie neun", "8 chars!", "ねむれない夜のためのうた"]
)
def test_others_will_do(password):
    assert weakness(password) == ""


def test_a_password_fits_what_was_written_of_it():
    written = kept(WORDS)

    assert fits(WORDS, written) is True
    assert fits(WORDS + " ", written) is False
    assert fits("", written) is False
    assert WORDS not in written


def test_each_has_its_own_salt():
    assert kept(WORDS) != kept(WORDS)


def test_letters_are_the_same_however_the_keyboard_makes_them():
    assert fits("cafe\N{COMBINING ACUTE ACCENT} au lait", kept("café au lait")) is True


@pytest.mark.parametrize("odd", ["\udcff" * 20, "\0" * 20, "x" * 16_000])
def test_odd_passwords_are_just_wrong(odd):
    assert fits(odd, kept(WORDS)) is False


def test_one_is_looked_at_at_a_time():
    written, verdicts = kept(WORDS), []
    ready = threading.Barrier(6)

    def look():
        ready.wait(10)
        verdicts.append(fits(WORDS, written))

    threads = [threading.Thread(target=look) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert verdicts.count(True) >= 1
    assert verdicts.count(None) >= 1
    assert False not in verdicts


def test_it_takes_little_memory():
    code = (
        "import resource; from bedside.access.passwords import kept, fits;"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "written = kept('correct horse'); fits('correct horse', written);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert int(told.stdout) < 16 * 1024


def test_the_cost_is_that_of_owasp():
    _scheme, log_n, r, p, *_rest = kept(WORDS).split("$")

    assert (log_n, r, p) == ("13", "8", "10")
    assert 128 * int(r) << int(log_n) == 8 << 20
