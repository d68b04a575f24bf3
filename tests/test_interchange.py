"""What comes from other tools states only what it says, and what goes to statistics says only what was stated."""

import io
import json
import os
import re
import stat
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.console import ROOT, Console, blocks
from tests.console import read as document
from tests.incidents import TODAY, answers
from tests.veris_records import records

from leakresp.law.held import Interval, Open
from leakresp.law.vocabulary import written
from leakresp.shell import main
from leakresp.shell.answers import read_given
from leakresp.shell.documents import Document
from leakresp.shell.faults import FaultsError
from leakresp.shell.foreign_answers import Reader
from leakresp.shell.foreign_records import leaves, values_at
from leakresp.shell.interchange_files import REASONS, read_mappings
from leakresp.shell.record_files import find_records
from leakresp.shell.veris_records import veris_record

FICTION = [json.loads(line) for line in document("tests/cases/veris.jsonl").splitlines()]
#: An answer to one of these takes a duty away; no record of statistics can know it.
EXEMPTIONS = (
    "recovered_unseen", "intended_provision", "copy_held", "justified_deletion", "strong_encryption",
    "decryption_controlled", "other_protection", "pseudonymised", "data_items_complete", "entrustor_notified",
)  # fmt: skip
EVENTS = ("leak", "loss", "tampered", "unusable")
NEVER = ("organisation_type", "data_relation", "record_kind", "data_items", "discovered_on", *EXEMPTIONS)
#: Where somebody keeps the records of the public community database, unpacked.
REAL = os.environ.get("LEAKRESP_VCDB")


@pytest.fixture(scope="module")
def readers(library):
    return {tool: Reader(mapping, library.rulebook.facts) for tool, mapping in library.interchange.items()}


@pytest.fixture
def veris(readers):
    return readers["veris"].read


def stated(taken, facts):
    """Return what was taken over as answers, through the check that every answers file passes."""
    return read_given(Document("-", {"incident": taken.incident, "facts": taken.facts}, {}), facts).answers


def check_harmless(taken, verdict):
    """Assert that a record of statistics took nobody's duty away."""
    assert "ruled_out" not in taken.facts.values()
    assert not set(NEVER) & set(taken.facts), taken.facts
    assert verdict in {"required", "undetermined"}, taken.facts
    if verdict == "required":
        assert any(taken.facts.get(event) in {"confirmed", "suspected"} for event in EVENTS), taken.facts


def convert(monkeypatch, capsys, *words, given=""):
    """Run the command on standard input and return code, objects written, and what was said."""
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(given.encode())))
    code = main.main(["convert", *map(str, words)])
    out, err = capsys.readouterr()
    return code, [json.loads(line) for line in out.splitlines()], err


# VERIS in ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", FICTION, ids=lambda case: case["name"])
def test_a_record_states_what_it_says_and_no_more(case, veris, assessor, facts):
    taken = veris(case["record"])
    assert taken.facts == case["facts"]
    verdict = assessor.assess(stated(taken, facts), None, TODAY).verdict
    assert verdict == case["verdict"]
    check_harmless(taken, verdict)


def test_eight_thousand_records_over_all_words_pass_and_none_is_released_from_a_duty(library, veris, assessor, facts):
    verdicts = set()
    for record in records(library.interchange["veris"]["words"], 8_400):
        taken = veris(record)
        verdict = assessor.assess(stated(taken, facts), None, TODAY).verdict
        check_harmless(taken, verdict)
        verdicts.add(verdict)
    assert verdicts == {"required", "undetermined"}


@pytest.mark.skipif(REAL is None, reason="LEAKRESP_VCDB names no folder with the community database")
def test_the_community_database_passes_and_no_record_is_released_from_a_duty(readers, assessor, facts):
    found = list(find_records([str(REAL)]))
    assert found
    for each in found:
        assert not each.faults, (each.file, each.faults)
        assert readers["veris"].knows(each.record), each.file
        taken = readers["veris"].read(each.record)
        check_harmless(taken, assessor.assess(stated(taken, facts), None, TODAY).verdict)


