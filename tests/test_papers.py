"""The papers: every statutory item where the law wants it, nothing asserted that nobody stated, user text as data."""

import datetime as dt
import html
import json
import os
import re
import stat
from dataclasses import FrozenInstanceError
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from leakresp.law.held import Day, Interval
from leakresp.law.vocabulary import JAPAN
from leakresp.papers.catalogue import TEXTS, PaperTemplate, items_tagged
from leakresp.papers.escape import escaped
from leakresp.papers.formats import COLUMNS, written
from leakresp.papers.marks import Block
from leakresp.papers.render import Rendered, render
from leakresp.response.brief import DERIVED, TELLS, Brief, Hole, Wordbook, make_brief
from leakresp.response.paper_phrases import PaperPhrases
from leakresp.shell import places
from leakresp.shell.answers import Given, read_file, read_settings
from leakresp.shell.commands.draft_notice import Wish, run
from leakresp.shell.faults import ANSWERS_MISSING, DONE, MISUSE, FaultsError
from leakresp.shell.library import read_folder
from leakresp.shell.paper_files import read_advice, read_papers
from leakresp.shell.wording import Wording, sentence

TODAY = dt.date(2026, 11, 24)
GOLDEN = Path(__file__).parent / "golden" / "papers"
SCENARIOS = sorted(path.name for path in GOLDEN.iterdir() if path.is_dir())
LANGUAGES = ("ja", "en")
REPORT, LETTER = "ppc_preliminary_report", "letter"
#: Items of the report (rule 8(1)) and of the notice (rule 10).
ITEMS = {REPORT: (1, 2, 3, 4, 5, 6, 7, 8, 9), LETTER: (1, 2, 4, 5, 9)}


@pytest.fixture(scope="session")
def templates(library):
    return {plain["id"]: PaperTemplate.of(plain) for plain in library.papers}


@pytest.fixture(scope="session")
def say(library):
    return {lang: Wording(library.words, lang) for lang in LANGUAGES}


@pytest.fixture(scope="session")
def scenario(facts):
    def read(name, **changed):
        given = read_file((GOLDEN / name / "answers.yaml").read_bytes(), name, facts)
        return Given(given.incident, given.answers | stated(facts, changed))

    return read


@pytest.fixture(scope="session")
def draft(library, assessor, templates, say):
    """Draft a paper of an incident."""

    def make(given, paper, lang="ja", today=TODAY):
        wordbook = Wordbook(library.rulebook, say[lang], library.advice)
        assessment = assessor.assess(given.answers, None, today)
        brief = make_brief(wordbook, assessment, given.incident, today, templates[paper].purpose)
        return brief, render(templates[paper], brief, lang)

    return make


def stated(facts, answers):
    """Read answers given in Python; ``None`` takes an answer away (it was never asked)."""
    return {name: facts[name].read(value) for name, value in answers.items()}


def without(given, *names):
    return Given(given.incident, {name: value for name, value in given.answers.items() if name not in names})


def text_of(rendered, form="txt"):
    return written(rendered, form)


def part(rendered, item):
    """Return the plain text of one statutory item."""
    block = next(block for block in rendered.blocks if block.item == item)
    return written(Rendered(rendered.paper, rendered.lang, rendered.title, (Block(block.text),), ()), "txt")


# ---- the texts themselves ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("paper", [REPORT, LETTER])
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_paper_of_a_known_incident_reads_as_it_was_last_approved(draft, scenario, name, paper, lang):
    _, rendered = draft(scenario(name), paper, lang)
    approved(f"{name}/{paper}.{lang}.txt", text_of(rendered))


@pytest.mark.parametrize("form", ["md", "html"])
@pytest.mark.parametrize("paper", [REPORT, LETTER])
def test_the_other_formats_read_as_they_were_last_approved(draft, scenario, paper, form):
    _, rendered = draft(scenario("ransomware_with_a_possible_leak"), paper)
    approved(f"ransomware_with_a_possible_leak/{paper}.ja.{form}", text_of(rendered, form))


def approved(name, found):
    """Hold ``found`` against the approved text; UPDATE_GOLDEN=1 writes it anew."""
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(found, encoding="utf-8", newline="\n")
    assert found == path.read_text(encoding="utf-8"), f"{name} has changed: look at it, then run with UPDATE_GOLDEN=1"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("paper", [REPORT, LETTER])
@pytest.mark.parametrize("name", SCENARIOS)
def test_every_statutory_item_is_there_with_words_in_it_whatever_the_facts(draft, scenario, name, paper, lang):
    _, rendered = draft(scenario(name), paper, lang)
    assert rendered.items == ITEMS[paper]
    assert all(block.text.strip() for block in rendered.blocks if block.item)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("paper", [REPORT, LETTER])
def test_an_incident_of_which_nothing_is_known_still_shows_every_item_as_a_hole(draft, paper, lang):
    _, rendered = draft(Given(), paper, lang)
    assert rendered.items == ITEMS[paper]
    assert all(block.text.strip() for block in rendered.blocks if block.item)
    assert rendered.holes


def test_a_notice_carries_five_items_and_a_report_nine(templates):
    for paper, items in ITEMS.items():
        assert templates[paper].items == items
        assert {lang: items_tagged(body) for lang, body in templates[paper].bodies.items()} == {
            "ja": items,
            "en": items,
        }


