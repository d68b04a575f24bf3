"""``leakresp clients``: many entrustors of one incident, each judged, told and released by itself."""

import csv
import datetime as dt
import io
import json
import os
import shlex
import stat
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.desk_clock import MORNING, leakresp
from tests.screens import golden

from leakresp.law.duties import RELEASED, STRENGTH
from leakresp.response.case import ClientAdded, ClientTold, Entry, replay
from leakresp.response.chain import chain
from leakresp.response.mention import mentions

__all__ = ["leakresp"]  # the fixture

posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
PAPER = "entrustor_notice"
#: A contractor's server was encrypted; two clients' data lay on it.
ATTACK = {
    "organisation_type": "business",
    "data_relation": "entrusted_to_us",
    "record_kind": "personal_data",
    "cause": "ransomware",
    "leak": "suspected",
    "discovered_on": "2026-11-22",
}
#: A list went to a stranger by mistake: only the number of persons can call for a report.
SLIP = ATTACK | {
    "cause": "misdirected_email",
    "wrongful_act": "ruled_out",
    "leak": "confirmed",
    "recovered_unseen": "no",
    "intended_provision": "no",
    "loss": "ruled_out",
    "tampered": "ruled_out",
    "unusable": "ruled_out",
}
PLAIN = "--set data_items=name,email --set data_items_complete=yes"


def add(leakresp, name, people, more="--bears yes", items=PLAIN):
    leakresp.fine(f"clients attack --add {shlex.quote(name)} --set affected_people={people} {items} {more}")


@pytest.fixture
def attack(leakresp):
    """A case with two clients of which nobody was told."""
    leakresp.begin("attack", ATTACK)
    add(leakresp, "青空商事株式会社", 1200)
    add(
        leakresp, "みどり病院", 345, items="--set data_items=name,treatment_or_dispensing --set data_items_complete=yes"
    )
    return leakresp


def verdict(leakresp, case="attack"):
    return leakresp.json(f"clients {case}")["verdict"]


def clients(leakresp, case="attack"):
    return {each["id"]: each for each in leakresp.json(f"clients {case}")["clients"]}


# release, client by client --------------------------------------------------------------------------------------------


def test_telling_one_client_releases_from_its_part_and_not_from_the_other(attack):
    attack.fine("clients attack --told c1 --on 11/23 --way mail --to 個人情報保護担当")
    found = clients(attack)
    assert (found["c1"]["verdict"], found["c1"]["released"], found["c2"]["verdict"]) == ("released", True, "required")
    assert verdict(attack) == "required"
    assert found["c1"]["told"][0]["day"] == "2026-11-23"


def test_the_case_is_released_once_every_client_that_bears_the_duty_was_told(attack):
    attack.fine("clients attack --told all")
    assert verdict(attack) == "released"
    for command in ("status attack", "report attack", "triage attack --no-input"):
        found = attack.json(command)
        assert (found["verdict"] if isinstance(found["verdict"], str) else found["verdict"]["verdict"]) == "released"
    assert attack.json("cases")["cases"][0]["verdict"] == "released"
    assert not [due for due in attack.json("clock attack")["due"] if due["id"].startswith("appi")]
    assert attack.journal("attack")[-1]["verdict"] == "released", "the ruling is on record"


@pytest.mark.parametrize("bears", ["no", "unknown"])
def test_a_client_that_bears_no_duty_or_of_which_it_is_not_known_releases_nobody(attack, bears):
    attack.fine("clients attack --told all")
    attack.fine(f"clients attack --change c2 --bears {bears}")
    assert clients(attack)["c2"]["verdict"] == "required"
    assert verdict(attack) == "required"


def test_a_client_added_later_ends_the_release_of_the_case(attack):
    attack.fine("clients attack --told all")
    add(attack, "河原市役所", 80)
    assert verdict(attack) == "required"
    assert "1/3" not in attack.fine("status attack")
    assert "2/3" in attack.fine("status attack")


def test_what_was_recorded_as_told_by_mistake_is_taken_back_with_its_reason(attack):
    attack.fine("clients attack --told all")
    attack("clients attack --not-told c1")
    assert (attack.code, "--because" in attack.err) == (2, True)
    attack.fine("clients attack --not-told c1 --because 宛先違い")
    assert verdict(attack) == "required"
    assert attack.json("clients attack")["untold"] == ["c1"]
    attack("clients attack --not-told c1 --because もう一度")
    assert attack.code == 2


