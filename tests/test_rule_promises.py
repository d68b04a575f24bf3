"""The loader's promises: each is broken on purpose in a copy of the shipped rules, and the fault names file and line.

All faults of all files are shown together, and missing rules are an error, never an empty rulebook.
"""

import re
from pathlib import Path

import pytest
from tests.incidents import TODAY, read

from leakresp.law.rules import NOT_YET
from leakresp.law.truth import BY_WORD
from leakresp.shell import library as shipped
from leakresp.shell.faults import FaultsError
from leakresp.shell.rule_files import read_rules
from leakresp.shell.wording import Wording, sentence

RULES = Path(__file__).resolve().parent.parent / "rules"
OVER_1000 = "appi/criteria/over_1000_people.yaml"
WRONGFUL = "appi/criteria/wrongful_purpose.yaml"
REPORT = "appi/duties/report.yaml"
FINAL = "appi/deadlines/final_report.yaml"


@pytest.fixture(scope="module")
def files():
    return shipped.read_folder(RULES)


class Broken:
    """A copy of the rules with some lines changed."""

    def __init__(self, files):
        self.files = dict(files)

    def change(self, name, old, new, count=1):
        """Replace ``old``, which must stand there ``count`` times, and return the line it stood on first."""
        text = self.files[name].decode()
        assert text.count(old) == count, (name, old, text.count(old))
        self.files[name] = text.replace(old, new).encode()
        return text[: text.index(old)].count("\n") + 1

    def faults(self):
        """Return each fault as ``(key, file, line)``, with the fault itself."""
        with pytest.raises(FaultsError) as caught:
            read_rules(self.files, "rules")
        return {(fault.key, fault.file.removeprefix("rules/"), fault.line): fault for fault in caught.value.faults}


@pytest.fixture
def broken(files):
    return Broken(files)


def test_the_shipped_rules_keep_every_promise(files):
    plain = read_rules(files, "rules")
    assert {regime["id"] for regime in plain["regimes"]} >= {"appi", "my_number", "public_bodies"}


# Names and places -----------------------------------------------------------------------------------------------------


def test_a_files_name_is_its_id(broken):
    line = broken.change(OVER_1000, "id: over_1000_people", "id: over_1001_people")
    fault = broken.faults()["rules.name_differs", OVER_1000, line]
    assert fault.details == {"id": "over_1001_people", "wanted": "over_1000_people"}


def test_a_regimes_name_is_its_folder(broken):
    line = broken.change("appi/regime.yaml", "id: appi\n", "id: apii\n")
    assert ("rules.name_differs", "appi/regime.yaml", line) in broken.faults()


def test_a_file_that_no_folder_has_a_place_for_is_named(broken):
    broken.files["appi/criterion/over_1000_people.yaml"] = broken.files.pop(OVER_1000)
    assert ("rules.file_without_place", "appi/criterion/over_1000_people.yaml", None) in broken.faults()


def test_a_fact_that_does_not_exist_is_named_with_the_nearest_one(broken):
    line = broken.change(
        OVER_1000, "{fact: affected_people, may_exceed: 1000}", "{fact: afected_people, may_exceed: 1000}"
    )
    assert broken.faults()["rules.fact_unknown", OVER_1000, line].details["nearest"] == "affected_people"


def test_a_value_that_does_not_exist_is_named_with_the_nearest_one(broken):
    line = broken.change(
        "appi/terms/leak.yaml", "{fact: leak, is: [confirmed, suspected]}", "{fact: leak, is: [confirmed, supected]}"
    )
    assert broken.faults()["rules.value_unknown", "appi/terms/leak.yaml", line].details["nearest"] == "suspected"


def test_when_an_action_comes_first_is_checked_like_any_other_condition(broken):
    line = broken.change(
        "actions/exposure.yaml",
        "    first_while: {not: {fact: incident_ongoing,",
        "    first_while: {not: {fact: incident_ongoin,",
    )
    assert broken.faults()["rules.fact_unknown", "actions/exposure.yaml", line].details["nearest"] == "incident_ongoing"


def test_a_group_that_does_not_exist_is_named_with_the_nearest_one(broken):
    line = broken.change("appi/criteria/sensitive_data.yaml", "lists: sensitive}", "lists: sensitiv}")
    fault = broken.faults()["rules.group_unknown", "appi/criteria/sensitive_data.yaml", line]
    assert fault.details["nearest"] == "sensitive"


def test_a_rule_that_does_not_exist_is_named_with_the_nearest_one(broken):
    line = broken.change(OVER_1000, "{rule: unprotected_event}", "{rule: unprotected_events}")
    assert broken.faults()["rules.rule_unknown", OVER_1000, line].details["nearest"] == "appi.unprotected_event"


