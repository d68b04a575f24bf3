"""The papers to authorities: each where it is meant, every item the law asks for, and nothing said that is not known."""

import datetime as dt
import re

import pytest
from tests.paper_cases import (
    EXAMPLES,
    GOLDEN,
    LANGUAGES,
    REPORT_ITEMS,
    approved,
    assert_finished,
    assert_reads_well,
    called_for,
    drafted,
    paper_of,
    part,
    text_of,
    usual,
)

from leakresp.papers.catalogue import items_tagged
from leakresp.papers.formats import made

#: The reports of the law's nine items, and the other papers to authorities.
REPORTS = (
    "ppc_preliminary_report",
    "ppc_follow_up_report",
    "ppc_final_report",
    "ppc_voluntary_report",
    "form1_report",
    "my_number_preliminary_report",
    "my_number_final_report",
    "public_bodies_preliminary_report",
    "public_bodies_final_report",
)
OTHERS = (
    "cyber_form_ransomware",
    "cyber_form_ddos",
    "cyber_form_other",
    "telecom_first_report",
    "telecom_detailed_report",
    "privacy_mark_report",
)
FINALS = ("ppc_final_report", "my_number_final_report", "public_bodies_final_report")
FORMS = ("cyber_form_ransomware", "cyber_form_ddos", "cyber_form_other")
#: Whether a final report says of a fact that it is still unknown; the rest of the nine items must be told.
MAY_BE_UNKNOWN = {
    "occurred_on",
    "leak",
    "finder",
    "medium",
    "subject_kinds",
    "data_items",
    "affected_people",
    "reporter_side",
    "cause",
    "cause_detail",
    "secondary_damage",
}


def answers(name):
    """Return the answers file of a scenario: an example, or one made for papers."""
    example = EXAMPLES / f"{name}.yaml"
    return example if example.exists() else GOLDEN / name / "answers.yaml"


#: What each scenario is drafted as. The first five are the examples, of which little is known yet.
DRAFTED = {
    "staff_data_attack": (
        "ppc_preliminary_report",
        "ppc_follow_up_report",
        "my_number_preliminary_report",
        "cyber_form_other",
    ),
    "ransomware": ("ppc_preliminary_report", "ppc_follow_up_report", "ppc_final_report", "cyber_form_ransomware"),
    "contractor_email": ("ppc_preliminary_report", "ppc_final_report", "form1_report"),
    "insider_sale": ("ppc_preliminary_report", "ppc_follow_up_report", "ppc_final_report"),
    "one_patient": ("ppc_preliminary_report", "ppc_final_report"),
    "ransomware_settled": ("ppc_follow_up_report", "ppc_final_report", "cyber_form_ransomware"),
    "payroll_number_posted": ("my_number_preliminary_report", "my_number_final_report", "ppc_voluntary_report"),
    "city_hall_list_posted": ("public_bodies_preliminary_report", "public_bodies_final_report"),
    "telecom_logs_seen": ("telecom_first_report", "telecom_detailed_report", "form1_report"),
    "ddos_only": ("cyber_form_ddos",),
    "marked_firm_mail": ("privacy_mark_report", "ppc_voluntary_report"),
}
PAIRS = [(name, paper) for name, papers in DRAFTED.items() for paper in papers]
#: What stood otherwise when the report before was sent, where a paper continues one.
EARLIER = {
    "ransomware": {"on": "2026-11-21", "affected_people": "..50000", "data_items": ["name", "email"]},
    "ransomware_settled": {"on": "2026-11-24", "affected_people": "..38000", "cause_detail": None},
    "payroll_number_posted": {"on": "2026-11-23", "affected_people": "..300", "finder": None},
}
#: The day of drafting, where it is not the usual one.
DAYS = {"ransomware_settled": dt.date(2027, 1, 12)}
#: Every need of the paper is answered in these.
COMPLETE = [
    ("ransomware_settled", "ppc_final_report"),
    ("payroll_number_posted", "my_number_final_report"),
    ("payroll_number_posted", "my_number_preliminary_report"),
    ("city_hall_list_posted", "public_bodies_final_report"),
    ("city_hall_list_posted", "public_bodies_preliminary_report"),
    ("telecom_logs_seen", "telecom_first_report"),
    ("telecom_logs_seen", "telecom_detailed_report"),
    ("telecom_logs_seen", "form1_report"),
    ("marked_firm_mail", "privacy_mark_report"),
    ("marked_firm_mail", "ppc_voluntary_report"),
    ("ransomware_settled", "cyber_form_ransomware"),
    ("ddos_only", "cyber_form_ddos"),
]