def test_a_letter_does_not_carry_what_only_the_report_needs(draft, scenario):
    given = scenario("one_paper_to_the_wrong_patient")
    _, rendered = draft(given, LETTER)
    for fact in (
        "affected_people",
        "response_to_persons",
        "publication_plan",
        "prevention_done",
        "prevention_planned",
        "cause_detail",
    ):
        value = given.answers[fact]
        assert (f"{value}人" if fact == "affected_people" else value) not in text_of(rendered)


# ---- what a final may hold -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("paper", [REPORT, LETTER])
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_final_holds_no_hole_no_mark_and_no_template_syntax(draft, scenario, name, paper, lang):
    _, rendered = draft(scenario(name), paper, lang)
    assert not rendered.blocking
    for trace in ("【", "】", "TO CONFIRM", "{{", "{%", "}}", ":::", "Hole(", "None", "True", "False"):
        assert all(trace not in text_of(rendered, form) for form in TEXTS)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_letter_speaks_of_no_item_as_and_so_on(draft, scenario, lang, library):
    for name in SCENARIOS:
        brief, _ = draft(scenario(name), LETTER, lang)
        for item in (*brief.items_listed, *brief.items_suspected, *brief.items_absent):
            assert not re.search(r"など|等$|等（|etc", item)


def test_every_item_of_the_vocabulary_has_a_name_fit_for_a_letter(library, facts):
    for item in facts["data_items"].choices.values():
        name = (library.advice["items"].get(item.id) or item.title)["ja"]
        if item.id not in {"other", "other_identification_code"}:
            assert not re.search(r"など|等$|等（|その他", name), name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_hole_names_its_fact_and_stands_where_the_fact_would(draft, scenario, facts, lang):
    _, rendered = draft(
        without(scenario("one_paper_to_the_wrong_patient"), "discovered_on", "desk_phone"), LETTER, lang
    )
    holes = {"ja": "【未確認：発覚日（組織が知った日）】", "en": "[TO CONFIRM: Discovered on]"}
    assert holes[lang] in part(rendered, 1)
    assert [hole.fact for hole in rendered.blocking] == ["discovered_on", "desk_phone"]


def test_each_fact_a_paper_needs_is_a_hole_in_it_while_nobody_states_it(draft, templates):
    _, report = draft(Given(), REPORT)
    assert set(templates[REPORT].needs) <= {hole.fact for hole in report.holes}
    _, letter = draft(Given(), LETTER)
    assert set(templates[LETTER].needs) <= {hole.fact for hole in letter.holes}


def test_a_report_words_what_is_open_as_under_investigation_with_the_day_that_was_promised(draft, scenario):
    _, rendered = draft(scenario("ransomware_with_a_possible_leak"), REPORT)
    assert "発生日：調査中（2026年12月10日までに報告する予定です。）" in part(rendered, 1)
    assert "検討中（2026年12月10日までに報告する予定です。）" in part(rendered, 7)


def test_without_a_promised_day_the_day_of_the_final_report_stands(draft, scenario):
    given = without(scenario("ransomware_with_a_possible_leak"), "findings_expected_on")
    assert "発生日：調査中（2027年1月18日までに報告する予定です。）" in part(draft(given, REPORT)[1], 1)
    assert "(to be reported by 18 January 2027)" in part(draft(given, REPORT, "en")[1], 1)


def test_a_promised_day_that_has_passed_is_not_promised_again(draft, scenario):
    given = scenario("ransomware_with_a_possible_leak", findings_expected_on="2026-11-23")
    assert "2027年1月18日までに" in part(draft(given, REPORT)[1], 1)
    assert "11月23日" not in text_of(draft(given, LETTER)[1])


def test_without_any_day_the_report_says_under_investigation_and_no_more(draft):
    _, rendered = draft(Given(), REPORT)
    assert "・発見者：調査中\n" in part(rendered, 1)


def test_name_contact_and_day_of_discovery_are_never_under_investigation(draft, templates):
    never = ("organisation_name", "contact_person", "discovered_on")
    assert not set(never) & set(templates[REPORT].may_be_open)
    assert tuple(hole.fact for hole in draft(Given(), REPORT)[1].blocking) == never


# ---- what is asserted ----------------------------------------------------------------------------------------------


def test_a_letter_says_leaked_only_where_the_leak_is_confirmed(draft, scenario):
    name = "one_paper_to_the_wrong_patient"
    assert "外部に漏えいしました。" in part(draft(scenario(name), LETTER)[1], 1)
    suspected = part(draft(scenario(name, leak="suspected"), LETTER)[1], 1)
    assert "外部に漏えいしたおそれがあります。" in suspected
    assert "漏えいしました" not in suspected


def test_ransomware_is_told_as_damage_for_certain_and_as_a_possible_leak_apart(draft, scenario):
    brief, rendered = draft(scenario("ransomware_with_a_possible_leak"), LETTER)
    assert brief.subject == "漏えいのおそれと毀損"
    assert "漏えいしたおそれがあります。" in part(rendered, 1)
    assert "利用できない状態になりました（毀損）。" in part(rendered, 1)


def test_data_that_a_copy_restores_are_not_told_as_damaged(draft, scenario):
    brief, rendered = draft(scenario("ransomware_with_a_possible_leak", copy_held="yes"), LETTER)
    assert brief.subject == "漏えいのおそれ"
    assert "毀損" not in text_of(rendered)


