"""Why a movement got its name: the figures behind it, in calm words."""

from collections.abc import Sequence
from dataclasses import dataclass

from bedside.pipeline.movements import EDGES_S, LIMB_S, TURN_TILT_MG, Movement, own_kind
from bedside.pipeline.periodic import is_candidate
from bedside.pipeline.recorded import Verdict
from bedside.pipeline.series import Series
from bedside.pipeline.tally import HYPNIC_MOST_S, HYPNIC_S, REFLEX_S, ScoredMovement
from bedside.pipeline.timing import ROUNDING_S, within
from bedside.pipeline.words.english import duration, listed, sentence
from bedside.pipeline.words.marks import CAUSES, MOVEMENTS, SERIES

ALONE_S = 60.0
"""A movement with none this near stands alone."""
_MG_PER_DEGREE = 17.45
_BY_FIGURES = ("jerk", "limb_movement", "turn")

_LIMB_LEAST, _LIMB_MOST = (f"{limit_s:g} s" for limit_s in LIMB_S)
_OWN = {
    "jerk": f"A push of less than {_LIMB_LEAST} that leaves the sensor lying as before is "
    "called a jerk.",
    "limb_movement": f"A push of {_LIMB_LEAST} to {_LIMB_MOST} that leaves the sensor lying as "
    "before is called a limb movement, as when a leg or an arm moves.",
    "turn": f"A push that leaves the sensor tilted by {TURN_TILT_MG:g} mg or more, or lasts longer "
    f"than {_LIMB_MOST}, is called a turn: the whole body moved.",
    "bed_exit": "Afterwards the breathing and the heartbeat that had been felt were gone, or the "
    "mattress lay as it does without weight: the bed was empty.",
    "bed_entry": "Before it neither breathing nor a heartbeat was felt, and afterwards there was: "
    "somebody came to bed.",
}
_FOREIGN = {
    "door": "It was one short shake that the whole bed took part in, without the slow tones of a "
    "body that moves: like a door that falls shut.",
    "steps": "It was pushes in the pace of somebody walking past.",
    "lorry": "It swelled and faded slowly, as the ground does when a lorry passes.",
    "machine": "It went on evenly for so long that it became the new quiet, as a machine does.",
    "glitch": "Single samples stood alone, as no mattress can move: the sensor or its cable "
    "slipped, not the bed.",
    "partner": "Its fast tones were damped, as the far side of a mattress damps them: somebody "
    "else in the bed moved.",
    "other": "It moved the bed as a sleeper does not.",
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known around a movement.

    floor_mg   quiet level of its minute, mg; None where it is not known
    before_s   from the end of the movement before it to its onset, s; None for the first
    after_s    from its end to the onset of the next
    onset_s    from the nearest estimated sleep onset to it, s; None without one
    series     it is part of, each with its place in it
    verdict    what the user said of it
    """

    floor_mg: float | None = None
    before_s: float | None = None
    after_s: float | None = None
    onset_s: float | None = None
    series: tuple[tuple[Series, int], ...] = ()
    verdict: Verdict | None = None


def length_s(movement: Movement) -> float:
    """How long the push lasted, s, with the faint beginning and end that no hop shows."""
    return movement.end_s - movement.start_s + EDGES_S


def lasted(movement: Movement) -> str:
    """`0.25 s`, `1.8 s`, `12 s`, `1 min`."""
    seconds = length_s(movement)
    if seconds < 0.995:
        return f"{seconds:.2f} s"
    return f"{seconds:.1f} s" if seconds < 9.95 else duration(seconds)


def strength(mg: float) -> str:
    """`0.8 mg`, `62 mg`."""
    return f"{mg:.1f} mg" if mg < 9.95 else f"{mg:.0f} mg"


def name(movement: Movement) -> str:
    """`Jerk`, `Left the bed`, `Not the sleeper: a door`."""
    if not movement.far and movement.kind != "disturbance":
        said = MOVEMENTS[movement.kind]
    else:
        cause = "partner" if movement.far else movement.cause or "other"
        said = f"not the sleeper: {CAUSES.get(cause, cause)}"
    return f"{said[:1].upper()}{said[1:]}"


def places(
    movement: Movement, series: Sequence[Series], own: Sequence[Movement]
) -> tuple[tuple[Series, int], ...]:
    """Give the series a movement is part of, and which one of each it is; `own` in order."""
    found = []
    for each in series:
        if _takes(each, movement):
            before = sum(_takes(each, m) and m.start_s < movement.start_s for m in own)
            found.append((each, min(before + 1, each.count)))
    return tuple(found)


def _takes(series: Series, movement: Movement) -> bool:
    if movement.far or not within(
        movement.start_s, series.start_s - ROUNDING_S, series.end_s + ROUNDING_S
    ):
        return False
    if series.kind == "periodic":
        return is_candidate(movement)
    kinds = ("jerk",) if series.kind == "cluster" else ("jerk", "limb_movement")
    return movement.kind in kinds


def state(scored: ScoredMovement) -> str:
    """`asleep`, `awake`, `while falling asleep, right after a noise or the light`; or nothing."""
    if scored.movement.far or scored.movement.kind in ("bed_exit", "bed_entry", "disturbance"):
        return ""
    said = {True: "asleep", False: "awake", None: ""}[scored.asleep]
    if scored.hypnic:
        said = "while falling asleep"
    return ", ".join(filter(None, [said, "right after a noise or the light"][: 1 + scored.reflex]))


def why(scored: ScoredMovement, around: Surroundings) -> list[str]:
    """Say in a few sentences why a movement, as it was heard, has its name."""
    movement = scored.movement
    return [
        *_strength(movement, around.floor_mg),
        *_naming(movement),
        *_meaning(scored, around),
        *(_part(*place) for place in around.series),
        _alone(around),
        *_said(around.verdict),
    ]


def _strength(movement: Movement, floor_mg: float | None) -> list[str]:
    told = (
        f"The push lasted {lasted(movement)}. At its strongest it was {strength(movement.peak_mg)}"
        " (1000 mg is the pull of the earth)"
    )
    if floor_mg and movement.peak_mg >= 1.5 * floor_mg:
        ratio = movement.peak_mg / floor_mg
        told += f", {ratio:.0f} times the {strength(floor_mg)} of that minute's quiet"
    return [f"{told}. The sharpest jolt in it was {movement.peak_jerk_g_s:.1f} g a second."]


def _naming(movement: Movement) -> list[str]:
    if movement.far or movement.kind == "disturbance":
        cause = "partner" if movement.far else movement.cause or "other"
        return [_FOREIGN.get(cause, _FOREIGN["other"])]
    told = [_tilt(movement.tilt_mg), _OWN[movement.kind]]
    if movement.kind in _BY_FIGURES and movement.kind != own_kind(
        movement.end_s - movement.start_s, movement.tilt_mg
    ):
        told.append("What came before and after it, more than its own figures, gave it this name.")
    return told


def _tilt(tilt_mg: float) -> str:
    if tilt_mg < TURN_TILT_MG:
        return f"Afterwards the sensor lay as before (its tilt changed by {tilt_mg:.1f} mg)."
    degrees = tilt_mg / _MG_PER_DEGREE
    return f"Afterwards the sensor lay tilted by {strength(tilt_mg)}, about {degrees:.1f} degrees."


def _meaning(scored: ScoredMovement, around: Surroundings) -> list[str]:
    said = []
    if scored.hypnic:
        said.append(_hypnic(around.onset_s))
    if scored.reflex:
        said.append(
            f"It came within {REFLEX_S:g} s after a noise or a change of the light, so it may be "
            "an answer to that."
        )
    return said


def _hypnic(onset_s: float | None) -> str:
    when = "near the estimated beginning of sleep"
    if onset_s is not None:
        side = "before" if onset_s < 0 else "after"
        when = f"{duration(abs(onset_s))} {side} the estimated beginning of sleep"
    early, late = (duration(abs(limit_s)) for limit_s in HYPNIC_S)
    return (
        f"It came {when}. A jerk of at most {HYPNIC_MOST_S:g} s from {early} before to {late} "
        "after that is a hypnic jerk, which is normal."
    )


def _part(series: Series, place: int) -> str:
    kind, one = SERIES[series.kind]
    return (
        f"It is number {place} of the {series.count} {one}s of a {kind}, one every "
        f"{series.median_imi_s:.3g} s."
    )


def _alone(around: Surroundings) -> str:
    near = []
    if around.before_s is not None and around.before_s < ALONE_S:
        near.append(f"what moved before it had ended {max(around.before_s, 0.0):.1f} s earlier")
    if around.after_s is not None and around.after_s < ALONE_S:
        near.append(f"the next began {max(around.after_s, 0.0):.1f} s later")
    return sentence(listed(near) or "nothing else moved within a minute before or after it")


def _said(verdict: Verdict | None) -> list[str]:
    if verdict == "wrong":
        return ["You marked it as no movement, so it is not counted."]
    if verdict == "partner":
        return ["You marked it as somebody else's, so it is not counted as the sleeper's."]
    return []