def rendered_of(name, paper, lang="ja", **changes):
    """Draft a paper of a scenario, on its day and with what was sent before where the paper continues something."""
    sent = EARLIER.get(name) if paper_of(paper).follows else None
    more = {"today": DAYS[name]} if name in DAYS else {}
    return drafted(paper, answers(name), lang, sent=sent, **more, **changes)


# ---- the texts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("name", "paper"), PAIRS)
def test_a_paper_to_an_authority_reads_as_it_was_last_approved(name, paper, lang):
    rendered = rendered_of(name, paper, lang)
    assert_reads_well(rendered)
    approved(f"{name}/{paper}.{lang}.txt", text_of(rendered))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("paper", [*REPORTS, *OTHERS])
def test_a_paper_of_which_nothing_is_known_still_reads_well(paper, lang):
    assert_reads_well(drafted(paper, None, lang))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("name", "paper"), COMPLETE)
def test_a_paper_all_of_whose_needs_are_answered_holds_no_hole(name, paper, lang):
    assert_finished(rendered_of(name, paper, lang))


@pytest.mark.parametrize("paper", [*REPORTS, *OTHERS])
def test_each_paper_to_an_authority_can_be_had_in_word_and_cites_its_source(paper):
    assert {"txt", "md", "html", "docx", "pdf"} <= set(paper_of(paper).formats)
    assert paper_of(paper).group == "authority"


def test_a_report_with_open_rows_can_be_made_in_word():
    assert made(rendered_of("telecom_logs_seen", "form1_report"), "docx").startswith(b"PK")


# ---- the items of the law ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", REPORTS)
def test_a_report_to_the_commission_carries_all_nine_items_in_both_languages(paper):
    template = paper_of(paper)
    assert template.items == REPORT_ITEMS
    assert all(items_tagged(template.bodies[lang]) == REPORT_ITEMS for lang in LANGUAGES)


@pytest.mark.parametrize("paper", OTHERS)
def test_a_paper_that_no_article_on_leak_reports_asks_for_is_tagged_with_no_item(paper):
    template = paper_of(paper)
    assert template.items == ()
    assert all(items_tagged(template.bodies[lang]) == () for lang in LANGUAGES)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("paper", REPORTS)
def test_every_item_has_words_in_it_even_when_nothing_is_known(paper, lang):
    rendered = drafted(paper, None, lang)
    assert rendered.items == REPORT_ITEMS
    assert all(block.text.strip() for block in rendered.blocks if block.item)


@pytest.mark.parametrize("paper", REPORTS)
def test_measures_taken_and_planned_stand_apart_and_the_cause_names_its_party(paper):
    rendered = rendered_of("payroll_number_posted", paper)
    done, planned = part(rendered, 8).split("今後実施予定の措置")
    assert "2人で照合" in done
    assert "窓のある封筒" in planned
    assert "主体：自社（報告者）" in part(rendered, 4)


@pytest.mark.parametrize(
    ("paper", "name", "right", "wrong"),
    [
        ("ppc_final_report", "ransomware_settled", "規則第7条各号該当性", "第43条"),
        ("my_number_final_report", "payroll_number_posted", "報告規則第2条各号該当性：第4号", "第7条"),
        ("public_bodies_final_report", "city_hall_list_posted", "施行規則第43条各号該当性：第4号", "第7条"),
    ],
)
def test_each_body_of_law_is_cited_by_its_own_articles(paper, name, right, wrong):
    assert right in part(rendered_of(name, paper), 1)
    assert wrong not in part(rendered_of(name, paper), 1)


