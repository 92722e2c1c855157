import pytest

from bedside.light.curve import luminance


@pytest.mark.parametrize(
    ("percent", "duty"),
    [(0, 0), (1, 0.11), (5, 0.55), (10, 1.13), (20, 2.99), (50, 18.4), (100, 100)],
)
def test_perceived_brightness_to_light(percent, duty):
    assert 100 * luminance(percent / 100) == pytest.approx(duty, abs=0.02)


def test_the_two_parts_meet_without_a_corner():
    below, at, above = (luminance(0.08 + d) for d in (-1e-6, 0.0, 1e-6))
    assert above - at == pytest.approx(at - below, rel=1e-2)
