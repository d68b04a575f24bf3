"""A case: what follows from its events, and how it is opened, named and found."""

import ast
import dataclasses
import datetime as dt
import os
import stat
import unicodedata
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakresp.law.held import UNSURE, Interval
from leakresp.response import case as events
from leakresp.response.case import (
    Answered,
    Closed,
    Described,
    Drafted,
    Entry,
    Noted,
    Opened,
    Reopened,
    Reported,
    Ruled,
    Sent,
    Stepped,
    Unread,
    Withdrawn,
    answered,
    plain,
    read_event,
    replay,
    ruled,
)
from leakresp.shell import cases, journal
from leakresp.shell.cases import NotFoundError, author, create_case, find_case, list_cases, open_case, safe_name
from leakresp.shell.faults import Fault, FaultsError
from leakresp.shell.journal import NAME
from leakresp.shell.template_files import read_words
from leakresp.shell.wording import Wording, sentence

JAPAN = dt.timezone(dt.timedelta(hours=9))
NOON = dt.datetime(2026, 11, 24, 12, 0, 0, tzinfo=JAPAN)
WORDS = Path(__file__).parent.parent / "templates" / "words"
posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")


def entries(*recorded):
    """Return events as entries, one a minute from noon on."""
    return [Entry(n, NOON + dt.timedelta(minutes=n - 1), "佐藤", event) for n, event in enumerate(recorded, 1)]


def at_noon():
    return NOON


@pytest.fixture
def replayed(facts):
    return lambda *recorded, **how: replay(entries(*recorded), facts, **how)


@pytest.fixture
def folder(tmp_path):
    return str(tmp_path / "cases")


@pytest.fixture
def new_case(folder, facts):
    return lambda name=None, **how: create_case(name, folder, facts, by="佐藤", now=at_noon, **how)


def keys(caught):
    return [each.key for each in caught.value.faults]


# ---- replay ----


def test_a_case_carries_its_name_and_its_words(replayed):
    case = replayed(
        Opened("20261124-1200", {"title": "誤送信", "place": "本社"}), Described({"title": "メールの誤送信"})
    )
    assert (case.name, case.incident) == ("20261124-1200", {"title": "メールの誤送信", "place": "本社"})
    assert (case.is_open, case.opened.by, case.last.n) == (True, "佐藤", 2)


def test_an_answer_is_held_with_who_gave_it_when_and_where_it_came_from(replayed):
    choice = answered({"cause": "theft", "medium": ("electronic",)}, "choice", where="what_happened", choice="theft")
    case = replayed(Opened("x"), choice, answered({"affected_people": Interval(500, None)}, "file", where="a.yaml"))
    assert case.answers == {"cause": "theft", "medium": ("electronic",), "affected_people": Interval(500, None)}
    came = case.stated["cause"].entry
    assert (came.by, came.at, came.event.source, came.event.where, came.event.choice) == (
        *("佐藤", NOON + dt.timedelta(minutes=1), "choice", "what_happened", "theft"),
    )
    assert case.stated["affected_people"].entry.event.where == "a.yaml"


def test_the_last_answer_counts_and_unsure_is_an_answer(replayed):
    case = replayed(Answered({"leak": "confirmed", "loss": "unknown"}), Answered({"leak": "suspected"}))
    assert case.answers == {"leak": "suspected", "loss": UNSURE}


def test_a_withdrawn_answer_is_open_again_until_it_is_stated_anew(replayed):
    withdrawn = replayed(Answered({"leak": "confirmed", "loss": "confirmed"}), Withdrawn(("leak",), "誤り"))
    assert withdrawn.answers == {"loss": "confirmed"}
    assert withdrawn.withdrawn["leak"].event.why == "誤り"
    again = replayed(Answered({"leak": "confirmed"}), Withdrawn(("leak",)), Answered({"leak": "suspected"}))
    assert (again.answers, again.withdrawn) == ({"leak": "suspected"}, {})


