"""Which seeds may be read, and for what: tuning never sees a night that a figure rests on."""

from collections.abc import Iterable
from typing import Literal

from bedside.errors import BedsideError

Purpose = Literal["tuning", "held-out"]

TUNING = range(1000)
"""Nights to set thresholds by, ours and the peer's."""

HELD_OUT_FROM = 5000
"""First seed of the nights that the published figures come from."""


class SeedsRefused(BedsideError):
    """A night was asked for that this run may not read."""


def seeds_for(purpose: Purpose, count: int, first: int | None = None) -> range:
    """Return `count` seeds from `first` on (default: the purpose's own first).

    Raises
    ------
    SeedsRefused : where one of them belongs to the other purpose, or to none.
    """
    start = (0 if purpose == "tuning" else HELD_OUT_FROM) if first is None else first
    asked = range(start, start + count)
    check(purpose, asked)
    return asked


def check(purpose: Purpose, seeds: Iterable[int]) -> None:
    """Refuse seeds that are not this purpose's.

    Raises
    ------
    SeedsRefused : names the first seed refused and the seeds that are allowed.
    """
    for seed in seeds:
        if purpose == "tuning" and seed not in TUNING:
            raise SeedsRefused(
                f"Seed {seed} is not for tuning; a tuning run reads seeds "
                f"{TUNING.start} to {TUNING.stop - 1} only."
            )
        if purpose == "held-out" and seed < HELD_OUT_FROM:
            raise SeedsRefused(
                f"Seed {seed} is not held out; figures come from seeds {HELD_OUT_FROM} and up "
                "(for a tuning run, say --tuning)."
            )
