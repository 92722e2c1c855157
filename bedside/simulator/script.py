"""What a sleeper does in bed, and when: the outline filled with movements."""

from bisect import bisect_left, insort

from numpy.random import Generator

from bedside.simulator.draws import Dice, Range, log_uniform, uniform
from bedside.simulator.outline import Outline
from bedside.simulator.profiles import Profile
from bedside.simulator.truth import Happening, Kind, Series, Stretch

_GAP_S = 3.5  # further apart than the bursts of a cluster, so that none arises by chance
_LIMB_GAP_S = 95.0  # further apart than limb movements of a periodic series


class Script:
    """Movements that do not get in each other's way."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self.happenings: list[Happening] = []
        self.series: list[Series] = []
        self._taken: list[Stretch] = []
        self._limbs: list[float] = []
        for happening in outline.happenings:
            self.put([happening])

    def put(self, happenings: list[Happening], series: str = "") -> None:
        """Write down movements, or all movements of one series."""
        self.happenings += happenings
        span = (happenings[0].start_s, happenings[-1].end_s)
        insort(self._taken, span)
        if series:
            self.series.append(Series(series, *span, len(happenings)))
        for happening in happenings:
            if happening.kind == "limb_movement":
                insort(self._limbs, happening.start_s)

    def block(self, spans: list[Stretch]) -> None:
        """Keep clear of these."""
        for span in spans:
            insort(self._taken, span)

    def free(self, start_s: float, end_s: float, gap_s: float = _GAP_S) -> bool:
        """Whether nothing happens from `gap_s` before to `gap_s` after."""
        index = bisect_left(self._taken, (start_s, end_s))
        near = self._taken[max(0, index - 1) : index + 1]
        return all(end_s + gap_s < a or b + gap_s < start_s for a, b in near)

    def run(self, at_s: float) -> int:
        """Count the limb movements before `at_s` that one there would make a series with."""
        count = 0
        for start_s in reversed(self._limbs[: bisect_left(self._limbs, at_s)]):
            if at_s - start_s > _LIMB_GAP_S:
                break
            at_s, count = start_s, count + 1
        return count

    def lonely(self, start_s: float, end_s: float) -> bool:
        """Whether no limb movement is near enough to make a periodic series with one here."""
        index = bisect_left(self._limbs, start_s - _LIMB_GAP_S)
        return index == len(self._limbs) or self._limbs[index] > end_s + _LIMB_GAP_S


def fill(
    profile: Profile, dice: Dice, outline: Outline, blocked: list[Stretch], doors: list[float]
) -> Script:
    """Return the outline filled with all that a sleeper of this kind does.

    Parameters
    ----------
    dice : one stream of chance for each kind of movement.
    blocked : stretches to keep clear of, as another person moves then.
    doors : times at which a door slams; some make a sleeper jerk.
    """
    script = Script(outline)
    script.block(blocked)
    _startle(profile, dice("reflex"), script, doors)
    _hypnic(profile, dice("hypnic"), script)
    _fidget(dice("fidget"), script, profile)
    for kind in ("periodic", "rhythmic", "cluster"):
        _series(profile, dice(kind), script, kind)
    _scatter(profile, dice("turn"), script, "turn", profile.turns_per_h)
    _scatter(profile, dice("limb_movement"), script, "limb_movement", profile.limbs_per_h)
    _scatter(profile, dice("jerk"), script, "jerk", profile.jerks_per_h)
    return script


def movement(
    profile: Profile, rng: Generator, kind: Kind, at_s: float, cause: str = ""
) -> Happening:
    """Draw one movement that starts at `at_s`."""
    if kind == "turn":
        return Happening(
            at_s, at_s + uniform(rng, (3.0, 15.0)), kind, cause, log_uniform(rng, (100.0, 1000.0))
        )
    if kind == "limb_movement":
        length_s = min(max(0.5, float(rng.lognormal(0.6, 0.55))), 10.0)
        return Happening(at_s, at_s + length_s, kind, cause, log_uniform(rng, profile.limb_mg))
    hypnic = cause == "hypnic"
    length_s = uniform(rng, (0.075, 0.25) if hypnic else (0.05, 0.2))
    peak_mg = log_uniform(rng, (60.0, 400.0) if hypnic else profile.jerk_mg)
    return Happening(at_s, at_s + length_s, kind, cause, peak_mg)


def _scatter(profile: Profile, rng: Generator, script: Script, kind: Kind, rates: Range) -> None:
    """Write down movements of one kind, spread over the time asleep."""
    rate = uniform(rng, rates)
    for start_s, end_s in script.outline.asleep:
        for _ in range(rng.poisson(rate * (end_s - start_s) / 3600.0)):
            happening = movement(profile, rng, kind, uniform(rng, (start_s, end_s)))
            span = (happening.start_s, happening.end_s)
            alone = kind != "limb_movement" or script.lonely(*span)
            if alone and happening.end_s < end_s and script.free(*span):
                script.put([happening])


def _startle(profile: Profile, rng: Generator, script: Script, doors: list[float]) -> None:
    """Write down jerks within 2 s after a door."""
    for door_s in doors:
        happening = movement(profile, rng, "jerk", door_s + uniform(rng, (0.7, 1.7)), "reflex")
        span = (happening.start_s, happening.end_s)
        wanted = rng.random() < profile.reflex and _within(door_s, script.outline.presence)
        if wanted and script.free(*span):
            script.put([happening])


def _within(t: float, spans: list[Stretch]) -> bool:
    """Whether `t` lies well inside one of the spans."""
    return any(start_s + 10.0 < t < end_s - 10.0 for start_s, end_s in spans)


def _hypnic(profile: Profile, rng: Generator, script: Script) -> None:
    """Write down jerks around the first onset of sleep."""
    if not script.outline.asleep:
        return
    onset_s = script.outline.asleep[0][0]
    for _ in range(rng.poisson(profile.hypnic)):
        at_s = onset_s + uniform(rng, (-240.0, 480.0))
        happening = movement(profile, rng, "jerk", at_s, "hypnic")
        if _within(at_s, script.outline.presence) and script.free(at_s, happening.end_s, 10.0):
            script.put([happening])


def _fidget(rng: Generator, script: Script, profile: Profile) -> None:
    """Write down what somebody does who lies awake: seldom still for more than some minutes."""
    for start_s, end_s in _awake(script.outline):
        t = start_s + uniform(rng, (1.0, 5.0))
        while t < end_s:
            kind: Kind = "jerk" if rng.random() < 0.2 else "turn"
            # Four limb movements in a row could be a periodic series, which this is not.
            if kind == "turn" and rng.random() < 0.5 and script.run(t) < 3:
                kind = "limb_movement"
            happening = movement(profile, rng, kind, t)
            if happening.end_s + 5.0 < end_s and script.free(t, happening.end_s):
                script.put([happening])
            t = happening.end_s + log_uniform(rng, (12.0, 200.0))


def _awake(outline: Outline) -> list[Stretch]:
    """Return the stretches in bed and not asleep."""
    awake: list[Stretch] = []
    for start_s, end_s in outline.presence:
        t = start_s
        for falls_s, wakes_s in outline.asleep:
            if start_s <= falls_s and wakes_s <= end_s:
                awake.append((t, falls_s))
                t = wakes_s
        awake.append((t, end_s))
    return [span for span in awake if span[1] > span[0]]


def _series(profile: Profile, rng: Generator, script: Script, kind: str) -> None:
    """Write down the series of one kind, wherever asleep there is room for them."""
    rates = {
        "periodic": profile.periodic_per_h,
        "rhythmic": profile.rhythmic_per_h,
        "cluster": profile.clusters_per_h,
    }[kind]
    draw = {"periodic": _periodic, "rhythmic": _rhythmic, "cluster": _cluster}[kind]
    rate = uniform(rng, rates)
    for start_s, end_s in script.outline.asleep:
        for _ in range(rng.poisson(rate * (end_s - start_s) / 3600.0)):
            happenings = draw(profile, rng, uniform(rng, (start_s, end_s)))
            span = (happenings[0].start_s, happenings[-1].end_s)
            limbs = any(happening.kind == "limb_movement" for happening in happenings)
            if span[1] < end_s and script.free(*span, 8.0) and (not limbs or script.lonely(*span)):
                script.put(happenings, kind)


def _periodic(profile: Profile, rng: Generator, at_s: float) -> list[Happening]:
    """Draw 4-60 limb movements, onset to onset 20-40 s with a spread of 5-8 s."""
    mean_s, spread_s = uniform(rng, (20.0, 40.0)), uniform(rng, (5.0, 8.0))
    mean_mg = log_uniform(rng, (15.0, 70.0))
    happenings = []
    for _ in range(round(log_uniform(rng, (4.0, 60.0)))):
        length_s = min(max(0.5, float(rng.lognormal(0.6, 0.4))), 5.0)
        peak_mg = _near(rng, mean_mg, (10.0, 80.0))
        happenings.append(Happening(at_s, at_s + length_s, "limb_movement", "periodic", peak_mg))
        at_s += min(max(10.5, float(rng.normal(mean_s, spread_s))), 80.0)
    return happenings


def _rhythmic(profile: Profile, rng: Generator, at_s: float) -> list[Happening]:
    """Draw 6-30 bursts of the foot, at 0.5-2.5 Hz, each taking a third to a half of its turn."""
    period_s = 1.0 / log_uniform(rng, (0.5, 2.5))
    share, mean_mg = uniform(rng, (0.25, 0.5)), log_uniform(rng, profile.cluster_mg)
    happenings = []
    for _ in range(rng.integers(6, 31)):
        length_s = min(max(0.1, share * period_s * rng.normal(1.0, 0.08)), 0.9)
        kind: Kind = "limb_movement" if length_s >= 0.5 else "jerk"
        peak_mg = _near(rng, mean_mg, profile.cluster_mg)
        happenings.append(Happening(at_s, at_s + length_s, kind, "rhythmic", peak_mg))
        at_s += period_s * max(0.7, float(rng.normal(1.0, 0.06)))
    return happenings


def _cluster(profile: Profile, rng: Generator, at_s: float) -> list[Happening]:
    """Draw 3-12 jerks, each within 3 s of the last."""
    rate_hz, mean_mg = log_uniform(rng, profile.cluster_hz), log_uniform(rng, profile.cluster_mg)
    happenings = []
    for _ in range(rng.integers(3, 13)):
        length_s = uniform(rng, (0.05, 0.2)) * min(1.0, 2.0 / rate_hz)
        peak_mg = _near(rng, mean_mg, profile.cluster_mg)
        happenings.append(Happening(at_s, at_s + length_s, "jerk", "cluster", peak_mg))
        at_s += min(float(rng.lognormal(0.0, 0.3)) / rate_hz, 2.7)
    return happenings


def _near(rng: Generator, mean_mg: float, limits: Range) -> float:
    """Draw an amplitude like the others of a series, mg."""
    return min(max(limits[0], mean_mg * float(rng.lognormal(0.0, 0.25))), limits[1])