def test_an_answer_the_vocabulary_has_lost_is_kept_apart_and_brings_no_older_one_back(facts):
    recorded = entries(
        Answered({"cause": "theft"}),
        Answered({"cause": "ransomware", "gone": ["a", "b"], "affected_people": "5", "medium": ["paper"]}),
    )
    smaller = dict(facts)
    smaller["cause"] = dataclasses.replace(
        facts["cause"],
        choices={word: choice for word, choice in facts["cause"].choices.items() if word != "ransomware"},
    )
    case = replay(recorded, smaller)
    assert case.answers == {"affected_people": Interval(5, 5), "medium": ("paper",)}
    assert {fact: lost.raw for fact, lost in case.lost.items()} == {"cause": "ransomware", "gone": ["a", "b"]}
    assert case.lost["cause"].entry.n == 2
    repaired = replay([*recorded, *entries(Answered({"cause": "theft"}), Withdrawn(("gone",)))], smaller)
    assert (repaired.answers["cause"], repaired.lost) == ("theft", {})


def test_an_action_is_given_to_somebody_noted_upon_done_and_taken_back(replayed):
    steps = (
        Stepped("unplug", "assigned", "鈴木"),
        Stepped("unplug", "noted", note="サーバー室の3台"),
        Stepped("unplug", "done", note="終了"),
        Stepped("unplug", "open"),
        Stepped("call_police", "skipped", note="被害なし"),
    )
    states = [replayed(*steps[:length]).action("unplug").state for length in range(6)]
    assert states == ["open", "open", "open", "done", "open", "open"]
    case = replayed(*steps)
    assert case.action("unplug").who == "鈴木"
    assert [note.event.note for note in case.action("unplug").notes] == ["サーバー室の3台", "終了"]
    assert (case.action("call_police").state, case.action("call_police").changed.n) == ("skipped", 5)
    assert case.action("never_touched").state == "open"


def test_the_timeline_stands_in_the_order_things_happened(replayed):
    case = replayed(
        Noted("復旧を始めた"),
        Noted("脅迫文を見つけた", "2026-11-20T21:40+09:00"),
        Noted("侵入された", "2026-11-18"),
        Noted("分からない日時", "いつか"),
    )
    assert [line.entry.event.text for line in case.timeline] == [
        *("侵入された", "脅迫文を見つけた", "復旧を始めた", "分からない日時"),
    ]
    assert [str(line.happened) for line in case.timeline[:3]] == [
        *("2026-11-18", "2026-11-20T21:40+09:00", "2026-11-24T12:00+09:00"),
    ]
    assert case.timeline[0].entry.at == NOON + dt.timedelta(minutes=2)


def test_rulings_drafts_papers_sent_and_reports_are_kept_in_their_order(replayed):
    case = replayed(
        Ruled("undetermined", "f1", "2026-11-24"),
        Ruled("required", "f2", "2026-11-24", {"appi.sensitive_data": "yes"}),
        Drafted("letter", "drafts/letter.md", "ab"),
        Sent("letter", "sent/letter.md", "ab", "本人", "2026-11-25"),
        Reported("appi", "preliminary", "個人情報保護委員会", "2026-11-25", "R-123"),
    )
    assert (case.ruling.event.verdict, case.ruling.event.rules, len(case.rulings)) == ("required", "f2", 2)
    assert case.drafts[0].event.file == "drafts/letter.md"
    assert case.sent[0].event.to == "本人"
    assert case.reports[0].event.receipt == "R-123"


def test_a_case_is_closed_and_reopened(replayed):
    assert replayed(Opened("x"), Closed("報告不要")).closed.event.why == "報告不要"
    assert replayed(Opened("x"), Closed(), Reopened("続報")).is_open


def test_a_case_can_be_seen_as_it_stood(replayed):
    story = (Answered({"leak": "suspected"}), Answered({"leak": "confirmed"}), Closed())
    assert replayed(*story, at=NOON - dt.timedelta(seconds=1)).last is None
    assert replayed(*story, at=NOON).answers == {"leak": "suspected"}
    assert replayed(*story, at=NOON + dt.timedelta(seconds=90)).answers == {"leak": "confirmed"}
    in_london = (NOON + dt.timedelta(minutes=1)).astimezone(dt.UTC)
    assert replayed(*story, at=in_london).is_open
    assert not replayed(*story, at=NOON + dt.timedelta(minutes=2)).is_open


