"""Laws and schemes beside the Act: looked at once they apply, told in the order of the clock, never lost when unknown."""

import datetime as dt
import shutil

import pytest
from tests.console import ROOT
from tests.incidents import TODAY, read

from leakresp.response.due import time_left
from leakresp.response.telling import CONFIDENCE, tellings
from leakresp.shell import library as shelf
from leakresp.shell.faults import FaultsError

#: Three addresses seen by others: nothing to report under the Act.
SMALL = {
    "cause": "bcc_mistake",
    "leak": "confirmed",
    "wrongful_act": "ruled_out",
    "record_kind": "personal_data",
    "data_items": ["name", "email"],
    "data_items_complete": "yes",
    "affected_people": 3,
    "discovered_on": "2026-11-24T09:30+09:00",
}


@pytest.fixture
def assess(assessor, facts):
    return lambda stated: assessor.assess(read(facts, stated), None, TODAY)


def ids(assessment):
    return [result.regime.id for result in assessment.regimes]


def test_what_nobody_asked_about_is_named_and_does_not_make_the_verdict(assess):
    found = assess(SMALL)
    assert found.verdict == "not_required"
    assert ids(found) == ["appi", "my_number", "public_bodies"]
    assert {"privacy_mark", "gdpr"} <= {each.regime.id for each in found.unlooked}
    assert found.open_facts["privacy_mark"] == ("privacy_mark.report",)


def test_what_somebody_asked_cannot_tell_keeps_the_verdict_open(assess):
    found = assess(SMALL | {"privacy_mark": "unknown"})
    assert found.verdict == "undetermined"
    assert found.regime("privacy_mark").report.duty == "undetermined"


def test_what_applies_gives_the_verdict_though_the_act_asks_for_nothing(assess):
    found = assess(SMALL | {"privacy_mark": "yes"})
    assert found.verdict == "required"
    assert found.regime("appi").report.duty == "not_required"


def test_one_answer_that_nothing_else_applies_settles_all_of_them_and_a_stated_answer_prevails(assess):
    found = assess(SMALL | {"further_duties": "no"})
    assert not found.unlooked
    assert found.verdict == "not_required"
    assert assess(SMALL | {"further_duties": "no", "privacy_mark": "yes"}).verdict == "required"


def test_where_nothing_happened_to_the_data_nothing_else_is_asked(assess):
    nothing = dict.fromkeys(("leak", "loss", "tampered", "unusable"), "ruled_out")
    found = assess(SMALL | nothing | {"my_number_misuse": "ruled_out"})
    assert not {"privacy_mark", "gdpr", "korea", "finance"} & {each.regime.id for each in found.unlooked}


ABROAD = SMALL | {"residents_abroad": ["eu_eea"], "offered_abroad": ["eu_eea"], "risk_unlikely": "no"}


def test_hours_count_from_the_minute_and_from_midnight_where_no_time_is_known(assess):
    clock = next(clock for clock in assess(ABROAD).regime("gdpr").clocks if clock.hours == 72)
    assert clock.moment.isoformat() == "2026-11-27T09:30:00+09:00"
    early = assess(ABROAD | {"discovered_on": "2026-11-24"}).regime("gdpr")
    assert next(clock.moment for clock in early.clocks if clock.hours == 72).isoformat() == "2026-11-27T00:00:00+09:00"
    unknown = assess(ABROAD | {"discovered_on": "unknown"}).regime("gdpr")
    assert [clock.moment for clock in unknown.clocks if clock.hours == 72] == [None]


def test_the_list_is_in_the_order_of_the_clock_and_says_of_each_all_there_is_to_know(assess):
    found = tellings(assess(ABROAD | {"data_items": ["medical_history"], "privacy_mark": "yes"}))
    assert [each.hours for each in found] == sorted(each.hours for each in found)
    assert {"appi.ppc", "gdpr.authority", "privacy_mark.body", "appi.persons"} <= {each.name for each in found}
    for each in found:
        assert each.recipient.way["ja"], each.name
        assert each.recipient.way["en"], each.name
        assert each.recipient.sources, each.name
        assert each.read in CONFIDENCE


def test_whom_two_laws_name_is_said_to_be_told_twice_or_once(assess):
    found = {
        each.name: each
        for each in tellings(assess(ABROAD | {"data_items": ["medical_history"], "privacy_mark": "yes"}))
    }
    assert [(each.other, each.how) for each in found["privacy_mark.body"].overlaps] == [("appi.ppc", "besides")]


def test_time_left_of_what_has_no_day_cannot_be_asked():
    from leakresp.response.due import Due

    with pytest.raises(ValueError, match="x"):
        time_left(Due("x", "prompt", {}, None), dt.datetime(2026, 11, 24, tzinfo=dt.UTC))


@pytest.mark.parametrize(
    ("file", "old", "new", "key"),
    [
        ("schemes/privacy_mark/recipients/body.yaml", "other: appi.ppc", "other: appi.pcp", "rules.recipient_unknown"),
        (
            "schemes/privacy_mark/recipients/body.yaml",
            "privacy_mark_report",
            "privacy_mark_repot",
            "rules.paper_unknown",
        ),
        (
            "schemes/privacy_mark/deadlines/final_report.yaml",
            "days: 30",
            "days: 30\n    hours: 72",
            "rules.deadline_twice",
        ),
        ("schemes/privacy_mark/recipients/body.yaml", "id: body", "id: report", "rules.name_differs"),
    ],
)
def test_a_slip_in_a_law_beside_the_act_is_named_with_its_file(tmp_path, file, old, new, key):
    rules = shutil.copytree(ROOT / "rules", tmp_path / "rules")
    text = (rules / file).read_text(encoding="utf-8")
    assert old in text
    (rules / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    templates = ROOT / "templates"
    with pytest.raises(FaultsError) as caught:
        shelf.check(shelf.read_folder(rules), str(rules), shelf.read_folder(templates), str(templates))
    assert key in {fault.key for fault in caught.value.faults}
    assert any(fault.file.endswith(file) for fault in caught.value.faults)


def test_two_bodies_of_law_of_one_name_are_refused(tmp_path):
    rules = shutil.copytree(ROOT / "rules", tmp_path / "rules")
    shutil.copytree(rules / "schemes" / "privacy_mark", rules / "sectors" / "privacy_mark")
    templates = ROOT / "templates"
    with pytest.raises(FaultsError) as caught:
        shelf.check(shelf.read_folder(rules), str(rules), shelf.read_folder(templates), str(templates))
    assert "rules.id_twice" in {fault.key for fault in caught.value.faults}
