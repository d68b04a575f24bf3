"""The papers to the persons concerned and to the public: what each must say, what it must never say, and how it reads."""

import re
from typing import Any

import pytest
from tests.paper_cases import (
    EXAMPLES,
    LANGUAGES,
    NOTICE_ITEMS,
    approved,
    assert_finished,
    assert_reads_well,
    bench,
    called_for,
    drafted,
    given_of,
    paper_of,
    part,
    text_of,
    usual,
)

#: Papers that carry the five items of a notice, and those that speak to everybody.
TO_PERSONS = ("letter", "email", "phone_script", "substitute_publication")
WEB = ("web_notice_first", "web_notice_follow_up", "web_notice_final")
PUBLISHED = (*WEB, "press_release")
AT_THE_DESK = ("call_centre_qa", "call_log_sheet")
PAPERS = (*TO_PERSONS, *PUBLISHED, "timely_disclosure_note", *AT_THE_DESK)
#: Papers that leave the house: no note to the writer, and no place left to fill in.
SENT = ("letter", "email", "substitute_publication", *PUBLISHED)

SENDER = {
    "ja": {
        "organisation_name": "架空商会株式会社",
        "representative": "代表取締役　架空一郎",
        "desk_name": "お客様情報ご相談室",
        "desk_phone": "0120-000-123",
        "desk_hours": "9時から20時まで（年中無休）",
        "spokesperson": "広報部　架空二郎（電話 03-0000-0123）",
        "stock_code": "架空証券取引所　0000",
        "earnings_effect": "精査中です。根拠となる費用の見積りを集めています。",
        "response_to_persons": "11月27日から、書状とメールで順にお知らせします。",
        "prevention_done": "送信と持ち出しの手順を見直しました。",
        "prevention_planned": "2027年3月までに、全員の研修を終えます。",
        "changes_told": "原因が分かりました。",
        "counterpart_name": "架空データ株式会社",
    },
    "en": {
        "organisation_name": "Kaku Trading Co., Ltd.",
        "representative": "Ichiro Kaku, President",
        "desk_name": "Customer Data Desk",
        "desk_phone": "0120-000-123",
        "desk_hours": "9:00 to 20:00 every day",
        "spokesperson": "Jiro Kaku, Public Relations (03-0000-0123)",
        "stock_code": "Kaku Exchange 0000",
        "earnings_effect": "Being examined; estimates of the cost are being collected.",
        "response_to_persons": "From 27 November on we write to everyone, by letter and by e-mail.",
        "prevention_done": "We have revised how data are sent and taken out.",
        "prevention_planned": "All staff will have been trained by March 2027.",
        "changes_told": "The cause is now known.",
        "counterpart_name": "Kaku Data Co., Ltd.",
    },
}
#: What is told of each incident. None of the texts names a number of persons, so that one in a letter would be ours.
TOLD: dict[str, Any] = {
    "staff_data_attack": {
        "ja": {
            "incident_summary": "11月19日の夜、人事サーバーに外部から侵入された跡があることが、監視の警報で分かりました。",
            "course_of_events": "11月19日 23時10分　警報で発覚\n11月19日 23時40分　サーバーを切り離した",
            "containment": "11月19日 23時40分に、サーバーをネットワークから切り離しました。",
            "outside_experts": "専門会社が11月20日から調査しています。",
        },
        "en": {
            "incident_summary": "On the night of 19 November an alert showed that our personnel server had been entered.",
            "course_of_events": "19 November, 23:10: found by an alert\n19 November, 23:40: server taken off the network",
            "containment": "We took the server off the network at 23:40 on 19 November.",
            "outside_experts": "A security firm has been investigating since 20 November.",
        },
        "facts": {"occurred_on": "unknown", "secondary_damage": "suspected", "police_told": "yes", "ppc_told": "yes"},
    },
    "ransomware": {
        "ja": {
            "incident_summary": "11月20日の早朝、会員管理サーバーのデータが暗号化されていることに気づきました。",
            "course_of_events": "11月20日 5時40分　発覚\n11月20日 6時　サーバーを切り離した",
            "service_status": "会員サイトを停止しています。再開の見込みは立っていません。",
        },
        "en": {
            "incident_summary": "Early on 20 November we found data on our membership server encrypted.",
            "course_of_events": "20 November, 05:40: found\n20 November, 06:00: server taken off the network",
            "service_status": "The members' site is down; we cannot say yet when it will be back.",
        },
        "facts": {
            "occurred_on": "unknown",
            "secondary_damage": "suspected",
            "police_told": "yes",
            "ppc_told": "yes",
            "subject_kinds": ["customers"],
            "findings_expected_on": "2026-12-10",
        },
    },
    "contractor_email": {
        "ja": {
            "incident_summary": "11月17日、業務の委託先が、お客様の名簿を誤った宛先に電子メールで送りました。翌18日に分かりました。",
            "course_of_events": "11月17日　委託先が名簿を送信した\n11月18日　委託先から知らされた",
            "misdelivery_detail": "11月17日 15時ごろ、名簿を添付した電子メール1通を、別の会社に送りました。",
            "recovery_state": "送り先から、11月19日に削除したとの回答を書面で得ました。",
            "entrusted_work": "運用報告書の発送",
        },
        "en": {
            "incident_summary": "On 17 November our contractor e-mailed a list of customers to the wrong address.",
            "course_of_events": "17 November: list sent by the contractor\n18 November: the contractor told us",
            "misdelivery_detail": "One e-mail with the list attached went to another company at about 15:00 on 17 November.",
            "recovery_state": "The recipient confirmed in writing on 19 November that it was deleted.",
            "entrusted_work": "Mailing of statements",
        },
        "facts": {
            "occurred_on": "2026-11-17",
            "secondary_damage": "suspected",
            "police_told": "no",
            "ppc_told": "yes",
        },
    },
    "insider_sale": {
        "ja": {
            "incident_summary": "委託先で業務に就いていた者が、お客様の情報を写し取り、名簿を扱う業者に売り渡しました。",
            "course_of_events": "11月16日　お客様からのお問い合わせで発覚\n11月17日　委託先の権限を止めた",
            "secondary_damage_detail": "お客様のご自宅に、覚えのない勧誘の郵便物が届いています。",
            "compensation": "補償の内容は、決まりしだい公表します。",
        },
        "en": {
            "incident_summary": "A person working for our contractor copied customers' data and sold them to a dealer in lists.",
            "course_of_events": "16 November: found when customers asked\n17 November: access of the contractor stopped",
            "secondary_damage_detail": "Customers have received canvassing mail they did not ask for.",
            "compensation": "What is offered will be announced once it is settled.",
        },
        "facts": {"occurred_on": "unknown", "police_told": "yes", "ppc_told": "yes", "published": "yes"},
    },
    "one_patient": {
        "ja": {
            "organisation_name": "あおぞら薬局",
            "representative": "開設者　青空花子",
            "desk_name": "あおぞら薬局　管理薬剤師",
            "incident_summary": "11月22日の夕方、お薬の袋を、別の患者様にお渡ししました。翌23日の朝に分かり、すぐに伺って受け取りました。",
            "course_of_events": "11月22日 18時　別の患者様にお渡しした\n11月23日 9時　発覚",
            "recovery_state": "11月23日に、袋とお薬を受け取りました。写しがないことを伺いました。",
        },
        "en": {
            "organisation_name": "Aozora Pharmacy",
            "representative": "Hanako Aozora, Proprietor",
            "desk_name": "Pharmacist in charge, Aozora Pharmacy",
            "incident_summary": "On the evening of 22 November we handed your medicine bag to another patient. We found out the next morning and collected it at once.",
            "course_of_events": "22 November, 18:00: handed over\n23 November, 09:00: found",
            "recovery_state": "We collected bag and medicine on 23 November and were told that no copy was made.",
        },
        "facts": {
            "occurred_on": "2026-11-22",
            "secondary_damage": "suspected",
            "subject_kinds": ["patients"],
            "contact_available": "all",
            "police_told": "no",
            "ppc_told": "no",
        },
    },
}
SCENARIOS = tuple(TOLD)
#: The papers of each incident whose wording is kept: what it calls for, and what is usual in one like it.
KEPT = {
    "staff_data_attack": ("letter", "email", "web_notice_first", "press_release", "call_centre_qa", "timely_disclosure_note"),
    "ransomware": ("letter", "email", "web_notice_first", "web_notice_follow_up", "press_release", "call_centre_qa", "call_log_sheet"),
    "contractor_email": ("letter", "email", "web_notice_final", "call_centre_qa"),
    "insider_sale": ("letter", "email", "substitute_publication", *WEB, "press_release", "call_centre_qa", "timely_disclosure_note"),
    "one_patient": ("letter", "email", "phone_script"),
}  # fmt: skip


