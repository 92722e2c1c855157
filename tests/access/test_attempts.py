import pytest

from bedside.access.attempts import OF_ALL, OF_ONE, Attempts

HOME = "192.168.1.7"


@pytest.fixture
def attempts(clock):
    return Attempts(clock)


def fail(attempts, address, clock=None):
    """Try until a try is let through; give the seconds that took."""
    waited_s = 0.0
    while wait_s := attempts.begin(address):
        waited_s += wait_s
        clock.advance(wait_s)
    return waited_s


def test_a_few_slips_cost_nothing(attempts):
    assert [attempts.begin(HOME) for _ in range(4)] == [0.0] * 4


def test_then_the_waits_double_up_to_a_quarter_of_an_hour(attempts, clock):
    waits = [fail(attempts, HOME, clock) for _ in range(16)]

    assert waits[:8] == [0, 0, 0, 0, 1, 2, 4, 8]
    assert max(waits) == OF_ONE.longest_s
    assert waits[-1] <= OF_ONE.longest_s


def test_a_wait_counts_down_and_asking_again_does_not_lengthen_it(attempts, clock):
    for _ in range(7):
        fail(attempts, HOME, clock)
    first = attempts.begin(HOME)

    clock.advance(1.0)

    assert [attempts.begin(HOME) for _ in range(50)] == [first - 1.0] * 50


def test_the_right_password_makes_all_well(attempts, clock):
    for _ in range(8):
        fail(attempts, HOME, clock)

    attempts.forgive(HOME)

    assert [attempts.begin(HOME) for _ in range(4)] == [0.0] * 4


def test_failures_are_forgiven_with_time(attempts, clock):
    for _ in range(6):
        fail(attempts, HOME, clock)

    clock.advance(6 * OF_ONE.forgiven_s)

    assert [attempts.begin(HOME) for _ in range(4)] == [0.0] * 4


def test_one_address_does_not_hold_up_another(attempts, clock):
    for _ in range(10):
        fail(attempts, HOME, clock)

    assert attempts.begin("192.168.1.8") == 0.0


def test_a_home_has_many_addresses_of_the_longer_kind(attempts, clock):
    for host in range(6):
        fail(attempts, f"2001:db8:1:2::{host}", clock)

    assert attempts.begin("2001:db8:1:2:ffff::1") > 0
    assert attempts.begin("2001:db8:1:3::1") == 0.0


def test_a_crowd_gets_few_tries(attempts, clock):
    """Each from an address of its own, for an hour, as often as it is let."""
    began_s, tries = clock.monotonic(), 0
    while clock.monotonic() < began_s + 3600.0:
        fail(attempts, f"8.8.{tries // 250}.{tries % 250}", clock)
        tries += 1

    assert tries < 400


def test_a_crowd_outside_does_not_keep_out_who_is_at_home(attempts, clock):
    for n in range(60):
        fail(attempts, f"8.8.4.{n}", clock)

    assert attempts.begin("8.8.8.8") > 0
    assert attempts.begin(HOME) == 0.0
    assert attempts.begin("fe80::1") == 0.0


def test_the_wait_for_all_ends_soon(attempts, clock):
    for n in range(200):
        fail(attempts, f"10.0.1.{n}", clock)
    clock.advance(OF_ALL.longest_s)

    assert attempts.begin(HOME) == 0.0


@pytest.mark.parametrize("address", ["", "unix:", "x" * 1000, "999.1.1.1"])
def test_an_address_that_is_none_counts_as_one(attempts, clock, address):
    for _ in range(5):
        fail(attempts, address, clock)

    assert attempts.begin("no address either") > 0


def test_the_memory_of_it_is_bounded(attempts, clock):
    for n in range(5000):
        attempts.begin(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}")
        clock.advance(60.0)

    assert len(attempts._by_address) <= 1000