@pytest.mark.parametrize("paper", ["my_number_preliminary_report", "my_number_final_report"])
def test_a_report_on_my_number_goes_to_the_commission_alone(paper):
    whole = text_of(rendered_of("payroll_number_posted", paper, sector="finance"))
    assert "業種にかかわらず委員会に提出します" in whole
    assert "事業所管大臣" not in whole
    assert "権限が委任されている業種か" not in whole


@pytest.mark.parametrize("paper", ["public_bodies_preliminary_report", "public_bodies_final_report"])
def test_a_report_of_a_city_hall_goes_to_the_commission_alone(paper):
    whole = text_of(rendered_of("city_hall_list_posted", paper))
    assert "常に委員会に提出します" in whole
    assert "別記様式第六" in whole
    assert "事業所管大臣" not in whole


def test_unlawful_use_of_my_number_without_a_leak_is_told_as_such():
    rendered = rendered_of(
        "payroll_number_posted",
        "my_number_preliminary_report",
        leak="ruled_out",
        cause="snooping",
        wrongful_act="confirmed",
        my_number_misuse="confirmed",
        misuse_kind_told="業務と関係なく、3人の住所を検索しました。",
    )
    outline = part(rendered, 1)
    assert "発生事案：漏えい・滅失・毀損はない" in outline
    assert "番号法に反する利用・提供：確認した" in outline
    assert "業務と関係なく、3人の住所を検索しました。" in outline


# ---- when each is meant --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["staff_data_attack", "ransomware", "contractor_email", "insider_sale", "one_patient"])
def test_first_the_preliminary_report_then_the_final_one(name):
    before, after = called_for(answers(name), ppc_told="no"), called_for(answers(name), ppc_told="yes")
    assert "ppc_preliminary_report" in called_for(answers(name))
    assert "ppc_preliminary_report" in before
    assert "ppc_final_report" not in before
    assert "ppc_preliminary_report" not in after
    assert "ppc_final_report" in after
    assert "ppc_follow_up_report" in usual(answers(name), ppc_told="yes")


def test_the_voluntary_report_is_offered_only_where_there_is_no_duty():
    assert "ppc_voluntary_report" in usual(answers("marked_firm_mail"))
    for name in ("staff_data_attack", "ransomware", "contractor_email", "insider_sale", "one_patient"):
        assert "ppc_voluntary_report" not in usual(answers(name))


def test_form_1_is_called_for_in_sectors_to_whose_minister_the_power_may_be_delegated():
    assert "form1_report" in called_for(answers("contractor_email"))
    assert "form1_report" not in called_for(answers("contractor_email"), sector="medical")
    assert "form1_report" not in called_for(answers("ransomware"))


def test_the_report_on_my_number_is_called_for_where_my_number_is_listed_or_suspected():
    paper = "my_number_preliminary_report"
    assert paper in called_for(answers("payroll_number_posted"))
    assert paper in called_for(answers("staff_data_attack"))
    assert paper not in called_for(answers("ransomware"))
    assert paper not in called_for(answers("one_patient"))


def test_that_the_commission_was_told_under_one_law_does_not_hide_the_first_report_under_another():
    assert "my_number_preliminary_report" in called_for(answers("staff_data_attack"), ppc_told="yes")
    assert "my_number_final_report" in called_for(answers("staff_data_attack"), ppc_told="yes")


def test_a_city_hall_reports_under_its_own_article():
    papers = called_for(answers("city_hall_list_posted"))
    assert "public_bodies_preliminary_report" in papers
    assert not {"ppc_preliminary_report", "form1_report"} & set(papers)
    assert "public_bodies_preliminary_report" not in called_for(answers("ransomware"))


def test_the_common_forms_follow_the_cause_and_are_never_a_duty():
    found = {
        name: [paper for paper in usual(answers(name)) if paper in FORMS]
        for name in ("ransomware", "staff_data_attack")
    }
    assert found == {"ransomware": ["cyber_form_ransomware"], "staff_data_attack": ["cyber_form_other"]}
    for name in DRAFTED:
        assert not set(FORMS) & set(called_for(answers(name)))
    assert not set(FORMS) & set(usual(answers("one_patient")))


