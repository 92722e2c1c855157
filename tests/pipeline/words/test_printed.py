import pytest

from bedside.pipeline.report import as_text, tell
from bedside.pipeline.samples import Span

HOUR = 3600.0


def test_the_text_is_laid_out_for_80_columns(night, move):
    earlier = [night(start_s=-1.0 - n) for n in range(3)]
    told = night(*(move(t * HOUR, "jerk") for t in (2, 3, 4)), move(1500.0, "jerk"))

    text = as_text(tell(told, earlier, [(0.0, 22 * HOUR)], "2026-11-21"))

    lines = text.splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert lines[:4] == [
        "Night of 2026-11-21",
        "===================",
        "",
        "Calm night: 4 twitches in 7 h 18 min, one of them while falling asleep.",
    ]
    assert "Figures                 this night          last three nights" in lines
    assert "  Time in bed           8 h 0 min           8 h 0 min" in lines
    assert "  Jerks                      0.4     0.0       1   0.0 to 0.0" in lines
    assert "  22            100 %  38 min      1      0     10" in lines
    assert lines[-1].endswith("replaces no doctor.")


@pytest.mark.parametrize("missing", [True, False])
def test_warnings_come_before_everything(night, missing):
    heard = (Span(0.0, 3 * HOUR),) if missing else (Span(0.0, 8 * HOUR),)

    paragraphs = as_text(tell(night(heard=heard))).split("\n\n")
    assert paragraphs[0] == "Night\n====="
    assert paragraphs[1].startswith("! This report covers only 38 %") is missing


def test_the_strip_shows_sleep_wake_absence_and_gaps(night):
    spans = (Span(0.0, 3 * HOUR), Span(4 * HOUR - 600.0, 8 * HOUR))
    heard = (Span(0.0, 6 * HOUR), Span(7 * HOUR, 8 * HOUR))

    lines = as_text(tell(night(presence=spans, heard=heard))).splitlines()

    strip = next(line for line in lines if line.startswith("  ["))
    assert len(strip) == 64 + 4
    assert strip == "  [---" + "#" * 21 + " " * 7 + "#" * 17 + "?" * 8 + "#" * 5 + "---]"


def test_an_empty_bed_is_short(night):
    text = as_text(tell(night(presence=(), heard=())))

    assert "Nothing was recorded in this night." in text
    assert "Hour" not in text
    assert "asleep  awake" not in text
    assert "not a medical device" in text


def test_what_has_no_rate_has_a_dash(night):
    text = as_text(tell(night(heard=())))

    assert "  Jerks                        -       -       0" in text
