"""The schemas agree with the program: answers files with the loader, assessments with what ``assess --json`` writes."""

import copy
import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from tests.incidents import answers, raw_answers, reference_cases
from tests.screens import INCIDENTS, assessed, desk

from leakresp.response.assessment_json import assessment_json
from leakresp.shell.answers import read_file
from leakresp.shell.answers_schema import answers_schema
from leakresp.shell.commands import schema as command
from leakresp.shell.commands.schema import assessment_schema
from leakresp.shell.faults import MISUSE, FaultsError


@pytest.fixture(scope="module")
def answers_check(library):
    found = answers_schema(library.rulebook.facts, desk(library).phrases)
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found)


@pytest.fixture(scope="module")
def assessment_check(library):
    found = assessment_schema(desk(library).say)
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found)


def loads(facts, text):
    try:
        read_file(text.encode(), "file", facts)
    except FaultsError:
        return False
    return True


def agree(facts, check, given):
    """Hold the loader's verdict on ``given``, written as JSON, against the schema's; return it."""
    text = json.dumps(given)
    assert check.is_valid(json.loads(text)) == loads(facts, text), given
    return loads(facts, text)


# Answers files --------------------------------------------------------------------------------------------------------

_COUNTS = st.integers(0, 10**13).map(str) | st.from_regex(r"[0-9]{0,13}", fullmatch=True)
_NEAR_COUNTS = st.tuples(_COUNTS, st.sampled_from(["..", "", ".", "-"]), _COUNTS).map("".join)
_NEAR_DAYS = st.from_regex(
    r"(19|20|21)\d\d-[01]\d-[0-3]\d(T[0-2]\d:[0-6]\d(:[0-6]\d(\.\d{0,7})?)?(Z|[+-][0-2]\d:[0-7]\d)?)?\n?",
    fullmatch=True,
)
_NUMBERS = st.integers(-(10**13), 10**13) | st.floats(allow_nan=False, allow_infinity=False).filter(
    lambda number: number % 1
)
_WORDS = st.sampled_from(
    ["unknown", " unknown\n", "none", "yes", "No", "true", "confirmed", "", " ", "~", "null", "１２００", "2026-02-29"]
)
_ANY = st.one_of(_NUMBERS, st.booleans(), st.none(), _WORDS, st.text(max_size=5), _NEAR_COUNTS, _NEAR_DAYS)


def one_answer(fact):
    """Return a strategy for right and nearly right answers to ``fact``."""
    right = raw_answers(fact)
    if fact.kind in {"choice", "choices"}:
        words = st.sampled_from([*fact.words, "unknown", "none", "nonsense"])
        return st.one_of(right, words, st.lists(words | _ANY, max_size=4))
    if fact.kind == "count":
        return st.one_of(right, _NEAR_COUNTS, st.integers(-5, 10**13), _ANY)
    if fact.kind == "day":
        return st.one_of(right, _NEAR_DAYS, _ANY)
    return st.one_of(right, _ANY, st.text(st.characters(categories=["Cc", "Zs", "L", "Cs"]), max_size=4))


@settings(max_examples=300)
@given(st.data())
def test_loader_and_schema_agree_on_every_answer(facts, answers_check, data):
    fact = data.draw(st.sampled_from(list(facts.values())))
    agree(facts, answers_check, {"facts": {fact.id: data.draw(one_answer(fact))}})


@given(
    st.dictionaries(
        st.sampled_from(["incident", "facts", "leak", "other"]),
        st.none()
        | _ANY
        | st.lists(_ANY, max_size=2)
        | st.dictionaries(st.sampled_from(["title", "leak", "nonsense"]), _ANY, max_size=3),
        max_size=3,
    )
)
@example({})
@example({"facts": {}})
@example({"incident": {"title": 12, "note": True}})
def test_loader_and_schema_agree_on_the_form_of_a_file(facts, answers_check, given):
    agree(facts, answers_check, given)


@pytest.mark.parametrize(
    ("fact", "raw", "fits"),
    [
        ("affected_people", 0, True),
        ("affected_people", 999_999_999_999, True),
        ("affected_people", 1_000_000_000_000, False),
        ("affected_people", -1, False),
        ("affected_people", True, False),
        ("affected_people", "0500..0500", True),
        ("affected_people", "500..499", False),
        ("affected_people", "99..100", True),
        ("affected_people", "000100..99", False),
        ("affected_people", "1,200", False),
        ("affected_people", "１２００", False),
        ("affected_people", "1200\n", False),
        ("discovered_on", "2024-02-29", True),
        ("discovered_on", "2026-02-29", False),
        ("discovered_on", "2100-02-29", False),
        ("discovered_on", "2026-04-31", False),
        ("discovered_on", "1900-12-31", False),
        ("discovered_on", "1901-01-01", True),
        ("discovered_on", "2199-01-01", False),
        ("discovered_on", "2026-11-20T09:30", True),
        ("discovered_on", "2026-11-20T09:30:15.123456Z", True),
        ("discovered_on", "2026-11-20T24:00", False),
        ("discovered_on", "2026-11-20T09:30+09:75", False),
        ("discovered_on", "2026-11-20T09:30+24:00", False),
        ("discovered_on", " 2026-11-20", False),
        ("data_items", ["name", "name"], True),
        ("data_items", [], True),
        ("data_items", "name", False),
        ("data_items", ["name", "unknown"], False),
        ("data_items", "unknown", True),
        ("compromise_signs", ["none"], True),
        ("compromise_signs", ["none", "none"], True),
        ("compromise_signs", ["none", "c2_traffic"], False),
        ("leak", "suspected", True),
        ("leak", "yes", False),
        ("recovered_unseen", True, False),
        ("recovered_unseen", "true", False),
        ("cause", "unknown", True),
        ("cause", None, False),
    ],
)
def test_answers_at_the_edge(facts, answers_check, fact, raw, fits):
    assert agree(facts, answers_check, {"facts": {fact: raw}}) is fits