def test_a_copy_does_not_undo_an_alteration(draft, scenario):
    brief, _ = draft(scenario("ransomware_with_a_possible_leak", copy_held="yes", tampered="confirmed"), LETTER)
    assert brief.alteration_certain
    assert not brief.unusability_certain


def test_whether_data_leaked_is_told_as_open_once_it_was_asked(draft, scenario):
    given = scenario("device_lost_and_cause_unknown")
    assert "漏えいしたかどうかは、現在調べています。" in part(draft(given, LETTER)[1], 1)
    never_asked = draft(without(given, "leak"), LETTER)[1]
    assert [hole.fact for hole in never_asked.blocking] == ["leak"]


def test_a_presumed_leak_is_a_hole_in_a_letter_and_marked_in_a_report(draft, scenario):
    given = without(scenario("ransomware_with_a_possible_leak", unusable="ruled_out"), "leak")
    _, letter = draft(given, LETTER)
    assert "leak" in {hole.fact for hole in letter.blocking}
    assert "漏えいしたおそれ" not in text_of(letter)
    assert "漏えいのおそれ（回答がないため、兆候から推定）" in part(draft(given, REPORT)[1], 1)


def test_a_presumed_relation_to_the_data_is_not_told_as_stated(draft, scenario):
    given = without(scenario("one_paper_to_the_wrong_patient"), "data_relation")
    assert "data_relation" in {hole.fact for hole in draft(given, LETTER)[1].blocking}
    assert "委託元及び委託先の有無：調査中" in part(draft(given, REPORT)[1], 1)


def test_what_the_duty_rests_on_by_presumption_is_named_in_the_report(draft, scenario):
    given = without(scenario("one_paper_to_the_wrong_patient"), "record_kind")
    assert "推定に基づいて報告の要否を判定しています：情報の区分（個人データか）" in text_of(draft(given, REPORT)[1])
    assert "推定に基づいて" not in text_of(draft(scenario("one_paper_to_the_wrong_patient"), REPORT)[1])


def test_the_situations_of_the_law_are_numbered_and_an_open_one_is_said_to_be_open(draft, scenario):
    brief, rendered = draft(scenario("ransomware_with_a_possible_leak"), REPORT)
    assert [(each.number, each.holds) for each in brief.situations] == [
        ("第1号", False), ("第2号", True), ("第3号", True), ("第4号", True)
    ]  # fmt: skip
    assert "第1号（要配慮個人情報が含まれる個人データ）…該当するか調査中" in part(rendered, 1)


def test_a_report_of_an_incident_outside_all_situations_says_it_is_voluntary(draft, scenario):
    given = scenario("contractor_mailed_a_list_to_the_wrong_client", affected_people="1000")
    assert "該当なし（任意の報告）" in part(draft(given, REPORT)[1], 1)


def test_suspected_items_are_told_apart_from_confirmed_ones(draft, scenario):
    _, rendered = draft(scenario("ransomware_with_a_possible_leak"), LETTER)
    confirmed, suspected = part(rendered, 2).split("次の項目は、含まれていたおそれがあります。")
    assert "氏名" in confirmed
    assert "クレジットカード番号" not in confirmed
    assert "クレジットカード番号" in suspected
    assert "このほかの項目が含まれていたかどうかは、現在確認しています。" in suspected


def test_nothing_is_said_to_be_absent_before_the_list_is_complete_and_read(draft, scenario):
    absent = "は、含まれていません。"
    name = "one_paper_to_the_wrong_patient"
    assert absent in part(draft(scenario(name), LETTER)[1], 2)
    assert absent not in part(draft(scenario(name, data_items_complete="no"), LETTER)[1], 2)
    assert absent not in part(draft(scenario(name, data_items=["name", "free_text"]), LETTER)[1], 2)
    assert absent not in part(draft(without(scenario(name), "data_items_complete"), LETTER)[1], 2)


def test_passwords_are_not_said_to_be_absent_where_a_password_may_be_among_them(draft, scenario):
    given = scenario("one_paper_to_the_wrong_patient", data_items_suspected=["security_answer"])
    assert "パスワード" not in draft(given, LETTER)[0].items_absent


def test_a_letter_tells_what_the_person_can_do_for_the_items_concerned_only(draft, scenario):
    advice = part(draft(scenario("one_paper_to_the_wrong_patient"), LETTER)[1], 9)
    assert "健康や治療のこと" in advice
    assert "ご利用明細" not in advice
    assert "パスワードを変更" not in advice
    advice = part(draft(scenario("ransomware_with_a_possible_leak"), LETTER)[1], 9)
    assert "ご利用明細" in advice
    assert "パスワードを変更してください。" in advice


def test_every_letter_tells_at_least_one_thing_to_do_and_where_to_turn(draft, scenario, facts):
    for item in facts["data_items"].choices:
        brief, rendered = draft(scenario("one_paper_to_the_wrong_patient", data_items=[item]), LETTER)
        assert brief.advice
        assert brief.harms
        assert "03-0000-0000" in part(rendered, 9)


def test_data_lost_inside_the_house_bring_no_advice_against_misuse(draft, scenario):
    brief, _ = draft(scenario("device_lost_and_cause_unknown", leak="ruled_out"), LETTER)
    assert brief.harms == ("記録が使えないため、お手続きやお問い合わせへの回答に時間がかかること",)
    assert brief.subject == "滅失のおそれ"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_cause_can_be_told_to_the_persons(draft, scenario, facts, lang):
    for cause in facts["cause"].choices:
        brief, _ = draft(scenario("one_paper_to_the_wrong_patient", cause=cause), LETTER, lang)
        assert isinstance(brief.cause_told, str)
        assert brief.cause_told.endswith(("。", "."))