def test_what_veris_calls_no_disclosure_rules_nothing_out(veris):
    taken = veris({"attribute": {"confidentiality": {"data_disclosure": "No", "state": ["Stored encrypted"]}}})
    assert taken.facts == {}
    assert taken.left["attribute.confidentiality.data_disclosure", "denied"] == 1
    assert taken.left["attribute.confidentiality.state", "encryption"] == 1


@pytest.mark.parametrize("amount", [0, 1, 1000, 1001, 10**9])
def test_a_number_of_records_never_becomes_a_number_of_persons(veris, amount):
    data = {"data_disclosure": "Yes", "data_total": amount, "data": [{"variety": "Personal", "amount": amount}]}
    taken = veris({"attribute": {"confidentiality": data}})
    assert "affected_people" not in taken.facts
    assert sum(count for (_, why), count in taken.left.items() if why == "records") == 2


@pytest.mark.parametrize(
    ("incident", "day"),
    [
        ({"year": 2026, "month": 2, "day": 28}, "2026-02-28"),
        ({"year": 2026, "month": 2}, None),
        ({"year": 2026}, None),
        ({"year": 2026, "month": 2, "day": 30}, None),
        ({"year": 2026, "month": True, "day": 1}, None),
        ({"year": "2026", "month": "2", "day": "1"}, None),
    ],
)
def test_a_month_or_a_year_is_no_day(veris, incident, day):
    assert veris({"action": {}, "timeline": {"incident": incident}}).facts.get("occurred_on") == day


def test_free_words_and_names_stay_where_they_are(veris):
    record = {
        "incident_id": "1",
        "summary": "Taro Yamada's chart",
        "victim": {"victim_id": "Example Ltd", "notes": "Yamada"},
        "action": {"error": {"variety": ["Gaffe"], "notes": "Yamada"}},
    }
    taken = veris(record)
    assert "Yamada" not in json.dumps([taken.incident, taken.facts, list(taken.left)])
    assert {why for (field, why) in taken.left if field in {"summary", "victim.notes", "action.error.notes"}} == {
        "free_text"
    }


def test_every_value_of_a_record_is_taken_over_or_counted_as_left(library, veris):
    for record in records(library.interchange["veris"]["words"], 300):
        taken = veris(record)
        fields = {field for field, _ in taken.left}
        known = library.interchange["veris"]
        paths = {
            path for entry in known["facts"] for key in ("all", "any", "only", "beyond") for path in entry.get(key, ())
        }
        paths |= {entry[key] for entry in known["facts"] for key in ("copy", "day") if key in entry} | set(
            known["name"]
        )
        for path, _ in leaves(record):
            assert path in fields or any(path == place or path.startswith(f"{place}.") for place in paths), path


# VERIS out --------------------------------------------------------------------------------------------------------------


def weaker(came, went):
    """Tell whether what came back says no more than what went out."""
    if isinstance(came, Open):
        return True
    if isinstance(came, tuple) and not isinstance(came, Interval):
        return isinstance(went, tuple) and set(came) <= set(went)
    return came == went or (came == "suspected" and went == "confirmed")


@settings(max_examples=250)
@given(data=st.data())
def test_out_and_back_nothing_unknown_becomes_a_no_and_no_yes_is_invented(data, law):
    facts, mapping = law.facts, law.library.interchange["veris"]
    known = data.draw(answers(facts, told(mapping))) | {"discovered_on": facts["discovered_on"].read("2026-11-20")}
    record = veris_record(mapping, {}, known, "seed", with_victim=False)
    back = stated(Reader(mapping, facts).read(json.loads(json.dumps(record))), facts)
    items = set(back.pop("data_items_suspected", ()))
    for fact, came in back.items():
        assert weaker(came, known.get(fact)), (fact, came, known.get(fact))
    # A class comes back as an item that may be there: of no graver kind than an item that was.
    went = known.get("data_items", ())
    for group in ("sensitive", "property"):
        members = set(facts["data_items"].group(group))
        assert not items & members or (isinstance(went, tuple) and set(went) & members), (group, items, went)
    assert law.assessor.assess(back, None, TODAY).verdict in {"required", "undetermined"}


