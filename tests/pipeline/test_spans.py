"""Coverage and presence from rows."""

from bedside.pipeline.listener import Minute, PresenceChange
from bedside.pipeline.samples import Span
from bedside.pipeline.spans import heard_spans, presence_spans

DAY = Span(0.0, 86_400.0)


def minute(start_s, heard_s=60.0, present=1.0):
    return Minute(start_s, heard_s, present, 1.0, 4.0)


def minutes(start_s, end_s, present=1.0):
    return [minute(float(t), present=present) for t in range(int(start_s), int(end_s), 60)]


def presence(changes, rows, window=DAY):
    told = [PresenceChange(t_s, state) for t_s, state in changes]
    return presence_spans(told, rows, heard_spans(rows), window)


def test_whole_minutes_are_one_span():
    assert heard_spans(minutes(0, 600)) == (Span(0.0, 600.0),)
    assert heard_spans([]) == ()


def test_minutes_of_another_grid_join():
    rows = [minute(0.0), minute(60.9), minute(121.3)]

    assert heard_spans(rows) == (Span(0.0, 181.3),)


def test_a_minute_heard_in_part_keeps_its_seconds():
    before_gap = heard_spans([minute(0.0), minute(60.0, 20.0)])
    after_gap = heard_spans([minute(0.0, 20.0), minute(60.0)])
    alone = heard_spans([minute(0.0, 20.0)])
    silent = heard_spans([minute(0.0), minute(60.0, 0.0), minute(120.0)])

    assert before_gap == (Span(0.0, 80.0),)
    assert after_gap == (Span(40.0, 120.0),)
    assert alone == (Span(0.0, 20.0),)
    assert silent == (Span(0.0, 60.0), Span(120.0, 180.0))


def test_a_gap_between_two_parts_of_minutes():
    rows = [minute(0.0), minute(60.0, 30.0), minute(600.0, 15.0), minute(660.0)]

    assert heard_spans(rows) == (Span(0.0, 90.0), Span(645.0, 720.0))


def test_minutes_that_overlap_count_once():
    rows = [minute(0.0), minute(30.0, 45.0), minute(60.0)]

    assert heard_spans(rows) == (Span(0.0, 120.0),)


def test_presence_is_between_coming_and_going():
    found = presence([(600.0, True), (1800.0, False)], minutes(0, 3600))

    assert found == (Span(600.0, 1800.0),)


def test_presence_goes_on_to_the_end_of_the_data():
    assert presence([(600.0, True)], minutes(0, 3600)) == (Span(600.0, 3600.0),)


def test_presence_may_have_begun_before_the_window():
    rows = minutes(0, 3600)

    assert presence([(-7200.0, True), (600.0, False)], rows) == (Span(0.0, 600.0),)
    assert presence([(-7200.0, True), (-3600.0, False)], rows) == ()


def test_a_restart_does_not_tear_it():
    rows = minutes(0, 3600) + minutes(3900, 7200)

    assert presence([(600.0, True), (3960.0, True)], rows) == (Span(600.0, 7200.0),)


def test_hours_without_data_end_it():
    rows = minutes(0, 3600) + minutes(18_000, 21_600)

    assert presence([(600.0, True)], rows) == (Span(600.0, 3600.0),)
    assert presence([(600.0, True), (18_060.0, True)], rows) == (
        Span(600.0, 3600.0),
        Span(18_060.0, 21_600.0),
    )


def test_nobody_is_said_to_lie_in_bed_before_the_first_data():
    assert presence([(-3600.0, True)], minutes(40_000, 43_600, present=0.0)) == ()


def test_minutes_of_an_empty_bed_end_it():
    left_unheard = minutes(0, 3600) + minutes(3900, 7200, present=0.0)

    assert presence([(600.0, True)], left_unheard) == (Span(600.0, 3900.0),)


def test_a_few_empty_minutes_do_not():
    rows = minutes(0, 600) + minutes(600, 840, present=0.0) + minutes(840, 3600)

    assert presence([(60.0, True)], rows) == (Span(60.0, 3600.0),)


def test_without_data_nobody_is_there():
    assert presence([(600.0, True)], []) == ()