def test_a_cause_outside_the_list_is_told_in_the_words_of_its_details(draft, scenario):
    given = scenario("one_paper_to_the_wrong_patient", cause="other")
    assert given.answers["cause_detail"] in part(draft(given, LETTER)[1], 4)
    holes = draft(without(given, "cause_detail"), LETTER)[1].blocking
    assert [hole.fact for hole in holes] == ["cause_detail"]


def test_the_contractor_is_named_to_the_authority_and_not_to_the_persons(draft, scenario):
    given = scenario("contractor_mailed_a_list_to_the_wrong_client")
    name = given.answers["counterpart_name"]
    assert f"委託先あり（{name}）" in part(draft(given, REPORT)[1], 1)
    assert name not in text_of(draft(given, LETTER)[1])
    assert "私どもが業務を委託している事業者で起きたものです。" in part(draft(given, LETTER)[1], 1)


def test_a_contractor_names_its_client_to_persons_who_do_not_know_the_contractor(draft, scenario):
    given = scenario("contractor_whose_own_man_sold_the_list")
    assert "架空町内会連合会から業務の委託を受けて取り扱っていたものです。" in part(draft(given, LETTER)[1], 1)


def test_data_that_were_to_become_personal_data_are_told_as_given_or_entered(draft, scenario):
    given = scenario("input_page_altered_and_cards_misused")
    assert "ご提供いただいた、またはご入力いただいた個人情報" in text_of(draft(given, LETTER)[1])
    assert "個人データとして取り扱うことが予定されている個人情報を含む" in part(draft(given, REPORT)[1], 2)


def test_confirmed_misuse_needs_its_details(draft, scenario):
    given = without(scenario("input_page_altered_and_cards_misused"), "secondary_damage_detail")
    assert [hole.fact for hole in draft(given, LETTER)[1].blocking] == ["secondary_damage_detail"]


def test_no_harm_is_feared_where_it_was_ruled_out(draft, scenario):
    _, rendered = draft(scenario("contractor_mailed_a_list_to_the_wrong_client"), LETTER)
    assert "被害が生じるおそれもないと判断しております。" in part(rendered, 5)
    assert "起こるおそれがあります" not in part(rendered, 5)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_of_person_is_addressed(draft, scenario, facts, lang):
    for kind in facts["subject_kinds"].choices:
        brief, _ = draft(scenario("one_paper_to_the_wrong_patient", subject_kinds=[kind]), LETTER, lang)
        assert brief.addressee
        assert brief.you
    assert draft(scenario("one_paper_to_the_wrong_patient"), LETTER)[0].addressee == "患者様へ"
    assert draft(Given(), LETTER)[0].addressee == "関係する皆様へ"


def test_the_title_of_a_letter_does_not_let_others_guess_what_leaked(draft, scenario):
    title = text_of(draft(scenario("one_paper_to_the_wrong_patient"), LETTER)[1]).split("1　事案の概要")[0]
    assert "診療" not in title


# ---- phrases -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "ja", "en"),
    [
        (Day(dt.date(2026, 11, 20), "09:30"), "2026年11月20日（金）午前9時30分", "Friday, 20 November 2026, 09:30"),
        (Day(dt.date(2026, 11, 20), "12:00"), "2026年11月20日（金）午後0時", "Friday, 20 November 2026, 12:00"),
        (Day(dt.date(2026, 11, 20), "00:05"), "2026年11月20日（金）午前0時5分", "Friday, 20 November 2026, 00:05"),
        (Day(dt.date(2027, 1, 3)), "2027年1月3日（日）", "Sunday, 3 January 2027"),
    ],
)
def test_a_day_is_phrased_as_its_language_dates_letters(say, day, ja, en):
    assert (PaperPhrases(say["ja"]).day(day), PaperPhrases(say["en"]).day(day)) == (ja, en)


@pytest.mark.parametrize(
    ("people", "ja", "en"),
    [
        (Interval(1, 1), "1人", "1 person"),
        (Interval(38000, 38000), "38,000人", "38,000 persons"),
        (Interval(500, 3000), "500人から3,000人", "500 to 3,000 persons"),
        (Interval(0, 3000), "最大3,000人", "at most 3,000 persons"),
        (Interval(1000, None), "1,000人以上", "1,000 persons or more"),
    ],
)
def test_a_number_of_persons_is_phrased_with_its_bounds(say, people, ja, en):
    assert (PaperPhrases(say["ja"]).count(people), PaperPhrases(say["en"]).count(people)) == (ja, en)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_value_of_every_fact_can_be_phrased(say, facts, lang):
    phrases = PaperPhrases(say[lang])
    for fact in facts.values():
        for word in fact.words:
            value = (word,) if fact.kind == "choices" else word
            assert phrases.stated(fact, value)


# ---- the brief -----------------------------------------------------------------------------------------------------


