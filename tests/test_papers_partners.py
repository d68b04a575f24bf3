"""The papers to partners and the police and for use inside: what is not known is said to be so, and nobody is accused."""

import re

import pytest
import yaml
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

from leakresp.papers.proofreading.lint import Kind, wording_notes

#: For each scenario the papers that are meant for it. The first five are examples of the tool with what they leave out.
MEANT = {
    "staff_data_attack": ["police_consultation_sheet", "damage_report_sheet", "executive_summary", "staff_notice"],
    "ransomware": ["police_consultation_sheet", "executive_summary", "staff_notice"],
    "contractor_email": ["entrustee_demand", "wrong_recipient_request", "wrong_recipient_record", "executive_summary"],
    "insider_sale": [
        "entrustee_demand",
        "police_consultation_sheet",
        "damage_report_sheet",
        "executive_summary",
        "staff_notice",
    ],
    "one_patient": ["wrong_recipient_request", "wrong_recipient_record", "executive_summary"],
    "laptop_left_on_a_train": ["lost_property_sheet", "executive_summary"],
    "laptop_stolen_from_a_car": ["police_consultation_sheet", "damage_report_sheet"],
    "skimmed_shop": ["card_company_contact", "police_consultation_sheet", "staff_notice"],
    "list_mailed_to_a_stranger": ["wrong_recipient_request", "wrong_recipient_record"],
    "contractor_hit_by_ransomware": ["entrustor_notice", "executive_summary"],
}
PAIRS = [(scenario, paper) for scenario, papers in MEANT.items() for paper in papers]
PAPERS = sorted({paper for _, paper in PAIRS})
SENT_OUT = ["entrustor_notice", "entrustee_demand", "wrong_recipient_request", "card_company_contact"]
WORKSHEETS = ["wrong_recipient_record", "police_consultation_sheet", "lost_property_sheet", "damage_report_sheet"]
CONTRACTOR = GOLDEN / "contractor_hit_by_ransomware" / "answers.yaml"
SHOP = GOLDEN / "skimmed_shop" / "answers.yaml"


def incident(scenario):
    """Return the answers file of a scenario, and what is answered beside it."""
    more = GOLDEN / scenario / "partners.yaml"
    if not more.exists():
        return GOLDEN / scenario / "answers.yaml", {}
    return EXAMPLES / f"{scenario}.yaml", yaml.load(more.read_text(encoding="utf-8"), yaml.BaseLoader)["facts"]  # noqa: S506 - all scalars as words


def made(scenario, paper, lang="ja", **changes):
    """Return a paper of a scenario, with a few answers changed."""
    path, more = incident(scenario)
    return drafted(paper, path, lang, **(more | changes))


def words(scenario, paper, lang="ja", **changes):
    """Return the plain text of a paper of a scenario."""
    return text_of(made(scenario, paper, lang, **changes))


def listed(scenario, **changes):
    """Return the ids of all papers that a scenario calls for, by rule or by practice."""
    path, more = incident(scenario)
    return [*called_for(path, **(more | changes)), *usual(path, **(more | changes))]


# ---- the texts themselves ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("scenario", "paper"), PAIRS)
def test_a_paper_of_a_known_incident_reads_as_it_was_last_approved(scenario, paper, lang):
    approved(f"{scenario}/{paper}.{lang}.txt", words(scenario, paper, lang))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("scenario", "paper"), PAIRS)
def test_a_paper_of_a_known_incident_is_whole_and_without_traces(scenario, paper, lang):
    rendered = made(scenario, paper, lang)
    assert_finished(rendered)
    assert_reads_well(rendered)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_of_an_incident_of_which_nothing_is_known_still_reads_and_shows_its_holes(paper, lang):
    rendered = drafted(paper, None, lang)
    assert_reads_well(rendered)
    assert rendered.blocking


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("paper", PAPERS)
def test_every_mixture_of_causes_reads_well(paper, lang):
    for cause in (
        "unknown",
        "misdirected_email",
        "bcc_mistake",
        "misdelivery",
        "theft",
        "lost_paper",
        "insider_theft",
        "ddos",
        "ransomware",
        "other",
    ):
        for relation in ("own", "entrusted_to_us", "entrusted_by_us"):
            assert_reads_well(drafted(paper, SHOP, lang, cause=cause, data_relation=relation))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("found", ["confirmed", "suspected", "ruled_out", "unknown", None])
