"""The library of actions: complete for every cause and phase, in the right order, harmful to none, and feeding item 8."""

import itertools

import pytest
from tests.desk_clock import leakresp
from tests.incidents import TODAY, read
from tests.respondents import noted, walk
from tests.test_interview import NURSE

from leakresp.law.truth import YES
from leakresp.response.measures import ITEM_8
from leakresp.response.playbook import PHASES
from leakresp.shell.cases import open_case
from leakresp.shell.commands import triage
from leakresp.shell.desk import Desk

__all__ = ["leakresp"]  # the fixture


class Book:
    """The actions called for by answers as a file writes them."""

    def __init__(self, law):
        self.law = law
        self.in_force = law.rulebook.in_force(TODAY)
        self.playbook = law.assessor.playbook(self.in_force)
        self.causes = tuple(law.facts["cause"].words)
        self.always = {entry.action.id for entry in self.playbook._entries if entry.when is None}
        self.by_id = {action.id: action for action in self.playbook.all}

    def known(self, stated):
        return self.in_force.presumptions.fill(read(self.law.facts, stated))

    def called(self, **stated):
        """Return the ids of the actions called for, in their order."""
        return [action.id for action in self.playbook.chosen(self.known(stated))]

    def conditions(self, name):
        entry = next(entry for entry in self.playbook._entries if entry.action.id == name)
        return entry.when, entry.first_while

    def variations(self):
        """Yield every single further answer to a fact that any action looks at."""
        for fact in self.playbook._reads:
            kind = self.law.facts[fact]
            if fact in {"cause", "data_items_suspected"}:
                continue
            for word in kind.words:
                yield {fact: [word] if kind.kind == "choices" else word}


@pytest.fixture(scope="module")
def book(law):
    return Book(law)


def test_nobody_is_asked_for_promises_by_contract_but_everybody_is_told_to_look_for_them(book):
    assert "partners_to_tell" in book.in_force.presumptions.unasked(book.known({}))
    assert "look_for_promised_notices" in book.always


# Cause by phase -------------------------------------------------------------------------------------------------------

_MISTAKE = "a mistake is no crime; where somebody took the data on purpose, the cause or the wrongful act says so"
#: Where a cause calls for nothing of its own in a phase, and why. Everything not named here has an action of its own.
NOTHING = {
    ("misdirected_email", "police"): _MISTAKE,
    ("bcc_mistake", "police"): _MISTAKE,
    ("misdelivery", "police"): _MISTAKE,
    ("carrier_misdelivery", "police"): _MISTAKE,
    ("misdisposal", "police"): _MISTAKE,
    ("generative_ai_input", "police"): _MISTAKE,
    ("web_misconfiguration", "police"): "only where somebody may have taken the data: see the test of conditions",
    ("program_error", "police"): "only where somebody may have taken the data: see the test of conditions",
    ("system_failure", "police"): "only where somebody may have caused it: see the test of conditions",
    ("other", "report"): "the steps of every case: decide duty and dates, tell the persons",
    ("other", "recovery"): "the conditions for restarting, which every case has",
    ("other", "prevention"): "find the root cause first, which every case has",
}
_WORKED = [phase for phase in PHASES if phase != "detection"]


def test_every_cause_has_actions_of_its_own_in_every_phase_or_a_reason_why_not(book):
    common = set.intersection(*(set(book.called(cause=cause)) for cause in book.causes))
    missing = set()
    for cause in book.causes:
        own = {book.by_id[name].phase for name in book.called(cause=cause) if name not in common}
        missing |= {(cause, phase) for phase in _WORKED if phase not in own}
    assert missing == set(NOTHING)


@pytest.mark.parametrize("phase", [phase for phase in PHASES if phase != "police"])
def test_even_who_knows_nothing_has_something_to_do_in_every_phase(book, phase):
    assert any(book.by_id[name].phase == phase for name in book.called())