def test_a_brief_is_words_lists_and_truth_values_and_cannot_be_changed(draft, scenario):
    brief, _ = draft(scenario("ransomware_with_a_possible_leak"), LETTER)
    with pytest.raises(FrozenInstanceError):
        brief.today = "tomorrow"
    with pytest.raises(TypeError):
        brief.facts["cause"] = "another"
    for value in brief.names().values():
        assert isinstance(value, str | bool | tuple | Hole)


def test_every_name_that_tells_a_fact_is_a_name_of_the_brief(facts):
    assert set(TELLS) <= set(DERIVED)
    assert {fact for told in TELLS.values() for fact in told} <= set(facts)
    assert not set(DERIVED) & set(facts)
    assert Brief.__doc__


def test_a_hole_counts_as_false_and_knows_whether_it_was_asked(draft, scenario):
    brief, _ = draft(scenario("device_lost_and_cause_unknown"), LETTER)
    hole = brief.facts["cause"]
    assert isinstance(hole, Hole)
    assert not hole
    assert hole.asked
    never = draft(Given(), LETTER)[0].facts["cause"]
    assert isinstance(never, Hole)
    assert not never.asked


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({}, "封筒"),
        ({"affected_people": "2..5"}, "人によって違う"),
        ({"data_items": ["name", "other"]}, "その他の項目"),
        ({"subject_kinds": ["patients", "children"]}, "保護者"),
        ({"cause": "bcc_mistake"}, "1通ずつ"),
        ({"notice_would_spread_harm": "yes"}, "被害が広がる"),
    ],
)
def test_whoever_writes_to_persons_is_told_what_to_look_at(draft, scenario, changed, word):
    brief, rendered = draft(scenario("one_paper_to_the_wrong_patient", **changed), LETTER)
    assert any(word in caution for caution in brief.cautions)
    assert all(caution not in text_of(rendered) for caution in brief.cautions)


# ---- user text is data ---------------------------------------------------------------------------------------------

HOSTILE = (
    "**太字** _下線_ # 見出し | 表 | `字`",
    "{{ 7 * 7 }} {% for x in y %} {# 注 #}",
    "<script>alert(1)</script> <b>太い</b> &amp; &#60;",
    "[印](https://example.jp) ![絵](x) <https://example.jp>",
    "- 一覧\n1. 番号\n1) 番号\n> 引用\n# 見出し\n=== ja ===\n---\n~~~\n::: item 3\n:::",
    "+ 足す\n* 星\n: 定義\n\\ 逆\n\ttab",
    "【未確認：偽の穴】 ::: right",
)


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("paper", [REPORT, LETTER])
def test_hostile_words_come_out_as_typed_and_change_nothing_else(draft, scenario, paper, hostile):
    plain = scenario("one_paper_to_the_wrong_patient")
    _, tame = draft(plain, paper)
    names = (
        "incident_summary",
        "organisation_name",
        "representative",
        "desk_name",
        "course_of_events",
        "counterpart_name",
    )
    _, rendered = draft(Given({"title": hostile}, plain.answers | dict.fromkeys(names, hostile)), paper)
    assert rendered.items == tame.items
    assert not rendered.holes
    typed = [line.strip() for line in hostile.split("\n")]
    text = text_of(rendered)
    assert all(line in text for line in typed)
    page = _Page()
    page.feed(text_of(rendered, "html"))
    assert page.tags <= {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "div",
        "h1",
        "h2",
        "p",
        "ul",
        "li",
        "strong",
        "br",
        "blockquote",
        "table",
        "tr",
        "th",
        "td",
    }
    assert all(line in page.words for line in typed)
    assert page.tags - {"br"} == _tags(text_of(tame, "html")) - {"br"}


class _Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.words = set(), ""

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)

    def handle_data(self, data):
        self.words += data


def _tags(page):
    found = _Page()
    found.feed(page)
    return found.tags


@hypothesis_given(
    st.text(alphabet=st.sampled_from("ab1 .)(*_`#<>[]!|~&;:-+=\\{}%\n\t\"'漢、")), st.sampled_from(["", "- ", "項目："])
)
def test_any_text_comes_out_as_typed(typed, before):
    wanted = [line.strip() for line in typed.splitlines() if line.strip()]
    if not wanted:
        return
    rendered = Rendered("p", "ja", "t", (Block(f"前\n\n{before}{escaped(typed)}\n\n後"),), ())
    lines = [line.removeprefix("\u3000") for line in text_of(rendered).splitlines() if line]
    lead = {"- ": "・"}.get(before, before)
    assert lines == ["前", lead + wanted[0], *wanted[1:], "後"]


def test_a_page_is_self_contained_and_says_its_language(draft, scenario):
    for lang in LANGUAGES:
        page = text_of(draft(scenario("one_paper_to_the_wrong_patient"), LETTER, lang)[1], "html")
        assert page.startswith(f'<!doctype html>\n<html lang="{lang}">')
        assert not re.search(r"<script|<link|<img|@import|url\(| src=| href=", page)
        assert "size: A4" in page


def test_plain_text_is_not_broken_and_carries_no_markdown(draft, scenario):
    for name in SCENARIOS:
        for paper in (REPORT, LETTER):
            for lang in LANGUAGES:
                text = text_of(draft(scenario(name), paper, lang)[1])
                assert not re.search(r"^(#|>|- |\* |\d+\) )|\*\*|\\", text, re.MULTILINE)
                assert not re.search(r"\n{3,}|[ \t]$", text, re.MULTILINE)
    summary = scenario("one_paper_to_the_wrong_patient").answers["incident_summary"]
    assert f"\n{summary}\n" in text_of(draft(scenario("one_paper_to_the_wrong_patient"), LETTER)[1])