def test_a_client_is_removed_only_for_a_reason_and_its_id_never_used_again(attack):
    attack("clients attack --remove c2")
    assert attack.code == 2
    attack.fine("clients attack --remove みどり病院 --because データは別のサーバーにあった")
    assert list(clients(attack)) == ["c1"]
    add(attack, "別の病院", 5)
    assert list(clients(attack)) == ["c1", "c3"]
    attack("clients attack --add 新しい --id c2")
    assert attack.code == 2


def test_a_case_of_ones_own_data_is_not_released_by_telling_clients(leakresp):
    leakresp.begin("attack", ATTACK | {"data_relation": "own"})
    add(leakresp, "青空商事", 1200)
    assert "data_relation=entrusted_to_us" in leakresp.err
    leakresp.fine("clients attack --told all")
    assert (clients(leakresp)["c1"]["verdict"], verdict(leakresp)) == ("released", "required")


def test_small_parts_of_clients_that_bear_no_duty_count_together_for_the_entrustee(leakresp):
    leakresp.begin("attack", SLIP)
    for number in range(4):
        add(leakresp, f"取引先{number}号", 300)
    leakresp.fine("clients attack --told all")
    found = leakresp.json("clients attack")
    assert {each["verdict"] for each in found["clients"]} == {"not_required"}
    assert (found["rest_verdict"], found["verdict"]) == ("required", "required")
    assert "解釈" in leakresp.fine("clients attack"), "the screen says that this is derived"


def test_a_small_part_beside_a_large_one_that_was_told_leaves_the_case_released(leakresp):
    leakresp.begin("attack", SLIP)
    add(leakresp, "大口商事", 2000)
    add(leakresp, "小口商店", 50, more="--bears no")
    leakresp.fine("clients attack --told all")
    assert verdict(leakresp) == "released"


@pytest.mark.parametrize(
    "many", ["--set recovered_unseen=yes", "--set strong_encryption=yes --set decryption_controlled=yes"]
)
def test_data_that_call_for_no_report_whatever_their_number_are_not_counted_together(leakresp, many):
    leakresp.begin("attack", {fact: value for fact, value in SLIP.items() if fact != "recovered_unseen"})
    add(leakresp, "甲商会", 900, more=f"--bears yes {many}")
    add(leakresp, "乙商会", 900, more=f"--bears yes {many}")
    found = leakresp.json("clients attack")
    assert (found["rest_verdict"], found["verdict"]) == (None, "not_required"), (
        "what every client has alike holds for all"
    )
    add(leakresp, "丙商会", 900)
    assert verdict(leakresp) == "required", "the whole is no longer alike: its number may be that of all three"


@pytest.mark.parametrize("options", ["--bears yes", "--bears no", "--bears unknown", ""])
def test_a_client_that_was_not_told_keeps_the_case_from_release_though_its_part_calls_for_no_report(leakresp, options):
    leakresp.begin("attack", SLIP)
    add(leakresp, "大口商事", 2000)
    add(leakresp, "小口商店", 50, more=options)
    leakresp.fine("clients attack --told c1")
    assert [each["verdict"] for each in clients(leakresp).values()] == ["released", "not_required"]
    assert verdict(leakresp) == "required"


def test_a_case_is_as_strong_as_its_one_client_of_which_something_else_is_known(leakresp):
    leakresp.begin("attack", SLIP | {"recovered_unseen": "yes"})
    add(leakresp, "青空商事", 2000)
    assert verdict(leakresp) == "not_required"
    add(leakresp, "みどり病院", 3, items="--set data_items=medical_history --set recovered_unseen=no")
    found = leakresp.json("status attack")
    assert (found["verdict"], [clock["id"] for clock in found["clocks"]][:2]) == (
        "required", ["appi.preliminary_report", "appi.final_report"],
    )  # fmt: skip
    leakresp.fine("clients attack --told c1 --told c2")
    assert verdict(leakresp) == "released"


def test_the_whole_takes_over_the_items_of_any_client(leakresp):
    leakresp.begin("attack", SLIP)
    add(leakresp, "青空商事", 20)
    assert verdict(leakresp) == "not_required"
    add(leakresp, "みどり病院", 1, items="--set data_items=medical_history")
    assert verdict(leakresp) == "required"
    assert "medical_history" in leakresp.json("triage attack --no-input")["facts"]["data_items"]


def test_what_follows_from_the_clients_cannot_be_stated_for_the_whole(attack):
    attack("change attack entrustor_notified=yes")
    assert (attack.code, "leakresp clients" in attack.err) == (2, True)
    attack("triage attack --no-input --set entrustor_notified=yes --set entrustor_bears_duty=yes")
    assert verdict(attack) == "required"