def told(mapping):
    """Return the facts that are written, and the exemptions, which are not."""
    return [*dict.fromkeys(fact for entry in mapping["write"] for fact in entry["when"]), *EXEMPTIONS, "affected_people",
            "wrongful_act", "data_items_suspected"]  # fmt: skip


@settings(max_examples=150)
@given(data=st.data())
def test_what_is_written_uses_the_words_of_veris_and_names_nobody(data, law):
    known = data.draw(answers(law.facts, [*told(law.library.interchange["veris"]), "counterpart_name", "cause_detail"]))
    known |= {"occurred_on": law.facts["occurred_on"].read("2026-02-01")}
    mapping = law.library.interchange["veris"]
    record = veris_record(mapping, {"title": "会員"}, known, "seed", with_victim=False)
    for path, words in mapping["words"].items():
        assert set(map(str, values_at(record, path))) <= set(words), path
    free = {written(known[fact]) for fact in known if law.facts[fact].kind == "words"} - {"unknown", "Unknown"}
    assert not free & {value for _, value in leaves(record) if isinstance(value, str) and len(value) > 3}
    for needed in ("action", "actor", "asset", "attribute", "discovery_method", "timeline", "incident_id"):
        assert record[needed], needed
    assert record["security_incident"] in mapping["words"]["security_incident"]
    assert record["victim"].keys() >= {"country", "employee_count", "industry"}


def test_a_record_of_ours_comes_back_with_its_cause_and_its_number_of_persons(law):
    known: dict[str, Any] = {"cause": "bcc_mistake", "affected_people": Interval(30, None), "leak": "confirmed"}
    known["occurred_on"] = law.facts["occurred_on"].read("2026-02-01")
    mapping = law.library.interchange["veris"]
    record = veris_record(mapping, {}, known, "seed", with_victim=False)
    assert "data_total" not in record["attribute"]["confidentiality"]
    assert stated(Reader(mapping, law.facts).read(record), law.facts) == known


def test_a_record_without_even_a_year_is_refused(law):
    with pytest.raises(FaultsError, match="no_year"):
        veris_record(law.library.interchange["veris"], {}, {"leak": "confirmed"}, "seed", with_victim=False)


def test_the_same_incident_keeps_its_id_and_one_from_veris_keeps_its_own(law):
    known = {"occurred_on": law.facts["occurred_on"].read("2026-02-01")}
    mapping = law.library.interchange["veris"]
    ids = [
        veris_record(mapping, incident, known, seed, with_victim=False)["incident_id"]
        for incident, seed in (({}, "a"), ({}, "a"), ({}, "b"), ({"source": "veris:FICTION-1"}, "a"))
    ]
    assert ids[0] == ids[1] != ids[2]
    assert ids[3] == "FICTION-1"


def test_the_organisation_is_named_only_where_that_is_asked_for(law):
    known = {
        fact: law.facts[fact].read(raw)
        for fact, raw in (("occurred_on", "2026-02-01"), ("organisation_name", "株式会社見本"))
    }
    mapping = law.library.interchange["veris"]
    named = [
        veris_record(mapping, {}, known, "s", with_victim=wanted)["victim"].get("victim_id") for wanted in (False, True)
    ]
    assert named == [None, "株式会社見本"]


# TheHive and IRIS -------------------------------------------------------------------------------------------------------

