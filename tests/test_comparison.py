"""The follow-up: what was said in the preliminary report beside what is known now, item by item."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.incidents import TODAY, answers, read

from leakresp.law.held import UNSURE, Open
from leakresp.papers.catalogue import names_used
from leakresp.response.brief import DERIVED, TELLS
from leakresp.response.case import Answered, Entry, Noted, Opened, Reported, Withdrawn, replay
from leakresp.response.comparison import ITEMS, STATES, as_filed, compare, comparison_json, last_preliminary
from leakresp.response.wording import Phrases
from leakresp.shell.wording import Wording

MOMENT = dt.datetime(2026, 11, 22, 17, 0, tzinfo=dt.UTC)


def entries(*events):
    """Return events recorded within the same second: only their numbers tell them apart."""
    return [Entry(n, MOMENT, "佐藤", event) for n, event in enumerate(events, 1)]


def filed(stage="preliminary_report", regime="appi", day="2026-11-22"):
    return Reported(regime, stage, "個人情報保護委員会", day)


def compared(assessor, facts, then, now, needs=()):
    """Compare two sets of answers as files write them."""
    before, after = (assessor.assess(read(facts, stated), None, TODAY) for stated in (then, now))
    return compare(entries(filed())[0], before, after, needs)


def states(comparison):
    return {told.fact: told.state for item in comparison.items for told in item.told}


def test_each_fact_is_told_as_what_became_of_it(assessor, facts):
    then = {
        "cause": "ransomware",
        "leak": "suspected",
        "medium": ["electronic"],
        "affected_people": "500..3000",
        "other_matters": "unknown",
    }
    now = {
        "cause": "ransomware",
        "leak": "confirmed",
        "medium": "unknown",
        "affected_people": 2812,
        "cause_detail": "VPN",
        "other_matters": "unknown",
    }
    assert states(compared(assessor, facts, then, now)) == {
        "leak": "changed",
        "medium": "withdrawn",
        "affected_people": "changed",
        "cause": "same",
        "cause_detail": "new",
        "other_matters": "open",
    }


def test_what_nobody_was_asked_counts_only_where_the_report_needs_it(assessor, facts):
    assert states(compared(assessor, facts, {}, {})) == {}
    assert states(compared(assessor, facts, {}, {}, ["prevention_done"])) == {"prevention_done": "open"}


def test_an_answer_taken_back_is_not_forgotten(assessor, facts):
    assert states(compared(assessor, facts, {"cause": "ransomware"}, {})) == {"cause": "withdrawn"}


def test_an_item_is_as_its_most_pressing_fact(assessor, facts):
    then = {"occurred_on": "2026-11-18", "finder": "own_staff", "leak": "suspected"}
    now = {"occurred_on": "2026-11-18", "finder": "unknown", "leak": "confirmed", "loss": "ruled_out"}
    assert compared(assessor, facts, then, now).items[0].state == "withdrawn"
    assert compared(assessor, facts, then, then).items[0].state == "same"
    assert compared(assessor, facts, {}, {}).items[0].state == "same"


def test_situations_stand_side_by_side(assessor, facts):
    found = compared(
        assessor,
        facts,
        {"leak": "confirmed", "affected_people": "..1000"},
        {"leak": "confirmed", "affected_people": 1001},
    )
    assert ("appi.over_1000_people", "no", "yes") in [(each.name, each.then, each.now) for each in found.situations]


def test_there_are_nine_items_and_no_fact_stands_in_two():
    assert list(ITEMS) == list(range(1, 10))
    told = [fact for item in ITEMS.values() for fact in item]
    assert len(told) == len(set(told))


def told_under_the_items(library, facts, lang):
    """Return for each report of the nine items what it tells under each of them."""
    reports = [paper for paper in library.papers if paper["group"] == "authority" and len(paper["items"]) == len(ITEMS)]
    for paper in reports:
        body = paper["bodies"][lang]
        for number, text in re.findall(r"^::: item (\d)\n(.*?)^:::$", body, re.MULTILINE | re.DOTALL):
            used = names_used(text)
            told = {fact for name in used for fact in (TELLS.get(name, ()) if name in DERIVED else (name,))}
            yield paper["id"], int(number), told & set(facts)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_items_tell_what_the_reports_tell_under_them(library, facts, lang):
    under: dict[int, set[str]] = {number: set() for number in ITEMS}
    for paper, number, told in told_under_the_items(library, facts, lang):
        assert told <= set(ITEMS[number]), (paper, number)
        under[number] |= told
    reports = {paper for paper, _, _ in told_under_the_items(library, facts, lang)}
    assert {"ppc_preliminary_report", "ppc_follow_up_report", "ppc_final_report", "my_number_final_report"} <= reports
    for number, told in under.items():
        assert set(ITEMS[number]) - told <= {"loss", "tampered", "unusable"}, number


# what was said then ---------------------------------------------------------------------------------------------------


def test_what_was_said_is_what_was_on_record_when_the_filing_was_recorded(facts):
    told = entries(Opened("x"), Answered({"leak": "suspected"}), filed(), Answered({"leak": "confirmed"}))
    then = as_filed(told, facts, told[2])
    assert then.answers == {"leak": "suspected"}
    assert replay(told, facts).answers == {"leak": "confirmed"}


def test_the_comparison_is_with_the_last_report_that_was_not_the_final_one(facts):
    told = entries(
        filed("preliminary"),
        Noted("x"),
        filed("preliminary_report", day="2026-11-23"),
        filed("preliminary", "my_number"),
        filed("final_report"),
    )
    case = replay(told, facts)
    assert last_preliminary(case, "appi") is told[2]
    assert last_preliminary(case, "my_number") is told[3]
    assert last_preliminary(case, "public_bodies") is None
    assert last_preliminary(replay(told[-1:], facts), "appi") is None


def test_an_answer_withdrawn_after_the_filing_shows(facts, assessor):
    told = entries(Answered({"cause": "theft"}), filed(), Withdrawn(("cause",)))
    then, now = as_filed(told, facts, told[1]), replay(told, facts)
    found = compare(told[1], *(assessor.assess(case.answers, None, TODAY) for case in (then, now)))
    assert states(found) == {"cause": "withdrawn"}


# as plain values ------------------------------------------------------------------------------------------------------


def test_the_plain_form_has_the_nine_items_with_then_and_now(library, assessor, facts):
    found = compared(
        assessor,
        facts,
        {"affected_people": "500..3000"},
        {"affected_people": 2812, "cause": "theft"},
        ["prevention_done"],
    )
    plain = comparison_json(found, Phrases(library.rulebook, Wording(library.words, "ja")))
    assert plain["filed"] == {"stage": "preliminary_report", "day": "2026-11-22", "to": "個人情報保護委員会", "n": 1}
    assert [item["item"] for item in plain["items"]] == list(range(1, 10))
    assert plain["items"][2] == {
        "item": 3,
        "title": "本人の数",
        "state": "changed",
        "facts": [
            {
                "fact": "affected_people",
                "title": "影響を受ける本人の数",
                "state": "changed",
                "then": "500..3000",
                "now": "2812",
            }
        ],
    }
    assert plain["items"][3]["facts"][0]["then"] is None
    assert plain["items"][7]["state"] == "open"


@given(data=st.data())
def test_the_states_are_those_of_the_answers_whatever_they_are(law, data):
    then, now = (data.draw(answers(law.facts)) for _ in range(2))
    found = compare(entries(filed())[0], *(law.assessor.assess(each, None, TODAY) for each in (then, now)))
    for item in found.items:
        assert item.state in STATES
        for told in item.told:
            before, after = then.get(told.fact), now.get(told.fact)
            known_then, known_now = (each is not None and not isinstance(each, Open) for each in (before, after))
            expected = {
                (True, True): "same" if before == after else "changed",
                (False, True): "new",
                (True, False): "withdrawn",
            }
            assert told.state == expected.get((known_then, known_now), "open")
            assert told.state != "open" or UNSURE in {before, after}
    assert sum(len(found.in_state(state)) for state in STATES) == sum(len(item.told) for item in found.items)
