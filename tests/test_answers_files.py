"""Answers files: words stay words, every fault of a file is named with its line, and JSON says the same as YAML."""

import json
import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.incidents import answers

from leakresp.law.held import UNSURE, Day, Interval, Open
from leakresp.law.vocabulary import WrongAnswer, read_day, written
from leakresp.shell.answers import read_file
from leakresp.shell.documents import LARGEST
from leakresp.shell.faults import FaultsError
from leakresp.shell.wording import Wording, sentence


@pytest.fixture(scope="module")
def given_by(facts):
    """Return what a file says."""
    return lambda text: read_file(text if isinstance(text, bytes) else text.encode(), "a.yaml", facts)


@pytest.fixture(scope="module")
def faults_of(given_by):
    """Return the faults of a file: key, line, path."""

    def find(text):
        with pytest.raises(FaultsError) as caught:
            given_by(text)
        assert caught.value.code == 4
        assert {fault.file for fault in caught.value.faults} == {"a.yaml"}
        return [(fault.key, fault.line, fault.path) for fault in caught.value.faults]

    return find


@pytest.fixture(scope="module")
def nearest_in(given_by):
    """Return the nearest valid words that the faults of a file name."""

    def find(text):
        with pytest.raises(FaultsError) as caught:
            given_by(text)
        return [fault.details.get("nearest") for fault in caught.value.faults]

    return find


def facts_of(line):
    return f"facts:\n  {line}\n"


# What is read ---------------------------------------------------------------------------------------------------------

EXAMPLE = """\
incident:                       # free words, used by the drafts
  title: 会員サイトへの不正アクセス
facts:
  organisation_type: business
  cause: unauthorized_access
  leak: suspected
  record_kind: personal_data
  data_items: [name, email, credit_card_number]
  data_items_complete: no
  affected_people: 500..3000
  discovered_on: 2026-11-20T09:30+09:00
"""


def test_the_file_of_the_contract_is_read_as_it_says(given_by):
    given = given_by(EXAMPLE)
    assert given.incident == {"title": "会員サイトへの不正アクセス"}
    assert given.answers["data_items"] == ("name", "email", "credit_card_number")
    assert given.answers["data_items_complete"] == "no"
    assert given.answers["affected_people"] == Interval(500, 3000)
    assert str(given.answers["discovered_on"]) == "2026-11-20T09:30+09:00"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("pseudonymised: no", "no"),
        ("pseudonymised: yes", "yes"),
        ("pseudonymised: 'no'", "no"),
        ("organisation_name: no", "no"),
        ("organisation_name: 0123", "0123"),
        ("organisation_name: 12:30", "12:30"),
        ("organisation_name: 1_000", "1_000"),
        ("organisation_name: 2026-11-20", "2026-11-20"),
        ("organisation_name: 1e3", "1e3"),
        ("organisation_name: true", "true"),
        ("organisation_name: null", "null"),
        ("organisation_name: 𠮷田商店 😀", "𠮷田商店 😀"),
        ("organisation_name: '株式会社：例'", "株式会社：例"),
        ("affected_people: 1200", Interval(1200, 1200)),
        ("affected_people: 0123", Interval(123, 123)),
        ("affected_people: 1000..", Interval(1000, None)),
        ("affected_people: ..900", Interval(0, 900)),
        ("data_items: []", ()),
        ("data_items: [name, name]", ("name",)),
        ("data_items:\n    - email\n    - name", ("name", "email")),
        ("leak: unknown", UNSURE),
        ("data_items: unknown", UNSURE),
        ("affected_people: unknown", UNSURE),
    ],
)
def test_words_stay_words_and_values_are_what_they_say(given_by, line, value):
    (answer,) = given_by(facts_of(line)).answers.values()
    assert answer == value


@pytest.mark.parametrize(
    "raw",
    [
        b"\xef\xbb\xbf" + EXAMPLE.encode(),
        EXAMPLE.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + EXAMPLE.replace("\n", "\r\n").encode(),
        EXAMPLE.rstrip("\n").encode(),
    ],
    ids=["byte order mark", "CRLF", "both", "no last line end"],
)
def test_what_editors_add_changes_nothing(given_by, raw):
    assert given_by(raw) == given_by(EXAMPLE)