def test_whatever_was_found_or_not_found_yet_reads_well(found, paper, lang):
    for fact in ("leak", "loss", "unusable", "secondary_damage", "wrongful_act"):
        for scenario in ("skimmed_shop", "contractor_hit_by_ransomware"):
            assert_reads_well(made(scenario, paper, lang, **{fact: found}))
    assert_reads_well(made("ransomware", paper, lang, recovered_unseen="yes", leak="confirmed", unusable=None))


@pytest.mark.parametrize("paper", SENT_OUT)
def test_a_paper_sent_out_of_the_house_holds_no_note_to_its_writer_and_no_place_to_fill_in(paper):
    for body in paper_of(paper).bodies.values():
        assert not re.search(r"^>", body, re.MULTILINE)
        assert not re.search(r"^- [^：:{}]+[：:]$", body, re.MULTILINE)


@pytest.mark.parametrize("paper", WORKSHEETS)
def test_a_worksheet_warns_against_the_names_of_the_persons_and_leaves_room_for_the_receipt(paper):
    rendered = drafted(paper, None)
    assert "本人の氏名" in text_of(rendered)
    assert re.search(r"^- [^：]+：$", text_of(rendered, "md"), re.MULTILINE)


# ---- when each is meant --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("scenario", "paper"), [pair for pair in PAIRS if pair != ("insider_sale", "staff_notice")])
def test_each_paper_is_listed_in_the_incidents_it_is_meant_for(scenario, paper):
    assert paper in listed(scenario)


def test_papers_of_other_incidents_are_not_listed():
    assert not {
        "entrustor_notice",
        "entrustee_demand",
        "card_company_contact",
        "lost_property_sheet",
        "police_consultation_sheet",
    } & set(listed("one_patient"))
    assert not {"wrong_recipient_request", "entrustor_notice", "lost_property_sheet"} & set(listed("staff_data_attack"))


def test_the_notice_to_the_entrustor_is_asked_for_by_law_and_the_demand_to_a_contractor_by_practice():
    path, more = incident("contractor_hit_by_ransomware")
    assert "entrustor_notice" in called_for(path, **more)
    path, more = incident("contractor_email")
    assert "entrustee_demand" in usual(path, **more)
    assert "entrustee_demand" not in called_for(path, **more)


def test_the_card_company_is_told_where_card_data_are_only_suspected():
    assert "card_company_contact" in listed("ransomware", data_items_suspected=["credit_card_number"])
    assert "card_company_contact" not in listed("staff_data_attack")


def test_the_staff_hears_of_a_suspected_insider_only_once_it_is_public():
    assert "staff_notice" not in listed("insider_sale")
    assert "staff_notice" in listed("insider_sale", published="yes")


def test_one_paper_handed_to_the_wrong_patient_needs_no_notice_to_all_staff():
    assert "staff_notice" not in listed("one_patient")


# ---- to the entrustor ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("answers", [None, CONTRACTOR], ids=["nothing known", "first morning"])
def test_the_notice_to_the_entrustor_carries_the_nine_items_with_words_in_each(answers, lang):
    rendered = drafted("entrustor_notice", answers, lang)
    assert rendered.items == REPORT_ITEMS
    assert all(part(rendered, item).strip() for item in REPORT_ITEMS)


def test_what_a_contractor_does_not_know_is_under_investigation_with_a_day_and_never_none():
    rendered = drafted("entrustor_notice", CONTRACTOR)
    for item in (4, 5):
        assert "調査中（2026年12月15日までに報告する予定です。）" in part(rendered, item)
    assert "該当がないという意味ではありません" in text_of(rendered)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_contractor_is_never_made_to_say_that_there_is_no_impact(lang):
    body = paper_of("entrustor_notice").bodies[lang]
    assert not re.search(r"影響は(ありません|ございません)|no impact|not affected", body)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_that_no_harm_is_to_be_feared_cannot_be_told_without_its_grounds(lang):
    assert [
        hole.fact for hole in drafted("entrustor_notice", CONTRACTOR, lang, secondary_damage="ruled_out").blocking
    ] == ["secondary_damage_detail"]
    grounds = "受け取った1社が開く前に消したことを、書面で確かめました。"
    told = drafted("entrustor_notice", CONTRACTOR, lang, secondary_damage="ruled_out", secondary_damage_detail=grounds)
    assert grounds in part(told, 5)
    assert not told.blocking