def test_an_unknown_cause_calls_for_what_harms_in_no_case(book):
    """What is shown while the cause is open stops, keeps and asks; it never cleans, deletes or sends."""
    shown = set(book.called(cause="unknown")) - book.always
    assert shown.isdisjoint(ALTERS)
    assert {"contain_without_erasing", "stop_log_deletion", "consult_police"} <= shown


@pytest.mark.parametrize(
    "cause", ["lost_device", "lost_paper", "web_misconfiguration", "program_error", "system_failure"]
)
def test_a_suspicion_that_somebody_took_the_data_brings_in_the_police(book, cause):
    assert "consult_police_on_suspicion" not in book.called(cause=cause, wrongful_act="ruled_out")
    assert "consult_police_on_suspicion" in book.called(cause=cause, wrongful_act="suspected")


def test_every_action_is_called_for_by_some_case(book):
    causes = [{}, *({"cause": cause} for cause in book.causes)]
    found = set()
    for cause, more in itertools.product(causes, [{}, *book.variations()]):
        known = book.known(cause | more)
        found |= {
            entry.action.id for entry in book.playbook._entries if entry.when and entry.when.prove(known).truth is YES
        }
    assert found | book.always == set(book.by_id)


# The truth table ------------------------------------------------------------------------------------------------------

#: What counts as doing what the table's column says.
COLUMNS = {
    "isolate": {
        "unplug_but_keep_power", "isolate_machine_behind_login", "switch_to_notice_page", "revoke_sessions",
        "block_attack_sources", "lock_device_remotely", "suspend_lines_and_accounts", "close_exposure", "block_exit_first",
        "suspend_all_at_once", "decide_links_to_entrustee",
    },
    "keep_power": {"unplug_but_keep_power", "isolate_machine_behind_login", "switch_to_notice_page", "preserve_before_noticed"},
    "lost_property_report": {"file_lost_property_report"},
    "damage_report": {"file_damage_report", "call_police_for_theft", "consider_criminal_complaint"},
    "police": {"consult_police", "call_police_for_theft", "consult_police_on_suspicion"},
    "card_company": {"call_card_company", "stop_card_acceptance", "order_card_forensics", "align_card_publication"},
    "ask_to_delete": {
        "ask_recipient_to_delete", "send_corrections_singly", "ask_receiver_not_to_open", "collect_in_person",
        "request_removal_elsewhere", "ask_to_delete_forged_mail",
    },
    "keep_logs": {
        "stop_log_deletion", "preserve_before_noticed", "have_entrustee_keep_logs", "keep_sent_mail", "keep_connection_records",
    },
    "tell_entrustor": {"tell_every_entrustor", "look_for_entrusted_data", "demand_nine_items"},
}  # fmt: skip
MUST, MAY, NEVER = "○", "△", "×"
#: The table that ends the playbook by cause, in the order of the columns above.
TABLE = {
    "unauthorized_access": "○○×○○△×○△",
    "ransomware": "○○×○○△×○○",
    "web_tampering": "○○×○○○×○△",
    "account_takeover": "○△×△○×△○△",
    "credential_stuffing": "○××△○△×○△",
    "lost_device": "△×○×△××△△",
    "theft": "△××○○××△△",
    "misdirected_email": "××××××○△△",
    "misdelivery": "××××××○×△",
    "misdisposal": "××××××△×△",
    "web_misconfiguration": "△×××△×△○△",
    "insider_theft": "△○×○○△×○○",
    "tech_support_scam": "○○×○○××○△",
}
CELLS = [(cause, column, mark) for cause, marks in TABLE.items() for column, mark in zip(COLUMNS, marks, strict=True)]
#: Answers that call for an action by themselves, whatever the cause, and so say nothing of what a cause calls for.
BESIDES = {
    # A card number that is known to be out, or may be, must be told to the card company from whatever it leaked.
    "card_company": {"data_items"},
    # Where somebody acted on purpose a crime is to be reported; a cause that says "lost" is then no longer the whole story.
    "damage_report": {"wrongful_act"},
    "police": {"wrongful_act"},
    # Data that circulate are to be taken down wherever they came from; and what happened at an entrustee is a row of its own.
    "ask_to_delete": {"notice_would_spread_harm"},
    "keep_logs": {"data_relation"},
}