def draft_of(paper, scenario, lang="ja", *, sent=None, **changes):
    """Return a paper of one of the incidents above, with everything told that a sender would know."""
    told = SENDER[lang] | TOLD[scenario]["facts"] | TOLD[scenario][lang] | changes
    return drafted(paper, EXAMPLES / f"{scenario}.yaml", lang, sent=sent, **told)


def words_of(paper, scenario, lang="ja", **changes):
    return text_of(draft_of(paper, scenario, lang, **changes))


every_scenario = pytest.mark.parametrize("scenario", SCENARIOS)
both_languages = pytest.mark.parametrize("lang", LANGUAGES)


# ---- the texts themselves ------------------------------------------------------------------------------------------


@both_languages
@pytest.mark.parametrize(
    ("scenario", "paper"), [(scenario, paper) for scenario, papers in KEPT.items() for paper in papers]
)
def test_a_paper_of_a_known_incident_reads_as_it_was_last_approved(scenario, paper, lang):
    approved(f"{scenario}/{paper}.{lang}.txt", words_of(paper, scenario, lang))


@both_languages
@every_scenario
@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_with_its_facts_filled_in_is_ready_to_go(paper, scenario, lang):
    rendered = draft_of(paper, scenario, lang)
    assert_finished(rendered)
    assert_reads_well(rendered)