# What is refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "fault", "nearest"),
    [
        ("lek: confirmed", "answers.fact_unknown", "leak"),
        ("leak: confirmd", "answer.unknown_word", "confirmed"),
        ("cause: ransom_ware", "answer.unknown_word", "ransomware"),
        ("data_items: [name, emial]", "answer.unknown_word", "email"),
        ("leak: confirmed\u3000", "answer.unknown_word", "confirmed"),
        ("\u3000leak: confirmed", "answers.fact_unknown", "leak"),
        ("pseudonymised: true", "answer.yaml_boolean", "yes"),
        ("pseudonymised: False", "answer.yaml_boolean", "no"),
        ("pseudonymised: on", "answer.unknown_word", "no"),
        ("leak: yes", "answer.unknown_word", None),
        ("leak:", "answer.empty", None),
        ("leak: ~", "answer.empty", None),
        ("data_items:", "answer.empty", None),
        ("leak: [confirmed]", "answer.not_one_word", None),
        ("leak: {is: confirmed}", "answer.not_one_word", None),
        ("data_items: name", "answer.not_a_list", None),
        ("data_items: [[name]]", "answer.not_a_list", None),
        ("data_items: [name, unknown]", "answer.unknown_in_list", None),
        ("compromise_signs: [none, c2_traffic]", "answer.none_with_others", None),
        ("affected_people: many", "answer.not_a_count", None),
        ("affected_people: -5", "answer.not_a_count", None),
        ("affected_people: 1.5", "answer.not_a_count", None),
        ("affected_people: ..", "answer.not_a_count", None),
        ("affected_people: 3000..500", "answer.count_turned_round", None),
        ("affected_people: 99999999999999999999", "answer.not_a_count", None),
        ("discovered_on: 2026/11/20", "answer.not_a_day", None),
        ("discovered_on: 20 Nov", "answer.not_a_day", None),
        ("discovered_on: 2026-02-29", "answer.no_such_day", None),
        ("discovered_on: 2026-11-20T25:00", "answer.no_such_day", None),
        ("discovered_on: 0026-11-20", "answer.day_too_far", None),
        ("discovered_on: 9999-12-31", "answer.day_too_far", None),
        ("organisation_name: ''", "answer.empty_words", None),
        (r'organisation_name: "a\0b"', "answer.control_letters", None),
        (r'organisation_name: "a\eb"', "answer.control_letters", None),
    ],
)
def test_a_wrong_answer_is_named_with_its_line_and_the_nearest_word(faults_of, nearest_in, line, fault, nearest):
    text = facts_of(line)
    assert [(key, number) for key, number, _ in faults_of(text)] == [(fault, 2)]
    assert nearest_in(text) == [nearest]


@pytest.mark.parametrize(
    ("text", "fault", "line"),
    [
        ("", "answers.empty", None),
        ("# nothing but a remark\n", "answers.empty", None),
        ("{}", "answers.empty", 1),
        ("- leak\n", "answers.no_mapping", 1),
        ("leak\n", "answers.no_mapping", 1),
        ("[1]", "answers.no_mapping", 1),
        ("facts: [leak]\n", "answers.no_mapping", 1),
        ("incident: a title\nfacts: {leak: confirmed}\n", "answers.no_mapping", 1),
        ("leak: confirmed\n", "answers.fact_outside", 1),
        ("fact:\n  leak: confirmed\n", "answers.section_unknown", 1),
        ("facts:\n  leak: confirmed\n  leak: suspected\n", "file.key_twice", 3),
        ("facts:\n  leak: confirmed\nfacts:\n  loss: confirmed\n", "file.key_twice", 3),
        ("facts:\n  leak： confirmed\n  loss: ruled_out\n", "file.full_width", 2),
        ("facts：\n  leak: confirmed\n", "file.full_width", 1),
        ("facts:\n  leak： confirmed\n", "file.full_width", 1),
        ("leak： confirmed\n", "file.full_width", 1),
        ("facts:\n  leak: confirmed\n\u3000\u3000loss: ruled_out\n", "file.full_width", 3),
        ("facts:\n\tleak: confirmed\n", "file.tab", 2),
        ("facts:\n  leak: &it confirmed\n  loss: *it\n", "file.anchor", 3),
        ("facts: &it\n  leak: confirmed\nincident: *it\n", "file.anchor", 3),
        ("facts:\n  leak: !!str confirmed\n", "file.tag", 2),
        ("facts: !!python/object:os.system\n  leak: confirmed\n", "file.tag", 1),
        ("facts:\n  ? [leak, loss]\n  : confirmed\n", "file.key_no_word", 2),
        ("facts:\n  leak: confirmed\n---\nfacts:\n  loss: confirmed\n", "file.not_yaml", 3),
        ("facts: {leak: confirmed\n", "file.not_yaml", 2),
        ('facts:\n  leak: "confirmed\n', "file.not_yaml", 3),
        ('{"facts": {"leak": "confirmed"}', "file.not_json", 1),
        ('{"facts": {"leak": "confirmed",\n  "leak": "suspected"}}', "file.key_twice", 2),
        ('{"facts": {\n\t"leak": "confirmed",\n\t"leak": "suspected"}}', "file.key_twice", 3),
        (f'{{"facts": {{"affected_people": {"9" * 5000}}}}}', "file.not_json", 1),
    ],
)
def test_a_file_of_the_wrong_form_is_named_with_its_line(faults_of, text, fault, line):
    assert (fault, line) in [(key, number) for key, number, _ in faults_of(text)]


