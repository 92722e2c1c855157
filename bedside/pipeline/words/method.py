"""How a report came about, what it cannot know, and what it is not."""

from bedside.pipeline.night import Night
from bedside.pipeline.words.opening import (
    CALM_AWAKE_S,
    CALM_PER_HOUR,
    RESTLESS_AWAKE_S,
    RESTLESS_PER_HOUR,
)

DISCLAIMER = "bedside is not a medical device: it makes no diagnosis and replaces no doctor."

LIMITS = (
    "Lying awake without moving is taken for sleep, so time asleep is rather too long and time "
    "awake too short.",
    "The sensor feels the mattress, not the muscle: it cannot tell legs from arms or left from "
    "right, misses what is too small to move the mattress, and knows nothing of breathing events.",
    "Somebody else in the bed, or an animal, may be taken for the sleeper.",
    "The periodic index is not the PLMS index of a sleep laboratory, which is measured on the "
    "muscles of the legs.",
)

_RULES = {
    "wasm": "10 to 90 s apart, and nothing longer in between (WASM 2016)",
    "aasm": "5 to 90 s apart, in sleep (AASM)",
}


def method(night: Night) -> list[str]:
    """Sentences on how the numbers were made, by the rules in force."""
    return [
        "An acceleration sensor under the mattress feels movement. A jerk is one brief push; a "
        "limb movement is longer; a turn leaves the body lying differently. In sentences, a "
        "twitch is a jerk or a limb movement in sleep or while falling asleep.",
        "Sleep is estimated from movement in steps of 30 s (Oakley's rule with Actiware's "
        "automatic threshold, then Webster's); it begins and ends where stirring turns into "
        "stillness (Page's sum). A movement counts as asleep if it began in sleep.",
        "Hypnic jerks are those from 15 min before to 10 min after falling asleep; they are not "
        "in the rates.",
        "A periodic series is at least four limb movements of 0.5 to 10 s, their beginnings "
        f"{_RULES[night.indices.rule]}. The periodic index is their number per hour of sleep.",
        f"A night is called calm with at most {CALM_PER_HOUR:g} twitches and turns per hour of "
        f"sleep and {CALM_AWAKE_S / 60:g} min awake in between, restless with more than "
        f"{RESTLESS_PER_HOUR:g} or {RESTLESS_AWAKE_S / 60:g} min.",
    ]
