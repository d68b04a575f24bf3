"""What a tired person reads on the screen: nothing is cut off, whoever is told is told what, and an end is an end."""

import datetime as dt
import re

import pytest
from tests.console import ROOT
from tests.desk_clock import leakresp

from leakresp.law.vocabulary import JAPAN

__all__ = ["leakresp"]  # the fixture

#: A shop whose payment page was altered, with customers in Germany and Korea; nobody wrote down the time of knowing.
SHOP = {
    "data_relation": "own",
    "cause": "web_tampering",
    "leak": "confirmed",
    "record_kind": "personal_data",
    "data_items": "name,email,credit_card_number",
    "data_items_complete": "no",
    "affected_people": "1200",
    "wrongful_act": "confirmed",
    "discovered_on": "2026-11-23",
    "residents_abroad": "eu_eea,korea",
    "offered_abroad": "eu_eea,korea",
}
#: A sentence in Japanese or English, outside quotation marks, of which YAML takes the end for a remark.
CUT_OFF = re.compile(r"^\s*(?:- )?(?:ja|en): [^\"'>|{\s].* #")


@pytest.fixture
def shop(leakresp):
    leakresp.begin("shop", facts=SHOP)
    return leakresp


def assess(typing, **more):
    return typing.fine("assess " + " ".join(f"--set {fact}={value}" for fact, value in (SHOP | more).items()))


def section(shown, heading):
    return shown.split(f"\n{heading}\n")[1].split("\n\n")[0]


@pytest.mark.parametrize("folder", ["rules", "templates"])
def test_no_sentence_loses_its_end_to_a_number_sign(folder):
    files = sorted((ROOT / folder).rglob("*.yaml"))
    lines = [(file.name, line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(files) > 20
    assert [found for found in lines if CUT_OFF.match(found[1])] == []


def test_a_card_company_is_contacted_and_not_given_the_notice_to_the_persons(leakresp):
    verdicts = section(assess(leakresp), "制度ごとの結論")
    assert "カード情報の事故の連絡（加盟店契約）：連絡が必要です" in verdicts


def test_what_to_do_and_whom_to_tell_come_before_the_reasons(leakresp):
    shown = assess(leakresp)
    headings = [
        "期限",
        "すること",
        "知らせる相手",
        "作る文書",
        "報告の対象となる事態に当たるか",
        "何が分かれば変わるか",
        "続け方",
    ]
    places = [shown.index(f"\n{heading}\n") for heading in headings]
    assert places == sorted(places)


def test_hours_from_a_day_without_a_time_end_with_the_day_before_and_say_why(leakresp):
    clocks = section(assess(leakresp), "期限")
    assert "期限 2026年11月25日（水）24:00" in clocks
    assert "知った時刻が分からないため、2026年11月23日（月）の0:00から数えます。" in clocks


def test_hours_from_a_moment_count_from_it(leakresp):
    clocks = section(assess(leakresp, discovered_on="2026-11-23T14:20"), "期限")
    assert "期限 2026年11月26日（木）14:20" in clocks
    assert "2026年11月23日（月）14:20に知ったものとして、その時刻から数えます。" in clocks


@pytest.mark.parametrize(
    ("moment", "left"),
    [("2026-11-25T21:30", "あと2時間"), ("2026-11-26T00:00", "0時間前"), ("2026-11-26T03:10", "3時間前")],
)
def test_a_period_that_ends_at_midnight_is_not_over_before_and_not_open_after(shop, moment, left):
    shop.moment = dt.datetime.fromisoformat(moment).replace(tzinfo=JAPAN)
    lines = [line for line in shop.fine("status shop").splitlines() if "監督機関への報告（GDPR）" in line]
    assert any(left in line for line in lines), lines


def test_among_duties_that_stand_only_those_unsettled_are_told_to_wait(leakresp):
    told = section(assess(leakresp), "知らせる相手")
    assert "根拠に「当たるおそれがあるため」とある報告先と本人には" in told.replace("\n  ", "")
    assert "  報告先と本人には、義務があると決まったときに知らせます。" not in told


def test_a_command_shown_with_a_paper_of_a_case_can_be_typed(shop):
    shown = shop.fine("draft-notice --list --case shop")
    commands = re.findall(r"作るには：leakresp (draft-notice [a-z]\w+.*)", shown)
    assert commands
    for command in commands:
        shop.fine(command)