HIVE = {
    "_id": "~41",
    "_createdAt": 1763596800000,
    "number": 41,
    "title": "会員サイトの不審な通信",
    "description": "見本花子さんの名簿",
    "startDate": 1763510400000,
    "tags": ["ransomware", "leakresp:leak=suspected", "tlp:amber"],
}


def test_a_case_of_thehive_5_saves_retyping(readers):
    fields = [
        {"name": "affected-people", "type": "integer", "value": 1200},
        {"name": "Detection-date", "type": "date", "value": 1763550000000},
        {"name": "data_items", "type": "string", "value": "name, email"},
    ]
    taken = readers["thehive"].read(HIVE | {"customFields": fields})
    assert taken.incident == {"title": HIVE["title"], "source": "thehive:41", "created": "2025-11-20T09:00+09:00"}
    assert taken.facts == {
        "affected_people": "1200",
        "discovered_on": "2025-11-19T20:00+09:00",
        "data_items": ["name", "email"],
        "leak": "suspected",
        "cause": "ransomware",
        "occurred_on": "2025-11-19T09:00+09:00",
    }
    assert "花子" not in json.dumps([taken.incident, taken.facts], ensure_ascii=False)


def test_a_case_of_thehive_4_is_read_too(readers):
    fields = {"affectedPeople": {"integer": 30, "order": 1}, "cause": {"string": "bcc_mistake", "order": 2}}
    taken = readers["thehive"].read({"title": "t", "caseId": 3, "createdAt": 1763596800000, "customFields": fields})
    assert taken.facts == {"affected_people": "30", "cause": "bcc_mistake"}


def test_the_day_of_entry_is_not_taken_for_the_day_it_happened(readers):
    taken = readers["thehive"].read(HIVE | {"startDate": HIVE["_createdAt"]})
    assert "occurred_on" not in taken.facts
    assert "discovered_on" not in taken.facts
    assert taken.left["startDate", "entry_day"] == 1


def test_an_alert_gives_its_day_and_its_observables_are_only_counted(readers):
    alert = {"title": "t", "sourceRef": "a1", "date": 1763510400000, "_createdAt": 1763596800000}
    taken = readers["thehive"].read(alert | {"observables": [{"data": "192.0.2.1"}, {"data": "192.0.2.2"}]})
    assert taken.facts == {"occurred_on": "2025-11-19T09:00+09:00"}
    assert taken.left["observables.data", "indicators"] == 2


def test_a_box_nobody_ticked_is_not_a_no_and_a_ticked_one_is_a_yes(readers):
    def read(value):
        attributes = {"Leak": {"Privacy mark": {"type": "input_checkbox", "value": value}}}
        return readers["iris"].read({"case": {"name": "c", "custom_attributes": attributes}}).facts

    assert read(value=False) == {}
    assert read(value=True) == {"privacy_mark": "yes"}


def test_a_case_of_iris_saves_retyping_and_its_notes_stay_there(readers):
    record = {
        "case": {
            "name": "#4 - 不正アクセス",
            "open_date": "2026-11-20",
            "description": "見本花子さん",
            "soc_id": "SOC-9",
            "custom_attributes": {"Leak": {"Affected people": {"value": "500..3000"}, "cause": {"value": "theft"}}},
        },
        "notes": [{"note_title": "t", "note_content": "見本花子さん"}],
    }
    taken = readers["iris"].read(record)
    assert taken.incident == {"title": "#4 - 不正アクセス", "source": "iris:SOC-9", "created": "2026-11-20"}
    assert taken.facts == {"affected_people": "500..3000", "cause": "theft"}
    assert taken.left["notes.note_content", "free_text"] == 1