def test_a_case_keeps_how_it_stood_before_the_clients_were_told(attack):
    attack.fine("clients attack --told all", hours=3)
    assert attack.json("status attack --at '11/24 10:00'")["verdict"] == "required"


DUTY = st.sampled_from(["yes", "no", "unknown", None])
COUNT = st.none() | st.sampled_from(["1", "50", "900", "1001", "500..3000", "1000..", "unknown"])
ITEMS = st.none() | st.sampled_from([["name"], ["my_number"], ["medical_history"], ["credit_card_number"], ["other"]])
OWN_FACTS = st.sampled_from(
    [
        {},
        {"recovered_unseen": "yes"},
        {"leak": "ruled_out"},
        {"strong_encryption": "yes", "decryption_controlled": "yes"},
    ]
)
CLIENT = st.tuples(st.booleans(), DUTY, COUNT, ITEMS, st.sampled_from(["yes", "no", None]), OWN_FACTS)
WHOLE = st.fixed_dictionaries(
    {"data_relation": st.sampled_from(["entrusted_to_us", "own"])},
    optional={
        "cause": st.sampled_from(["ransomware", "misdirected_email", "unknown"]),
        "leak": st.sampled_from(["confirmed", "suspected", "ruled_out", "unknown"]),
        "wrongful_act": st.sampled_from(["ruled_out", "unknown"]),
        "affected_people": st.sampled_from(["10", "5000", "unknown"]),
        "organisation_type": st.sampled_from(["business", "administrative_organ", "exempt_purpose"]),
        "entrustor_bears_duty": st.just("yes"),
        "entrustor_notified": st.just("yes"),
        "data_items_complete": st.sampled_from(["yes", "no"]),
    },
)


def _case(assessor, whole, several):
    """Return a case with clients, each as (told, duty, count, items, complete, own facts)."""
    from leakresp.response.case import Answered

    events: list[Any] = [Answered(whole)]
    for number, (told, bears, count, items, complete, own) in enumerate(several, 1):
        stated = {
            "entrustor_bears_duty": bears,
            "affected_people": count,
            "data_items": items,
            "data_items_complete": complete,
        }
        facts = {fact: value for fact, value in stated.items() if value is not None} | own
        events.append(ClientAdded(f"c{number}", f"取引先{number}", facts=facts))
        if told:
            events.append(ClientTold(f"c{number}", "2026-11-24"))
    entries = [Entry(n, MORNING, "佐藤", event) for n, event in enumerate(events, 1)]
    return replay(entries, assessor.rulebook.facts)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(whole=WHOLE, several=st.lists(CLIENT, min_size=1, max_size=4))
def test_a_case_is_never_released_while_a_client_is_untold_or_its_duty_unknown(assessor, whole, several):
    case = _case(assessor, whole, several)
    found = chain(assessor, case.answers, case.clients, None, MORNING.date())
    settled = all(told and bears in {"yes", "no"} for told, bears, *_ in several)
    duties = {result.report.duty for result in found.whole.regimes}
    assert settled or (found.whole.verdict != RELEASED and RELEASED not in duties)
    owing = [share.verdict for share in found.shares if share.verdict != RELEASED or settled]
    strongest = min((STRENGTH.index(each) for each in owing), default=len(STRENGTH))
    assert STRENGTH.index(found.whole.verdict) <= strongest, "the case is as strong as any of its clients"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(whole=WHOLE, several=st.lists(CLIENT, min_size=1, max_size=3))
def test_what_is_one_clients_own_never_reaches_another(assessor, whole, several):
    case = _case(assessor, whole, several)
    for number, client in enumerate(case.clients.values()):
        alone = _case(assessor, whole, [several[number]])
        mine = next(iter(alone.clients.values()))
        drop = {"counterpart_name"}
        # Alone or among others, a client's part is the same.
        own = {fact: value for fact, value in client.share(case.answers).items() if fact not in drop}
        assert own == {fact: value for fact, value in mine.share(alone.answers).items() if fact not in drop}


# the table ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_table_reads_as_it_should(attack, lang):
    add(attack, "東西データ", "1000..", more="--role intermediate", items="--set data_items_suspected=email")
    attack.fine("clients attack --told c1 --on 11/23 --way mail --to 個人情報保護担当")
    golden(f"clients.{lang}.txt", attack.fine(f"clients attack --lang {lang}"))


