from datetime import date

import pytest

from bedside.web.days import parse_day


def test_a_day_is_read_in_one_form():
    assert parse_day("2026-02-28") == date(2026, 2, 28)


@pytest.mark.parametrize(
    "text",
    ["", "today", "2026-2-3", "20260203", "2026-W05-1", "2026-02-30", "2026-13-01", "0000-01-01",
     "2026-02-03T00:00", "-2026-02-03", "٢٠٢٦-٠٢-٠٣", "2026-02-0x", "+026-02-03", " 2026-02-03"],
)  # fmt: skip
def test_anything_else_is_no_day(text):
    assert parse_day(text) is None