@both_languages
@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_of_which_nothing_is_known_reads_well_with_a_hole_for_each_need(paper, lang):
    rendered = drafted(paper, None, lang)
    assert_reads_well(rendered)
    needs = set(paper_of(paper).needs)
    assert needs <= {hole.fact for hole in rendered.holes} | {"secondary_damage_detail"}


@both_languages
@pytest.mark.parametrize("paper", SENT)
def test_what_leaves_the_house_has_no_note_to_its_writer_and_no_gap_to_fill_in(paper, lang):
    for scenario in SCENARIOS:
        for line in text_of(draft_of(paper, scenario, lang), "md").splitlines():
            assert not line.startswith(">"), line
            assert not re.search(r"^- .*[：:]\s*$", line), line


@both_languages
def test_a_form_for_the_desk_leaves_its_gaps_and_warns_of_what_must_not_be_written_down(lang):
    text = text_of(draft_of("call_log_sheet", "ransomware", lang), "md")
    gaps = [line for line in text.splitlines() if re.search(r"^- .*[：:]$", line)]
    assert len(gaps) > 20
    assert {"ja": "暗証番号", "en": "PINs"}[lang] in text


# ---- what the law wants, and where ---------------------------------------------------------------------------------


def test_the_papers_to_persons_carry_the_five_items_of_a_notice_and_the_others_none():
    for paper in PAPERS:
        expected = NOTICE_ITEMS if paper in TO_PERSONS else ()
        assert paper_of(paper).items == expected, paper


@both_languages
@every_scenario
@pytest.mark.parametrize("paper", TO_PERSONS)
def test_each_item_of_a_notice_has_words_in_it(paper, scenario, lang):
    rendered = draft_of(paper, scenario, lang)
    assert rendered.items == NOTICE_ITEMS
    assert all(part(rendered, item).strip() for item in NOTICE_ITEMS)


@both_languages
@pytest.mark.parametrize("paper", TO_PERSONS)
def test_a_notice_does_not_tell_how_many_are_concerned(paper, lang):
    numbers = {
        "ransomware": "38,000",
        "contractor_email": "2,800",
        "insider_sale": "35,000,000",
        "staff_data_attack": "1,100",
    }
    for scenario, number in numbers.items():
        assert number not in words_of(paper, scenario, lang)
    for needed in (
        "affected_people",
        "prevention_done",
        "prevention_planned",
        "publication_plan",
        "response_to_persons",
    ):
        assert needed not in paper_of(paper).needs