@pytest.mark.parametrize(("cause", "column", "mark"), [cell for cell in CELLS if cell[2] == MUST])
def test_what_a_cause_must_have_it_has_whatever_else_is_known(book, cause, column, mark):
    assert mark == MUST
    for more in [{}, *book.variations()]:
        assert COLUMNS[column].intersection(book.called(cause=cause, **more)), more


@pytest.mark.parametrize(("cause", "column", "mark"), [cell for cell in CELLS if cell[2] == NEVER])
def test_what_would_harm_or_mislead_is_never_called_for(book, cause, column, mark):
    assert mark == NEVER
    for more in [{}, *book.variations()]:
        if BESIDES.get(column, set()).isdisjoint(more):
            assert COLUMNS[column].isdisjoint(book.called(cause=cause, **more)), more


@pytest.mark.parametrize(("cause", "column", "mark"), [cell for cell in CELLS if cell[2] == MAY])
def test_what_depends_on_the_case_is_there_when_the_case_calls_for_it(book, cause, column, mark):
    assert mark == MAY
    assert any(COLUMNS[column].intersection(book.called(cause=cause, **more)) for more in [{}, *book.variations()])


@pytest.mark.parametrize(
    ("cause", "column"),
    [
        ("account_takeover", "damage_report"),
        ("account_takeover", "keep_power"),
        ("account_takeover", "ask_to_delete"),
        ("credential_stuffing", "damage_report"),
        ("credential_stuffing", "card_company"),
        ("unauthorized_access", "card_company"),
        ("insider_theft", "card_company"),
        ("lost_device", "police"),
        ("web_misconfiguration", "police"),
        ("misdelivery", "tell_entrustor"),
    ],
)
def test_what_depends_on_the_case_is_not_shown_to_every_case(book, cause, column):
    assert COLUMNS[column].isdisjoint(book.called(cause=cause))


def test_what_happened_at_an_entrustee_asks_for_the_nine_items_and_the_logs(book):
    called = book.called(cause="unauthorized_access", data_relation="entrusted_by_us")
    assert {"demand_nine_items", "have_entrustee_keep_logs", "decide_links_to_entrustee"} <= set(called)


def test_data_in_circulation_are_recorded_and_taken_down_without_being_spread(book):
    assert "request_removal_elsewhere" in book.called(notice_would_spread_harm="yes")
    assert "ダウンロード" in book.by_id["request_removal_elsewhere"].caution["ja"]


@pytest.mark.parametrize("name", sorted(COLUMNS["keep_power"]))
def test_who_is_to_leave_the_power_on_is_told_so(book, name):
    action = book.by_id[name]
    ja = f"{action.title['ja']}{action.why['ja']}{action.caution['ja']}"
    assert "電源" in ja or "サーバーも落とさない" in ja


# The order ------------------------------------------------------------------------------------------------------------

#: What keeps evidence, and what changes or removes it.
KEEPS = {
    "record_exposed_state", "stop_log_deletion", "copy_appliance_logs", "photograph_screen_with_other_device", "keep_altered_files",
    "preserve_before_noticed", "copy_mail_rules", "keep_sent_mail", "keep_scene_of_theft", "engage_forensic_experts",
    "have_entrustee_keep_logs", "keep_connection_records", "secure_intact_copies",
}  # fmt: skip
ALTERS = {
    "rebuild_clean", "restore_checked_copies", "suspend_and_reset_accounts", "delete_ai_history", "suspend_all_at_once",
    "suspend_search_rights", "resend_correctly", "reset_access_rights", "republish_after_outside_check", "change_biometric_parameters",
    "give_new_credentials_safely", "cut_retained_data", "disable_abused_accounts",
}  # fmt: skip
#: Keeping that takes days, or that starts only once the machine is in an expert's hands.
_LATER = {"engage_forensic_experts", "keep_connection_records"}