def test_where_the_clock_was_set_back_a_moment_ends_before_the_first_later_entry(facts):
    told = entries(Answered({"leak": "suspected"}), Answered({"leak": "confirmed"}), Answered({"leak": "ruled_out"}))
    told[2] = told[2]._replace(at=NOON)
    assert replay(told, facts, at=NOON).answers == {"leak": "suspected"}


def test_a_ruling_keeps_criteria_duties_and_days(assessor, replayed):
    given = replayed(
        Answered({"leak": "confirmed", "data_items": ["medical_history"], "record_kind": "personal_data"}),
        Answered({"discovered_on": "2026-11-20", "wrongful_act": "ruled_out"}),
    ).answers
    event = ruled(assessor.assess(given, None, NOON.date()))
    assert event.criteria["appi.sensitive_data"] == "yes"
    assert (event.verdict, event.duties["appi.report"]) == ("required", "required")
    assert event.due["appi.final_report"] == "2026-12-21"
    assert event.due["appi.preliminary_report"].startswith("2026-11-2")
    assert read_event("ruling", plain(event)) == event


# ---- events as plain mappings ----

words = st.text(st.characters(exclude_categories=["Cs"]))
FORMS: dict[str, st.SearchStrategy[Any]] = {
    "str": words,
    "str | None": st.none() | words,
    "tuple[str, ...]": st.lists(words).map(tuple),
    "Mapping[str, str]": st.dictionaries(words, words, max_size=3),
    "Mapping[str, Written]": st.dictionaries(words, words | st.lists(words), max_size=3),
    "Source": st.sampled_from(["typed", "file", "set", "choice"]),
    "StepState": st.sampled_from(["done", "skipped", "assigned", "noted", "open"]),
    "DateState": st.sampled_from(["done", "dropped"]),
    "ClientRole": st.sampled_from(["entrustor", "intermediate"]),
    "ClientRole | None": st.none() | st.sampled_from(["entrustor", "intermediate"]),
}
any_event = st.sampled_from(list(events._KINDS.values())).flatmap(
    lambda kind: st.builds(kind, *(FORMS[str(each.type)] for each in dataclasses.fields(kind)))
)


@given(any_event)
def test_every_event_reads_back_as_it_was_written(event):
    found = plain(event)
    assert not {"n", "at", "by", "kind", "prev", "hash"} & set(found)
    as_json = {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}
    assert read_event(event.kind, as_json) == event


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("from_the_future", {}),
        ("answered", {}),
        ("answered", {"facts": ["leak"]}),
        ("answered", {"facts": {"leak": 5}}),
        ("answered", {"facts": {"leak": "confirmed"}, "source": "guessed"}),
        ("withdrawn", {"facts": "leak"}),
        ("step", {"action": "unplug", "state": "perhaps"}),
        ("note", {"text": None}),
        ("opened", {"case": "x", "incident": []}),
    ],
)
def test_an_event_nobody_understands_is_kept_and_moves_nothing(kind, found, replayed):
    event = read_event(kind, found)
    assert isinstance(event, Unread)
    case = replayed(Opened("x"), event)
    assert (case.answers, case.unread[0].event.named) == ({}, kind)


# ---- opening, naming, finding ----


def test_a_case_is_named_by_the_minute_it_was_opened_or_by_its_opener(new_case):
    assert [new_case().name, new_case().name, new_case("紛失-2号").name, new_case().name] == [
        *("20261124-1200", "20261124-1200-2", "紛失-2号", "20261124-1200-3"),
    ]


def test_a_new_case_is_found_again_with_all_that_was_recorded(new_case, folder, facts):
    made = new_case("紛失", incident={"title": "PCの紛失"})
    made.add("鈴木", Answered({"cause": "lost_device"}))
    assert made.case.answers == {"cause": "lost_device"}
    found = open_case("紛失", folder, facts)
    assert (found.case.name, found.case.incident, found.case.answers) == (
        "紛失",
        {"title": "PCの紛失"},
        made.case.answers,
    )
    assert (found.notes, found.at(NOON).answers, found.folder) == ((), {"cause": "lost_device"}, Path(folder) / "紛失")


@posix_only
def test_a_case_is_readable_by_its_owner_only(new_case, folder):
    made = new_case("x")
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (Path(folder), made.folder, *made.folder.iterdir())}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}