def test_secrecy_of_communications_calls_for_two_reports_and_only_at_a_carrier():
    papers = {"telecom_first_report", "telecom_detailed_report"}
    assert papers <= set(called_for(answers("telecom_logs_seen")))
    assert not papers & set(called_for(answers("telecom_logs_seen"), communications_secrecy="ruled_out"))
    assert not papers & set(called_for(answers("ransomware")))


def test_a_holder_of_the_privacy_mark_reports_even_what_the_law_lets_pass():
    assert "privacy_mark_report" in called_for(answers("marked_firm_mail"))
    assert "privacy_mark_report" not in called_for(answers("marked_firm_mail"), privacy_mark="no")


# ---- what is said, and what is not ---------------------------------------------------------------------------------


def test_what_changed_since_the_last_report_stands_before_the_items():
    whole = text_of(rendered_of("ransomware_settled", "ppc_final_report"))
    assert "前回の報告（2026年11月24日（火））から変わった事項は、次のとおりです。" in whole
    assert "（前回）最大38,000人\n　（今回）36,412人" in whole
    assert whole.index("（今回）36,412人") < whole.index("1　概要")


def test_where_nothing_changed_the_report_says_so_and_without_a_copy_it_says_nothing_of_the_kind():
    same = drafted("ppc_follow_up_report", answers("ransomware"), sent={"on": "2026-11-21"})
    assert "前回の報告（2026年11月21日（土））から変わった事項はありません。" in text_of(same)
    unknown = text_of(drafted("ppc_follow_up_report", answers("ransomware")))
    assert "変わった事項はありません" not in unknown
    assert "前回の報告の控えが記録にない" in unknown
    told = text_of(drafted("ppc_follow_up_report", answers("ransomware"), changes_told="人数が確定しました。"))
    assert "人数が確定しました。" in told
    assert "控えが記録にない" not in told


@pytest.mark.parametrize("paper", FINALS)
def test_a_final_report_may_leave_open_only_what_inquiry_could_not_find_out(paper):
    assert set(paper_of(paper).may_be_open) == MAY_BE_UNKNOWN


@pytest.mark.parametrize("paper", FINALS)
def test_a_final_report_names_what_is_still_unknown_and_promises_to_supply_it(paper):
    rendered = rendered_of("payroll_number_posted", paper, occurred_on="unknown", affected_people="100..140")
    whole = text_of(rendered)
    assert not rendered.blocking
    assert "発生日：不明（合理的な努力を尽くしても" in whole
    left = whole.split("まだ分からない事項と追完の予定")[1]
    assert "・発生日（1）" in left
    assert "・本人の確定した数（3）" in left
    assert "分かりしだい追完します。" in left
    dated = rendered_of("payroll_number_posted", paper, cause="unknown", findings_expected_on="2026-12-18")
    assert "2026年12月18日（金）までに追完する予定です。" in text_of(dated)


@pytest.mark.parametrize("paper", FINALS)
def test_a_final_report_does_not_take_what_nobody_asked_for_unknown(paper):
    rendered = rendered_of("payroll_number_posted", paper, occurred_on=None, prevention_planned="unknown")
    assert {hole.fact for hole in rendered.blocking} == {"occurred_on", "prevention_planned"}
    assert "不明（合理的な努力" not in text_of(rendered)


@pytest.mark.parametrize("paper", FINALS)
def test_a_final_report_with_all_items_told_has_no_list_of_unknowns(paper):
    assert "追完の予定" not in text_of(rendered_of("payroll_number_posted", paper))


def test_a_preliminary_report_says_under_investigation_with_the_day_of_its_own_law():
    rendered = rendered_of("payroll_number_posted", "my_number_preliminary_report", cause_detail=None)
    assert "調査中（2026年12月21日までに報告する予定です。）" in part(rendered, 4)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_form_1_keeps_its_notes_on_the_cover_and_owns_that_the_form_was_not_read(lang):
    whole = text_of(rendered_of("telecom_logs_seen", "form1_report", lang), "md")
    cover, filed = whole.split("\n---\n")
    assert {"ja": "別記様式第一そのものは読んでいません", "en": "form 1 itself has not been read"}[lang] in cover
    assert not re.search(r"^>", filed, re.MULTILINE)
    assert "照合していません" not in filed
    assert "compared" not in filed