def test_the_date_of_a_letter_stands_on_the_right(draft, scenario):
    first = text_of(draft(scenario("one_paper_to_the_wrong_patient"), LETTER, "en")[1]).split("\n")[0]
    assert first == "24 November 2026".rjust(COLUMNS)
    page = text_of(draft(scenario("one_paper_to_the_wrong_patient"), LETTER)[1], "html")
    assert '<div class="right">\n<p>2026年11月24日</p>\n</div>' in page
    assert html.escape("<") == "&lt;"


# ---- the catalogue is checked --------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def template_files():
    return read_folder(places.templates_folder())


@pytest.fixture(scope="session")
def faults_of(library, template_files, say):
    """Read the catalogue with one template changed; return each fault as (line, key, sentence)."""

    def read(old, new, name="papers/letter.md", rules=library.rulebook.plain, times=1):
        text = template_files[name].decode()
        assert old in text
        files = template_files | {name: text.replace(old, new, times).encode()}
        with pytest.raises(FaultsError) as caught:
            read_advice(files, "templates", rules) if name == "advice.yaml" else read_papers(files, "templates", rules)
        return [(fault.line, fault.key, sentence(say["ja"], fault)) for fault in caught.value.faults]

    return read


def line_of(template_files, text, name="papers/letter.md"):
    return template_files[name].decode().split(text)[0].count("\n") + 1


def test_a_misspelt_name_is_found_with_its_line_and_the_nearest_name(faults_of, template_files):
    ((line, key, told),) = faults_of("{{ desk_phone }}", "{{ desk_fone }}")
    assert (line, key) == (line_of(template_files, "{{ desk_phone }}"), "papers.name_unknown")
    assert "desk_phone" in told


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("{{ desk_phone }}", "{{ desk_phone|upper }}", "papers.word_not_allowed"),
        ("{{ desk_phone }}", "{{ desk_phone() }}", "papers.word_not_allowed"),
        ("{{ desk_phone }}", "{{ desk_phone.__class__ }}", "papers.part_unknown"),
        ("{{ desk_phone }}", "{% set x = desk_phone %}", "papers.word_not_allowed"),
        ("{{ desk_phone }}", "{% include 'x' %}", "papers.word_not_allowed"),
        ("{{ desk_phone }}", "{{ range }}", "papers.name_unknown"),
        ("{{ desk_phone }}", "{{ printed_holes }}", "papers.name_unknown"),
        ("{{ desk_phone }}", "{{ desk_phone ", "papers.syntax"),
        ("{{ desk_phone }}", "0120-000-000", "papers.need_unused"),
        ("loop.last", "loop.length", "papers.part_unknown"),
        ("occurred_on.asked", "occurred_on.askd", "papers.part_unknown"),
        ("::: item 9", "::: item 8", "papers.items_differ"),
        ("::: item 9", "::: item nine", "papers.mark_unknown"),
        ("::: item 9", "::: left", "papers.mark_unknown"),
        ("::: item 9\n", "", "papers.mark_closes_nothing"),
        ("::: item 9\n", "::: item 9\n::: right\n", "papers.mark_inside"),
        ("\n:::\n\n## 6", "\n\n## 6", "papers.mark_inside"),
        ("::: item 9\n{% for each in advice %}", "{% for each in advice %}\n::: item 9\n", "papers.mark_conditional"),
        ("=== en ===", "=== fr ===", "papers.language_unknown"),
        ("=== ja ===", "言葉\n=== ja ===", "papers.before_bodies"),
        ("---\nid", "id", "papers.no_front_matter"),
        ("id: letter", "id: lettre", "rules.name_differs"),
        ("open_as: hole", "open_as: never", "rules.wrong_form"),
        ("look: letter", "colour: red", "rules.key_unknown"),
        ("look: letter", "look: poster", "rules.wrong_form"),
        ("group: persons", "group: people", "rules.wrong_form"),
        ("basis: law\n", "", "rules.key_missing"),
        ("duty: [appi.notify", "duty: [appi.notfy", "papers.duty_unknown"),
        ("duty: [appi.notify", "deadline: final_report\nduty: [appi.notify", "papers.deadline_unknown"),
        ("duty: [appi.notify, my_number.notify, public_bodies.notify]\n", "", "rules.key_missing"),
        ("{fact: contact_available, is: [none]}", "{fact: contact_avail, is: [none]}", "rules.fact_unknown"),
        ("{fact: contact_available, is: [none]}", "{fact: contact_available, is: [nobody]}", "rules.value_unknown"),
        (
            "{fact: contact_available, is: [none]}",
            "{fact: contact_available, may_exceed: 1}",
            "rules.word_does_not_fit",
        ),
        ("while_unknown: keep", "while_unknown: drop", "rules.wrong_form"),
        ("while_unknown: keep", "follows: [leter]", "papers.follows_unknown"),
        ("while_unknown: keep", "open_until: desk_phone", "papers.no_day"),
        ("{law: appi, article: 第26条第2項", "{law: api, article: 第26条第2項", "rules.source_unknown"),
        ("needs:\n  [organisation_name", "needs:\n  [organization_name", "rules.fact_unknown"),
        ("formats: [txt, md, html, docx, pdf]", "formats: [doc]", "rules.wrong_form"),
    ],
)
def test_a_template_that_breaks_a_promise_is_refused(faults_of, old, new, key):
    found = faults_of(old, new)
    assert key in {each for _, each, _ in found}
    assert all(told for _, _, told in found)