def test_each_client_says_what_is_missing_and_what_comes_next(attack):
    attack.fine("clients attack --add 東西データ")
    assert clients(attack)["c3"]["missing"] == ["told", "entrustor_bears_duty", "affected_people", "data_items"]
    assert {key: each["next"] for key, each in clients(attack).items()} == {"c1": "tell", "c2": "tell", "c3": "tell"}
    attack.fine("clients attack --told c1 --told c3")
    assert {key: each["next"] for key, each in clients(attack).items()} == {
        "c1": "help",
        "c2": "tell",
        "c3": "ask_duty",
    }
    assert [each["id"] for each in attack.json("clients attack --waiting")["clients"]] == ["c2", "c3"]


def test_a_client_is_found_by_its_id_or_its_whole_name_and_else_the_nearest_is_named(attack):
    attack.fine("clients attack --change 'みどり 病院' --set affected_people=350名")
    assert clients(attack)["c2"]["facts"]["affected_people"] == "350"
    attack("clients attack --change みどり医院 --bears no")
    assert (attack.code, "みどり病院" in attack.err) == (2, True)


def test_a_name_with_a_comma_is_one_name_and_ids_between_commas_are_several(attack):
    add(attack, "Blue Co., Ltd.", 5)
    attack.fine("clients attack --told 'Blue Co., Ltd.'")
    assert attack.json("clients attack")["untold"] == ["c1", "c2"]
    attack.fine("clients attack --told c1,c2")
    assert attack.json("clients attack")["untold"] == []


def test_two_people_who_add_a_client_at_once_hide_neither(attack):
    events = [ClientAdded("c1", "甲"), ClientAdded("c1", "乙"), ClientTold("c1", "2026-11-24")]
    case = replay([Entry(n, MORNING, "佐藤", event) for n, event in enumerate(events, 1)], {})
    assert [(each.id, each.name, each.told) for each in case.clients.values()] == [
        ("c1", "甲", True),
        ("c2", "乙", False),
    ]


def test_an_answer_nobody_can_read_today_is_said_and_counts_as_not_asked(attack):
    from leakresp.response.case import ClientChanged
    from leakresp.shell.journal import Journal

    Journal(attack.folder / "attack", lambda: MORNING).append(
        "佐藤", ClientChanged("c1", facts={"of_yesterday": "yes"})
    )
    shown = attack.fine("clients attack")
    assert "of_yesterday" in attack.err
    assert "of_yesterday" not in shown


def test_an_answer_of_a_client_can_be_taken_back(attack):
    attack.fine("clients attack --change c2 --set affected_people=")
    assert "affected_people" not in clients(attack)["c2"]["facts"]
    assert "影響を受ける本人の数" in attack.fine("log attack --kind client_changed")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--add みどり病院", "c2"),
        ("--add 新しい --set data_relation=own", "data_relation"),
        ("--add 新しい --set affected_people=多数", "affected_people"),
        ("--add 新しい --id ../c9", "../c9"),
        ("--add 新しい --id con", "con"),
        ("--add 新しい --id all", "all"),
        ("--add 新しい --role boss", "boss"),
        ("--add 新しい --remove c1", "--add"),
        ("--set affected_people=3", "--change"),
        ("--change c1 --way mail", "--told"),
        ("--change c1 --bears yes", "c1"),
        ("--told c9", "c9"),
        ("--told c1 --on 2026-11-21", "2026"),
        ("--told c1 --on 2027-01-01", "--on"),
        ("--told c1 --way pigeon", "pigeon"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_kept(attack, options, said):
    before = attack.kinds("attack")
    attack(f"clients attack {options}")
    assert (attack.code, said in attack.err) == (2, True), attack.err
    assert attack.kinds("attack") == before


def test_a_closed_case_shows_its_clients_and_changes_none(attack):
    attack.fine("clients attack --told all")
    attack.fine("case close attack --because 終了")
    attack("clients attack --add 新しい")
    assert attack.code == 2
    attack.fine("clients attack")


def test_a_case_without_clients_says_how_to_begin(leakresp):
    leakresp.begin("attack", ATTACK)
    assert "--add" in leakresp.fine("clients attack")
    assert leakresp.json("clients attack")["clients"] == []


# how far the case is --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command", ["status attack", "clock attack", "clock", "report attack", "triage attack --no-input"]
)
@pytest.mark.parametrize(("lang", "told", "apart"), [("ja", "みどり病院", "従業員"), ("en", "みどり病院", "employees")])
def test_every_screen_of_the_case_says_who_was_not_told_and_that_own_data_stay_apart(
    attack, command, lang, told, apart
):
    attack.fine("clients attack --told c1")
    shown = attack(f"{command} --lang {lang}")
    assert told in shown
    assert apart in shown
    assert ("11/26" in shown) or ("26 Nov" in shown), (
        "the guide ends on the fifth day, the day of knowing being day one"
    )


