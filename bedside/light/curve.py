"""Perceived brightness to light: CIE 1976 lightness."""

_KNEE = 8.0
_LINEAR = 24389.0 / 27.0  # kappa, 903.3


def luminance(level: float) -> float:
    """Light, 0-1, that looks `level` (0-1) as bright as the brightest (CIE 15: L* to Y)."""
    lightness = 100.0 * level
    if lightness <= _KNEE:
        return lightness / _LINEAR
    return float(((lightness + 16.0) / 116.0) ** 3)
