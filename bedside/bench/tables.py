"""A run in plain text: columns that line up, one fact a row."""

from collections.abc import Mapping, Sequence
from statistics import median

from bedside.bench.figures import LEVELS, EventFigures, share
from bedside.bench.goal import Goal, verdict_table
from bedside.bench.summary import Pooled, Summary

KINDS = ("jerk", "limb_movement", "turn", "bed_entry", "bed_exit")


def report(summary: Summary, goals: list[Goal]) -> str:
    """Return every table, one under the other."""
    total = {"all": summary.total}
    everything = {**summary.by_profile, **summary.by_sensor, **total}
    parts = [
        ("Movements by profile", events_table({**summary.by_profile, **total})),
        ("Movements by sensor", events_table(summary.by_sensor)),
        ("False alarms an hour by cause", causes_table({**summary.by_profile, **total})),
        ("Disturbances taken for the sleeper", disturbed_table(summary.total)),
        ("What was found, and what it was called", kinds_table(summary.total)),
        ("Recall by peak over the quiet level (1-20 Hz)", levels_table(summary.total)),
        ("Series", series_table(summary.total)),
        ("Night", night_table(everything)),
        ("Verdict", verdict_table(goals)),
    ]
    return "\n\n".join(f"{title}\n{'-' * len(title)}\n{body}" for title, body in parts)


def grid(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay out rows under a header; the first column to the left, the rest to the right."""
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in [header, *rows]
    )


def number(value: float | None, digits: int = 3) -> str:
    """Return a number for a cell; `-` where there is none."""
    return "-" if value is None else f"{value:.{digits}f}"


def events_table(rows: Mapping[str, Pooled]) -> str:
    """Recall, precision and F1 beside the peer's, naming, onset."""
    header = ("", "nights", "events", "recall", "precision", "F1", "false/h", "kind right",
              "loud jerks", "onset s", "| peer recall", "precision", "F1", "false/h")  # fmt: skip
    return grid(header, [(name, *_events_row(pooled)) for name, pooled in rows.items()])


def _events_row(pooled: Pooled) -> list[str]:
    ours, theirs = pooled.ours, pooled.theirs or EventFigures()
    onset = median(map(abs, ours.onset_error_s)) if ours.onset_error_s else None
    return [
        str(ours.nights),
        str(ours.hits + ours.missed),
        number(ours.recall),
        number(ours.precision),
        number(ours.f1),
        number(ours.false_per_hour, 2),
        number(pooled.night.kind_right),
        number(share(ours.loud_jerks_found, ours.loud_jerks)),
        number(onset, 2),
        number(theirs.recall),
        number(theirs.precision),
        number(theirs.f1),
        number(theirs.false_per_hour, 2),
    ]


def causes_table(rows: Mapping[str, Pooled]) -> str:
    """Return false alarms an hour, a column for each cause."""
    causes = sorted(set().union(*(pooled.ours.false for pooled in rows.values())))
    return grid(
        ("", *causes),
        [
            (name, *(number(share(p.ours.false[cause], p.ours.hours), 3) for cause in causes))
            for name, p in rows.items()
        ],
    )


def disturbed_table(total: Pooled) -> str:
    """Share of each cause's disturbances that was counted as the sleeper's, ours and the peer's."""
    theirs = total.theirs or EventFigures()
    rows = [
        (
            cause,
            str(count),
            number(share(total.ours.disturbed[cause], count)),
            number(share(theirs.disturbed[cause], theirs.disturbances[cause])),
        )
        for cause, count in sorted(total.ours.disturbances.items())
    ]
    return grid(("", "audible", "ours", "peer"), rows)


def kinds_table(total: Pooled) -> str:
    """Confusion of kinds: rows are true, columns are named."""
    kinds = total.night.kinds
    rows = [
        (
            true,
            *(str(kinds[true, named]) for named in KINDS),
            number(share(kinds[true, true], sum(kinds[true, named] for named in KINDS))),
            str(total.night.muted[true]),
        )
        for true in KINDS
    ]
    return grid(("true \\ named", *KINDS, "right", "missed as disturbance"), rows)


def levels_table(total: Pooled) -> str:
    """Recall by bin of amplitude; faint movements are counted here too."""
    rows = []
    for low, high in zip(LEVELS, [*LEVELS[1:], None], strict=True):
        name = f"> {low:g} x" if high is None else f"{low:g}-{high:g} x"
        rows.append((name, str(total.ours.at_level[low]), *level_recalls(total, low)))
    return grid(("", "events", "ours", "peer"), rows)


def level_recalls(total: Pooled, low: float) -> tuple[str, str]:
    """Recall in the bin that begins at `low`, ours and the peer's."""
    theirs = total.theirs or EventFigures()
    return (
        number(share(total.ours.found_at_level[low], total.ours.at_level[low])),
        number(share(theirs.found_at_level[low], theirs.at_level[low])),
    )


def series_table(total: Pooled) -> str:
    """Series found, missed and invented, by kind."""
    night = total.night
    rows = [
        (
            kind,
            str(night.series_true[kind]),
            str(night.series_found[kind]),
            str(night.series_renamed[kind]),
            str(night.series_true[kind] - night.series_found[kind] - night.series_renamed[kind]),
            str(night.series_false[kind]),
        )
        for kind in ("periodic", "rhythmic", "cluster")
    ]
    return grid(("", "true", "found", "other kind", "missed", "false"), rows)


def night_table(rows: Mapping[str, Pooled]) -> str:
    """Presence, sleep, periodic index, breathing and the cost of it all."""
    header = ("", "presence", "changes", "of them right", "false", "SOL err min", "TST err min",
              "index err /h", "breaths err", "told", "told of nobody", "CPU s/night")  # fmt: skip
    return grid(header, [(name, *_night_row(pooled)) for name, pooled in rows.items()])


def _night_row(pooled: Pooled) -> list[str]:
    night = pooled.night

    def typical(errors: Sequence[float], scale: float = 1.0) -> float | None:
        return median(abs(error) for error in errors) / scale if errors else None

    return [
        number(share(night.minutes_right, night.minutes), 4),
        str(night.changes),
        number(share(night.changes_right, night.changes)),
        str(night.changes_false),
        number(typical(night.sol_error_s, 60.0), 1),
        number(typical(night.tst_error_s, 60.0), 1),
        number(typical([said - true for true, said in night.index]), 2),
        number(typical(night.breath_error), 2),
        number(share(night.breath_told, night.breath_minutes), 2),
        str(night.breath_invented),
        number(share(night.cpu_s, pooled.ours.nights), 2),
    ]