@pytest.mark.parametrize(
    ("raw", "fault", "line"),
    [
        (EXAMPLE.encode("utf-16"), "file.not_utf8", 1),
        (facts_of("leak: confirmed").encode("utf-16-be"), "file.not_yaml", 1),
        ("facts:\n  organisation_name: 山田商店\n".encode("cp932"), "file.not_utf8", 2),
        ("facts:\n  organisation_name: 山田商店\n".encode("euc-jp"), "file.not_utf8", 2),
        (b"facts:\n  leak: confirmed\x00\n", "file.not_yaml", 1),
        (b"facts:\n  organisation_name: a\x07b\n", "file.not_yaml", 1),
        (b"#" * (LARGEST + 1), "file.too_large", None),
    ],
    ids=["UTF-16", "UTF-16 without mark", "cp932", "EUC", "NUL", "bell", "huge"],
)
def test_other_encodings_and_what_is_no_text_are_refused(faults_of, raw, fault, line):
    assert [(key, number) for key, number, _ in faults_of(raw)] == [(fault, line)]


@pytest.mark.parametrize("lead", ['{"a":', "[", "a: [", "a: {b: ", "- ", "? "])
@pytest.mark.parametrize("times", [3_000, 200_000])
def test_deep_nesting_is_refused_and_does_not_end_the_process(lead, times):
    """The YAML composer recurses in C: without a look beforehand a file of 200 kB would kill the interpreter."""
    head, again = ("a: ", lead[3:]) if lead.startswith("a: ") else ("", lead)
    code = (
        "from leakresp.shell.documents import read_document\n"
        "from leakresp.shell.faults import FaultsError\n"
        f"text = {head!r} + {again!r} * {times} + 'x'\n"
        "try:\n    read_document(text, 'a.yaml')\n"
        "except FaultsError as wrong:\n    print(sorted({fault.key for fault in wrong.faults}))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    assert done.stdout.strip() in {
        "['file.too_deep']",
        "['file.key_no_word']",
        "['file.not_yaml']",
        "['file.not_json']",
    }


def test_all_faults_of_a_file_are_named_together(faults_of):
    text = """\
incident:
  title: [one, two]
fact:
  leak: confirmed
facts:
  lek: confirmed
  loss: lost
  pseudonymised: true
  affected_people: many
  data_items: [name, emial]
  discovered_on: 2026-11-31
  cause:
"""
    assert faults_of(text) == [
        ("answer.not_one_word", 2, "incident.title"),
        ("answers.section_unknown", 3, "fact"),
        ("answers.fact_unknown", 6, "facts.lek"),
        ("answer.unknown_word", 7, "facts.loss"),
        ("answer.yaml_boolean", 8, "facts.pseudonymised"),
        ("answer.not_a_count", 9, "facts.affected_people"),
        ("answer.unknown_word", 10, "facts.data_items"),
        ("answer.no_such_day", 11, "facts.discovered_on"),
        ("answer.empty", 12, "facts.cause"),
    ]