def test_a_paper_that_somebody_asks_for_says_by_what_source(faults_of, template_files):
    text = template_files["papers/letter.md"].decode()
    sources = text[text.index("sources:") : text.index("---\n=== ja")]
    assert {key for _, key, _ in faults_of(sources, "")} == {"papers.source_missing"}


def test_without_checked_rules_a_template_is_still_read_for_its_form(faults_of, template_files):
    assert read_papers(template_files, "templates", None)
    assert {key for _, key, _ in faults_of("{{ desk_phone }}", "{{ desk_phone|upper }}", rules=None)} == {
        "papers.word_not_allowed"
    }


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("items: credentials", "items: credential", "rules.group_unknown"),
        ("items: [points_balance]", "items: [point_balance]", "rules.value_unknown"),
        ("causes: [snooping, insider_theft]", "causes: [snoop]", "rules.value_unknown"),
        ("  ransomware: {ja", "  ransom: {ja", "rules.value_unknown"),
        ("law: my_number_act", "law: my_numbr_act", "rules.source_unknown"),
        ("event: loss", "event: fire", "rules.wrong_form"),
    ],
)
def test_advice_that_names_what_is_not_there_is_refused(faults_of, old, new, key):
    assert key in {each for _, each, _ in faults_of(old, new, name="advice.yaml")}


def test_a_cause_without_words_for_the_persons_is_refused(faults_of):
    assert "advice.cause_missing" in {
        key for _, key, _ in faults_of("  ransomware: {ja", "  ransom: {ja", name="advice.yaml")
    }


def test_a_folder_without_papers_or_advice_is_refused(library):
    for read in (read_papers, read_advice):
        with pytest.raises(FaultsError):
            read({}, "templates", library.rulebook.plain)


# ---- draft-notice --------------------------------------------------------------------------------------------------


@pytest.fixture
def notice(assessor, library, say, capsys):
    """Run ``draft-notice``; return the exit code, standard output and standard error."""

    def go(given, lang="ja", **wish):
        code = run(Wish(**wish), given, assessor=assessor, library=library, say=say[lang], today=TODAY)
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return go


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_names_each_paper_why_it_is_needed_and_what_is_missing(notice, scenario, lang):
    code, shown, _ = notice(without(scenario("one_paper_to_the_wrong_patient"), "finder"), lang, listed=True)
    assert code == DONE
    for word in (REPORT, LETTER, "finder", {"ja": "第1号", "en": "item 1"}[lang], f"leakresp draft-notice {LETTER}"):
        assert word in shown


def test_the_list_as_json_has_the_same_keys_in_every_language(notice, scenario):
    given = scenario("ransomware_with_a_possible_leak")
    found = [json.loads(notice(given, lang, listed=True, as_json=True)[1])["papers"] for lang in LANGUAGES]
    assert [paper["id"] for paper in found[0]] == ["ppc_final_report", LETTER, "email", "card_company_contact"]
    assert [paper["id"] for paper in found[0]] == [paper["id"] for paper in found[1]]
    assert [set(paper) for paper in found[0]] == [set(paper) for paper in found[1]]
    assert found[0][1]["holes"] == ["occurred_on"]


def test_an_incident_that_needs_no_paper_is_told_what_can_be_drafted_all_the_same(notice, scenario):
    given = scenario("contractor_mailed_a_list_to_the_wrong_client", affected_people="10")
    code, shown, _ = notice(given)
    assert code == DONE
    assert "法律などが求める文書は、今のところありません。" in shown
    assert "not_reported_memo" in shown
    for paper in (LETTER, "ppc_voluntary_report"):
        code, text, notes = notice(given, paper=paper)
        assert code == DONE
        assert text
        assert "法律上の義務はありません" in notes


def test_every_body_of_law_of_the_commission_has_its_paper(templates, library):
    served = {duty for template in templates.values() for duty in template.duties}
    for regime in library.rulebook.regimes.values():
        if regime.beside:
            continue  # its recipients may have forms of their own, or none
        assert f"{regime.id}.{regime.report}" in served
        assert regime.notify is None or f"{regime.id}.{regime.notify}" in served


def test_a_preview_names_its_holes_before_the_text(notice, scenario):
    code, shown, notes = notice(without(scenario("one_paper_to_the_wrong_patient"), "desk_phone"), paper=LETTER)
    assert code == DONE
    assert "【未確認：窓口の電話番号】" in shown
    assert "--set desk_phone=" in notes
    assert "封筒" in notes
    assert "封筒" not in shown


def test_a_final_is_refused_while_a_fact_is_missing_and_names_it(notice, scenario, say, capsys):
    given = without(scenario("one_paper_to_the_wrong_patient"), "desk_phone", "finder")
    with pytest.raises(FaultsError) as caught:
        notice(given, paper=LETTER, final=True)
    assert caught.value.code == ANSWERS_MISSING
    assert ["--set desk_phone=" in sentence(say["ja"], fault) for fault in caught.value.faults] == [True]
    assert caught.value.advice
    assert not capsys.readouterr().out