def test_a_leak_that_was_ruled_out_is_told_as_of_a_day_and_with_what_was_examined():
    told = part(drafted("entrustor_notice", CONTRACTOR, leak="ruled_out", compromise_signs=None, unusable=None), 1)
    assert "漏えいの有無…ないことを確認した（2026年11月24日の時点。調べた範囲は" in told
    nothing = {"leak": "ruled_out", "loss": "ruled_out", "tampered": "ruled_out", "unusable": "ruled_out"}
    told = part(drafted("entrustor_notice", CONTRACTOR, compromise_signs=None, **nothing), 1)
    assert "当たらないと見ています（2026年11月24日の時点。根拠：漏えい（外部への流出）：ないと確認した、" in told


def test_a_number_that_is_not_settled_says_so_and_names_its_day():
    assert "最大52,000人（2026年11月24日の時点。確定していません）" in part(drafted("entrustor_notice", CONTRACTOR), 3)
    assert "確定していません" not in part(drafted("entrustor_notice", CONTRACTOR, affected_people="310"), 3)


def test_the_notice_names_evidence_hours_and_the_day_of_the_next_report():
    text = words("contractor_hit_by_ransomware", "entrustor_notice")
    for needed in ("証拠の所在と保全", "24時間の連絡先", "次のご報告：2026年11月27日（金）", "再委託", "希望と制限"):
        assert needed in text
    for fact in ("contact_24h", "next_report_on", "entrusted_work", "counterpart_name", "discovered_on"):
        rendered = drafted("entrustor_notice", CONTRACTOR, **{fact: None})
        assert fact in [hole.fact for hole in rendered.blocking]


@pytest.mark.parametrize(
    ("stated", "promised"),
    [
        ({"next_report_on": "2026-11-27", "findings_expected_on": None}, "2026年11月27日"),
        ({"next_report_on": "2026-12-20", "findings_expected_on": "2026-12-15"}, "2026年12月20日"),
        ({"next_report_on": "2026-11-27", "findings_expected_on": "2026-12-15"}, "2026年12月15日"),
        ({"next_report_on": "2026-11-23", "findings_expected_on": "2026-12-15"}, "2026年12月15日"),
    ],
)
def test_what_is_open_is_promised_for_the_next_report_but_never_before_it_is_expected_to_be_known(stated, promised):
    cause = part(drafted("entrustor_notice", CONTRACTOR, cause_detail="unknown", **stated), 4)
    assert f"調査中（{promised}までに報告する予定です。）" in cause


def test_the_notice_says_under_which_provision_it_is_given_and_only_on_condition_of_the_entrustors_duty():
    text = words("contractor_hit_by_ransomware", "entrustor_notice")
    assert "貴社が報告の義務を負われる場合、この書面は同法第26条第1項ただし書の通知に当たります" in text
    assert "マイナンバー法第29条の4" not in text
    assert "マイナンバー法第29条の4" in words(
        "contractor_hit_by_ransomware", "entrustor_notice", data_items_suspected=["my_number"]
    )


# ---- to the contractor ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_demand_asks_nine_things_by_a_day_and_wants_evidence_kept(lang):
    text = words("contractor_email", "entrustee_demand", lang)
    asked = re.findall(r"^([1-9])\. [^:：\n]+[:：]", text, re.MULTILINE)
    assert asked == list("123456789")
    for needed in {
        "ja": ("期限：2026年11月25日（水）", "消去、上書き、初期化、廃棄", "調査中"),
        "en": ("Due: Wednesday, 25 November 2026", "delete, overwrite, reset", "under investigation"),
    }[lang]:
        assert needed in text


def test_an_answer_of_no_impact_must_come_with_how_it_was_found():
    text = words("contractor_email", "entrustee_demand")
    assert (
        "「影響はない」「漏えいはない」とご回答になる場合は、調べた範囲、調べた方法、根拠となる記録を添えてください"
        in text
    )


def test_the_demand_does_not_bar_the_contractor_from_its_own_reports_or_from_the_police():
    assert "法令に基づく報告と、警察への相談を妨げるものではありません" in words("contractor_email", "entrustee_demand")