def test_evidence_is_kept_before_anything_is_changed_whatever_the_cause(book):
    for cause in ("unknown", *book.causes):
        for ongoing in ("yes", "no", "unknown"):
            called = book.called(cause=cause, incident_ongoing=ongoing)
            keeping = [called.index(name) for name in called if name in KEEPS - _LATER]
            altering = [called.index(name) for name in called if name in ALTERS]
            assert not keeping or not altering or max(keeping) < min(altering), (cause, ongoing, called)


def test_experts_preserve_before_anything_is_rebuilt_or_restored(book):
    for cause in book.causes:
        called = book.called(cause=cause)
        for later in {"rebuild_clean", "restore_checked_copies"}.intersection(called):
            assert all(called.index(name) < called.index(later) for name in KEEPS.intersection(called)), cause


def test_every_action_that_removes_something_says_what_must_come_first(book):
    for name in (
        "rebuild_clean",
        "restore_checked_copies",
        "suspend_and_reset_accounts",
        "suspend_all_at_once",
        "cut_retained_data",
    ):
        assert book.by_id[name].caution is not None, name


#: For each cause, the step that stops data from flowing out.
STOPS = {
    "unauthorized_access": "unplug_but_keep_power",
    "malware": "unplug_but_keep_power",
    "tech_support_scam": "unplug_but_keep_power",
    "web_tampering": "switch_to_notice_page",
    "account_takeover": "revoke_sessions",
    "credential_stuffing": "block_attack_sources",
    "web_misconfiguration": "close_exposure",
    "program_error": "close_exposure",
    "other": "contain_without_erasing",
}


@pytest.mark.parametrize("cause", STOPS)
@pytest.mark.parametrize("ongoing", [None, "unknown", "yes"])
def test_while_data_may_still_flow_out_stopping_that_comes_before_all(book, cause, ongoing):
    called = book.called(cause=cause, **({"incident_ongoing": ongoing} if ongoing else {}))
    before = set(called[: called.index(STOPS[cause])])
    assert before <= {
        "record_exposed_state"
    }  # a picture of the open page takes seconds, and nobody can take it afterwards


@pytest.mark.parametrize("cause", STOPS)
def test_once_it_has_stopped_the_response_begins_with_noting_when_it_was_noticed(book, cause):
    assert book.called(cause=cause, incident_ongoing="no")[0] == "note_discovery"


def test_ransomware_is_cut_off_first_whatever_is_said(book):
    for ongoing in ("yes", "no", "unknown"):
        called = book.called(cause="ransomware", incident_ongoing=ongoing)
        assert called[:3] == ["unplug_but_keep_power", "isolate_backups", "power_down_as_last_resort"]


def test_powering_down_is_the_exception_and_told_as_mere_practice(book):
    action = book.by_id["power_down_as_last_resort"]
    assert [source["read"] for source in action.sources] == ["practice"]
    assert "記録" in action.caution["ja"]
    assert "専門家" in action.caution["ja"]
    assert all(
        "power_down_as_last_resort" not in book.called(cause=cause) for cause in book.causes if cause != "ransomware"
    )


def test_an_insider_is_not_warned_unless_data_are_known_to_be_going_out(book):
    assert "block_exit_first" not in book.called(cause="insider_theft", incident_ongoing="unknown")
    assert book.called(cause="insider_theft", incident_ongoing="yes")[0] == "block_exit_first"


# The question whether it still goes on --------------------------------------------------------------------------------

QUIET = ("misdelivery_paper", "lost_paper", "theft_paper", "carrier_misdelivery", "misdisposal", "misdirected_email", "bcc_mistake",
         "lost_device", "theft_device", "ransomware", "system_failure", "generative_ai_input", "ddos")  # fmt: skip