@both_languages
@pytest.mark.parametrize("paper", TO_PERSONS)
def test_a_notice_leaves_out_what_only_the_authority_needs(paper, lang):
    secret = {
        "cause_detail": "古いVPN装置 XG-1 の弱点を突かれたため。",
        "entry_route": "VPN装置 XG-1",
        "indicators": "198.51.100.7",
        "suspect_known": "退職者の一人",
        "police_reference": "受理番号 第123号",
        "wrong_recipient": "株式会社まちがい",
    }
    text = words_of(paper, "staff_data_attack", lang, **secret)
    for told in ("XG-1", "198.51.100.7", "退職者", "第123号", "まちがい"):
        assert told not in text


@both_languages
@pytest.mark.parametrize("paper", [*PUBLISHED, "call_centre_qa", "timely_disclosure_note"])
def test_nothing_published_helps_another_attack_or_tells_who_received_it(paper, lang):
    secret = {
        "cause_detail": "古いVPN装置 XG-1 の弱点を突かれたため。",
        "entry_route": "VPN装置 XG-1",
        "indicators": "198.51.100.7",
        "suspect_known": "退職者の一人",
        "police_reference": "受理番号 第123号",
        "wrong_recipient": "株式会社まちがい",
        "counterpart_name": "株式会社いたくさき",
    }
    text = words_of(paper, "insider_sale", lang, **secret)
    for told in ("XG-1", "198.51.100.7", "退職者", "第123号", "まちがい", "いたくさき"):
        assert told not in text


@pytest.mark.parametrize("paper", TO_PERSONS)
def test_the_other_cause_is_told_in_the_words_written_for_it(paper):
    text = words_of(paper, "one_patient", cause="other", cause_detail="落雷で記録が失われたため。")
    assert "落雷で記録が失われたため。" in text


# ---- which paper when ----------------------------------------------------------------------------------------------


def test_letter_and_mail_are_called_for_where_the_law_wants_a_notice():
    for scenario in SCENARIOS:
        assert {"letter", "email"} <= set(called_for(EXAMPLES / f"{scenario}.yaml")), scenario


def test_where_nobody_can_be_reached_publication_takes_the_place_of_the_letter():
    found = called_for(EXAMPLES / "insider_sale.yaml", contact_available="none")
    assert "substitute_publication" in found
    assert not {"letter", "email"} & set(found)


def test_where_some_can_be_reached_both_are_called_for():
    found = called_for(EXAMPLES / "insider_sale.yaml", contact_available="some")
    assert {"letter", "substitute_publication"} <= set(found)


def test_one_patient_is_called_up_and_not_published():
    found = usual(EXAMPLES / "one_patient.yaml")
    assert "phone_script" in found
    assert not set(PUBLISHED) & set(found)
    assert not set(AT_THE_DESK) & set(found)


def test_thousands_are_told_in_public_and_the_desk_is_made_ready():
    found = set(usual(EXAMPLES / "ransomware.yaml"))
    assert {"web_notice_first", "press_release", *AT_THE_DESK} <= found
    assert not {"phone_script", "web_notice_follow_up", "web_notice_final"} & found


def test_after_publication_the_next_notices_take_the_place_of_the_first():
    found = set(usual(EXAMPLES / "ransomware.yaml", published="yes"))
    assert {"web_notice_follow_up", "web_notice_final"} <= found
    assert "web_notice_first" not in found


def test_a_listed_company_is_reminded_of_timely_disclosure_and_others_are_not():
    assert "timely_disclosure_note" in called_for(EXAMPLES / "ransomware.yaml", listed_company="yes")
    assert "timely_disclosure_note" not in called_for(EXAMPLES / "ransomware.yaml", listed_company="no")


# ---- the person's letter and mail ----------------------------------------------------------------------------------