def test_two_fields_that_contradict_each_other_leave_the_answer_open(readers):
    fields = [{"name": "leak", "value": "confirmed"}, {"name": "leakresp_leak", "value": "ruled_out"}]
    taken = readers["thehive"].read({"title": "t", "customFields": fields})
    assert taken.facts == {"leak": "unknown"}
    assert taken.left["leak", "two_answers"] == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("leak", "maybe"),
        ("affected-people", "many"),
        ("affected-people", -3),
        ("discovered_on", "last week"),
        ("cause", 7),
    ],
)
def test_a_word_that_is_no_answer_is_counted_and_not_taken(readers, name, value):
    taken = readers["thehive"].read({"title": "t", "customFields": [{"name": name, "value": value}]})
    assert taken.facts == {}
    assert [why for (field, why) in taken.left if field.startswith("customFields")] == ["wrong_word"]


@pytest.mark.parametrize("name", ["organisation_name", "cause_detail", "contact_person"])
def test_free_words_in_a_custom_field_are_not_taken(readers, facts, name):
    assert facts[name].kind == "words"
    taken = readers["thehive"].read({"title": "t", "customFields": [{"name": name, "value": "見本花子"}]})
    assert taken.facts == {}


@settings(max_examples=200)
@given(record=st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(
        ["action", "case", "customFields", "custom_attributes", "tags", "title", "name", "value", "string", "startDate",
         "_createdAt", "timeline", "incident", "year", "attribute", "confidentiality", "data", "variety", "plus", "leakresp"]
    ), below, max_size=4), max_leaves=25))  # fmt: skip
def test_no_record_however_odd_stops_the_reading(record, law):
    for mapping in law.library.interchange.values():
        reader = Reader(mapping, law.facts)
        if reader.knows(record):
            stated(reader.read(record), law.facts)


# the command ------------------------------------------------------------------------------------------------------------


def test_what_is_converted_goes_straight_into_assess(monkeypatch, capsys):
    lines = "".join(json.dumps(case["record"]) + "\n" for case in FICTION)
    code, found, _ = convert(monkeypatch, capsys, "--from", "veris", given=lines)
    assert (code, len(found)) == (0, len(FICTION))
    given_back = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in found)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(given_back.encode())))
    assert main.main(["assess", "--jsonl"]) == 0
    verdicts = [json.loads(line)["verdict"] for line in capsys.readouterr().out.splitlines()]
    assert verdicts == [case["verdict"] for case in FICTION]


@pytest.mark.parametrize("form", ["one", "indented", "list", "list_indented", "lines", "bom"])
def test_every_form_of_file_gives_the_same(form, tmp_path, monkeypatch, capsys):
    many = [case["record"] for case in FICTION[:3]]
    texts = {
        "one": json.dumps(many[0]),
        "indented": json.dumps(many[0], indent=2),
        "list": json.dumps(many),
        "list_indented": json.dumps(many, indent=2),
        "lines": "\n\n" + "\n".join(map(json.dumps, many)),
        "bom": "\ufeff" + "\n".join(map(json.dumps, many)),
    }
    file = tmp_path / "records.json"
    file.write_text(texts[form], encoding="utf-8")
    code, found, _ = convert(monkeypatch, capsys, file, "--from", "veris")
    wanted = many[:1] if form in {"one", "indented"} else many
    assert code == 0
    assert [each["incident"]["source"] for each in found] == [f"veris:{each['incident_id']}" for each in wanted]