@given(st.data())
def test_an_answer_in_words_fits_from_the_first_letter_to_the_last(facts, answers_check, data):
    fact = data.draw(st.sampled_from([fact for fact in facts.values() if fact.kind == "words"]))
    letters = st.sampled_from("あa \n\t\r\x00\x0b\x1c\x85\xa0　\ud800")
    agree(facts, answers_check, {"facts": {fact.id: data.draw(st.text(letters, max_size=4))}})


def test_every_reference_case_is_a_valid_answers_file(facts, answers_check):
    for case in reference_cases("appi.yaml"):
        assert agree(facts, answers_check, {"facts": case["facts"]})


def test_a_number_of_people_fits_as_yaml_gives_it_and_as_json_does(facts, answers_check):
    assert loads(facts, "facts:\n  affected_people: 1200\n")
    for number in ("1200", 1200):
        assert agree(facts, answers_check, {"facts": {"affected_people": number}})


def test_the_schema_knows_every_fact_and_word_of_the_vocabulary(facts, answers_check):
    shown = answers_check.schema["properties"]["facts"]["properties"]
    assert list(shown) == list(facts)
    for fact in facts.values():
        if fact.kind == "choice":
            assert [word["const"] for word in shown[fact.id]["anyOf"][:-1]] == list(fact.words)


def test_titles_are_in_the_language_asked_for(library):
    titles = {}
    for lang in ("ja", "en"):
        found = answers_schema(library.rulebook.facts, desk(library, lang).phrases)
        titles[lang] = found["properties"]["facts"]["properties"]["cause"]["title"]
        cause = library.rulebook.facts["cause"]
        assert titles[lang] == cause.title[lang]
    assert titles["ja"] != titles["en"]


# Assessments ----------------------------------------------------------------------------------------------------------


def strict(schema):
    """Return the schema with no key allowed that it does not name, to see what was added without being described."""
    found = copy.deepcopy(schema)
    for part in (found, *found["$defs"].values()):
        part["additionalProperties"] = False
    return found


@settings(max_examples=40)
@given(st.data())
def test_every_assessment_fits_its_schema_to_the_last_key(library, assessment_check, data):
    at = desk(library, data.draw(st.sampled_from(("ja", "en"))))
    assessment = at.assessor.assess(data.draw(answers(at.facts)), None, at.today)
    found = json.loads(json.dumps(assessment_json(assessment, {"title": "x"}, at.phrases)))
    Draft202012Validator(strict(assessment_check.schema)).validate(found)


@pytest.mark.parametrize("name", INCIDENTS)
def test_the_assessment_of_a_real_incident_fits(library, assessment_check, name):
    at = desk(library)
    found = assessment_json(assessed(at, INCIDENTS[name]), {}, at.phrases)
    Draft202012Validator(strict(assessment_check.schema)).validate(json.loads(json.dumps(found)))


def test_a_key_added_later_is_no_fault_and_a_missing_one_is(library, assessment_check):
    at = desk(library)
    found = json.loads(json.dumps(assessment_json(assessed(at, {"leak": "confirmed"}), {}, at.phrases)))
    assert assessment_check.is_valid(found | {"added": 1})
    assert not assessment_check.is_valid({key: value for key, value in found.items() if key != "verdict"})
    assert not assessment_check.is_valid(found | {"verdict": "perhaps"})


def test_everything_in_the_schema_of_assessments_is_described(library):
    for lang in ("ja", "en"):
        found = assessment_schema(desk(library, lang).say)
        told = {"id", "title"}  # a name and a heading need no description
        for name, part in {"Assessment": found, **found["$defs"]}.items():
            assert part["description"], name
            for key, value in part["properties"].items():
                assert key in told or value.get("description"), (name, key)


# The command ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["answers", "assessment"])
def test_the_command_writes_a_schema(capsys, which):
    assert command.run(which=which, rules=None, lang="en") == 0
    Draft202012Validator.check_schema(json.loads(capsys.readouterr().out))


def test_another_word_is_a_misuse():
    with pytest.raises(FaultsError) as caught:
        command.run(which="cases", rules=None, lang=None)
    assert caught.value.code == MISUSE