@pytest.mark.parametrize("command", ["status attack", "clock attack", "report attack", "triage attack --no-input"])
def test_programs_read_how_many_were_told(attack, command):
    attack.fine("clients attack --told c1")
    found = attack.json(command)["clients"]
    found = found[0] if isinstance(found, list) else found
    assert (found["told"], found["count"], found["untold"]) == (1, 2, ["c2"])
    assert (found["guide_from"], found["guide_to"]) == ("2026-11-24", "2026-11-26")


def test_a_case_without_clients_shows_and_says_nothing_of_them(leakresp):
    leakresp.begin("attack", ATTACK)
    for command in ("status attack", "clock attack", "triage attack --no-input"):
        assert "clients" not in leakresp.json(command)
    assert "委託元への通知 " not in leakresp.fine("status attack")


def test_a_guide_that_is_over_is_said_loudly(attack):
    assert "目安の11/26" in attack.fine("status attack", hours=24 * 4)
    assert "すぐに知らせて" in attack.fine("clients attack")


def test_a_status_with_clients_still_fits_one_screen(attack):
    for number in range(20):
        add(attack, f"取引先{number}号", 10 + number)
    assert len(attack.fine("status attack").splitlines()) <= 24


# a list read ----------------------------------------------------------------------------------------------------------

LIST = '取引先コード,会社名,人数,対象項目,報告義務,担当課長\nK-001,青空商事,"1,200名",氏名、メールアドレス,はい,甲\nK-002,みどり病院,345,診療歴の写し,不明,乙\n'


def write(folder, text, encoding="utf-8", name="list.csv"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.fixture
def listed(leakresp, tmp_path):
    """A case without clients, and a good list."""
    leakresp.begin("attack", ATTACK)
    leakresp.list = write(tmp_path, LIST.replace("診療歴の写し", "氏名／病歴"))
    return leakresp


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_a_list_in_any_encoding_is_shown_first_and_kept_when_told_to(listed, tmp_path, encoding):
    path = write(tmp_path, LIST.replace("診療歴の写し", "氏名／病歴"), encoding, "other.csv")
    shown = listed.fine(f"clients attack --from {path}")
    assert "--write" in shown
    assert "担当課長" in shown, "a column nobody understands is named"
    assert listed.kinds("attack").count("client_added") == 0
    listed.fine(f"clients attack --from {path} --write")
    found = clients(listed)
    assert list(found) == ["k_001", "k_002"]
    assert found["k_001"]["facts"] == {
        "affected_people": "1200", "data_items": ["name", "email"], "entrustor_bears_duty": "yes",
    }  # fmt: skip
    assert found["k_002"]["facts"]["data_items"] == ["name", "medical_history"]
    assert "甲" not in (listed.folder / "attack" / "journal.jsonl").read_text(encoding="utf-8")


def test_a_workbook_is_read_like_a_csv(listed, tmp_path):
    columns, row = ["Client", "Persons", "Items", "Bears the duty"], ["Blue Ltd", 1200, "name, email", "yes"]
    workbook(tmp_path / "list.xlsx", columns, row)
    listed.fine(f"clients attack --from {tmp_path / 'list.xlsx'} --write")
    assert clients(listed)["c1"]["facts"]["affected_people"] == "1200"
    workbook(tmp_path / "list.xlsx", [*columns, "Told on"], [*row, dt.date(2026, 11, 23)])
    listed.fine(f"clients attack --from {tmp_path / 'list.xlsx'} --write")
    assert clients(listed)["c1"]["told"][0]["day"] == "2026-11-23"


def workbook(path, *rows):
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)


def test_a_bad_row_keeps_nothing_unless_it_is_left_out_on_purpose(listed, tmp_path):
    path = write(tmp_path, LIST)
    listed(f"clients attack --from {path} --write")
    assert listed.code == 4
    assert f"{path}:3: 対象項目" in listed.err
    assert "client_added" not in listed.kinds("attack")
    listed.fine(f"clients attack --from {path} --write --skip-faulty")
    assert list(clients(listed)) == ["k_001"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("会社名,人数\n青空商事,1\n青空 商事,2\n", ":3"),
        ("会社名,番号\n青空商事,a\nみどり病院,A\n", ":3"),
        ("会社名,人数\n,12\n", ":2"),
        ("会社名,知らせた日\n青空商事,2026-11-01\n", ":2"),
        ("会社名,通知方法\n青空商事,伝書鳩\n", ":2"),
        ("人数,項目\n12,氏名\n", ":1"),
        ("会社名,社名\n青空商事,青空商事\n", ":1"),
        ("会社名\n", ""),
        ("", ""),
    ],
)
def test_what_is_wrong_in_a_list_is_told_with_its_row(listed, tmp_path, text, place):
    path = write(tmp_path, text)
    listed(f"clients attack --from {path} --write")
    assert listed.code == 4
    assert f"{path}{place}" in listed.err
    assert "client_added" not in listed.kinds("attack")


