"""One line of a verdict: no rounding in our favour."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """What must be reached, what was measured, and whether it was.

    `met` is None where nothing in the run could tell, or where there is no target.
    """

    what: str
    target: str
    measured: str
    met: bool | None

    @property
    def word(self) -> str:
        """The verdict in a word."""
        if self.met is None:
            return "not measured" if self.target else ""
        return "met" if self.met else "MISSED"


def at_least(what: str, value: float | None, target: float, detail: str = "") -> Goal:
    """Return a goal that a share must reach."""
    met = None if value is None else value >= target
    return Goal(what, f">= {target:g}", _shown(value) + detail, met)


def at_most(
    what: str, value: float | None, target: float, unit: str = "", detail: str = ""
) -> Goal:
    """Return a goal that a number must not exceed."""
    met = None if value is None else value <= target
    return Goal(what, f"<= {target:g}{unit}", _shown(value) + detail, met)


def compare(what: str, value: float | None, detail: str = "") -> Goal:
    """Return a number that stands beside the goals and has no target."""
    return Goal(what, "", _shown(value) + detail, None)


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def verdict_table(goals: list[Goal]) -> str:
    """Return a line a goal: what, target, verdict, measured."""
    rows = [(goal.what, goal.target, goal.word, goal.measured) for goal in goals]
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    return "\n".join(
        f"{what:<{widths[0]}}  {target:<{widths[1]}}  {word:<{widths[2]}}  {measured}"
        for what, target, word, measured in rows
    )