ASKED = ("unauthorized_access", "malware", "web_tampering", "account_takeover", "credential_stuffing", "phishing_of_customers",
         "tech_support_scam", "web_misconfiguration", "program_error", "insider_theft", "other")  # fmt: skip


def asked(law, what_happened, until="duty"):
    questions, _ = walk(law.interview, TODAY, noted(law.facts, NURSE | {"what_happened": what_happened}), until=until)
    return [question.id for question in questions]


@pytest.mark.parametrize("cause", QUIET)
def test_a_plain_case_is_not_asked_whether_it_goes_on(law, cause):
    assert "incident_ongoing" not in asked(law, cause)


@pytest.mark.parametrize("cause", ASKED)
def test_where_data_may_still_flow_it_is_the_second_question(law, cause):
    assert asked(law, cause)[:2] == ["what_happened", "incident_ongoing"]


# Data items and persons -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "wanted"),
    [
        ({"data_items": ["credit_card_number"]}, {"call_card_company", "align_card_publication"}),
        ({"data_items": ["bank_account"]}, {"check_bank_items", "verify_changes_of_account"}),
        ({"data_items": ["online_banking_password"]}, {"call_bank", "lower_transfer_limits", "suspend_and_reset_accounts"}),
        ({"data_items": ["payment_login"]}, {"lower_transfer_limits", "check_password_storage", "give_new_credentials_safely"}),
        ({"data_items": ["login_password"]}, {"suspend_and_reset_accounts", "check_password_storage", "give_new_credentials_safely"}),
        ({"data_items": ["my_number"]}, {"judge_my_number_rules", "check_my_number_copies", "help_with_new_papers"}),
        ({"data_items": ["treatment_or_dispensing"]}, {"check_health_items", "hide_illness_from_envelope"}),
        ({"data_items": ["address"]}, {"find_persons_in_danger"}),
        ({"data_items": ["crime_victim"]}, {"protect_person_in_danger", "bring_in_help_for_safety", "hide_illness_from_envelope"}),
        ({"data_items": ["biometric_template"]}, {"change_biometric_parameters", "reenrol_biometrics"}),
        ({"data_items": ["passport_number"]}, {"check_identity_papers", "help_with_new_papers"}),
        ({"data_items": ["driver_licence_number"]}, {"check_identity_papers", "help_with_new_papers"}),
        ({"data_items": ["id_document_image"]}, {"check_identity_papers", "check_my_number_copies", "help_with_new_papers"}),
        ({"data_items": ["free_text"]}, {"judge_unclear_items", "check_my_number_copies"}),
        ({"subject_kinds": ["children"]}, {"find_what_endangers_children", "reach_guardians_of_children"}),
    ],
    ids=lambda each: next(iter(each.values()))[0] if isinstance(each, dict) else "",
)  # fmt: skip
def test_what_leaked_calls_for_its_own_actions(book, stated, wanted):
    assert wanted <= set(book.called(**stated))
    assert not wanted & set(book.called(cause="lost_paper", data_items=["name"], data_items_complete="yes"))


# Every action ---------------------------------------------------------------------------------------------------------


def texts(action):
    yield from (action.title, action.why)
    if action.caution is not None:
        yield action.caution
    if action.measure is not None:
        yield from (action.measure.done, action.measure.planned)


def test_every_action_speaks_both_languages_in_whole_sentences(book):
    for action in book.playbook.all:
        for text in texts(action):
            assert text["ja"].strip(), action.id
            assert text["en"].strip(), action.id
            assert not text["en"].isspace(), action.id
            assert not any("\u3040" <= letter <= "\u9fff" for letter in text["en"]), (action.id, text["en"])
        assert action.why["ja"].endswith("。"), action.id
        assert not action.title["ja"].endswith("。"), action.id
        assert action.look_for is None or len(action.look_for["ja"]) == len(action.look_for["en"]), action.id


