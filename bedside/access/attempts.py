"""How often a password may be tried: waits that grow, and that end.

Nobody is locked out for ever, and `bedside pair` on the device asks for no password at all.
"""

import ipaddress
import math
import threading
from collections import OrderedDict
from dataclasses import dataclass

from bedside.clock import Clock

_MOST_ADDRESSES = 1000
_IPV6_SITE_BITS = 64


@dataclass(frozen=True, slots=True)
class Rule:
    """How failures are answered.

    free       failures that cost nothing
    longest_s  the wait is 1 s, then twice the last, and at most this
    forgiven_s each such time without a failure takes one failure away
    """

    free: int
    longest_s: float
    forgiven_s: float


OF_ONE = Rule(free=4, longest_s=900.0, forgiven_s=900.0)
# A crowd of addresses still gets no more than some 400 tries an hour.
OF_ALL = Rule(free=20, longest_s=10.0, forgiven_s=60.0)


@dataclass(slots=True)
class _Tally:
    """The failures of one address, or of all."""

    failures: float = 0.0
    last_s: float = 0.0

    def wait_s(self, rule: Rule, now_s: float) -> float:
        """Seconds until the next try is let through."""
        beyond = self.count(rule, now_s) - rule.free
        if beyond < 0:
            return 0.0
        wait_s = min(rule.longest_s, math.pow(2.0, min(beyond, 20.0)))
        return max(0.0, self.last_s + wait_s - now_s)

    def count(self, rule: Rule, now_s: float) -> float:
        """Failures that are not yet forgiven."""
        return max(0.0, self.failures - (now_s - self.last_s) // rule.forgiven_s)

    def add(self, rule: Rule, now_s: float) -> None:
        """Count one more."""
        self.failures, self.last_s = self.count(rule, now_s) + 1.0, now_s


class Attempts:
    """Counts tries by address, and by all from near and from far.

    Addresses of the own network are counted apart from all others, so that a crowd on the
    internet cannot keep out who sits at home.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._by_address: OrderedDict[str, _Tally] = OrderedDict()
        self._by_all = {True: _Tally(), False: _Tally()}

    def begin(self, address: str) -> float:
        """Let a try through, which counts as a failure until it is forgiven; else say the wait, s.

        Counted before the password is looked at, so that a thousand tries at once are not one.
        """
        site, near = _site(address)
        now_s = self._clock.monotonic()
        with self._lock:
            one = self._by_address.setdefault(site, _Tally())
            self._by_address.move_to_end(site)
            while len(self._by_address) > _MOST_ADDRESSES:
                self._by_address.popitem(last=False)
            all_of_them = self._by_all[near]
            wait_s = max(one.wait_s(OF_ONE, now_s), all_of_them.wait_s(OF_ALL, now_s))
            if wait_s == 0.0:
                one.add(OF_ONE, now_s)
                all_of_them.add(OF_ALL, now_s)
            return wait_s

    def forgive(self, address: str) -> None:
        """Forget the failures of an address whose password was right."""
        site, near = _site(address)
        with self._lock:
            self._by_address.pop(site, None)
            self._by_all[near].failures = max(0.0, self._by_all[near].failures - 1.0)


def _site(address: str) -> tuple[str, bool]:
    """Give what is counted as one, and whether it is near: a home has many IPv6 addresses."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown", False
    near = parsed.is_private or parsed.is_link_local
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, _IPV6_SITE_BITS), strict=False)), near
    return str(parsed), near
