"""Numbers, durations and lists, as a calm person writes them."""

from collections.abc import Sequence

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_ROUNDED = 1e-9  # 0.1 + 0.2 must not tip a figure that lies on the edge


def counted(number: int, one: str, many: str = "") -> str:
    """`no twitches`, `one twitch`, `two twitches`, `12 twitches`; plural in -s unless given."""
    return f"{in_words(number)} {one if number == 1 else many or one + 's'}"


def in_words(number: int, none: str = "no") -> str:
    """Write a count in a sentence: words below ten, figures from there on."""
    if number == 0:
        return none
    return _WORDS[number] if 0 <= number < len(_WORDS) else str(number)


def times(number: int) -> str:
    """`once`, `twice`, `three times`."""
    return {1: "once", 2: "twice"}.get(number, f"{in_words(number)} times")


def duration(seconds: float) -> str:
    """`7 h 12 min`, `1 h 0 min`, `45 min`, `20 s`; rounded once."""
    if seconds < 59.5:
        return f"{round(seconds)} s"
    minutes = int(seconds / 60.0 + 0.5)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def percent(share: float) -> str:
    """`61 %`; never 100 % for less than all, nor 0 % for more than nothing."""
    if 0.0 < share < 1.0:
        share = min(max(share, 0.01), 0.99)
    return f"{int(share * 100.0 + 0.5 + _ROUNDED)} %"


def rate(per_hour: float) -> str:
    """`0.4`, `12.3`, `104`: as many figures as a rate is worth."""
    return f"{per_hour:.0f}" if per_hour >= 99.95 else f"{per_hour:.1f}"


def an_hour(per_hour: float) -> str:
    """`12.3 an hour`."""
    return f"{rate(per_hour)} an hour"


def a_minute(per_min: float) -> str:
    """`14.2 a minute`."""
    return f"{per_min:.1f} a minute"


def in_figures(number: float) -> str:
    """Write a count in a table."""
    return f"{number:.0f}"


def between(low: str, high: str) -> str:
    """`2 to 5 min`, `45 min to 1 h 2 min`; only one of them where both are the same."""
    if low == high:
        return low
    number, _, unit = low.partition(" ")
    alike = high.endswith(unit) and " " not in high.removesuffix(f" {unit}")
    return f"{number if alike else low} to {high}"


def listed(parts: Sequence[str]) -> str:
    """Join into `a`, `a and b`, `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def sentence(text: str) -> str:
    """Begin with a capital and end with a full stop."""
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"
