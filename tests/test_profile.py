"""``leakresp profile``: the organisation's facts, stated once, checked like answers, used by every new case."""

import json
import os
import stat
import sys

import pytest
from tests.desk_clock import leakresp

from leakresp.shell.profiles import FACTS

__all__ = ["leakresp"]  # the fixture

posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
OURS = "--set organisation_name=甲薬局 --set organisation_type=business --set sector=medical --set privacy_mark=no"


@pytest.fixture
def prepared(leakresp):
    """A profile made in peace time."""
    leakresp.patch.delenv("LEAKRESP_BY")
    leakresp.fine(f"profile init --no-input {OURS} --by 法務部")
    return leakresp


def write(leakresp, text, name="default"):
    leakresp.profiles.mkdir(parents=True, exist_ok=True)
    (leakresp.profiles / f"{name}.yaml").write_text(text, encoding="utf-8")


# making and reading one -----------------------------------------------------------------------------------------------


def test_a_profile_holds_what_was_stated_and_says_what_is_missing(prepared):
    found = prepared.json("profile show")
    assert (found["schema"], found["name"], found["by"]) == ("leakresp/profile/1", "default", "法務部")
    assert found["facts"] == {
        "organisation_type": "business",
        "organisation_name": "甲薬局",
        "sector": "medical",
        "privacy_mark": "no",
    }
    assert "representative" in found["missing"]
    shown = prepared.fine("profile show")
    assert "組織の名称：甲薬局" in shown
    assert "まだありません：代表者（役職と氏名）（representative）" in shown


def test_it_is_added_to_and_what_was_there_stays(prepared):
    prepared.fine("profile init --no-input --set listed_company=yes")
    assert prepared.json("profile show")["facts"]["listed_company"] == "yes"
    assert prepared.json("profile show")["facts"]["organisation_name"] == "甲薬局"
    assert prepared.json("profile show")["by"] == "法務部"


@pytest.mark.parametrize(
    ("sector", "of_some"),
    [
        ("medical", set()),
        ("general", set()),
        ("finance", {"licence_from"}),
        ("real_estate", {"licence_from"}),
        ("credit", {"credit_body"}),
    ],
)
def test_only_the_trades_they_concern_are_said_to_lack_licence_and_credit_body(leakresp, sector, of_some):
    leakresp.fine(f"profile init --no-input --set sector={sector}")
    missing = set(leakresp.json("profile show")["missing"])
    assert missing & {"licence_from", "credit_body"} == of_some
    assert "offered_abroad" in missing, "that concerns every trade"


def test_the_ties_abroad_are_stated_in_peace_time(prepared):
    prepared.fine(
        "profile init --no-input --set offered_abroad=eu_eea,korea --set sector=finance --set licence_from=state"
    )
    assert prepared.json("profile show")["facts"]["offered_abroad"] == ["eu_eea", "korea"]
    prepared.begin(residents_abroad="eu_eea", further_duties="yes", discovered_on="2026-11-23T10:00")
    assert "gdpr.authority_report" in {each["id"] for each in prepared.json("clock mail")["due"]}
    prepared("triage mail --no-input")
    assert "risk_unlikely: " in prepared.err, "what the incident alone can tell is still open"
    assert "offered_abroad: " not in prepared.err


def test_an_answers_file_will_do(leakresp, tmp_path):
    file = tmp_path / "ours.yaml"
    file.write_text("facts:\n  organisation_name: 乙病院\n  desk_phone: 03-1234-5678\n", encoding="utf-8")
    leakresp.fine(f"profile init --no-input --answers '{file}'")
    assert leakresp.json("profile show")["facts"]["desk_phone"] == "03-1234-5678"


@posix_only
def test_only_its_owner_can_read_it(prepared):
    assert stat.S_IMODE((prepared.profiles / "default.yaml").stat().st_mode) == 0o600
    assert stat.S_IMODE(prepared.profiles.stat().st_mode) == 0o700
    assert [path.name for path in prepared.profiles.iterdir()] == ["default.yaml"], "nothing half-written is left"


def test_group_companies_have_one_each(prepared):
    prepared.fine("profile init --no-input --profile 子会社 --set organisation_name=丙株式会社")
    found = prepared.json("profile list")
    assert [(each["name"], each["in_use"]) for each in found["profiles"]] == [("default", True), ("子会社", False)]
    prepared.patch.setenv("LEAKRESP_PROFILE", "子会社")
    assert "子会社　丙株式会社（今使うもの）" in prepared.fine("profile list")
    assert prepared.json("profile show")["facts"] == {"organisation_name": "丙株式会社"}


def test_without_a_profile_that_is_said(leakresp):
    assert "leakresp profile init" in leakresp.fine("profile list")
    leakresp("profile show")
    assert leakresp.code == 2
    assert "leakresp profile init --profile default" in leakresp.err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("profile init --no-input", "残すものがありません"),
        ("profile init --no-input --set leak=confirmed", "組織の事実ではない"),
        ("profile init --no-input --set sectr=medical", "「sector」の誤りではありませんか"),
        ("profile init --no-input --set sector=medicine", "「medical」の誤りではありませんか"),
        ("profile init --no-input --profile ../../etc --set sector=medical", "この名前は使えません"),
        ("profile init", "端末がありません"),
    ],
)
def test_a_slip_is_said_and_nothing_is_written(leakresp, line, said):
    leakresp(line)
    assert leakresp.code == 2
    assert said in leakresp.err
    assert not leakresp.profiles.exists()