def test_a_list_read_again_changes_what_is_new_and_leaves_the_rest(listed, tmp_path):
    listed.fine(f"clients attack --from {listed.list} --write")
    before = len(listed.journal("attack"))
    listed.fine(f"clients attack --from {listed.list} --write")
    assert len(listed.journal("attack")) == before
    path = write(tmp_path, "会社名,人数,知らせた日,通知方法\n青空商事,1500,11/23,メール\n新しい商店,3,,\n")
    listed.fine(f"clients attack --from {path} --write")
    found = clients(listed)
    assert (found["k_001"]["facts"]["affected_people"], found["k_001"]["told"][0]["way"]) == ("1500", "mail")
    assert found["k_001"]["facts"]["data_items"] == ["name", "email"], "what a list leaves out stays as it was"
    assert found["c1"]["name"] == "新しい商店"


def test_the_table_that_is_written_is_read_back_as_nothing_new(listed, tmp_path):
    listed.fine(f"clients attack --from {listed.list} --write")
    listed.fine("clients attack --told k_001 --on 11/23 --way post")
    for lang in ("ja", "en"):
        table = tmp_path / "table.csv"
        listed.fine(f"clients attack --csv {table} --lang {lang}")
        assert listed.json(f"clients attack --from {table}") == {
            "schema": "leakresp/clients-list/1", "case": "attack", "written": False, "added": [], "changed": [],
            "told": [], "faulty_rows": [], "ignored_columns": [],
        }  # fmt: skip


def test_no_cell_of_the_table_is_taken_for_a_formula(leakresp, tmp_path):
    leakresp.begin("attack", ATTACK)
    add(leakresp, "=HYPERLINK(1)", 1200)
    leakresp.fine(f"clients attack --csv {tmp_path / 'table.csv'}")
    rows = list(csv.reader(io.StringIO((tmp_path / "table.csv").read_text(encoding="utf-8-sig"))))
    assert rows[1][1] == "'=HYPERLINK(1)"


# one notice for each --------------------------------------------------------------------------------------------------

FILLED = {
    "organisation_name": "北山データ株式会社",
    "contact_person": "情報管理部 甲野",
    "contact_24h": "03-0000-0000",
    "next_report_on": "2026-11-28",
    "entrusted_work": "給与計算",
}


def notices(leakresp):
    folder = leakresp.folder / "attack" / "drafts"
    return {path.name.split(".")[0]: path.read_text(encoding="utf-8") for path in folder.glob(f"*.{PAPER}.txt")}


def test_each_client_gets_its_own_numbers_and_items_and_nobody_elses(attack):
    attack.fine("change attack " + " ".join(f"{fact}='{value}'" for fact, value in FILLED.items()))
    attack.fine(
        "change attack counterpart_name='青空商事株式会社、みどり病院' affected_people=1545 data_items=name,email,bank_account"
    )
    attack.fine(f"draft-notice {PAPER} --case attack --clients all --final")
    found = notices(attack)
    assert set(found) == {"c1", "c2"}
    assert ("青空商事株式会社　御中" in found["c1"], "1,200人" in found["c1"]) == (True, True)
    assert ("みどり病院　御中" in found["c2"], "345人" in found["c2"]) == (True, True)
    for own, others in (
        ("c1", ("みどり", "345", "1,545", "1545", "診療", "口座")),
        ("c2", ("青空", "1,200", "1200", "1,545", "メール", "口座")),
    ):
        assert [word for word in others if word in found[own]] == [], own


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(counts=st.lists(st.integers(1001, 999_999), min_size=2, max_size=5, unique=True))
def test_no_name_and_no_count_of_another_client_is_ever_in_a_notice(leakresp, counts):
    leakresp.wipe()
    leakresp.begin("attack", ATTACK | {"affected_people": str(sum(counts))})
    for number, count in enumerate(counts):
        add(leakresp, f"第{'甲乙丙丁戊'[number]}商会", count)
    leakresp.fine(f"draft-notice {PAPER} --case attack --clients all")
    for own, text in notices(leakresp).items():
        for number, count in enumerate(counts):
            if own != f"c{number + 1}":
                assert f"{'甲乙丙丁戊'[number]}商会" not in text
                assert f"{count:,}" not in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("青空商事のサーバーから広がった", ["c2 への文書に、ほかの委託元（c1）の名称"]),
        ("影響は1,200名と345名", ["（c1）の人数「1,200」", "（c2）の人数「345」"]),
        ("影響は1200\u3000人", ["（c1）の人数「1,200」"]),
    ],
)
def test_a_notice_that_would_tell_of_another_client_is_refused_and_none_is_written(attack, words, said):
    attack.fine(f"change attack 'incident_summary={words}'")
    attack(f"draft-notice {PAPER} --case attack --clients all")
    assert attack.code == 3
    assert "事案の概要" in attack.err, "the fact that says it is named"
    assert [sentence for sentence in said if sentence not in attack.err] == []
    assert notices(attack) == {}
    own = "--set incident_summary=サーバーの暗号化"
    attack.fine(f"clients attack --change c1 {own}")
    attack.fine(f"clients attack --change c2 {own}")
    attack.fine(f"draft-notice {PAPER} --case attack --clients all")


