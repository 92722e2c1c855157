import pytest

from bedside.pipeline.night import score
from bedside.pipeline.samples import Span
from bedside.pipeline.words.figures import figures, kind_lines, last_nights

HOUR = 3600.0
DAY = 24 * HOUR


def by_key(night, last=()):
    return {figure.key: figure for figure in figures(night, last)}


@pytest.fixture
def nights(recorded, move):
    """Nights one day apart, with so many jerks asleep each."""

    def make(*counts, first_day=0):
        found = []
        for day, count in enumerate(counts, first_day):
            zero_s = day * DAY
            fidgets = [move(zero_s + t, "turn") for t in range(0, 1200, 120)]
            jerks = [move(zero_s + 2 * HOUR + 300.0 * n, "jerk") for n in range(count)]
            whole = (Span(zero_s, zero_s + 8 * HOUR),)
            parts = {"start_s": zero_s, "end_s": zero_s + 8 * HOUR, "presence": whole}
            found.append(score(recorded(heard=whole, **parts | {"movements": (*fidgets, *jerks)})))
        return found

    return make


def test_every_figure_has_its_number_and_its_explanation(night):
    told = by_key(night())

    assert told["tib"].value == "8 h 0 min"
    assert told["tib"].amount == 8 * HOUR
    assert told["tst"].label == "Asleep (estimated)"
    assert told["se"].value == "91 %"
    assert told["awakenings"].value == "0"
    assert told["periodic_index"].value == "0.0 an hour"
    assert told["coverage"].value == "100 %"
    assert all(figure.explanation.endswith(".") for figure in told.values())
    assert all(figure.earlier == "" for figure in told.values())


def test_what_cannot_be_told_is_said_so(night):
    told = by_key(night(heard=()))

    for key in ("tst", "sol", "waso", "se", "awakenings", "periodic_index", "breathing"):
        assert (told[key].value, told[key].amount) == ("not told", None)


def test_of_an_empty_bed_only_the_coverage_is_given(night):
    assert list(by_key(night(presence=()))) == ["coverage"]
    assert kind_lines(night(presence=()), []) == []


def test_the_range_of_the_nights_before(nights):
    *earlier, tonight = nights(7, 14, 21, 0)

    told = by_key(tonight, earlier)
    assert told["tst"].earlier == "last three nights: 7 h 38 min"
    assert told["coverage"].earlier == ""
    assert by_key(tonight, earlier[:1])["sol"].earlier == "the night before: 23 min"


def test_the_last_seven_nights_fit_to_compare(nights, night):
    many = nights(*range(10))
    later = nights(1, first_day=30)
    low = night(heard=(Span(0.0, HOUR),))
    tonight = nights(0, first_day=20)[0]

    last = last_nights(tonight, [*reversed(many), *later, tonight, low, night(presence=())])
    assert last == many[3:]


def test_kinds_have_their_rates_and_those_before(nights):
    *earlier, tonight = nights(8, 16, 24)

    jerks, limbs, turns = kind_lines(tonight, earlier)
    assert (jerks.label, limbs.label, turns.label) == ("Jerks", "Limb movements", "Turns")
    assert (jerks.asleep, jerks.awake, jerks.hypnic, jerks.nights) == (24, 0, 0, 2)
    assert jerks.asleep_per_hour == pytest.approx(24 / tonight.tst_s * HOUR)
    assert jerks.low == pytest.approx(8 / tonight.tst_s * HOUR)
    assert jerks.mean == pytest.approx(12 / tonight.tst_s * HOUR)
    assert jerks.high == pytest.approx(16 / tonight.tst_s * HOUR)
    assert (
        jerks.text == "24 asleep and none awake in bed; last two nights: 1.0 to 2.1 an hour asleep."
    )


def test_kinds_without_nights_before(night, move):
    moved = [move(1500.0, "jerk"), move(3 * HOUR, "jerk"), move(3 * HOUR + 40, "jerk")]
    jerks = kind_lines(night(*moved, stimuli_s=(3 * HOUR,)), [])[0]

    assert (jerks.low, jerks.mean, jerks.high, jerks.nights) == (None, None, None, 0)
    assert jerks.text == (
        "Two asleep, one while falling asleep and none awake in bed; one right after a noise or "
        "the light."
    )