def test_every_fault_of_a_profile_is_shown_with_its_line(leakresp):
    write(leakresp, "language: fr\nby: [a]\nfoo: 1\nfacts:\n  leak: confirmed\n  organisation_nam: x\n")
    leakresp("profile show")
    assert leakresp.code == 4
    *lines, next_command = leakresp.err.splitlines()
    assert "leakresp " in next_command
    assert {line.split(":")[1] for line in lines} == {"1", "2", "3", "5", "6"}


def test_a_profile_that_is_wrong_does_not_hide_the_others(prepared):
    write(prepared, "facts: {leak: confirmed}\n", "broken")
    assert "甲薬局" in prepared("profile list")
    assert prepared.code == 4
    assert "broken.yaml:1" in prepared.err


def test_a_profile_holds_facts_of_the_organisation_only(facts, rulebook):
    assert set(FACTS) <= set(facts)
    ours = {fact for fact in facts if fact.startswith(("organisation_", "desk_"))}
    assert ours <= set(FACTS)


# in a case ------------------------------------------------------------------------------------------------------------


def test_a_new_case_takes_the_profile_over_and_says_so(prepared):
    prepared.begin()
    first = next(line for line in prepared.journal() if line["kind"] == "answered")
    assert (first["source"], first["where"]) == ("profile", "default")
    assert first["facts"]["organisation_name"] == "甲薬局"
    assert "organisation_type" not in first["facts"], "what is stated for the incident comes from there"
    assert "プロファイル（default）から3件の事実を取り込みました" in prepared.fine("log mail")
    assert "甲薬局" in prepared.fine("draft-notice ppc_preliminary_report --case mail")


def test_the_record_carries_the_profiles_name_unless_another_is_given(prepared):
    prepared.begin()
    assert {line["by"] for line in prepared.journal()} == {"法務部"}
    prepared.fine("note mail x --by 鈴木")
    assert prepared.journal()[-1]["by"] == "鈴木"
    prepared.patch.setenv("LEAKRESP_BY", "田中")
    prepared.fine("note mail y")
    assert prepared.journal()[-1]["by"] == "田中"


def test_a_case_that_is_resumed_is_left_as_it_is(prepared):
    prepared.begin()
    prepared.fine("profile init --no-input --set listed_company=yes")
    prepared("triage mail --no-input")
    assert not any("listed_company" in line.get("facts", {}) for line in prepared.journal())
    prepared("triage mail --no-input --profile default")
    assert any("listed_company" in line.get("facts", {}) for line in prepared.journal()), "unless one is named"


def test_a_profile_that_is_named_and_missing_leaves_no_case_behind(prepared):
    prepared("triage new --no-input --set leak=confirmed --profile defaul")
    assert prepared.code == 2
    assert "「default」の誤りではありませんか" in prepared.err
    assert not (prepared.folder / "new").exists()


def test_a_slip_in_a_profile_nobody_named_does_not_stop_the_response(leakresp):
    write(leakresp, "facts:\n  organisation_nam: x\n")
    leakresp("triage new --no-input --set leak=confirmed")
    assert leakresp.code == 3
    assert "default.yaml:2" in leakresp.err
    assert "このプロファイルを使わずに続けます" in leakresp.err
    assert (leakresp.folder / "new").exists()


def test_assess_takes_a_profile_only_where_one_is_asked_for(prepared):
    found = json.loads(prepared.fine("assess --set leak=confirmed --json"))
    assert found["facts"] == {"leak": "confirmed"}
    found = json.loads(prepared.fine("assess --set leak=confirmed --set sector=care --profile default --json"))
    assert (found["facts"]["organisation_name"], found["facts"]["sector"]) == ("甲薬局", "care")


def test_the_profile_gives_the_language_where_nothing_else_does(leakresp):
    write(leakresp, "language: en\n")
    assert "Deadlines" in leakresp(
        "assess --set leak=confirmed --set discovered_on=2026-11-20 --set affected_people=2000"
    )
    leakresp("status nobody")
    assert "There is no case of this name" in leakresp.err
    assert "期限" in leakresp("assess --set leak=confirmed --set discovered_on=2026-11-20 --lang ja")
    leakresp.patch.setenv("LEAKRESP_LANG", "ja")
    assert "期限" in leakresp("assess --set leak=confirmed --set discovered_on=2026-11-20")


# at a terminal --------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed")
def test_at_a_terminal_each_fact_is_asked_and_kept_at_once(leakresp, tmp_path):
    from tests.terminal import CTRL_C, ENTER, Terminal

    leakresp.patch.setenv("LEAKRESP_PROFILES", str(leakresp.profiles))
    terminal = Terminal(leakresp.folder, "profile", "init")
    terminal.see("組織のことだけを尋ねます", "> 民間の事業者")
    terminal.press(ENTER)
    terminal.see("組織の名称")
    terminal.press("甲薬局", ENTER)
    terminal.see("組織の所在地")
    terminal.press(ENTER)  # cannot tell yet
    terminal.see("代表者")
    terminal.press("<", ENTER)
    terminal.see("組織の所在地")
    terminal.press("東京都", ENTER)
    terminal.see("代表者")
    terminal.press(CTRL_C)
    terminal.see("まだないもの（11）")
    assert terminal.end() == 130
    found = leakresp.json("profile show")
    assert found["language"] == "ja"
    assert found["facts"] == {
        "organisation_type": "business",
        "organisation_name": "甲薬局",
        "organisation_address": "東京都",
    }
