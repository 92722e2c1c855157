"""Sentences about single things: stretches, times out of bed, naps, the room, light, noises."""

from bedside.pipeline.night import Night
from bedside.pipeline.samples import Span
from bedside.pipeline.words.english import (
    counted,
    duration,
    in_words,
    listed,
    percent,
    sentence,
)
from bedside.pipeline.words.lamp import settled
from bedside.pipeline.words.times import Times

MOST_LINES = 12
NOISES = {
    "door": ("door", "doors"),
    "steps": ("walk past", "walks past"),
    "lorry": ("lorry", "lorries"),
    "machine": ("machine", "machines"),
    "glitch": ("glitch of the sensor", "glitches of the sensor"),
    "partner": ("movement of somebody else", "movements of somebody else"),
    "other": ("thing of unknown cause", "things of unknown cause"),
}


def stretches(night: Night, clock: Times) -> list[str]:
    """Say when it was quiet for long, and when restless; in order of time."""
    said = []
    for stretch in sorted(night.stretches, key=lambda each: each.start_s):
        span = Span(stretch.start_s, stretch.end_s)
        lasted = f"{clock.span(span)} ({duration(span.length_s)})"
        if stretch.kind == "quiet":
            said.append(f"Quiet {lasted}: not one movement.")
        else:
            said.append(f"Restless {lasted}: {counted(stretch.count, 'movement')}.")
    return said


def away(night: Night, clock: Times) -> list[str]:
    """Say when the sleeper was out of bed."""
    return [f"Out of bed {clock.span(s)} ({duration(s.length_s)})." for s in night.away]


def naps(night: Night, clock: Times) -> list[str]:
    """Say when else somebody was in bed."""
    said = []
    for nap in night.naps:
        span = Span(nap.start_s, nap.end_s)
        slept = f"about {duration(nap.asleep_s)} of it asleep" if nap.asleep_s else "not asleep"
        said.append(f"Also in bed {clock.span(span)} ({duration(span.length_s)}), {slept}.")
    return said


def comfort(night: Night) -> list[str]:
    """Say how warm the room was while somebody lay in bed."""
    room = night.comfort
    if room is None:
        return []
    said = [
        f"The room was {room.mean_c:.1f} °C on average, between {room.least_c:.1f} and "
        f"{room.most_c:.1f} °C."
    ]
    outside = [
        f"{duration(seconds)} {word} than {limit_c:g} °C"
        for seconds, word, limit_c in (
            (room.below_s, "cooler", room.low_c),
            (room.above_s, "warmer", room.high_c),
        )
        if seconds >= 60.0
    ]
    if outside:
        said.append(sentence(f"for {listed(outside)}"))
    else:
        said.append(f"It stayed between {room.low_c:g} and {room.high_c:g} °C all the time.")
    if room.mean_humidity is not None:
        said.append(f"The relative humidity was {room.mean_humidity:.0f} % on average.")
    return said


def light(night: Night, clock: Times) -> list[str]:
    """Say when the light came on or changed, and why."""
    frame = night.bounds or night.window
    said, level = [], 0.0
    for change in settled(night.recorded.light):
        before, level = level, change.level
        if not frame.start_s <= change.t_s <= frame.end_s or before == level:
            continue
        because = f" ({change.cause})" if change.cause else ""
        what = "off" if level == 0 else f"{'on, ' if before == 0 else ''}at {percent(level)}"
        said.append(f"{clock.at(change.t_s)} light {what}{because}.")
    if len(said) > MOST_LINES:
        said[MOST_LINES:] = [sentence(f"{counted(len(said) - MOST_LINES, 'more change')}")]
    return said


def noises(night: Night) -> list[str]:
    """Say what else was felt, and that it was not counted."""
    parts = [
        counted(number, *NOISES.get(cause, (cause, cause))) for cause, number in night.disturbances
    ]
    return [f"Felt, but not counted as the sleeper's: {listed(parts)}."] if parts else []


def marked(night: Night) -> list[str]:
    """Say how much of it was marked by hand, and that the figures follow."""
    verdicts = [each.verdict for each in night.recorded.marked]
    wrong, partner = verdicts.count("wrong"), verdicts.count("partner")
    parts = [f"{in_words(wrong)} as no movement"] if wrong else []
    parts += [f"{in_words(partner)} as somebody else's"] if partner else []
    return [f"Marked by hand, and not counted: {listed(parts)}."] if parts else []
