"""A run as one JSON object: every night, every pool, every goal."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, fields, is_dataclass
from typing import Any

from bedside.bench import peer
from bedside.bench.goal import Goal
from bedside.bench.plan import Plan, Played
from bedside.bench.summary import Pooled, Summary


def accuracy_document(
    plan: Plan, nights: Sequence[Played], summary: Summary, goals: Sequence[Goal]
) -> dict[str, Any]:
    """Return all of a run's accuracy, ready for `json.dump`."""
    return {
        "plan": asdict(plan),
        "peer": {sensor: asdict(settings) for sensor, settings in peer.TUNED.items()},
        "mean_f1": summary.mean_f1,
        "peer_mean_f1": summary.peer_mean_f1,
        "goals": [asdict(goal) for goal in goals],
        "total": _pooled(summary.total),
        "by_profile": {name: _pooled(each) for name, each in summary.by_profile.items()},
        "by_sensor": {name: _pooled(each) for name, each in summary.by_sensor.items()},
        "by_profile_and_sensor": {
            f"{profile}/{sensor}": _pooled(each)
            for (profile, sensor), each in summary.by_cell.items()
        },
        "nights": [
            {
                **asdict(one.assignment),
                "ours": plain(one.ours),
                "night": plain(one.night),
                "peer": plain(one.theirs),
                "notes": one.notes,
            }
            for one in nights
        ],
    }


def _pooled(pooled: Pooled) -> dict[str, Any]:
    return {
        "ours": {**_shares(pooled), **plain(pooled.ours)},
        "night": {"kind_right": pooled.night.kind_right, **plain(pooled.night)},
        "peer": plain(pooled.theirs),
    }


def _shares(pooled: Pooled) -> dict[str, float | None]:
    ours, theirs = pooled.ours, pooled.theirs
    return {
        "recall": ours.recall,
        "precision": ours.precision,
        "f1": ours.f1,
        "false_per_hour": ours.false_per_hour,
        "peer_f1": theirs.f1 if theirs else None,
    }


def plain(value: Any) -> Any:
    """Return figures as what JSON knows; a pair as a key becomes `true>named`."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Counter):
        return {_key(key): count for key, count in sorted(value.items())}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return round(value, 4) if isinstance(value, float) else value


def _key(key: object) -> str:
    return ">".join(map(str, key)) if isinstance(key, tuple) else str(key)