def test_a_folder_is_read_file_by_file_and_a_bad_file_does_not_stop_the_others(tmp_path, monkeypatch, capsys):
    for name, text in (
        ("a.json", '{"incident_id": "A"}'),
        ("b.JSON", '{"incident_id": "B", }'),
        ("c.json", '{"incident_id": "C"}'),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no record", encoding="utf-8")
    code, found, _ = convert(monkeypatch, capsys, tmp_path, "--from", "veris")
    assert code == 4
    assert [each.get("incident", {}).get("source") for each in found] == ["veris:A", None, "veris:C"]
    assert found[1]["schema"] == "leakresp/error/1"
    assert (Path(found[1]["error"]["file"]).name, found[1]["error"]["line"]) == ("b.JSON", 1)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('{"incident_id": "A"}\noops\n{"incident_id": "C"}\n', [None, 2, None]),
        ('oops\n{"incident_id": "B"}\n', [1, None]),
        ('[{"incident_id": "A"},\n 7,\n {"incident_id": "C"}]', [None, 2, None]),
        ('[{"incident_id": "A"},\n {"incident_id": "B", "incident_id": "B"},\n {"incident_id": "C"}]', [None, 2, None]),
        ('[{"incident_id": "A"},\n {"incident_id": ', [None, 2]),
        ('[{"incident_id": "A"}', [None, 1]),
        ('{"incident_id": "A"}\n{"colour": "red"}\n', [None, 2]),
        ('{\n "incident_id": "A"\n} and more', [3]),
        ("", [1]),
        ("[]", []),
        ("7", [1]),
    ],
)
def test_a_bad_record_is_named_by_its_line_and_the_rest_goes_on(text, lines, monkeypatch, capsys):
    code, found, _ = convert(monkeypatch, capsys, "--from", "veris", "--lang", "en", given=text)
    assert [each["error"]["line"] if "error" in each else None for each in found] == lines
    assert code == (4 if any(lines) else 0)
    assert all(each["error"]["faults"][0]["message"] for each in found if "error" in each)