def test_no_two_actions_have_the_same_title(book):
    for lang in ("ja", "en"):
        titles = [action.title[lang] for action in book.playbook.all]
        assert len(set(titles)) == len(titles)


def test_every_action_says_where_it_comes_from_and_how_well_that_is_known(book):
    for action in book.playbook.all:
        assert action.sources, action.id
        assert all(source["read"] == "practice" for source in action.sources if source["law"] == "general_practice"), (
            action.id
        )
        assert all(source["read"] != "practice" for source in action.sources if source["law"] != "general_practice"), (
            action.id
        )


# Measures against recurrence ------------------------------------------------------------------------------------------

#: The three lists of measures: against attacks from outside, against insiders, against human error.
LISTS = {
    "unauthorized_access": {
        "detect_intrusions", "set_update_deadlines", "require_strong_login", "narrow_remote_entry", "encrypt_and_separate_data",
        "collect_logs_centrally",
    },
    "malware": {"train_against_phishing", "detect_intrusions", "set_update_deadlines"},
    "insider_theft": {
        "review_access_rights", "watch_operation_logs", "block_take_out_technically", "set_rules_and_discipline",
        "open_reporting_line", "audit_handling", "lead_from_the_top", "train_on_this_case",
    },
    "misdelivery": {"write_clear_steps", "train_on_this_case", "check_by_two_people"},
    "lost_device": {"write_clear_steps", "train_on_this_case", "keep_asset_ledger", "control_take_outs"},
    "web_misconfiguration": {"review_access_rights", "write_clear_steps", "make_private_the_default"},
}  # fmt: skip


@pytest.mark.parametrize("cause", LISTS)
def test_a_cause_has_the_measures_of_its_list_and_the_round_of_plan_and_check(book, cause):
    assert LISTS[cause] | {"find_root_cause", "practise_response", "review_measures_regularly"} <= set(
        book.called(cause=cause)
    )


def test_every_action_against_recurrence_has_its_words_for_item_8_and_no_other_has(book):
    with_measure = {action.id for action in book.playbook.all if action.measure is not None}
    of_phase = {action.id for action in book.playbook.all if action.phase == "prevention"}
    assert with_measure == of_phase - {"separate_done_and_planned"}  # which tells how to write them down


def test_what_is_done_and_what_is_planned_are_told_apart(book):
    for action in book.playbook.all:
        if action.measure is not None:
            assert action.measure.done["ja"].endswith("ました。"), action.id
            assert action.measure.planned["ja"].endswith("ます。"), action.id
            assert "will" in action.measure.planned["en"], action.id
            assert "will" not in action.measure.done["en"].split(), action.id


@pytest.fixture
def case(leakresp):
    leakresp.begin(affected_people="1200")
    return leakresp


def facts(case, options=""):
    return case.json(f"step mail --measures {options}")["facts"]


def test_ticking_a_measure_offers_it_as_done_and_giving_it_to_somebody_as_planned(case):
    found = case.json("step mail --measures")
    assert [found["facts"][name]["offered"] for name in ITEM_8] == [None, None]
    assert "use_mailing_system" in found["undecided"]
    case.fine("step mail use_mailing_system --done")
    case.fine("step mail train_on_this_case --assign 鈴木")
    found = facts(case)
    assert (
        found["prevention_done"]["offered"] == "一斉メールは、宛先が互いに見えない配信システムから送ることにしました。"
    )
    assert (
        found["prevention_planned"]["offered"] == "今回の事例を使った研修を、個人データを扱う全ての従業者に行います。"
    )
    assert "We will train all staff" in facts(case, "--lang en")["prevention_planned"]["offered"]
    assert "prevention_done" not in str(case.journal())  # looking changes nothing


