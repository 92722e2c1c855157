"""A QR code in a terminal."""

import segno

_QUIET = 4  # the light border that ISO/IEC 18004 asks for, in modules
_HALVES = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}  # (upper, lower): 1 is dark
_WHITE_ON_BLACK, _PLAIN = "\x1b[97;40m", "\x1b[0m"


def blocks(text: str) -> str:
    """Draw `text` as a QR code, two modules to a letter.

    The light modules are what is printed, in white on black: so it can be read on a dark terminal
    and on a light one, and where the colours are left out, still on a dark one.
    """
    code = segno.make(text, error="l", micro=False, boost_error=True)
    rows = [list(row) for row in code.matrix_iter(border=_QUIET)]
    if len(rows) % 2:
        rows.append([0] * len(rows[0]))
    lines = (
        "".join(_HALVES[bool(upper), bool(lower)] for upper, lower in zip(*pair, strict=True))
        for pair in zip(rows[::2], rows[1::2], strict=True)
    )
    return "".join(f"{_WHITE_ON_BLACK}{line}{_PLAIN}\n" for line in lines)