def test_form_1_is_the_final_report_once_the_first_has_gone():
    assert "報告の種別：速報" in text_of(rendered_of("telecom_logs_seen", "form1_report"))
    assert "報告の種別：確報" in text_of(rendered_of("telecom_logs_seen", "form1_report", ppc_told="yes"))


@pytest.mark.parametrize("paper", FORMS)
def test_each_field_of_a_common_form_says_how_well_it_is_known(paper):
    body = paper_of(paper).bodies["ja"]
    fields = [line for line in body.splitlines() if re.match(r"- [^{]*：", line)]
    deadlines = [line for line in fields if re.match(r"- (速報の目安|確報の期限)：", line)]
    assert fields
    for line in fields:
        assert line in deadlines or re.match(r"- [^：]*（(読|二次|未確認)）：", line), line
    whole = text_of(drafted(paper, None))
    assert "任意です" in whole
    assert "提出先ごとに出す必要があります" in whole


def test_of_the_third_common_form_no_field_is_taken_as_known():
    whole = text_of(drafted("cyber_form_other", answers("staff_data_attack")))
    assert "様式3の欄は、まったく確かめられていません" in whole
    assert "（二次）：" not in whole


def test_a_flood_without_a_leak_is_not_said_to_need_a_report_on_personal_data():
    whole = text_of(drafted("cyber_form_ddos", answers("ddos_only"), data_items=["name"], data_items_complete="yes"))
    assert "個人データの漏えい等の報告として出すとき" not in whole


def test_the_first_word_to_the_ministry_is_short_enough_to_be_read_aloud():
    whole = text_of(rendered_of("telecom_logs_seen", "telecom_first_report"))
    assert len(whole) < 700
    assert "知った日から30日以内" in whole
    assert "監視センター（電話 052-000-4400）" in whole


def test_the_first_word_to_the_ministry_does_not_wait_for_what_is_not_known():
    rendered = rendered_of(
        "telecom_logs_seen", "telecom_first_report", communications_concerned=None, affected_people=None, cause=None,
        containment=None, incident_summary=None, occurred_on="unknown",
    )  # fmt: skip
    assert not rendered.blocking
    assert "対象となった通信：調査中\n" in text_of(rendered)


def test_no_report_to_the_ministry_promises_the_sixty_days_of_another_law():
    whole = text_of(rendered_of("telecom_logs_seen", "telecom_first_report", wrongful_act="confirmed", cause="unknown"))
    assert "までに報告する予定" not in whole
    assert "2027年" not in whole


@pytest.mark.parametrize("paper", [*REPORTS, *FORMS, "telecom_first_report", "telecom_detailed_report"])
def test_the_english_of_what_is_filed_in_japanese_says_so(paper):
    assert re.search(r"takes Japanese|in Japanese", text_of(drafted(paper, None, "en")))


def test_the_report_to_the_scheme_names_its_own_days_and_does_not_pass_for_that_to_the_commission():
    whole = text_of(rendered_of("marked_firm_mail", "privacy_mark_report"))
    assert "すべての事故を報告します" in whole
    assert "個人情報保護委員会などへの報告：義務はないと判断しています" in whole
    assert "規則第7条各号" not in whole


def test_a_final_report_tells_what_happened_apart_from_what_could_not_be_settled():
    name, paper = "payroll_number_posted", "ppc_final_report"
    partly = rendered_of(name, paper, loss="unknown")
    assert "発生事案：漏えい（滅失の有無は不明）" in part(partly, 1)
    assert "・滅失の有無（1）" in text_of(partly)
    nothing_settled = rendered_of(name, paper, leak="unknown")
    assert "発生事案：漏えいの有無は不明（合理的な努力を尽くしても" in part(nothing_settled, 1)
    assert not nothing_settled.blocking