def test_a_taken_name_is_refused_and_the_case_untouched(new_case, folder, facts):
    new_case("紛失", incident={"title": "最初"})
    with pytest.raises(FaultsError) as caught:
        new_case("紛失", incident={"title": "次"})
    assert keys(caught) == ["case.taken"]
    assert open_case("紛失", folder, facts).case.incident == {"title": "最初"}


def test_a_folder_with_other_files_is_no_place_for_a_case(new_case, folder):
    (Path(folder) / "x").mkdir(parents=True)
    (Path(folder) / "x" / "letter.docx").touch()
    with pytest.raises(FaultsError) as caught:
        new_case("x")
    assert keys(caught) == ["case.taken"]


@pytest.mark.parametrize("left", [b"", b'{"n":1,"at":"2026'], ids=["empty", "torn"])
def test_a_case_whose_opening_was_cut_off_says_so_and_can_be_opened_again(new_case, folder, facts, left):
    (Path(folder) / "x").mkdir(parents=True)
    (Path(folder) / "x" / NAME).write_bytes(left)
    (Path(folder) / "x" / "torn-20261124-115900.txt").write_bytes(left)
    with pytest.raises(NotFoundError) as caught:
        open_case("x", folder, facts)
    assert keys(caught)[-1] == "case.empty"
    new_case("x")
    assert open_case("x", folder, facts).case.name == "x"


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", "../x", "a/b", "a\\b", "/etc", "C:", "a:b", "~", "a*"),
        *(".hidden", "-rf", "x.", "a b", "a\n", "a\0", "a\u202eb", "a\u200bb", "\ud800", "😀", "あ" * 61),
        *("con", "NUL.txt", "COM1", "lpt9.log"),
    ],
)
def test_names_that_lead_elsewhere_hide_or_fail_on_windows_are_refused(new_case, folder, name):
    with pytest.raises(FaultsError) as caught:
        new_case(name)
    assert keys(caught) == ["case.name_unsafe"]
    assert not Path(folder).exists()


@pytest.mark.parametrize("name", ["a", "2026_紛失.1", "サーバー", "葛󠄀城", "console", "か\u3099"])
def test_letters_of_any_script_make_a_name(name):
    assert safe_name(name) == unicodedata.normalize("NFC", name)


def test_a_name_is_the_same_however_its_letters_are_composed(new_case, folder, facts):
    new_case("データ漏えい")
    assert open_case(unicodedata.normalize("NFD", "データ漏えい"), folder, facts).name == "データ漏えい"


def test_a_case_is_found_by_name_by_an_unambiguous_beginning_and_by_path(new_case, folder, monkeypatch):
    for name in ("紛失", "紛失-2", "誤送信"):
        new_case(name)
    place = Path(folder)
    assert find_case("紛失", folder) == place / "紛失"
    assert find_case("誤", folder) == place / "誤送信"
    assert find_case(str(place / "誤送信"), None) == place / "誤送信"
    assert find_case(str(place / "誤送信" / NAME), None) == place / "誤送信"
    monkeypatch.chdir(place / "誤送信")
    assert find_case(".", None).resolve() == (place / "誤送信").resolve()


@pytest.mark.parametrize(
    ("name", "key"),
    [("紛", "case.ambiguous"), ("盗難", "case.not_found"), ("", "case.not_found"), ("./x", "case.no_case_there")],
)
def test_a_case_that_cannot_be_found_is_said_to_be_so(new_case, folder, name, key):
    new_case("紛失1")
    new_case("紛失2")
    with pytest.raises(FaultsError) as caught:
        find_case(name, folder)
    assert keys(caught) == [key]


def test_the_nearest_name_is_proposed(new_case, folder):
    new_case("20261124-1200")
    with pytest.raises(NotFoundError) as caught:
        find_case("20261124-1300", folder)
    assert caught.value.faults[0].details["nearest"] == "20261124-1200"