def test_a_regime_may_only_name_rules_of_the_right_kind(broken):
    line = broken.change("appi/regime.yaml", "event: event", "event: over_1000_people")
    assert ("rules.rule_unknown", "appi/regime.yaml", line) in broken.faults()


def test_a_source_that_does_not_exist_is_named_with_the_nearest_one(broken):
    line = broken.change(OVER_1000, "law: appi_rules", "law: appi_rule")
    assert broken.faults()["rules.source_unknown", OVER_1000, line].details["nearest"] == "appi_rules"


def test_every_fact_is_asked_by_some_question(broken):
    line = broken.change(
        "facts/people.yaml",
        "  - id: affected_people\n",
        "  - id: affected_pets\n    kind: count\n    title: {ja: 動物, en: Pets}\n    help: {ja: 数, en: Number}\n\n  - id: affected_people\n",
    )
    fault = broken.faults()["rules.fact_never_asked", "facts/people.yaml", line]
    assert fault.details == {"fact": "affected_pets"}


# Forms ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ("{fact: affected_people, is: ['1000']}", "rules.word_does_not_fit"),
        ("{fact: leak, may_exceed: 1000}", "rules.word_does_not_fit"),
        ("{fact: leak, lists: sensitive}", "rules.word_does_not_fit"),
        ("{fact: compromise_signs, lists: [none]}", "rules.word_does_not_fit"),
        ("{fact: leak, before: 2024-04-01}", "rules.word_does_not_fit"),
        ("{fact: affected_people, may_exceed: many}", "rules.no_number"),
        ("{fact: affected_people, may_exceed: -1}", "rules.no_number"),
        ("{fact: discovered_on, before: 2024-04-31}", "answer.no_such_day"),
        ("{fact: affected_people}", "rules.no_condition"),
        ("{fact: affected_people, may_exceed: 1000, at_least: 1}", "rules.no_condition"),
        ("{fact: affected_people, exceeds: 1000}", "rules.no_condition"),
        ("{all: []}", "rules.no_condition"),
        ("{any: affected_people}", "rules.no_condition"),
        ("affected_people > 1000", "rules.no_condition"),
        ("{fact: leak, is: confirmed}", "rules.value_unknown"),
        ("{fact: [leak], is: [confirmed]}", "rules.fact_unknown"),
        ("{rule: {fact: leak}}", "rules.rule_unknown"),
    ],
)
def test_a_word_that_does_not_fit_is_refused(broken, wrong, key):
    line = broken.change(OVER_1000, "{fact: affected_people, may_exceed: 1000}", wrong)
    assert (key, OVER_1000, line) in broken.faults()


def test_a_rule_that_leads_back_to_itself_is_refused(broken):
    broken.change("appi/terms/loss.yaml", "{fact: loss, is: [confirmed, suspected]}", "{rule: damage}")
    broken.change("appi/terms/damage.yaml", "{fact: tampered, is: [confirmed, suspected]}", "{rule: loss}")
    rings = {fault.details["rule"] for (key, _, _), fault in broken.faults().items() if key == "rules.ring"}
    assert rings == {"appi.loss", "appi.damage"}


def test_dates_of_versions_ascend(broken):
    line = broken.change(WRONGFUL, "  - from: 2024-04-01", "  - from: 2022-04-01")
    assert ("rules.dates_descend", WRONGFUL, line) in broken.faults()


def test_no_version_follows_one_that_has_no_date_yet(broken):
    broken.change(WRONGFUL, "  - from: 2022-04-01", f"  - from: {NOT_YET}")
    keys = {(key, file) for key, file, _ in broken.faults()}
    assert ("rules.dates_descend", WRONGFUL) in keys


def test_what_a_rule_in_force_names_must_be_in_force_too(broken):
    broken.change("appi/terms/unprotected_event.yaml", "  - from: 2022-04-01", "  - from: 2023-04-01")
    faults = broken.faults()
    (fault,) = [each for (key, *_), each in faults.items() if key == "rules.not_in_force"]
    assert (fault.details["rule"], str(fault.details["day"])) == ("unprotected_event", "2022-04-01")
    assert fault.file == "rules/appi/terms/unprotected_event.yaml"


def test_two_exceptions_never_hold_together(broken):
    line = broken.change(
        REPORT,
        "{fact: organisation_type, is: [exempt_purpose]}",
        "{fact: organisation_type, is: [administrative_organ]}",
    )
    faults = broken.faults()
    clash = next(fault for (key, file, _), fault in faults.items() if (key, file) == ("rules.exceptions_clash", REPORT))
    assert "administrative_organ, exempt_purpose" in clash.details["reason"]
    assert clash.line < line