def test_the_demand_gives_the_entrustors_own_days_and_leaves_out_the_first_once_it_is_met():
    assert "速報）の目安は2026年11月22日（日）" in words("contractor_email", "entrustee_demand")
    told = words("contractor_email", "entrustee_demand", ppc_told="yes")
    assert "速報）を済ませました" in told
    assert "目安" not in told


def test_where_an_insider_is_suspected_the_contractor_is_asked_to_secure_records_before_anyone_is_spoken_to():
    assert "知られる前に記録を保全" in words("insider_sale", "entrustee_demand")
    assert "知られる前に記録を保全" not in words("contractor_email", "entrustee_demand")


# ---- to a wrong recipient ------------------------------------------------------------------------------------------

THREAT = re.compile(
    r"損害賠償|法的措置|法的責任|違反|罰則|訴え|違法|liable|legal action|damages|penalt|unlawful", re.IGNORECASE
)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("cause", ["misdirected_email", "bcc_mistake", "misdelivery", "carrier_misdelivery"])
def test_a_wrong_recipient_is_neither_threatened_nor_blamed(cause, lang):
    assert not THREAT.search(words("one_patient", "wrong_recipient_request", lang, cause=cause))


def test_a_mail_gone_astray_is_to_be_deleted_everywhere_and_the_reply_says_when():
    text = words("list_mailed_to_a_stranger", "wrong_recipient_request")
    for needed in (
        "開かずに、削除",
        "ごみ箱",
        "バックアップ",
        "転送、印刷",
        "削除した日時",
        "深くお詫び申し上げます",
        "本文や添付ファイルを付けないで",
    ):
        assert needed in text


def test_papers_gone_astray_are_collected_and_not_asked_to_be_posted_back():
    text = words("one_patient", "wrong_recipient_request")
    assert "受け取りに伺います" in text
    assert not re.search(r"返送|郵送|削除してください", text)


def test_the_request_does_not_repeat_whose_data_went_astray_or_what_they_are():
    for scenario in ("one_patient", "contractor_email", "list_mailed_to_a_stranger"):
        text = words(scenario, "wrong_recipient_request")
        assert not re.search(r"診療|調剤|取引|2,800|患者|応募者", text), scenario


def test_recipients_of_an_open_list_are_told_that_addresses_could_be_seen():
    text = words("list_mailed_to_a_stranger", "wrong_recipient_request", cause="bcc_mistake")
    assert "ほかの受信者のメールアドレスが見える状態" in text


def test_the_record_asks_for_whatever_decides_whether_all_was_recovered_unseen():
    text = words("one_patient", "wrong_recipient_record")
    for needed in (
        "開封したか",
        "複写、撮影",
        "回収した日時と場所",
        "開かれる前に、すべて回収または削除できたと言えるか",
    ):
        assert needed in text
    assert "削除した日時" not in text
    assert "削除した日時" in words("list_mailed_to_a_stranger", "wrong_recipient_record")


# ---- to the card company -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_mail_to_the_card_company_forbids_card_numbers_and_holds_none(lang):
    text = words("skimmed_shop", "card_company_contact", lang)
    assert {"ja": "カード番号を記載していません", "en": "holds no card numbers"}[lang] in text
    assert not re.search(r"(?:\d[ -]?){14,16}", text)


def test_the_card_company_hears_what_a_merchant_must_tell():
    text = words("skimmed_shop", "card_company_contact")
    for needed in (
        "加盟店番号：",
        "サイトの名称：",
        "気づいたきっかけ：",
        "対象となる取引の期間：調査中です",
        "カード情報の保存：いいえ",
        "最大4,200人",
        "カード決済を止め",
        "公表の日は検討中です",
        "24時間の連絡先",
    ):
        assert needed in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_report_and_notice_are_said_not_to_wait_for_the_day_of_the_announcement(lang):
    said = {
        "ja": "速報と確報は、公表の日や調査の完了を待たずに行います。ご本人への通知も",
        "en": "wait neither for the announcement nor for the end of the investigation",
    }
    assert said[lang] in words("skimmed_shop", "card_company_contact", lang)


def test_a_report_nobody_mentioned_is_neither_made_nor_missing():
    text = words("skimmed_shop", "card_company_contact", ppc_told=None, police_told=None)
    assert text.count("確認中です") == 2
    assert "まだ行っていません" not in text


# ---- to the police -------------------------------------------------------------------------------------------------


