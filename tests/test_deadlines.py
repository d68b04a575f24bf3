"""The clocks: from which day they count, how long, and what is said while it is not yet known."""

import datetime as dt

import pytest
from tests.incidents import TODAY, read

#: A mistake that touches 900 people at first sight and is reportable for nothing.
SMALL = {
    "leak": "confirmed",
    "cause": "misdirected_email",
    "wrongful_act": "ruled_out",
    "data_items": ["name"],
    "data_items_complete": "yes",
    "affected_people": 900,
    "discovered_on": "2026-11-02",
}


@pytest.fixture
def clock(assessor, facts):
    """Return a clock of an incident by its id."""

    def find(stated, name="final_report", regime="appi"):
        result = assessor.assess(read(facts, stated), None, TODAY).regime(regime)
        return next((clock for clock in result.clocks if clock.id == name), None)

    return find


@pytest.fixture
def warnings(assessor, facts):
    return lambda stated: {caveat.key for caveat in assessor.assess(read(facts, stated), None, TODAY).caveats}


def day(text):
    return dt.date.fromisoformat(text)


def test_no_duty_no_clock(clock):
    assert clock(SMALL) is None


def test_the_guide_for_the_first_report_is_three_to_five_days_and_is_no_deadline(clock):
    first = clock(SMALL | {"affected_people": 5000, "discovered_on": "2026-11-20"}, "preliminary_report")
    # 22 November is a Sunday and the 23rd a holiday: a guide does not move.
    assert first.guide == (day("2026-11-22"), day("2026-11-24"))
    assert first.term is None
    assert not first.firm


def test_the_final_report_is_due_in_30_days(clock):
    final = clock(SMALL | {"affected_people": 5000, "discovered_on": "2026-11-23"})
    assert (final.term.days, final.term.due, final.firm) == (30, day("2026-12-22"), True)
    assert final.longer is None


def test_a_wrongful_purpose_gives_60_days_also_together_with_others(clock):
    final = clock({"leak": "confirmed", "cause": "theft", "affected_people": 5000, "discovered_on": "2026-11-23"})
    assert (final.term.days, final.term.due) == (60, day("2027-01-21"))
    assert final.longer is None


def test_a_closed_last_day_is_named_beside_the_day_it_moved_to(clock):
    final = clock(SMALL | {"affected_people": 5000, "discovered_on": "2026-12-01"})
    assert (final.term.moved_from, final.term.due) == (day("2026-12-30"), day("2027-01-04"))


def test_while_a_wrongful_purpose_is_open_30_days_are_shown_with_60_if(clock):
    open_purpose = {"leak": "confirmed", "data_items": ["medical_history"], "discovered_on": "2026-11-23"}
    final = clock(open_purpose)
    assert (final.term.days, final.term.due) == (30, day("2026-12-22"))
    assert (final.longer.days, final.longer.due) == (60, day("2027-01-21"))
    assert "wrongful_act" in final.longer_if.open_facts()


def test_while_the_duty_itself_is_open_the_clock_is_shown_too(clock):
    final = clock({"leak": "unknown", "cause": "theft", "discovered_on": "2026-11-23"})
    assert (final.term.days, final.longer.days) == (30, 60)


def test_without_a_day_of_knowing_the_length_is_shown_and_the_day_is_asked(assessor, facts):
    assessment = assessor.assess(read(facts, {"leak": "confirmed", "cause": "theft"}), None, TODAY)
    final = next(clock for clock in assessment.regime("appi").clocks if clock.id == "final_report")
    assert (final.counts_from, final.term.days, final.term.due) == (None, 60, None)
    assert "appi.final_report" in assessment.open_facts["discovered_on"]


def test_a_late_evening_abroad_is_the_next_day_in_japan(clock):
    assert clock(SMALL | {"affected_people": 5000, "discovered_on": "2026-11-20T23:30Z"}).counts_from == day(
        "2026-11-21"
    )