def test_one_record_becomes_an_answers_file_that_only_its_owner_can_read(tmp_path, monkeypatch, capsys):
    file = tmp_path / "answers.yaml"
    code, found, _ = convert(monkeypatch, capsys, "--from", "veris", "-o", file, given=json.dumps(FICTION[0]["record"]))
    assert (code, found) == (0, [])
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert main.main(["assess", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == FICTION[0]["verdict"]
    code, _, said = convert(monkeypatch, capsys, "--from", "veris", "-o", file, given=json.dumps(FICTION[1]["record"]))
    assert code == 2
    assert "-o" in said


def test_several_records_are_no_answers_file(tmp_path, monkeypatch, capsys):
    two = json.dumps([case["record"] for case in FICTION[:2]])
    code, _, said = convert(monkeypatch, capsys, "--from", "veris", "-o", tmp_path / "a.yaml", given=two)
    assert code == 2
    assert "2件" in said
    assert not (tmp_path / "a.yaml").exists()


def test_a_case_is_written_for_statistics_under_an_id_that_stays(tmp_path, monkeypatch, capsys):
    folder = ("--dir", str(tmp_path))
    words = ["triage", "leak-1", "--no-input", *folder]
    for setting in ("cause=ransomware", "leak=suspected", "occurred_on=2026-11-18", "discovered_on=2026-11-20"):
        words += ["--set", setting]
    main.main(words)
    capsys.readouterr()
    first = convert(monkeypatch, capsys, "--to", "veris", "--case", "leak-1", *folder)
    main.main(["change", "leak-1", "leak=confirmed", *folder])
    capsys.readouterr()
    second = convert(monkeypatch, capsys, "--to", "veris", "--case", "leak-1", *folder)
    assert first[0] == second[0] == 0
    assert first[1][0]["incident_id"] == second[1][0]["incident_id"]
    assert first[1][0]["attribute"]["confidentiality"]["data_disclosure"] == "Potentially"
    assert second[1][0]["attribute"]["confidentiality"]["data_disclosure"] == "Yes"
    assert second[1][0]["timeline"]["discovery"] == {"unit": "Days", "value": 2}
    assert "leak-1" not in json.dumps(second[1])


def test_incidents_that_cannot_be_written_are_named_by_their_line(monkeypatch, capsys):
    lines = (
        '{"facts": {"discovered_on": "2026-11-20"}}\n{"facts": {"leak": "confirmed"}}\n{"facts": {"leak": "mayb"}}\n'
    )
    code, found, _ = convert(monkeypatch, capsys, "--to", "veris", "--lang", "en", given=lines)
    assert code == 4
    assert [each.get("error", {}).get("line") for each in found] == [None, 2, 3]
    assert "suspected" in found[2]["error"]["faults"][0]["message"]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_report_says_what_was_not_taken_over_and_why(lang, monkeypatch, capsys, library):
    given_records = "\n".join(json.dumps(case["record"]) for case in FICTION)
    code, _, said = convert(monkeypatch, capsys, "--from", "veris", "--report", "--lang", lang, given=given_records)
    assert code == 0
    assert re.sub(r"\s", "", library.words[lang]["convert.why.denied"]) in re.sub(r"\s", "", said)
    code, _, said = convert(
        monkeypatch, capsys, "--from", "veris", "--report", "--json", "--lang", lang, given=given_records
    )
    report = json.loads(said)
    assert report["converted"] == len(FICTION)
    assert {"field": "attribute.confidentiality.data_disclosure", "why": "denied", "count": 3} in report["left"]


def test_every_reason_has_its_sentence(library):
    for lang in ("ja", "en"):
        assert {
            key.removeprefix("convert.why.") for key in library.words[lang] if key.startswith("convert.why.")
        } == set(REASONS)


@pytest.mark.parametrize(
    "words",
    [
        (), ("--from", "veris", "--to", "veris"), ("--from", "verris"), ("--to", "iris"), ("--from", "veris", "--case", "c"),
        ("--to", "veris", "--case", "c", "--answers", "a.yaml"), ("--from", "iris", "--with-victim"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_options_that_do_not_go_together_are_refused_with_the_next_command(words, monkeypatch, capsys):
    code, found, said = convert(monkeypatch, capsys, *words)
    assert (code, found) == (2, [])
    assert said.splitlines()[-1].endswith("leakresp convert --help")


# the mapping ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("value: ransomware", "value: ransomwear", "ransomware"),
        ("fact: finder", "fact: finderr", "finder"),
        ("[Payment]", "[Payments]", "Payment"),
        ("why: coarse", "why: course", "coarse"),
        ("beyond:", "beyonds:", None),
        ("when: {leak: [confirmed]}", "when: {leak: [confirm]}", "confirmed"),
        ("day: timeline.incident", "day: timeline.incident, value: unknown", None),
        ("id: veris", "id: verys", None),
    ],
)
def test_a_slip_in_the_mapping_is_named_by_its_line_with_the_nearest_word(old, new, wanted, library):
    text = document("templates/interchange/veris.yaml")
    line = text[: text.index(old)].count("\n") + 1
    files = {"interchange/veris.yaml": text.replace(old, new, 1).encode()}
    with pytest.raises(FaultsError) as error:
        read_mappings(files, "templates", library.rulebook.plain)
    fault = error.value.faults[0]
    assert fault.file == "templates/interchange/veris.yaml"
    if old != "id: veris":
        assert abs(fault.line - line) <= 1
    if wanted is not None:
        assert fault.details.get("nearest") == wanted


def test_no_mapping_states_an_exemption_or_rules_anything_out(library):
    for mapping in library.interchange.values():
        for entry in mapping["facts"]:
            assert entry.get("value") != "ruled_out"
            assert entry.get("value") != "no"
            assert "copy" in entry or entry["fact"] not in NEVER, entry


# the documents ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["docs/interchange.md", "docs/interchange.ja.md"])
def test_the_example_of_the_document_runs_as_it_is_told(name, tmp_path, monkeypatch):
    text = document(name)
    (tmp_path / "record.json").write_text(blocks(text, "json")[0], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    console = Console(monkeypatch)
    for block in blocks(text, "console"):
        console.follow(block)


def test_the_document_names_every_fact_that_a_record_of_veris_can_state(library):
    named = {entry["fact"] for entry in library.interchange["veris"]["facts"]}
    for name in ("docs/interchange.md", "docs/interchange.ja.md"):
        assert {fact for fact in named if f"`{fact}`" not in document(name)} == set()
    assert ROOT.is_dir()
