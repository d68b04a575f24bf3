"""A duty and its exceptions: one that is proven decides, one that is not does not lift, two together are an error."""

import datetime as dt

import pytest

from leakresp.law.conditions import Is
from leakresp.law.duties import ClashingExceptionsError, Duty
from leakresp.law.held import NOT_ASKED, UNSURE, Known, Presumed
from leakresp.law.rules import Exemption, Rule, Version
from leakresp.law.truth import UNKNOWN

NAMES = {"ja": "報告", "en": "report"}
VERSION = Version(dt.date(2022, 4, 1), (), None, (), {})
RULE = Rule("appi", "report", "duty", NAMES, NAMES, (VERSION,))
BUSINESS = Presumed("no", "business_unless_stated", asked=False)


def exception(name, duty):
    return Exemption(name, duty, NAMES, (), {}), Is(name, ["yes"])


REPORT = Duty(
    RULE,
    VERSION,
    Is("situation", ["yes"]),
    (exception("organ", "other_regime"), exception("exempt", "not_required"), exception("told", "released")),
)


def decide(situation, organ="no", exempt="no", told="no"):
    return REPORT.decide(Known({"situation": situation, "organ": organ, "exempt": exempt, "told": told}))


@pytest.mark.parametrize(
    ("situation", "duty"),
    [("yes", "required"), ("no", "not_required"), (NOT_ASKED, "undetermined"), (UNSURE, "undetermined")],
)
def test_without_an_exception_the_situation_decides(situation, duty):
    assert decide(situation).duty == duty


@pytest.mark.parametrize("situation", ["yes", NOT_ASKED])
@pytest.mark.parametrize(
    ("name", "duty"), [("organ", "other_regime"), ("exempt", "not_required"), ("told", "released")]
)
def test_an_exception_that_is_proven_decides(situation, name, duty):
    ruling = decide(situation, **{name: "yes"})
    assert ruling.duty == duty
    assert ruling.by.id == name
    assert [leaf.word.fact for leaf in ruling.deciding()] == [name]


@pytest.mark.parametrize("name", ["organ", "exempt", "told"])
def test_an_exception_that_nobody_proved_does_not_lift_the_duty_and_is_named(name):
    ruling = decide("yes", **{name: UNSURE})
    assert ruling.duty == "required"
    assert ruling.by is None
    assert ruling.open_facts() == {name}
    assert [each.id for each, proof in ruling.exceptions if proof.truth is UNKNOWN] == [name]


def test_nobody_is_released_from_what_was_never_a_duty():
    ruling = decide("no", told="yes")
    assert ruling.duty == "not_required"
    assert ruling.by is None


def test_who_is_released_stays_so_only_if_the_situation_may_hold():
    ruling = decide(NOT_ASKED, told="yes")
    assert ruling.duty == "released"
    assert ruling.open_facts() == {"situation"}


def test_where_nothing_is_to_lift_only_another_regime_is_asked_about():
    assert decide("no", exempt=NOT_ASKED, told=NOT_ASKED).open_facts() == frozenset()
    assert decide("no", organ=BUSINESS).open_facts() == {"organ"}


def test_what_is_decided_by_an_exception_does_not_wait_for_the_situation():
    assert decide(NOT_ASKED, exempt="yes").open_facts() == frozenset()


@pytest.mark.parametrize("situation", ["yes", "no", NOT_ASKED])
@pytest.mark.parametrize("pair", [("organ", "exempt"), ("organ", "told"), ("exempt", "told")])
def test_two_exceptions_that_hold_together_are_an_error_and_no_order_hides_it(situation, pair):
    with pytest.raises(ClashingExceptionsError, match=rf"appi\.report: {pair[0]}, {pair[1]} hold together"):
        decide(situation, **dict.fromkeys(pair, "yes"))


def test_the_notice_to_the_persons_follows_the_report(assessor, facts):
    """Article 26 (2): whoever must report must tell the persons; whoever is released is released from both."""
    from tests.incidents import TODAY, read, reference_cases

    for case in reference_cases("appi.yaml"):
        for result in assessor.assess(read(facts, case["facts"]), None, TODAY).regimes:
            if result.notify is not None:  # a body of law beside the Act may know of no notice
                assert result.notify.duty == result.report.duty, (case["id"], result.regime.id)