def test_a_letter_puts_the_addressee_where_the_window_shows_it_and_the_day_beside_it():
    rendered = draft_of("letter", "ransomware")
    assert [block.place for block in rendered.blocks][:3] == ["right", "window", "right"]
    assert rendered.blocks[1].text == "お客様へ"


@pytest.mark.parametrize(("lang", "sorry"), [("ja", "お詫び"), ("en", "Apology")])
def test_the_subject_of_a_mail_names_the_sender_and_the_apology(lang, sorry):
    subject = text_of(draft_of("email", "ransomware", lang), "md").splitlines()[0]
    assert subject.startswith("# ")
    assert SENDER[lang]["organisation_name"] in subject
    assert sorry in subject


@both_languages
@every_scenario
def test_a_mail_holds_no_link_and_says_what_we_never_ask_for(scenario, lang):
    text = words_of("email", scenario, lang)
    assert "http" not in text
    assert "www." not in text
    assert {
        "ja": "暗証番号、カードの番号をお尋ねすることもありません",
        "en": "never ask for passwords, PINs or card numbers",
    }[lang] in text


@both_languages
def test_the_only_link_of_a_mail_is_the_official_page_that_was_stated(lang):
    text = words_of("email", "ransomware", lang, web_page="https://www.example.jp/notice")
    assert re.findall(r"https?://\S+", text) == ["https://www.example.jp/notice"]


@pytest.mark.parametrize("paper", ["letter", "email"])
def test_each_cause_adds_what_its_readers_ask_first(paper):
    found = {
        "misdelivery_detail": "11月17日 15時ごろ",
        "exposure_window": "10月1日から11月2日まで",
        "card_period": "2026年9月1日から11月16日まで",
        "containment": "23時40分に切り離しました",
        "recovery_state": "3通のうち2通を回収しました",
        "compensation": "再発行の費用を負担します",
    }
    for fact, words in found.items():
        assert words in words_of(paper, "ransomware", **{fact: f"{words}。"}), fact
        assert words not in words_of(paper, "ransomware", **{fact: None}), fact


def test_a_letter_tells_of_the_search_for_what_was_lost():
    lost = {"cause": "lost_device", "last_seen": "11月19日 18時、駅の改札", "search_done": "駅と車内を捜しました。"}
    text = words_of("letter", "one_patient", **lost)
    assert "最後に確かめた日時と場所：11月19日 18時、駅の改札" in text
    assert "駅と車内を捜しました。" in text


@both_languages
@pytest.mark.parametrize("paper", ["letter", "email", "substitute_publication", "web_notice_first"])
def test_parents_are_spoken_to_where_children_are_concerned(paper, lang):
    guarded = {"ja": "お子様", "en": "child"}[lang]
    assert guarded in words_of(paper, "insider_sale", lang, subject_kinds=["customers", "children"])
    assert guarded not in words_of(paper, "insider_sale", lang, subject_kinds=["customers"])


@both_languages
@pytest.mark.parametrize("paper", TO_PERSONS)
def test_people_in_danger_if_their_address_is_known_are_told_where_to_turn(paper, lang):
    danger = {"ja": "身に危険が及ぶ", "en": "you would be in danger"}[lang]
    assert danger in part(draft_of(paper, "insider_sale", lang), 9)
    assert danger not in words_of(paper, "one_patient", lang)


def test_a_possible_my_number_is_told_with_the_way_to_have_it_changed():
    text = part(draft_of("letter", "staff_data_attack"), 9)
    assert "マイナンバーが不正に使われるおそれ" in text
    assert "マイナンバー" not in words_of("letter", "contractor_email").replace("パスワード、マイナンバー", "")


@pytest.mark.parametrize("paper", TO_PERSONS)
def test_a_leak_that_is_only_suspected_is_never_told_as_certain(paper):
    text = words_of(paper, "ransomware")
    assert "漏えいしたおそれがあります" in text
    assert "漏えいしました" not in text


# ---- the call to one person ----------------------------------------------------------------------------------------


