import re

import pytest

from bedside.live import Slot
from bedside.web.charts import WIDTH
from bedside.web.livestrip import FOOT, HEIGHT, Level, livestrip


def slot(t_s, swing_mg):
    return Slot(t_s, swing_mg, 0.0, 0.0, 1000.0, 0.01, 0, False)


def outline(slots, now_s=100.0, quiet_mg=1.0):
    return re.search(r'class="swing" d="([^"]*)"', livestrip(slots, now_s, quiet_mg)).group(1)


def test_the_quiet_is_flat_and_a_push_is_high():
    level = Level(2.0)

    heights = [level.height(mg) for mg in (0.0, 2.0, 20.0, 200.0, 5000.0)]

    assert heights[0] == heights[1] == 0.0
    assert heights[2] == pytest.approx((FOOT - 8.0) / 2)
    assert heights[3] == heights[4] == FOOT - 8.0


def test_nothing_is_no_line():
    assert outline([]) == ""
    assert livestrip([], 100.0, 0.0).startswith("<svg")


def test_what_is_older_than_a_minute_is_not_drawn():
    assert outline([slot(39.0, 50.0)]) == ""


def test_now_is_at_the_right_edge():
    drawn = outline([slot(99.8, 30.0), slot(100.0, 30.0)])

    assert drawn.startswith(f"M{WIDTH - 0.4 * WIDTH / 60:.1f} {FOOT:g}V")
    assert drawn.endswith(f"H{WIDTH:g}V{FOOT:g}Z")


def test_a_gap_breaks_the_line():
    drawn = outline([slot(80.0, 30.0), slot(90.0, 30.0), slot(90.2, 3.0)])

    assert drawn.count("M") == drawn.count("Z") == 2


def test_levels_are_marked_where_there_is_room():
    assert "10 mg" in livestrip([], 100.0, 1.0)
    assert "100 mg" in livestrip([], 100.0, 1.0)
    assert "10 mg" not in livestrip([], 100.0, 8.0)
    assert f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}"' in livestrip([], 100.0, 1.0)