@pytest.mark.parametrize(
    ("own", "other", "text", "found"),
    [
        ("青空商事", "青空商事北支店", "青空商事北支店でも起きた", True),
        ("青空商事北支店", "青空商事", "青空商事北支店 御中", False),
        ("青空商事北支店", "青空商事", "青空商事の分もある", True),
        ("青空商事", "Blue", "a blueprint was lost", False),
        ("青空商事", "Blue Sky Ltd.", "also for blue\nsky", True),
        ("青空商事", "株式会社みどりの", "みどりの 担当", True),
        ("青空商事", "北山", "北山データ株式会社", False),
    ],
)
def test_a_name_is_found_as_people_write_it_and_not_within_a_name_that_may_stand_there(own, other, text, found):
    both = [ClientAdded("c1", own), ClientAdded("c2", other)]
    case = replay([Entry(n, MORNING, "佐藤", event) for n, event in enumerate(both, 1)], {})
    assert bool(list(mentions(text, case.clients["c1"], case.clients.values(), "北山データ株式会社"))) is found


def test_a_final_notice_is_refused_while_a_fact_is_a_hole_and_says_of_which_client(attack):
    attack.fine(
        "change attack " + " ".join(f"{fact}='{value}'" for fact, value in FILLED.items() if fact != "entrusted_work")
    )
    attack.fine("clients attack --change c1 --set entrusted_work=給与計算")
    attack(f"draft-notice {PAPER} --case attack --clients all --final")
    assert attack.code == 3
    assert ("みどり病院" in attack.err, "entrusted_work" in attack.err, "青空" in attack.err) == (True, True, False)
    assert notices(attack) == {}