def test_a_final_report_may_leave_open_what_the_law_lets_be_open(notice, scenario):
    given = without(scenario("one_paper_to_the_wrong_patient"), "finder", "cause_detail")
    code, shown, notes = notice(given, paper=REPORT, final=True)
    assert code == DONE
    assert "発見者：調査中（2026年12月21日までに報告する予定です。）" in shown
    assert "finder" in notes


def test_a_final_report_without_the_name_of_the_organisation_is_refused(notice, scenario):
    with pytest.raises(FaultsError) as caught:
        notice(without(scenario("one_paper_to_the_wrong_patient"), "organisation_name"), paper=REPORT, final=True)
    assert [fault.details["fact"] for fault in caught.value.faults] == ["organisation_name"]


def test_a_draft_on_disk_is_for_its_owner_only(notice, scenario, tmp_path):
    place = tmp_path / "letter.html"
    code, shown, notes = notice(scenario("one_paper_to_the_wrong_patient"), paper=LETTER, output=place)
    assert (code, shown) == (DONE, "")
    assert str(place) in notes
    assert place.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_a_changed_draft_is_never_written_over(notice, scenario, tmp_path):
    place = tmp_path / "letter.txt"
    given = scenario("one_paper_to_the_wrong_patient")
    notice(given, paper=LETTER, output=place)
    place.write_text("手で直した", encoding="utf-8")
    _, _, notes = notice(given, paper=LETTER, output=place)
    assert place.read_text(encoding="utf-8") == "手で直した"
    assert (tmp_path / "letter-2.txt").exists()
    assert str(tmp_path / "letter-2.txt") in notes
    notice(given, paper=LETTER, output=place)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letter-2.txt", "letter.txt"]


def test_a_draft_that_has_not_changed_is_left_alone(notice, scenario, tmp_path):
    place = tmp_path / "letter.md"
    given = scenario("one_paper_to_the_wrong_patient")
    notice(given, paper=LETTER, output=place)
    before = place.stat().st_mtime_ns
    _, _, notes = notice(given, paper=LETTER, output=place)
    assert "前と同じ" in notes
    assert place.stat().st_mtime_ns == before
    assert len(list(tmp_path.iterdir())) == 1


def test_a_link_in_the_way_is_not_followed(notice, scenario, tmp_path):
    outside = tmp_path / "outside"
    (tmp_path / "letter.txt").symlink_to(outside)
    notice(scenario("one_paper_to_the_wrong_patient"), paper=LETTER, output=tmp_path / "letter.txt")
    assert not outside.exists()
    assert (tmp_path / "letter-2.txt").exists()


def test_all_papers_go_into_a_folder_of_their_own(notice, scenario, tmp_path):
    place = tmp_path / "drafts"
    notice(scenario("one_paper_to_the_wrong_patient"), everything=True, form="html", output=place)
    assert sorted(path.name for path in place.iterdir()) == ["email.html", f"{LETTER}.html", f"{REPORT}.html"]
    assert stat.S_IMODE(place.stat().st_mode) == 0o700


def test_nothing_is_written_while_one_of_all_finals_is_refused(notice, scenario, tmp_path):
    place = tmp_path / "drafts"
    with pytest.raises(FaultsError):
        notice(
            without(scenario("one_paper_to_the_wrong_patient"), "desk_phone"), everything=True, final=True, output=place
        )
    assert not place.exists()


@pytest.mark.parametrize(
    ("wish", "key"),
    [
        ({"paper": "leter"}, "paper.unknown"),
        ({"paper": LETTER, "everything": True, "output": Path("x")}, "paper.one_or_all"),
        ({"everything": True}, "paper.folder_needed"),
        ({"paper": LETTER, "form": "doc"}, "paper.format_unknown"),
        ({"paper": LETTER, "output": Path("x.doc")}, "paper.format_unknown"),
    ],
)
def test_a_wish_that_cannot_be_meant_is_refused(notice, scenario, say, wish, key):
    with pytest.raises(FaultsError) as caught:
        notice(scenario("one_paper_to_the_wrong_patient"), **wish)
    assert caught.value.code == MISUSE
    assert [fault.key for fault in caught.value.faults] == [key]
    assert all(sentence(say[lang], fault) for lang in LANGUAGES for fault in caught.value.faults)


def test_a_place_that_cannot_be_written_is_said_to_be_so(notice, scenario, tmp_path):
    given = scenario("one_paper_to_the_wrong_patient")
    with pytest.raises(FaultsError) as caught:
        notice(given, paper=LETTER, output=tmp_path / "no" / "letter.txt")
    assert [fault.key for fault in caught.value.faults] == ["file.unwritable"]
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(FaultsError) as caught:
        notice(given, everything=True, output=tmp_path / "file")
    assert [fault.key for fault in caught.value.faults] == ["paper.no_folder"]


def test_a_hole_can_be_filled_as_its_note_says(notice, scenario, facts):
    given = without(scenario("one_paper_to_the_wrong_patient"), "desk_phone")
    _, _, notes = notice(given, paper=LETTER)
    setting = re.search(r"--set (desk_phone=)", notes)
    assert setting
    more = read_settings([f"{setting[1]}03-1234-5678"], facts, dt.datetime.combine(TODAY, dt.time(9, 0), JAPAN))
    code, shown, _ = notice(Given(given.incident, given.answers | more), paper=LETTER, final=True)
    assert code == DONE
    assert "03-1234-5678" in shown
