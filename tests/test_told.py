"""Those to be told, with who is on record as told: on the board's page, in ``status --json``, in the closing summary."""

import pytest
from tests.desk_clock import leakresp
from tests.incidents import TODAY
from tests.screens import assessed, desk

from leakresp.response.telling import tellings
from leakresp.shell.layout import lines
from leakresp.shell.result import summary_rows

__all__ = ["leakresp"]  # the fixture

ATTACK = {
    "organisation_type": "business",
    "data_relation": "own",
    "record_kind": "personal_data",
    "cause": "unauthorized_access",
    "wrongful_act": "confirmed",
    "leak": "confirmed",
    "data_items": "name,email",
    "affected_people": "3000",
    "further_duties": "yes",
    "residents_abroad": "eu_eea,korea",
    "offered_abroad": "eu_eea,korea",
    "serious_harm": "confirmed",
    "discovered_on": "2026-11-23T09:30",
}
#: What the board is told of each recipient: whom, by when, how, on what ground, how sure.
ALWAYS = ("name", "by", "way", "ground", "sure", "word")


@pytest.fixture
def case(leakresp):
    """An attack with a report to the Commission, one to each of two authorities abroad, and notices to the persons."""
    leakresp.begin("mail", ATTACK)
    return leakresp


def listed(leakresp):
    return {each["id"]: each for each in leakresp.json("report mail")["recipients"]["list"]}


def test_the_board_reads_the_same_list_in_the_same_order_as_the_screen(case, library):
    found = case.json("report mail")["recipients"]["list"]
    stated = ATTACK | {fact: ATTACK[fact].split(",") for fact in ("data_items", "residents_abroad", "offered_abroad")}
    at = desk(library)
    assert [each["id"] for each in found] == [each.name for each in tellings(assessed(at, stated))]
    assert [each["id"] for each in found] == [each["id"] for each in case.json("status mail")["recipients"]]
    for each in found:
        assert all(each[key] for key in ALWAYS), each["id"]


def test_nobody_counts_as_told_before_it_is_on_record(case):
    assert {each["state"] for each in listed(case).values()} == {"open"}
    assert not any(each["done"] for each in case.json("status mail")["recipients"])


def test_who_was_told_is_marked_with_what_the_record_shows(case):
    case.fine("sent mail --filed gdpr.authority_report --to 'CNIL（フランス）' --receipt FR-1")
    case.fine("sent mail --filed appi.preliminary_report")
    case.fine("sent mail --filed gdpr.notify --to EUにお住まいの40名")
    found = listed(case)
    assert (found["gdpr.authority"]["state"], found["gdpr.authority"]["word"]) == ("done", "済み")
    (line,) = found["gdpr.authority"]["on_record"]
    assert "FR-1" in line
    assert "CNIL（フランス）" in line
    assert found["appi.ppc"]["state"] == "part", "the final report is still to come"
    assert found["gdpr.persons"]["state"] == "done"
    assert found["korea.authority"]["state"] == "open"
    told = {each["id"]: each for each in case.json("status mail")["recipients"]}
    assert [name for name, each in told.items() if each["done"]] == ["gdpr.authority", "gdpr.persons"]
    assert told["gdpr.authority"]["last_day"] is None, "no deadline of it runs any more"
    assert told["appi.ppc"]["last_day"] > "2027-01-01"


def test_a_paper_for_somebody_without_a_deadline_is_told_too(case):
    case.fine("draft-notice police_consultation_sheet --case mail")
    case.fine("sent mail police_consultation_sheet --to 県警サイバー窓口 --way hand")
    police = listed(case)["appi.police"]
    assert police["state"] == "done"
    assert "県警サイバー窓口" in police["on_record"][0]


def test_an_overdue_recipient_is_shouted(case):
    case("status mail", days=5)
    found = listed(case)
    assert found["gdpr.authority"]["state"] == "over"
    assert found["gdpr.authority"]["word"] == "期限超過"


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_page_says_of_each_recipient_what_a_board_asks(case, tmp_path, lang):
    case.fine("sent mail --filed gdpr.authority_report --to '<b>CNIL</b>' --receipt FR-1")
    path = tmp_path / "page.html"
    case.fine(f"report mail --lang {lang} -o '{path}'")
    text = path.read_text(encoding="utf-8")
    assert text.count('<a href="#recipients">') == 1
    part = text[text.index('<section aria-labelledby="recipients">') :]
    part = part[: part.index("</section>")]
    assert "&lt;b&gt;CNIL&lt;/b&gt;" in part
    assert part.count("<dt>") >= 4 * part.count('class="name"')


def test_the_keys_of_the_list_are_the_same_in_every_language(case):
    def keys(found):
        return [(each["id"], each["state"], sorted(each)) for each in found["recipients"]["list"]]

    assert keys(case.json("report mail --lang en")) == keys(case.json("report mail"))


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_closing_summary_has_the_clocks_in_hours(library, lang):
    at = desk(library, lang)
    stated = ATTACK | {"data_items": ["name"], "residents_abroad": ["eu_eea"], "offered_abroad": ["eu_eea"]}
    shown = " ".join(line for line, _ in lines(list(summary_rows(assessed(at, stated), at.phrases, TODAY))))
    assert "72" in shown
    assert "9:30" in shown