def test_cases_are_listed_newest_first_and_damaged_ones_before_all(folder, facts):
    for name, day in (("b", 20), ("c", 22), ("a", 21), ("d", 1)):
        create_case(name, folder, facts, by="佐藤", now=partial(NOON.replace, day=day))
    (Path(folder) / "d" / NAME).write_bytes(b"rubbish\n")
    (Path(folder) / "no case").mkdir()
    (Path(folder) / "a file").touch()
    assert [(each.name, each.opened and each.opened.day) for each in list_cases(folder)] == [
        *(("d", None), ("c", 22), ("a", 21), ("b", 20)),
    ]
    assert list_cases(str(Path(folder) / "nowhere")) == []


def test_a_file_where_the_folder_should_be_is_a_clear_fault(tmp_path, facts):
    (tmp_path / "file").touch()
    for name, place in (("x", tmp_path / "file"), ("file", tmp_path)):
        with pytest.raises(FaultsError) as caught:
            create_case(name, str(place), facts, by="佐藤")
        assert keys(caught) == ["case.no_folder"]
    with pytest.raises(FaultsError) as caught:
        list_cases(str(tmp_path / "file"))
    assert keys(caught) == ["file.unreadable"]


def test_a_damaged_case_is_shown_as_far_as_it_goes_with_what_is_wrong(new_case, folder, facts):
    made = new_case("x")
    made.add("佐藤", Answered({"leak": "confirmed"}), Answered({"gone": "?"}), Answered({"loss": "confirmed"}))
    path = made.folder / NAME
    path.write_bytes(path.read_bytes().replace(b"leak", b"loss"))
    shown = open_case("x", folder, facts)
    assert shown.case.answers == {"loss": "confirmed"}
    assert [(note.key, note.line) for note in shown.notes] == [("case.chain_altered", 2), ("case.answer_lost", 3)]


def test_a_newer_program_s_events_are_pointed_out(new_case, folder, facts, monkeypatch):
    made = new_case("x")
    monkeypatch.setattr(Closed, "kind", "sealed_for_court")
    monkeypatch.setitem(events._FIELDS, "sealed_for_court", ())
    made.add("佐藤", Closed())
    shown = open_case("x", folder, facts)
    assert [(note.key, note.line, note.details) for note in shown.notes] == [
        ("case.kind_unknown", 2, {"kind": "sealed_for_court"})
    ]


# ---- who is at work ----


def test_the_author_is_named_by_option_environment_profile_or_login(monkeypatch):
    monkeypatch.setenv("LEAKRESP_BY", "環境")
    assert author("指定", "登録") == "指定"
    assert author(None, "登録") == author("  ", "登録") == "環境"
    monkeypatch.delenv("LEAKRESP_BY")
    assert author(None, "登録") == "登録"
    monkeypatch.setattr("getpass.getuser", lambda: "login")
    assert author(None) == "login"


def test_a_machine_without_login_names_still_has_an_author(monkeypatch):
    def nobody():
        raise KeyError("getpwuid(): uid not found: 1000")

    monkeypatch.delenv("LEAKRESP_BY", raising=False)
    monkeypatch.setattr("getpass.getuser", nobody)
    assert author(None) == "unknown"


def test_an_author_s_name_is_one_line_of_readable_letters():
    assert author("  佐藤\n太郎\x1b[2J\ud800 ") == "佐藤 太郎 [2J"
    assert len(author("あ" * 500)) == 100


# ---- words ----


def keys_in(module):
    """Return the keys of the sentences that a module may show."""
    found = set()
    for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node.value.startswith("case."):
                found.add(node.value)
            elif node.value.startswith("chain_"):
                found.add(f"case.{node.value}")
    return found - {"case."}


def test_every_fault_of_a_case_has_its_sentence_in_both_languages_and_no_sentence_is_idle():
    written = read_words({f"words/{path.name}": path.read_bytes() for path in WORDS.glob("*.yaml")}, "templates")
    used = keys_in(cases) | keys_in(journal)
    for lang in ("ja", "en"):
        assert {key.removeprefix("fault.") for key in written[lang] if key.startswith("fault.case.")} == used
    details = dict.fromkeys(
        ("name", "folder", "names", "longest", "since", "reason", "letter", "times", "kind", "raw"), "…"
    )
    for lang in ("ja", "en"):
        say = Wording(written, lang)
        for key in used:
            assert sentence(say, Fault(key, "journal.jsonl", 3, details=details)).startswith("journal.jsonl:3: ")