def test_the_police_get_the_clock_of_the_logs_the_evidence_and_the_way_in():
    text = words("staff_data_attack", "police_consultation_sheet")
    for needed in (
        "時刻の基準",
        "証拠の所在と保全",
        "侵入経路：",
        "攻撃の痕跡",
        "192.0.2.10",
        "24時間の連絡先",
        "被害届としては受理されず",
    ):
        assert needed in text


def test_a_theft_is_told_without_the_fields_of_an_attack():
    text = words("laptop_stolen_from_a_car", "police_consultation_sheet")
    assert "防犯カメラ" in text
    assert not re.search(r"侵入経路|身代金|電源は切らず", text)


def test_only_ransomware_asks_for_the_demand_and_payments():
    assert "支払い、攻撃者との連絡の有無" in words("ransomware", "police_consultation_sheet")
    assert "身代金" not in words("staff_data_attack", "police_consultation_sheet")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sheets_for_the_police_say_what_they_are_not(lang):
    text = words("insider_sale", "damage_report_sheet", lang)
    assert {"ja": "届そのものではありません", "en": "This is not the report itself"}[lang] in text
    assert {"ja": "照合していません", "en": "not been compared"}[lang] in text


def test_a_receipt_on_record_is_printed_and_else_left_to_be_filled_in():
    assert "届出：架空警察署　生活安全課" in words("insider_sale", "damage_report_sheet")
    assert re.search(r"^・受理番号：$", words("laptop_stolen_from_a_car", "damage_report_sheet"), re.MULTILINE)


def test_a_loss_is_described_by_what_a_finder_can_see_and_not_by_what_is_in_it():
    text = words("laptop_left_on_a_train", "lost_property_sheet")
    for needed in ("黒いノートパソコン", "仙台駅", "遺失物の窓口", "受理番号", "中身を見ずに"):
        assert needed in text
    assert not re.search(r"顧客|1,200|氏名、住所", text)


# ---- for use inside ------------------------------------------------------------------------------------------------

PAGE_LINES, LINE_LETTERS = 36, 46