def test_the_caller_asks_for_nothing_that_leaked_and_leaves_no_message():
    text = words_of("phone_script", "one_patient")
    assert "漏れた情報に含まれず、本人なら知っていること" in text
    assert "漏れた情報、パスワード、暗証番号、カードの番号、マイナンバーは、本人確認に使いません" in text
    assert "留守番電話も、用件を残しません" in text
    before, after = text.split("「患者様の個人情報について")
    assert "漏えい" not in before.split("読み上げる文")[1]
    assert "言ってはいけないこと" in after
    assert "記録すること" in after


# ---- what is published ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", PUBLISHED)
def test_a_publication_tells_who_and_how_many_as_the_brief_has_it(paper):
    text = words_of(paper, "ransomware")
    assert "最大38,000人" in text
    assert "2026年11月24日現在" in text


@pytest.mark.parametrize(("paper", "step"), list(zip(WEB, ("第一報", "続報", "最終報告"), strict=True)))
def test_a_web_notice_says_which_of_the_series_it_is_and_keeps_a_history(paper, step):
    rendered = draft_of(paper, "ransomware")
    title = next(line for line in text_of(rendered, "md").splitlines() if line.startswith("# "))
    assert f"（{step}）" in title
    history = text_of(rendered).split("更新の履歴")[1]
    assert f"2026年11月24日　{step}を掲載しました。" in history


@pytest.mark.parametrize("paper", WEB[1:])
def test_a_later_notice_begins_with_what_has_changed(paper):
    sent = {"on": "2026-11-21", "affected_people": "..20000", "cause": None}
    text = words_of(paper, "ransomware", sent=sent, changes_told=None)
    changed = text.split("前回のお知らせから変わった点")[1].split("何が起きたか")[0]
    assert "最大38,000人（前回：最大20,000人）" in changed
    assert "（前回：記載なし）" in changed
    assert "2026年11月21日" in text.split("更新の履歴")[1]


@pytest.mark.parametrize("paper", WEB[1:])
def test_a_later_notice_without_the_earlier_one_on_record_asks_what_has_changed(paper):
    rendered = draft_of(paper, "ransomware", changes_told=None)
    assert "changes_told" in {hole.fact for hole in rendered.blocking}
    nothing_new = draft_of(paper, "ransomware", changes_told=None, sent={"on": "2026-11-21"})
    assert not nothing_new.blocking
    assert "変わった点はありません" in text_of(nothing_new)


def test_a_final_notice_says_what_could_not_be_found_out():
    text = words_of(
        "web_notice_final", "ransomware", unknowns_left="持ち出しの有無は、記録が残らず分かりません。", cause="unknown"
    )
    assert "持ち出しの有無は、記録が残らず分かりません。" in text
    assert "原因は、調べましたが、特定できませんでした。" in text
    assert "現在調べて" not in text


def test_a_notice_tells_of_the_delay_only_where_there_is_a_reason_to_tell():
    assert "時間を要した理由" not in words_of("web_notice_first", "ransomware")
    text = words_of("web_notice_first", "ransomware", publication_delay_reason="対象を確かめていました。")
    assert "公表までに時間を要した理由\n\n対象を確かめていました。" in text


@pytest.mark.parametrize("paper", ["letter", "email", "substitute_publication", *PUBLISHED, "call_centre_qa"])
def test_a_report_is_said_to_have_gone_to_the_commission_only_where_it_can_go_nowhere_else(paper):
    named, unnamed = "個人情報保護委員会に報告し", "個人情報の保護を監督する行政機関に報告し"
    assert named in words_of(paper, "ransomware", sector="general")
    for sector in ("finance", None):
        text = words_of(paper, "ransomware", sector=sector)
        assert unnamed in text
        assert named not in text
    assert "に報告し" not in words_of(paper, "ransomware", sector="general", ppc_told="no")


def test_whoever_finds_a_lost_thing_is_asked_to_bring_word():
    text = words_of("web_notice_first", "ransomware", cause="lost_device", lost_item="黒い記録媒体1本")
    assert "なくした物をお見かけになった方は" in text


def test_those_who_cannot_be_reached_are_told_how_to_find_out():
    text = words_of("substitute_publication", "insider_sale")
    assert "ご自身の情報が対象かどうかの確かめ方" in text
    assert "0120-000-123" in text


