"""What the doctor found, in words."""

from dataclasses import dataclass
from typing import Any, Literal

Level = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at.

    level  ok; warn: a night can be recorded all the same; fail: it cannot
    what   a sentence without its full stop
    mend   the command or the deed that mends it; empty when nothing is to be done
    """

    level: Level
    what: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Examination:
    """Everything found, in the order of looking."""

    findings: tuple[Finding, ...]

    @property
    def can_record(self) -> bool:
        """Whether a night could be recorded as things stand."""
        return all(finding.level != "fail" for finding in self.findings)

    def as_text(self) -> str:
        """Write a line for each finding, and one for what mends it."""
        lines = []
        for finding in self.findings:
            lines.append(f"{finding.level:>4}  {finding.what}")
            if finding.mend:
                lines.append(f"      -> {finding.mend}")
        lines.append("")
        lines.append(
            "A night can be recorded: `bedside run`."
            if self.can_record
            else "No night can be recorded until what is marked `fail` is mended."
        )
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """Give the same for programs."""
        return {
            "can_record": self.can_record,
            "findings": [
                {"level": finding.level, "what": finding.what, "mend": finding.mend}
                for finding in self.findings
            ],
        }