def test_an_example_that_fails_is_shown_with_what_was_found(broken):
    line = broken.change(OVER_1000, "affected_people: 1001}, expect: yes}", "affected_people: 1000}, expect: yes}")
    fault = broken.faults()["rules.example_fails", OVER_1000, line]
    assert fault.details == {"name": "one thousand and one", "expected": "yes", "found": "no"}


def test_a_rule_changed_without_its_examples_is_caught_by_them(broken):
    broken.change(OVER_1000, "may_exceed: 1000}", "may_exceed: 999}")
    assert {key for key, file, _ in broken.faults() if file == OVER_1000} == {"rules.example_fails"}


@pytest.mark.parametrize("word", ["yes", "no", "unknown"])
def test_a_rule_without_an_example_of_each_truth_is_refused(broken, word):
    other = "no" if word != "no" else "yes"
    text = broken.files["appi/terms/loss.yaml"].decode()
    broken.files["appi/terms/loss.yaml"] = text.replace(f"expect: {word}}}", f"expect: {other}}}").encode()
    faults = broken.faults()
    missing = [
        fault
        for (key, file, _), fault in faults.items()
        if (key, file) == ("rules.example_missing", "appi/terms/loss.yaml")
    ]
    assert [fault.details for fault in missing] == [{"word": word}]


def test_an_example_may_only_state_what_the_vocabulary_knows(broken):
    line = broken.change(
        OVER_1000,
        "{name: one thousand and one, given: {leak: confirmed,",
        "{name: one thousand and one, given: {leak: certain,",
    )
    assert ("answer.unknown_word", OVER_1000, line) in broken.faults()


def test_a_key_stands_once(broken):
    line = broken.change(OVER_1000, "id: over_1000_people\n", "id: over_1000_people\nid: over_1000_people\n") + 1
    assert ("file.key_twice", OVER_1000, line) in broken.faults()


def test_a_key_that_the_form_does_not_know_is_refused(broken):
    line = broken.change(OVER_1000, "    when:\n", "    if: always\n    when:\n")
    assert broken.faults()["rules.key_unknown", OVER_1000, line].details == {"key": "if"}


def test_a_key_that_is_missing_is_named(broken):
    broken.change(FINAL, "    rolls: true\n", "")
    faults = broken.faults()
    assert [
        fault.details for (key, file, _), fault in faults.items() if (key, file) == ("rules.key_missing", FINAL)
    ] == [{"key": "rolls"}]


def test_a_day_that_the_calendar_does_not_have_is_refused(broken):
    line = broken.change("calendar/japan.yaml", "day: 2026-11-23", "day: 2026-11-31")
    assert ("rules.wrong_form", "calendar/japan.yaml", line) in broken.faults()


def test_every_title_is_written_in_both_languages(broken):
    line = broken.change(OVER_1000, ', en: "Leak concerning more than 1,000 people"}', "}")
    assert broken.faults()["rules.key_missing", OVER_1000, line].details == {"key": "en"}


def test_a_source_must_say_how_well_it_is_known(broken):
    line = broken.change(
        OVER_1000,
        "quote: 個人データに係る本人の数が千人を超える, read: verbatim",
        "quote: 個人データに係る本人の数が千人を超える, read: surely",
    )
    assert ("rules.wrong_form", OVER_1000, line) in broken.faults()


def test_a_fact_defined_twice_is_refused(broken):
    line = broken.change("facts/people.yaml", "  - id: special_mass_exposure\n", "  - id: affected_people\n")
    assert ("rules.id_twice", "facts/people.yaml", line) in broken.faults()


def test_a_presumption_reads_stated_facts_only(broken):
    line = broken.change(
        "presumptions.yaml", "when: {fact: cause, group: wrongful}", "when: {fact: leak, is: [confirmed]}"
    )
    fault = broken.faults()["rules.presumption_on_presumption", "presumptions.yaml", line]
    assert fault.details == {"fact": "leak"}


def test_a_question_may_only_state_what_the_vocabulary_knows(broken):
    line = broken.change(
        "interview.yaml",
        "facts: {leak: confirmed, intended_provision: 'yes'}",
        "facts: {leak: confirmed, intended_provision: 'maybe'}",
    )
    assert ("answer.unknown_word", "interview.yaml", line) in broken.faults()


# All together, and nothing at all -------------------------------------------------------------------------------------


def test_all_faults_of_all_files_are_shown_together_in_the_order_of_the_files(broken):
    lines = {
        "appi/terms/leak.yaml": broken.change(
            "appi/terms/leak.yaml", "{fact: recovered_unseen, is: [yes]}", "{fact: recoverd_unseen, is: [yes]}"
        ),
        OVER_1000: broken.change(OVER_1000, "{rule: unprotected_event}", "{rule: nothing}"),
        "presumptions.yaml": broken.change("presumptions.yaml", "fact: copy_held", "fact: copy_kept"),
    }
    faults = broken.faults()
    assert {(file, line) for _, file, line in faults} == set(lines.items())
    assert list(faults) == sorted(faults, key=lambda fault: (fault[1], fault[2]))