@posix_only
def test_notices_are_readable_by_their_owner_alone(attack, tmp_path):
    attack.fine(f"draft-notice {PAPER} --case attack --clients c1,c2 -o {tmp_path / 'out'} --format md")
    files = sorted((tmp_path / "out").iterdir())
    assert [path.name for path in files] == [f"c1.{PAPER}.md", f"c2.{PAPER}.md"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_notices_drafted_again_add_nothing_to_the_record(attack):
    attack.fine(f"draft-notice {PAPER} --case attack --clients all")
    before = attack.kinds("attack")
    attack.fine(f"draft-notice {PAPER} --case attack --clients all")
    assert attack.kinds("attack") == before
    assert attack.json("status attack")["stale"] == [], "a notice to one client is not held against the whole"


def test_a_notice_is_proofread_against_its_own_client(attack):
    attack.fine(f"draft-notice {PAPER} --case attack --clients all")
    found = attack.json(f"proofread attack {PAPER}")["papers"]
    assert len(found) == 2
    kinds = {finding["kind"] for each in found for finding in each["findings"]}
    assert not kinds & {"stale", "edited", "figure", "number"}, kinds
    attack.fine("clients attack --change c1 --set affected_people=1300")
    stale = [
        each["file"]
        for each in attack.json(f"proofread attack {PAPER}")["papers"]
        if any(finding["kind"] == "stale" for finding in each["findings"])
    ]
    assert stale == [f"drafts/c1.{PAPER}.txt"]


@pytest.mark.parametrize(
    "line",
    [
        f"draft-notice {PAPER} --clients all",
        "draft-notice letter --case attack --clients all",
        f"draft-notice {PAPER} --case attack --clients all --set cause=theft",
        f"draft-notice {PAPER} --case attack --clients c7",
        f"sent attack {PAPER} --client c1",
        "sent attack letter --client c1",
    ],
)
def test_what_goes_with_no_notice_to_clients_is_refused(attack, line):
    attack(line)
    assert (attack.code, bool(attack.err)) == (2, True)


# what was sent --------------------------------------------------------------------------------------------------------


def test_a_notice_that_left_is_frozen_and_records_that_its_client_was_told(attack):
    attack.fine(f"draft-notice {PAPER} --case attack --clients all")
    attack.fine(f"sent attack {PAPER} --client c1 --on 11/23 --way mail --to 個人情報保護担当")
    copy = attack.folder / "attack" / "sent" / f"2026-11-23-01-{PAPER}-c1.txt"
    assert copy.read_text(encoding="utf-8") == notices(attack)["c1"]
    told = clients(attack)["c1"]["told"][0]
    assert (told["day"], told["way"], told["to"], told["file"]) == (
        "2026-11-23",
        "mail",
        "個人情報保護担当",
        f"sent/{copy.name}",
    )
    assert clients(attack)["c1"]["released"]
    attack.fine(f"sent attack {PAPER} --client all")
    assert verdict(attack) == "released"
    assert [each["client"] for each in attack.json("sent attack --list")["sent"]] == ["c1", "c1", "c2"]


def test_notices_are_frozen_for_all_clients_or_for_none(attack):
    attack.fine(f"draft-notice {PAPER} --case attack --clients c1")
    attack(f"sent attack {PAPER} --client all")
    assert (attack.code, "みどり病院" in attack.err) == (2, True)
    assert not (attack.folder / "attack" / "sent").exists()
    assert "client_told" not in attack.kinds("attack")


def test_copies_whose_record_failed_are_taken_away_again(attack, monkeypatch):
    from leakresp.shell.commands import client_notices
    from leakresp.shell.faults import Fault, FaultsError

    def refuse(*_):
        raise FaultsError([Fault("case.disk_full", "journal")])

    attack.fine(f"draft-notice {PAPER} --case attack --clients all")
    monkeypatch.setattr(client_notices, "record", refuse)
    attack(f"sent attack {PAPER} --client all")
    assert attack.code == 4
    assert list((attack.folder / "attack" / "sent").iterdir()) == []


def test_one_clients_notice_is_never_taken_for_anothers_whatever_the_ids(attack):
    attack.fine("clients attack --add 西支店 --id c1-2 --set affected_people=77")
    attack.fine(f"draft-notice {PAPER} --case attack --clients c1")
    attack.fine("clients attack --change c1 --set affected_people=1300")
    attack.fine(f"draft-notice {PAPER} --case attack --clients all")
    attack.fine(f"sent attack {PAPER} --client all")
    copies = {
        path.stem.rpartition("-")[2]: path.read_text(encoding="utf-8")
        for path in (attack.folder / "attack" / "sent").iterdir()
    }
    assert ("1,300人" in copies["c1"], "77人" in copies["c1_2"]) == (True, True)


def test_an_export_carries_clients_and_their_notices_to_another_folder(attack, tmp_path):
    attack.fine(f"draft-notice {PAPER} --case attack --clients all")
    attack.fine(f"sent attack {PAPER} --client c1")
    before = attack.json("clients attack")
    attack.fine(f"case export attack -o {tmp_path / 'attack.zip'}")
    attack.wipe()
    attack.fine(f"case import {tmp_path / 'attack.zip'}")
    assert attack.json("clients attack") == before


def test_the_record_tells_everything_of_a_client_in_words(attack):
    attack.fine("clients attack --change c1 --role intermediate --contact 総務部 --name 青空商事 --because 登記を確認")
    attack.fine("clients attack --told c1 --way fax --to 総務部")
    attack.fine("clients attack --not-told c1 --because 届いていない")
    attack.fine("clients attack --remove c1 --because 対象外")
    for lang, words in (("ja", "中間の委託先"), ("en", "intermediate")):
        shown = attack.fine(f"log attack --lang {lang}")
        assert words in shown
        assert "届いていない" in shown
    json.loads(attack.fine("log attack --json"))


def test_a_total_that_nobody_stated_lies_between_the_largest_client_and_all_together(attack):
    facts = attack.json("triage attack --no-input")["facts"]
    assert facts["affected_people"] == "1200..1545"
    attack.fine("change attack affected_people=1400")
    assert attack.json("triage attack --no-input")["facts"]["affected_people"] == "1400"