@pytest.mark.parametrize("scenario", [scenario for scenario, papers in MEANT.items() if "executive_summary" in papers])
def test_the_report_to_the_management_fits_one_page(scenario):
    lines = [line for line in words(scenario, "executive_summary").splitlines() if line]
    assert sum(-(-len(line) // LINE_LETTERS) for line in lines) <= PAGE_LINES


def test_the_management_sees_every_law_with_its_days_what_is_filed_and_what_it_has_to_decide():
    text = words("staff_data_attack", "executive_summary")
    for needed in (
        "個人情報保護法",
        "マイナンバー法",
        "確報の期限2027年1月18日（月）",
        "速報：提出済み",
        "警察：未連絡",
        "決めていただきたいこと",
        "第3版",
        "本人の数。",
        "マイナンバーが含まれるか",
    ):
        assert needed in text


def test_without_decisions_to_take_or_a_version_the_report_to_the_management_is_not_final():
    path, more = incident("staff_data_attack")
    rendered = drafted("executive_summary", path, **(more | {"decisions_needed": None, "version_number": None}))
    assert {"decisions_needed", "version_number"} <= {hole.fact for hole in rendered.blocking}


def test_the_management_is_not_told_that_something_is_unfiled_when_nobody_said_so():
    text = words("staff_data_attack", "executive_summary", ppc_told=None, police_told=None, published=None)
    assert "未提出" not in text
    assert "提出の有無を確認中" in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nobody_is_blamed_in_the_papers_for_use_inside(lang):
    for scenario, paper in PAIRS:
        if paper in {"executive_summary", "staff_notice"}:
            assert not re.search(r"犯人|不注意|処分|culprit|careless|disciplin", words(scenario, paper, lang)), scenario


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_staff_learns_what_to_do_what_not_to_do_and_why(lang):
    text = words("ransomware", "staff_notice", lang)
    needed = {
        "ja": ("0120-555-000", "報道機関", "SNS", "消さず", "電源は入れたまま", "ためです", "確定はしていません"),
        "en": (
            "0120-555-000",
            "press",
            "social media",
            "Delete no mails",
            "leave the power on",
            "may mislead",
            "not certain",
        ),
    }
    for word in needed[lang]:
        assert word in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_staff_is_not_kept_from_reporting_wrongdoing_or_from_helping_an_inquiry(lang):
    said = {"ja": "通報の窓口への通報、警察や行政の調査への協力", "en": "whistle-blowing desk"}
    for scenario, paper in PAIRS:
        if paper == "staff_notice":
            assert said[lang] in words(scenario, paper, lang)


def test_the_staff_notice_gives_nobody_a_way_to_attack():
    text = words("staff_data_attack", "staff_notice")
    assert not re.search(r"VPN|192\.0\.2", text)


# ---- wording that promises too much or hides -----------------------------------------------------------------------

#: What papers have said that had to be taken back or was resented, and the entry that catches it.
SAID = {
    ("ja", "persons"): {
        "情報が悪用される心配はありません。": "ja_no_worry",
        "再発防止に万全を期します。": "ja_perfect_care",
        "誠に遺憾に存じます。": "ja_regrettable",
        "何とぞご理解くださいますようお願いいたします。": "ja_please_understand",
        "関係機関と連携し対応しております。": "ja_vague_authorities",
        "損害は全額を補償いたします。": "ja_full_compensation",
        "一部の社員が規程に違反していました。": "ja_blames_staff",
        "数名のお客様に影響がありました。": "ja_vague_number",
        "二次被害は確認されておりません。": "ja_harm_not_confirmed_only",
        "- 住所等": "ja_etc_in_items",
        "# 重要なお知らせ": "ja_important_notice_only",
        "新商品のご案内も同封いたしました。": "ja_promotion",
    },
    ("ja", "partners"): {
        "弊社の調査では、貴社への影響はございません。": "ja_no_impact",
        "個人情報の漏えいはございません。": "ja_no_leak",
        "想定外の攻撃により発生しました。": "ja_unforeseeable",
    },
    ("en", "persons"): {
        "Please rest assured.": "en_rest_assured",
        "There is no evidence that your data have been misused.": "en_no_evidence_of_misuse",
        "Out of an abundance of caution, we are writing to you.": "en_abundance_of_caution",
        "A small number of customers were concerned.": "en_vague_number",
        "We take your privacy seriously.": "en_take_seriously",
        "We apologise for any inconvenience.": "en_any_inconvenience",
        "# Important notice": "en_important_notice_only",
    },
    ("en", "partners"): {"Your systems were not affected.": "en_no_impact", "There was no breach.": "en_no_leak"},
}


@pytest.fixture(scope="session")
def wording(library):
    """The entries of ``wording.yaml``."""
    return library.wording


@pytest.mark.parametrize(
    ("lang", "group", "sentence", "entry"),
    [(lang, group, *each) for (lang, group), said in SAID.items() for each in said.items()],
)
def test_what_had_to_be_taken_back_elsewhere_is_caught(wording, lang, group, sentence, entry):
    assert entry in [note.rule for note in wording_notes(sentence, Kind("", group, lang), wording)]


def test_there_is_a_reason_and_a_better_way_in_both_languages_for_every_entry(wording):
    per_language = {lang: [entry for entry in wording if entry["lang"] == lang] for lang in LANGUAGES}
    assert len(per_language["ja"]) >= 30
    assert len(per_language["en"]) >= 20
    for entry in wording:
        assert all(entry[key][lang].endswith(("。", ".", "）")) for key in ("why", "instead") for lang in LANGUAGES), (
            entry["id"]
        )


def test_an_assertion_counts_only_while_the_leak_is_a_suspicion_and_softening_only_once_it_is_certain(wording):
    def rules(sentence, *holding):
        return [
            note.rule for note in wording_notes(sentence, Kind("letter", "persons", "ja", frozenset(holding)), wording)
        ]

    asserted, softened = "お客様の情報が流出しました。", "お客様の情報が流出した可能性があります。"
    assert rules(asserted, "leak_feared") == ["ja_leak_asserted"]
    assert not rules(asserted, "leak_certain")
    assert rules(softened, "leak_certain") == ["ja_certain_leak_softened"]
    assert not rules(softened, "leak_feared")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("scenario", "paper"), PAIRS)
def test_our_own_papers_are_worded_as_we_ask_of_others(wording, scenario, paper, lang):
    kind = Kind(paper, paper_of(paper).group, lang)
    assert not wording_notes(made(scenario, paper, lang), kind, wording)