def test_what_was_written_stands_in_item_8_of_the_final_report(case):
    case.fine("step mail use_mailing_system --done")
    case.fine("step mail train_on_this_case --assign 鈴木")
    case.fine("step mail --measures --write")
    case.fine("draft-notice ppc_final_report --case mail --format txt")
    paper = next(case.folder.glob("mail/drafts/*ppc_final_report*.txt")).read_text(encoding="utf-8")
    item = paper[paper.index("8　再発防止のための措置") :]
    done, planned = item.index("配信システムから送ることにしました"), item.index("従業者に行います")
    assert done < item.index("今後実施予定の措置") < planned


def test_what_nobody_decided_is_promised_to_nobody(case):
    case.fine("step mail --measures --write")
    assert not any(fact in str(case.journal()) for fact in ITEM_8)
    assert "まだ誰も決めていない" in case.out


def test_a_persons_own_words_are_never_replaced_and_both_are_shown(case):
    case.fine("change mail prevention_done=配信の担当を2人にしました（11月20日）。")
    case.fine("step mail use_mailing_system --done")
    shown = case.fine("step mail --measures --write")
    assert "配信の担当を2人にしました" in shown
    assert "配信システムから送ることにしました" in shown
    found = facts(case)["prevention_done"]
    assert found["stated"] == "配信の担当を2人にしました（11月20日）。"
    assert found["own_words"]
    assert not found["written"]


def test_words_changed_after_they_were_written_are_a_persons_own(case):
    case.fine("step mail use_mailing_system --done")
    case.fine("step mail --measures --write")
    case.fine("change mail prevention_done=配信システムに替えました（11月30日）。")
    case.fine("step mail practise_response --done")
    case.fine("step mail --measures --write")
    assert facts(case)["prevention_done"]["stated"] == "配信システムに替えました（11月30日）。"


def test_an_open_answer_is_no_words_of_a_person(case):
    case.fine("change mail prevention_done=unknown")
    case.fine("step mail use_mailing_system --done")
    found = facts(case, "--write")["prevention_done"]
    assert found["written"]
    assert found["stated"] == found["offered"]


def test_a_plan_that_was_carried_out_is_no_longer_told_as_a_plan(case):
    case.fine("step mail use_mailing_system --assign 鈴木")
    case.fine("step mail --measures --write")
    case.fine("step mail use_mailing_system --done")
    assert facts(case)["prevention_planned"]["outdated"]
    case.fine("step mail --measures --write")
    found = facts(case)
    assert found["prevention_planned"]["stated"] is None
    assert (
        found["prevention_done"]["stated"] == "一斉メールは、宛先が互いに見えない配信システムから送ることにしました。"
    )


def test_the_question_for_item_8_shows_what_the_ticks_offer(case, law):
    case.fine("step mail use_mailing_system --done")
    desk = Desk.set_up(lang="ja", rules=None, plain=True)
    opened = open_case("mail", None, desk.facts)
    shown = {name: triage._hint(desk, opened, law.interview.by_id[name]) for name in (*ITEM_8, "occurred_on")}
    assert "配信システムから送ることにしました" in shown["prevention_done"]
    assert (shown["prevention_planned"], shown["occurred_on"]) == ("", "")


def test_writing_twice_records_once(case):
    case.fine("step mail use_mailing_system --done")
    case.fine("step mail --measures --write")
    before = case.journal()
    case.fine("step mail --measures --write")
    assert case.journal() == before


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("step mail --write", "--measures と一緒に"),
        ("step mail note_discovery --measures", "一緒には使えません"),
        ("step mail --measures --done", "一緒には使えません"),
        ("step mail --measures --phase report", "一緒には使えません"),
    ],
)
def test_a_slip_is_said(case, line, said):
    case(line)
    assert case.code == 2
    assert said in case.err


def test_a_closed_case_takes_no_measures(case):
    case.fine("step mail use_mailing_system --done")
    case.fine("case close mail --because 訓練のため")
    case("step mail --measures --write")
    assert case.code == 2
    case.fine("step mail --measures")
