"""``leakresp schema``: the JSON Schema of answers files, or of assessments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from leakresp.shell.answers_schema import DIALECT, Schema, answers_schema
from leakresp.shell.desk import Desk
from leakresp.shell.faults import DONE, MISUSE, Fault, FaultsError
from leakresp.shell.screen import write_json

if TYPE_CHECKING:
    from leakresp.shell.wording import Wording

SCHEMAS: Final = ("answers", "assessment")
ASSESSMENT_ID: Final = "urn:leakresp:assessment:1"


def run(*, which: str, rules: str | None, lang: str | None) -> int:
    """Write the schema ``which`` and return the exit code. Raises ``FaultsError``."""
    if which not in SCHEMAS:
        raise FaultsError([Fault("schema.no_such", path=which, details={"words": SCHEMAS})], MISUSE)
    desk = Desk.set_up(lang=lang, rules=rules)
    write_json(answers_schema(desk.facts, desk.phrases) if which == "answers" else assessment_schema(desk.say))
    return DONE


def assessment_schema(say: Wording) -> Schema:
    """Return the schema of ``assess --json`` with descriptions in the language of ``say``."""
    from leakresp.shell.assessment_models import raw_schema

    raw = raw_schema()
    definitions = {name: _described(name, part, say) for name, part in raw.pop("$defs").items()}
    return {
        "$schema": DIALECT,
        "$id": ASSESSMENT_ID,
        "title": say("schema.assessment.title"),
        **_described("Assessment", raw, say),
        "$defs": definitions,
    }


def _described(name: str, part: Schema, say: Wording) -> Schema:
    """Return one object of the schema, described by our words instead of titles made from its keys."""
    found: Schema = {"description": say(f"schema.assessment.{name}")}
    found |= {key: value for key, value in part.items() if key not in {"title", "description"}}
    found["properties"] = {key: _property(key, value, say) for key, value in part["properties"].items()}
    return found


def _property(key: str, value: Any, say: Wording) -> Any:  # noqa: ANN401 - a JSON value
    plain = {word: each for word, each in value.items() if word != "title"}
    described = f"schema.assessment.{key}"
    return {"description": say(described)} | plain if say.has(described) else plain
