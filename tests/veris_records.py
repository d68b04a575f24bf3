"""VERIS records made up over all the words of VERIS: whole ones, ones with holes, and ones that are out of joint.

Nothing in them is a real incident. The same number always makes the same record.
"""

import random
from typing import Any

#: What stands where a word should, in records that other programs wrote.
ODD: tuple[Any, ...] = (
    "",
    "unknown",
    "N/A",
    "ransomware",
    0,
    -1,
    3.5,
    True,
    None,
    [],
    {},
    [[]],
    [None, 7],
    {"variety": "Theft"},
    "あ" * 300,
)
SECTIONS = (
    "action",
    "actor",
    "asset",
    "attribute",
    "timeline",
    "discovery_method",
    "victim",
    "plus",
    "security_incident",
)


def records(words, count):
    """Yield ``count`` records; between them they use every word at least once, each at its place."""
    every = [(path, word) for path, known in sorted(words.items()) for word in known]
    for number in range(count):
        dice = random.Random(number)  # noqa: S311 - the same records every time
        record = made_up(words, number, dice)
        if number < len(every):
            put(record, *every[number])
        elif dice.random() < 0.3:
            _break(record, dice)
        yield record


def made_up(words, number, dice):
    """Return one record that has few or many of the sections."""
    record = {"incident_id": f"FICTION-{number}", "schema_version": dice.choice(("1.3", "1.3.6", "1.4.0", "1.4.1"))}
    paths = sorted(words)
    for path in dice.sample(paths, dice.randint(1, len(paths))) if dice.random() < 0.5 else dice.sample(paths, 6):
        for word in dice.sample(words[path], min(len(words[path]), dice.choice((1, 1, 1, 2, 3)))):
            put(record, path, word)
    record["timeline"] = _timeline(dice)
    confidentiality = record.setdefault("attribute", {}).setdefault("confidentiality", {})
    if dice.random() < 0.7:
        confidentiality["data_total"] = dice.choice((0, 1, 12, 999, 1000, 1001, 4_000_000))
    if dice.random() < 0.3:
        record["plus"] = {"analyst": "fiction", "timeline": {"notification": {"year": 2026}}, "dbir_year": 2026}
    return record


def put(record, path, word):
    """Put a word at its place in the form VERIS has there."""
    *steps, last = path.split(".")
    if path.startswith(("asset.assets.", "attribute.confidentiality.data.")):
        list_at = _node(record, steps[:-1]).setdefault(steps[-1], [])
        list_at.append({last: word, "amount": 7})
    elif last in {"data_disclosure", "security_incident", "targeted", "employee_count"}:
        _node(record, steps)[last] = word
    else:
        known = _node(record, steps).setdefault(last, [])
        known.append(word)


def _node(record, steps):
    node = record
    for step in steps:
        node = node.setdefault(step, {})
    return node


def _timeline(dice):
    incident = {"year": dice.choice((1999, 2012, 2024, 2026, 0, 99999, "2024"))}
    if dice.random() < 0.7:
        incident["month"] = dice.choice((1, 2, 12, 13, 0))
        incident["day"] = dice.choice((1, 28, 29, 31, 0, None, "3"))
    return {"incident": incident, "discovery": {"unit": dice.choice(("Days", "Months", "Unknown")), "value": 2}}


def _break(record, dice):
    """Put something odd in place of a section, or of a value somewhere below one, or leave a section out."""
    section = dice.choice([name for name in SECTIONS if name in record])
    if dice.random() < 0.3:
        del record[section]
        return
    node, key = record, section
    while isinstance(node[key], dict) and node[key] and dice.random() < 0.8:
        node, key = node[key], dice.choice(sorted(node[key]))
    node[key] = dice.choice(ODD)