def test_a_file_that_cannot_be_read_does_not_hide_the_faults_of_another(broken):
    line = broken.change(OVER_1000, "id: over_1000_people", "id: over_1000_people\n\t- tab")
    broken.change(WRONGFUL, "id: wrongful_purpose", "id: wrong_purpose")
    keys = {(key, file) for key, file, _ in broken.faults()}
    assert keys >= {("file.tab", OVER_1000), ("rules.name_differs", WRONGFUL)}
    assert any(file == OVER_1000 and found >= line for _, file, found in broken.faults())


def test_each_fault_is_one_sentence_with_its_place_in_both_languages(broken, library):
    line = broken.change(
        OVER_1000, "{fact: affected_people, may_exceed: 1000}", "{fact: afected_people, may_exceed: 1000}"
    )
    (fault,) = broken.faults().values()
    ja, en = (sentence(Wording(library.words, lang), fault) for lang in ("ja", "en"))
    place = f"rules/{OVER_1000}:{line}: versions[0].when.all[2].fact: "
    assert ja == place + "「afected_people」という事実はありません。「affected_people」の誤りではありませんか。"
    assert en == place + 'There is no fact "afected_people". Did you mean "affected_people"?'


@pytest.mark.parametrize(
    "name", ["sources.yaml", "presumptions.yaml", "interview.yaml", "calendar/japan.yaml", "appi/regime.yaml"]
)
def test_a_file_that_every_rulebook_needs_is_missed(broken, name):
    del broken.files[name]
    assert ("rules.file_missing", name, None) in broken.faults()


@pytest.mark.parametrize("kept", [r"nothing at all", r"facts/.*|sources\.yaml", r"appi/criteria/.*"])
def test_missing_rules_are_an_error_never_an_empty_rulebook(files, kept):
    some = {name: content for name, content in files.items() if re.fullmatch(kept, name)}
    with pytest.raises(FaultsError) as caught:
        read_rules(some, "rules")
    assert [fault.key for fault in caught.value.faults] == ["rules.none"]


def test_a_folder_of_own_rules_is_checked_like_the_shipped_one(files, tmp_path):
    """``--rules DIR`` reads a real folder; what was compiled of other rules before is never taken for it."""
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    assert shipped.load(str(tmp_path)).fingerprint == shipped.load().fingerprint
    text = (tmp_path / OVER_1000).read_text(encoding="utf-8")
    (tmp_path / OVER_1000).write_text(text.replace("may_exceed: 1000", "may_exceed: 10"), encoding="utf-8")
    with pytest.raises(FaultsError, match="over_1000_people"):
        shipped.load(str(tmp_path))


def test_line_ends_do_not_change_the_fingerprint_and_the_text_does(files, tmp_path):
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content.replace(b"\n", b"\r\n"))
    assert shipped.load(str(tmp_path)).fingerprint == shipped.load().fingerprint
    (tmp_path / OVER_1000).write_bytes(files[OVER_1000] + b"# a remark\n")
    assert shipped.load(str(tmp_path)).fingerprint != shipped.load().fingerprint


def test_a_rules_folder_that_is_not_there_is_said_to_be_missing(tmp_path):
    with pytest.raises(FaultsError) as caught:
        shipped.load(str(tmp_path / "nowhere"))
    assert [fault.key for fault in caught.value.faults] == ["folder.missing"]


# The shipped examples -------------------------------------------------------------------------------------------------


def test_every_example_of_every_version_gives_what_it_says(rulebook, facts):
    """A second reading of what the loader checks: lawyers change the examples with the rules."""
    tried = 0
    for rule in rulebook.rules():
        for version in rule.versions:
            if version.since is None or rule.kind not in {"term", "criterion"}:
                continue
            in_force = rulebook.in_force(version.since)
            for example in version.examples:
                known = in_force.presumptions.fill(read(facts, dict(example.given)))
                assert in_force.word(rule.name).prove(known).truth is BY_WORD[example.expect], (rule.name, example.name)
                tried += 1
    assert tried > 100


def test_a_rule_without_a_date_in_force_is_shown_and_never_applied(rulebook):
    waiting = [rule for rule in rulebook.rules() for version in rule.versions if version.since is None]
    assert "appi.notify" in {rule.name for rule in waiting}
    for rule in waiting:
        assert rule.on(TODAY).since is not None
        assert rule.versions[-1].says["ja"]


def test_an_option_states_only_facts_its_question_settles(rulebook):
    for question in rulebook.plain["questions"]:
        for option in question["options"]:
            assert set(option["facts"]) <= set(question["settles"]), (question["id"], option["id"])