def test_the_press_is_given_a_contact_of_its_own():
    text = words_of("press_release", "ransomware")
    assert "報道関係者からのお問い合わせ先\n\n広報部　架空二郎（電話 03-0000-0123）" in text
    assert "spokesperson" in paper_of("press_release").needs


def test_the_disclosure_note_holds_both_forms_and_says_how_the_rule_was_read():
    text = words_of("timely_disclosure_note", "ransomware", listed_company="yes")
    assert "（開示事項の経過）" in text
    assert "規程の本文とは照合していません" in text
    assert "包括条項に当たるか：\n" in text


# ---- the desk ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "marks"),
    [
        ("ja", ("分かっていること：", "まだ分からないこと：", "次のお知らせ：")),
        ("en", ("Known:", "Not known yet:", "Next word:")),
    ],
)
def test_each_of_the_fourteen_answers_tells_what_is_known_what_is_not_and_when_there_is_more(lang, marks):
    for scenario in SCENARIOS:
        text = text_of(draft_of("call_centre_qa", scenario, lang), "md")
        answers = re.split(r"^### \d+", text, flags=re.MULTILINE)[1:]
        assert len(answers) == 14
        for answer in answers:
            assert all(answer.count(f"- {mark}") == 1 for mark in marks), answer


def test_the_desk_is_told_what_never_to_say_and_whom_to_pass_on():
    text = words_of("call_centre_qa", "ransomware")
    assert "絶対に悪用されません" in text.split("言ってはいけないこと")[1].split("対象かどうかを答える前に")[0]
    assert "身の危険を訴える方" in text


@both_languages
@every_scenario
def test_the_answers_agree_with_the_notice_to_the_last_figure(scenario, lang):
    answers, notice = (
        text_of(draft_of(paper, scenario, lang), "md") for paper in ("call_centre_qa", "web_notice_first")
    )
    count = {
        "staff_data_attack": {"ja": "最大1,100人", "en": "at most 1,100 persons"},
        "ransomware": {"ja": "最大38,000人", "en": "at most 38,000 persons"},
        "contractor_email": {"ja": "2,800人", "en": "2,800 persons"},
        "insider_sale": {"ja": "35,000,000人", "en": "35,000,000 persons"},
        "one_patient": {"ja": "1人", "en": "1 person"},
    }[scenario][lang]
    told = [count, SENDER[lang]["desk_phone"], TOLD[scenario][lang]["incident_summary"]]
    listed = re.findall(
        r"^- (.+)$",
        notice.split("## " + {"ja": "皆様へのお願い", "en": "What we ask you to do"}[lang])[1].split("\n##")[0],
        re.MULTILINE,
    )
    advice = [line for line in listed if "お子様の情報" not in line and "child's information" not in line]
    assert len(advice) > 1
    for words in (*told, *advice):
        assert words in answers
        assert words in notice


@both_languages
@pytest.mark.parametrize(
    "paper",
    [
        "web_notice_first",
        "web_notice_follow_up",
        "web_notice_final",
        "press_release",
        "timely_disclosure_note",
        "call_centre_qa",
    ],
)
def test_the_public_is_told_the_most_that_a_number_can_be_and_never_less(paper, lang):
    def told(people):
        return text_of(drafted(paper, EXAMPLES / "staff_data_attack.yaml", lang, affected_people=people), "md")

    most, least = {"ja": ("最大1,100人", "900人"), "en": ("at most 1,100 persons", "900")}[lang]
    assert most in told("900..1100")
    assert least not in told("900..1100")
    assert {"ja": "900人以上", "en": "900 persons or more"}[lang] in told("900..")
    assert {"ja": "1,100人", "en": "1,100 persons"}[lang] in told("1100")
    assert most not in told("1100")


def test_the_authority_is_told_both_ends_of_a_number():
    assert "900人から1,100人" in text_of(drafted("ppc_preliminary_report", EXAMPLES / "staff_data_attack.yaml"))


def test_a_changed_number_is_told_to_the_public_as_the_number_itself_is():
    sent = {"on": "2026-11-21", "affected_people": "500..20000"}
    now = {"affected_people": "900..38000"}
    follow_up = text_of(drafted("web_notice_follow_up", EXAMPLES / "ransomware.yaml", sent=sent, **now), "md")
    assert "最大38,000人（前回：最大20,000人）" in follow_up
    report = text_of(drafted("ppc_follow_up_report", EXAMPLES / "ransomware.yaml", sent=sent, **now))
    assert "（前回）500人から20,000人" in report


