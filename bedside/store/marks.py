"""What somebody who knows better said of a movement, and which movement it was said of."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from bedside.pipeline.movements import Movement
from bedside.pipeline.recorded import Verdict
from bedside.pipeline.samples import Span


class MarkKey(NamedTuple):
    """Names a mark: the boot's number, and stamp and kind of the movement as it was heard then."""

    boot: int
    start_s: float
    kind: str


class Mark(NamedTuple):
    """A mark; `end_s`, monotonic like the key, helps to find the movement if heard anew."""

    key: MarkKey
    end_s: float
    verdict: Verdict


class KeptMovement(NamedTuple):
    """A movement as it was heard, wall s, with what was said of it.

    boot, start_s  its boot's number and monotonic onset, which together with the kind name it
    marks          those that hold for it, the one that counts first
    """

    boot: int
    start_s: float
    movement: Movement
    marks: tuple[Mark, ...] = ()

    @property
    def verdict(self) -> Verdict | None:
        """What counts."""
        return self.marks[0].verdict if self.marks else None

    @property
    def counted(self) -> Movement | None:
        """The movement that enters the figures; None where it was none."""
        if self.verdict == "wrong":
            return None
        if self.verdict == "partner":
            return replace(self.movement, kind="disturbance", far=True, cause="partner")
        return self.movement


def settled(kept: Sequence[KeptMovement], marks: Sequence[Mark]) -> list[KeptMovement]:
    """Give each movement its marks.

    A mark belongs to the movement it was made for. Where that is not found any more, as the
    night was heard anew, it belongs to the one that overlaps it most.
    """
    places = {MarkKey(m.boot, m.start_s, m.movement.kind): at for at, m in enumerate(kept)}
    found: defaultdict[int, list[Mark]] = defaultdict(list)
    for mark in marks:
        if (at := places.get(mark.key)) is not None:
            found[at].insert(0, mark)
        elif (at := _overlapping(kept, mark)) is not None:
            found[at].append(mark)
    return [m._replace(marks=tuple(found[at])) if at in found else m for at, m in enumerate(kept)]


def _overlapping(kept: Sequence[KeptMovement], mark: Mark) -> int | None:
    """Where the movement stands that a mark overlaps most."""
    marked = Span(mark.key.start_s, mark.end_s)
    best, most_s = None, 0.0
    for at, each in enumerate(kept):
        length_s = each.movement.end_s - each.movement.start_s
        common_s = marked.overlap_s(Span(each.start_s, each.start_s + length_s))
        if each.boot == mark.key.boot and common_s > most_s:
            best, most_s = at, common_s
    return best