# Learned later --------------------------------------------------------------------------------------------------------

LATER_MANY = SMALL | {"affected_people": 1500, "over_threshold_learned_on": "2026-11-10"}


def test_the_clock_begins_when_the_number_was_known_to_pass_the_limit(clock):
    assert clock(LATER_MANY).counts_from == day("2026-11-10")
    assert clock(LATER_MANY, "preliminary_report").guide == (day("2026-11-12"), day("2026-11-14"))


def test_another_situation_that_held_from_the_start_keeps_its_day(clock):
    sensitive = LATER_MANY | {"data_items": ["medical_history"]}
    assert clock(sensitive).counts_from == day("2026-11-02")


def test_a_day_learned_for_a_situation_that_does_not_hold_moves_nothing(clock):
    held = SMALL | {"affected_people": 1500, "wrongful_learned_on": "2026-11-10"}
    assert clock(held).counts_from == day("2026-11-02")


LATER_WRONGFUL = SMALL | {"wrongful_act": "suspected", "wrongful_learned_on": "2026-11-10"}


def test_a_purpose_suspected_later_begins_its_own_60_days(clock, warnings):
    final = clock(LATER_WRONGFUL)
    assert (final.counts_from, final.term.days, final.term.due) == (day("2026-11-10"), 60, day("2027-01-08"))
    assert final.before is None
    assert "clock_had_begun" not in warnings(LATER_WRONGFUL)


def test_30_days_that_had_begun_are_shown_beside_the_60(clock, warnings):
    """No source says what then happens to the 30 days: both are shown, and a warning says so."""
    both = LATER_WRONGFUL | {"data_items": ["medical_history"]}
    final = clock(both)
    assert (final.counts_from, final.term.days) == (day("2026-11-02"), 60)
    assert (final.before.days, final.before.due) == (30, day("2026-12-01"))
    assert "clock_had_begun" in warnings(both)


def test_both_learned_later_count_from_the_earlier_of_the_two(clock):
    both = LATER_WRONGFUL | {"affected_people": 1500, "over_threshold_learned_on": "2026-11-06"}
    final = clock(both)
    assert final.counts_from == day("2026-11-06")
    assert (final.term.days, final.before.days) == (60, 30)


def test_a_day_said_to_be_later_that_lies_before_is_taken_as_the_earlier_and_warned_about(clock, warnings):
    odd = LATER_MANY | {"over_threshold_learned_on": "2026-10-30"}
    assert clock(odd).counts_from == day("2026-10-30")
    assert "learned_before_discovery" in warnings(odd)


def test_the_thousand_of_the_appi_does_not_move_the_clock_of_my_number(clock):
    """The hundred of the My Number rules may have been passed long before."""
    payroll = LATER_MANY | {"data_items": ["name", "my_number"]}
    assert clock(payroll).counts_from == day("2026-11-10")
    assert clock(payroll, regime="my_number").counts_from == day("2026-11-02")


def test_an_administrative_organ_has_its_own_clock_and_none_under_article_26(clock):
    city = SMALL | {"organisation_type": "administrative_organ"}
    assert clock(city) is None
    assert clock(city, regime="public_bodies").term.days == 30


def test_an_entrustee_that_is_released_has_no_clock(clock):
    told = {"data_relation": "entrusted_to_us", "entrustor_bears_duty": "yes", "entrustor_notified": "yes"}
    assert clock(SMALL | {"affected_people": 5000} | told) is None


@pytest.mark.parametrize(
    ("change", "warning"),
    [
        ({"discovered_on": "2026-12-24"}, "day_in_future"),
        ({"occurred_on": "2026-11-03"}, "occurred_after_discovery"),
        ({"wrongful_learned_on": "2026-11-01"}, "learned_before_discovery"),
    ],
)
def test_days_that_cannot_be_are_warned_about(warnings, change, warning):
    assert warning in warnings(SMALL | change)
    assert warning not in warnings(SMALL | {"occurred_on": "2026-11-01"})