def test_a_card_question_is_never_answered_no_before_the_list_is_complete():
    open_list = words_of("call_centre_qa", "ransomware").split("5　カードは")[1].split("6　")[0]
    assert "含まれていないとはお答えできません" in open_list
    complete = words_of("call_centre_qa", "contractor_email").split("5　カードは")[1].split("6　")[0]
    assert "クレジットカードの番号は含まれていません" in complete
    concerned = words_of("call_centre_qa", "contractor_email", data_items=["name", "credit_card_number"])
    assert "カード会社にご相談ください" in concerned.split("5　カードは")[1].split("6　")[0]


def test_no_payment_is_spoken_of_before_it_is_settled():
    text = words_of("call_centre_qa", "ransomware").split("8　お金は")[1].split("9　")[0]
    assert "今お答えできることはありません" in text


# ---- wording -------------------------------------------------------------------------------------------------------

#: What hides, promises too much or shifts the blame (section 4 of the notes on notices).
NEVER = {
    "ja": ("絶対に", "万全", "ご安心", "遺憾", "ご理解ください", "ご理解のほど", "想定外", "不注意", "悪用の心配はありません", "適切に対応", "数名", "多数", "など、", "等の"),
    "en": ("regret any inconvenience", "absolutely", "no need to worry", "rest assured", "unforeseen", "careless", "utmost", "etc.", "a number of"),
}  # fmt: skip


@both_languages
@every_scenario
@pytest.mark.parametrize("paper", SENT)
def test_nothing_sent_hides_promises_too_much_or_shifts_the_blame(paper, scenario, lang):
    text = words_of(paper, scenario, lang)
    for phrase in NEVER[lang]:
        assert phrase not in text


@every_scenario
@pytest.mark.parametrize("paper", SENT)
def test_an_apology_is_made_once_or_twice_and_first(paper, scenario):
    text = words_of(paper, scenario)
    assert 1 <= text.count("お詫び申し上げます") <= 2
    assert text.index("お詫び申し上げます") < text.index("判明日")


@pytest.mark.parametrize("paper", SENT)
def test_no_harm_seen_is_never_told_without_the_harm_that_may_come(paper):
    for scenario in ("ransomware", "contractor_email", "one_patient"):
        assert re.search(
            r"被害は確認しておりません。\s+ただし、次のようなことが起こるおそれがあります。\s+・",
            words_of(paper, scenario),
        )


@pytest.mark.parametrize("paper", SENT)
def test_sensitive_items_are_told_by_their_kind_only(paper):
    text = words_of(paper, "one_patient", data_items=["name", "treatment_or_dispensing"])
    assert "診療または調剤に関する情報" in text


# ---- advice --------------------------------------------------------------------------------------------------------


def test_every_item_that_can_hurt_by_itself_has_advice_or_a_harm_of_its_own():
    library = bench().library
    choices = library.rulebook.facts["data_items"].choices
    always = {entry["id"] for entry in library.advice["counsel"] if not entry.get("items")}
    for item, choice in choices.items():
        groups = set(getattr(choice, "groups", ()))
        if not groups & {"financial", "credentials", "identity", "contact", "sensitive"}:
            continue
        own = [
            entry["id"]
            for entry in library.advice["counsel"]
            if entry.get("items")
            and (entry["items"] in groups if isinstance(entry["items"], str) else item in entry["items"])
        ]
        assert set(own) - always, item


def test_advice_for_a_cause_is_given_for_that_cause_only():
    text = words_of("letter", "contractor_email", cause="bcc_mistake", data_items=["email"])
    assert "ほかの受信者のアドレスが表示されたメール" in text
    assert "ほかの受信者のアドレス" not in words_of("letter", "contractor_email")


def test_given_answers_stay_what_they_are():
    """Guard the examples: the papers above rest on them."""
    assert given_of(EXAMPLES / "one_patient.yaml").answers["affected_people"].high == 1