def test_a_fault_is_a_sentence_with_file_line_and_the_nearest_word(library, given_by):
    with pytest.raises(FaultsError) as caught:
        given_by(facts_of("leak: confirmd"))
    (fault,) = caught.value.faults
    assert (
        sentence(Wording(library.words, "en"), fault)
        == 'a.yaml:2: facts.leak: There is no value "confirmd". Did you mean "confirmed"?'
    )
    assert (
        sentence(Wording(library.words, "ja"), fault)
        == "a.yaml:2: facts.leak: 「confirmd」という値はありません。「confirmed」の誤りではありませんか。"
    )


# JSON ------------------------------------------------------------------------------------------------------------------


def test_json_says_the_same_as_yaml(given_by):
    as_json = {
        "incident": {"title": "会員サイトへの不正アクセス"},
        "facts": {
            "organisation_type": "business",
            "cause": "unauthorized_access",
            "leak": "suspected",
            "record_kind": "personal_data",
            "data_items": ["name", "email", "credit_card_number"],
            "data_items_complete": "no",
            "affected_people": "500..3000",
            "discovered_on": "2026-11-20T09:30+09:00",
        },
    }
    assert given_by(json.dumps(as_json)) == given_by(EXAMPLE)
    assert given_by(json.dumps(as_json, ensure_ascii=False, indent="\t")) == given_by(EXAMPLE)


def test_a_number_of_people_may_be_a_number_in_json(given_by):
    assert given_by('{"facts": {"affected_people": 1200}}').answers == {"affected_people": Interval(1200, 1200)}


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("true", "answer.yaml_boolean"),
        ("null", "answer.empty"),
        ("1.5", "answer.not_one_word"),
        ("NaN", "answer.not_one_word"),
        ("1", "answer.not_one_word"),
        ("{}", "answer.not_one_word"),
    ],
)
def test_json_values_that_are_no_words_are_refused(faults_of, value, fault):
    assert faults_of(f'{{"facts":\n {{"leak": {value}}}}}') == [(fault, 2, "facts.leak")]


def test_half_a_letter_is_no_text_anywhere(faults_of):
    r"""JSON can write half of a surrogate pair (\ud800); nothing could be printed or stored of it."""
    broken = r'{"incident": {"title": "\ud800"}, "facts": {"organisation_name": "\udfff"}}'
    assert [key for key, _, _ in faults_of(broken)] == ["answer.control_letters", "answer.control_letters"]


@settings(max_examples=150)
@given(data=st.data())
def test_whatever_can_be_answered_can_be_written_to_a_file_and_read_back(data, law):
    stated = data.draw(answers(law.facts))
    text = json.dumps({"facts": {fact: written(value) for fact, value in stated.items()}}, ensure_ascii=False)
    if stated:
        assert read_file(text.encode(), "a.json", law.facts).answers == stated
        assert read_file(text.encode().replace(b"{", b"{ ", 1), "a.yaml", law.facts).answers == stated


@settings(max_examples=400)
@given(raw=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_file_stops_the_reader_with_anything_but_faults(raw, law):
    with suppress(FaultsError):
        read_file(raw, "a.yaml", law.facts)


@settings(max_examples=300)
@given(
    fact=st.sampled_from(
        ["leak", "pseudonymised", "cause", "data_items", "affected_people", "discovered_on", "finder"]
    ),
    raw=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8), st.lists, max_leaves=4
    ),
)
def test_no_value_stops_the_reader_with_anything_but_faults(fact, raw, law):
    with suppress(FaultsError):
        read = read_file(json.dumps({"facts": {fact: raw}}).encode(), "a.json", law.facts)
        assert isinstance(read.answers[fact], str | tuple | Interval | Day | Open)


# Days at the edge -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["2198-12-31T23:59-12:00", "1901-01-01T00:00+14:00", "0001-01-01T00:00+14:00"])
def test_a_moment_that_is_too_far_in_japan_time_is_refused(text):
    """Otherwise the answer could be written to a case, and never be read from it again."""
    with pytest.raises(WrongAnswer, match="day_too_far"):
        read_day(text)
