"""The verdict on accuracy: what must be reached on the held-out seeds."""

from statistics import median

from bedside.bench.figures import LOUD, NightFigures, share
from bedside.bench.goal import Goal, at_least, at_most
from bedside.bench.summary import Pooled, Summary

NOISY = ("noisy_house",)
"""Profiles that are not an ordinary house."""

OUTSIDE = ("door", "steps", "lorry", "machine", "glitch")
"""Causes from outside the bed: doors, steps, lorries, hum and glitches of the chip."""


def goals(summary: Summary) -> list[Goal]:
    """Return the verdict on accuracy."""
    total = summary.total
    return [
        at_least("F1, mean over profiles and sensors", summary.mean_f1, 0.95),
        *_ahead(summary),
        _kinds(summary),
        at_least(
            f"recall of jerks of {LOUD:g} x the quiet level",
            share(total.ours.loud_jerks_found, total.ours.loud_jerks),
            0.98,
        ),
        *_false_alarms(summary),
        *_series(total.night),
        at_least(
            "minutes of presence right", share(total.night.minutes_right, total.night.minutes), 0.98
        ),
        at_least(
            "entries and exits within 10 s",
            share(total.night.changes_right, total.night.changes),
            0.98,
            f" ({total.night.changes_false} false)",
        ),
        _latency(total.night),
        at_most(
            "onset of a jerk, median error",
            median(map(abs, total.ours.onset_error_s)) if total.ours.onset_error_s else None,
            0.15,
            " s",
        ),
    ]


def _ahead(summary: Summary) -> list[Goal]:
    """Ahead of the peer on every profile."""
    lead = {
        profile: (each.ours.f1 or 0.0) - (each.theirs.f1 or 0.0)
        for profile, each in summary.by_profile.items()
        if each.theirs is not None
    }
    if not lead:
        return [Goal("F1 ahead of the peer", "every profile", "-", None)]
    ahead = sum(value > 0.0 for value in lead.values())
    closest = min(lead, key=lambda profile: lead[profile])
    measured = f"{ahead} of {len(lead)}; least on {closest}, by {lead[closest]:+.3f}"
    return [Goal("F1 ahead of the peer", "every profile", measured, ahead == len(lead))]


def _kinds(summary: Summary) -> Goal:
    """Return the share named right; of two ways to average, the lower decides."""
    pooled = summary.total.night.kind_right
    mean = summary.mean_kind_right
    lower = None if pooled is None else min(pooled, mean)
    detail = "" if pooled is None else f" (all pooled {pooled:.3f}, mean of cells {mean:.3f})"
    return at_least("kind right among those found", lower, 0.93, detail)


def _false_alarms(summary: Summary) -> list[Goal]:
    ordinary = {n: p.ours for n, p in summary.by_profile.items() if n not in NOISY}
    goals = []
    if ordinary:
        hours = sum(figures.hours for figures in ordinary.values())
        count = sum(figures.false.total() for figures in ordinary.values())
        worst = max(ordinary, key=lambda name: ordinary[name].false_per_hour or 0.0)
        detail = f" (most on {worst}: {ordinary[worst].false_per_hour or 0.0:.2f})"
        what = "false alarms an hour, ordinary houses"
        goals.append(at_most(what, share(count, hours), 0.3, detail=detail))
    for name in NOISY:
        if name in summary.by_profile:
            rate = summary.by_profile[name].ours.false_per_hour
            goals.append(at_most(f"false alarms an hour, {name}", rate, 1.0))
    return [*goals, _outside(summary.total)]


def _outside(total: Pooled) -> Goal:
    """Count against those that could be heard; those nobody could hear would flatter."""
    heard = {cause: total.ours.disturbances[cause] for cause in OUTSIDE}
    taken = {cause: total.ours.disturbed[cause] for cause in OUTSIDE}
    shares = {cause: taken[cause] / heard[cause] for cause in OUTSIDE if heard[cause]}
    detail = ""
    if shares:
        worst = max(shares, key=lambda cause: shares[cause])
        every = sum(total.ours.all_disturbances[cause] for cause in OUTSIDE)
        detail = (
            f" of {sum(heard.values())} audible ones (most of {worst}: {shares[worst]:.3f}; "
            f"{sum(taken.values()) / every:.3f} of all {every})"
        )
    pooled = share(sum(taken.values()), sum(heard.values()))
    return at_most("outside disturbances counted as the sleeper's", pooled, 0.05, detail=detail)


def _series(night: NightFigures) -> list[Goal]:
    errors = [abs(said - true) for true, said in night.index]
    close = sum(
        error <= max(1.0, 0.1 * true) for error, (true, _) in zip(errors, night.index, strict=True)
    )
    detail = f" of nights (median error {median(errors):.2f} an hour)" if errors else ""
    return [
        at_least(
            "periodic index within 10 % or 1 an hour", share(close, len(errors)), 0.95, detail
        ),
        at_least(
            "no periodic series where there is none",
            share(night.plain_nights_clean, night.plain_nights),
            0.95,
            f" of {night.plain_nights} nights",
        ),
        at_most("footsteps called a rhythmic series", float(night.steps_as_rhythm), 0.0),
    ]


def _latency(night: NightFigures) -> Goal:
    within = sum(abs(error) <= 300.0 for error in night.sol_error_s)
    return at_least(
        "SOL within 5 min", share(within, night.sol_nights), 0.9, f" of {night.sol_nights} nights"
    )
