"""Counting days: the day of knowing is day one, closed days inside count, and a closed last day moves to the next open one."""

import datetime as dt

import holidays
import jpholiday
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.incidents import TODAY

from leakresp.law.days import last_day

YEARS = range(2022, 2028)
ONE_DAY = dt.timedelta(days=1)
known_days = st.dates(dt.date(2022, 1, 1), dt.date(2027, 10, 1))


@pytest.fixture(scope="module")
def calendar(rulebook):
    return rulebook.calendar


def due(calendar, known, days):
    return calendar.roll(last_day(dt.date.fromisoformat(known), days)).isoformat()


@pytest.mark.parametrize(
    ("known", "days", "expected", "why"),
    [
        ("2026-11-23", 30, "2026-12-22", "day 30 is a working day; the holiday it began on counts as day one"),
        ("2026-11-23", 60, "2027-01-21", "day 60 is a working day; the new-year closure inside counts"),
        ("2026-12-01", 30, "2027-01-04", "30 December is closed and so is every day until 3 January"),
        ("2026-08-24", 30, "2026-09-24", "22 September lies between two holidays and is one; the 23rd is the equinox"),
        ("2026-04-04", 30, "2026-05-07", "3 May is a Sunday, 4 and 5 May are holidays, 6 May stands in for the Sunday"),
        ("2026-11-04", 60, "2027-01-04", "2 January is closed, and the 3rd is"),
        ("2025-12-01", 30, "2026-01-05", "30 December is closed; 4 January 2026 is a Sunday"),
        ("2026-10-02", 30, "2026-11-02", "31 October is a Saturday"),
        ("2026-10-05", 30, "2026-11-04", "3 November is Culture Day"),
        ("2024-01-31", 30, "2024-02-29", "a leap day is a day"),
    ],
)
def test_the_last_day(calendar, known, days, expected, why):
    assert due(calendar, known, days) == expected, why


def counted_by_hand(start, days, closed):
    """Return the last day as one would find it with a finger on a wall calendar."""
    day, number = start, 1
    while number < days:
        day += ONE_DAY
        number += 1
    while closed(day):
        day += ONE_DAY
    return day


def closed_in_japan(official):
    def closed(day):
        new_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
        return day.weekday() >= 5 or new_year or day in official

    return closed


@settings(max_examples=500)
@given(start=known_days, days=st.sampled_from([30, 60]))
def test_the_last_day_is_the_one_a_person_counts(law, start, days):
    closed = closed_in_japan(holidays.country_holidays("JP", years=range(2021, 2030)))
    assert law.rulebook.calendar.roll(last_day(start, days)) == counted_by_hand(start, days, closed)


@settings(max_examples=200)
@given(start=known_days, days=st.integers(1, 90))
def test_a_period_never_ends_on_a_closed_day_nor_early_nor_late(law, start, days):
    calendar = law.rulebook.calendar
    last = last_day(start, days)
    end = calendar.roll(last)
    assert (last - start).days == days - 1
    assert not calendar.closed(end)
    assert all(calendar.closed(last + ONE_DAY * step) for step in range((end - last).days))


@given(start=known_days, days=st.integers(1, 90))
def test_knowing_a_day_later_never_ends_a_period_earlier(law, start, days):
    roll = law.rulebook.calendar.roll
    assert roll(last_day(start, days)) <= roll(last_day(start + ONE_DAY, days))


@pytest.mark.parametrize("year", YEARS)
def test_our_holidays_are_those_two_libraries_know(calendar, year):
    ours = {day for day in calendar.holidays if day.year == year}
    assert ours == set(holidays.country_holidays("JP", years=year))
    assert ours == {day for day, _ in jpholiday.year_holidays(year)}


def test_every_holiday_is_named_in_both_languages(calendar):
    assert {day.year for day in calendar.holidays} == set(YEARS)
    assert all(name["ja"] and name["en"] for name in calendar.holidays.values())


@pytest.mark.parametrize("year", YEARS)
def test_offices_are_closed_from_29_december_to_3_january(calendar, year):
    closed = [dt.date(year, 12, day) for day in (29, 30, 31)] + [dt.date(year + 1, 1, day) for day in (1, 2, 3)]
    assert all(calendar.closed(day) for day in closed)
    for day in (dt.date(year, 12, 28), dt.date(year + 1, 1, 4)):
        assert calendar.closed(day) == (day.weekday() >= 5)


def test_the_calendar_says_how_far_it_knows(calendar):
    assert calendar.knows(dt.date(2022, 1, 1))
    assert calendar.knows(dt.date(2027, 12, 31))
    assert not calendar.knows(dt.date(2028, 1, 1))
    assert not calendar.knows(dt.date(2021, 12, 31))


def test_a_last_day_beyond_the_known_holidays_is_given_and_said_to_be_unsure(assessor, facts):
    late = {"leak": "confirmed", "cause": "theft", "discovered_on": facts["discovered_on"].read("2027-12-20")}
    assessment = assessor.assess(late, None, TODAY)
    final = next(clock for clock in assessment.regime("appi").clocks if clock.id == "final_report")
    assert final.term.due == dt.date(2028, 2, 17)
    assert not final.term.known_calendar
    assert "calendar_ends" in {caveat.key for caveat in assessment.caveats}
    early = assessor.assess(late | {"discovered_on": facts["discovered_on"].read("2026-11-23")}, None, TODAY)
    assert "calendar_ends" not in {caveat.key for caveat in early.caveats}


@pytest.mark.parametrize(
    ("written", "day", "time"),
    [
        ("2026-11-20", "2026-11-20", None),
        ("2026-11-20T09:30", "2026-11-20", "09:30"),
        ("2026-11-20T09:30+09:00", "2026-11-20", "09:30"),
        ("2026-11-20T23:30Z", "2026-11-21", "08:30"),
        ("2026-11-20T00:30+09:00", "2026-11-20", "00:30"),
        ("2026-11-19T16:00-08:00", "2026-11-20", "09:00"),
    ],
)
def test_a_moment_is_a_day_in_japan(facts, written, day, time):
    known = facts["discovered_on"].read(written)
    assert (known.date.isoformat(), known.time) == (day, time)
