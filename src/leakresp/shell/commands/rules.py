"""``leakresp rules``: the rules themselves, checked, listed, shown and tested."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.rulebook import Rulebook
from leakresp.response.wording import Phrases
from leakresp.shell import library, places
from leakresp.shell.citations import Citation, citations, stale, together
from leakresp.shell.desk import Desk
from leakresp.shell.faults import DONE, FILE_WRONG, MISUSE, Fault, FaultsError
from leakresp.shell.layout import GAP, Row, cells, padded
from leakresp.shell.rule_entries import entry
from leakresp.shell.rule_words import EntryWords, entry_json
from leakresp.shell.screen import Page, write_json
from leakresp.shell.table_words import TableWords
from leakresp.shell.wording import Wording, language, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from leakresp.law.rules import Rule
    from leakresp.response.wording import Say

#: Names of those who cite a source, before the rest is only counted.
_NAMED: Final = 3


# check ----------------------------------------------------------------------------------------------------------------


def check(*, rules: str | None, today: dt.date, as_json: bool, lang: str | None) -> int:
    """Check every promise of rules and templates, and return the exit code. Raises ``FaultsError`` with all faults."""
    chosen = language(lang)
    folder, templates = places.rules_folder(rules), places.templates_folder()
    template_files = library.read_folder(templates)
    try:
        plain = library.check(library.read_folder(folder), str(folder), template_files, str(templates))
    except FaultsError as error:
        if not as_json:
            raise
        write_json({"ok": False, "faults": [_fault(fault, _words(template_files, chosen)) for fault in error.faults]})
        return error.code
    phrases = Phrases(Rulebook(plain["rules"], ""), Wording(plain["words"], chosen))
    old = [each for each in citations(phrases.rulebook) if stale(each.source, today)]
    if as_json:
        write_json({"ok": True, "counts": _counts(plain), "stale_sources": [_citation(each) for each in old]})
    else:
        Page().write(_checked(_counts(plain), old, phrases))
    return DONE


def _words(files: Mapping[str, bytes], lang: str) -> Wording | None:
    """Return the words of the screen, unless it is they that are wrong."""
    from leakresp.shell.template_files import read_words

    try:
        return Wording(read_words(files, ""), lang)
    except FaultsError:
        return None


def _fault(fault: Fault, say: Wording | None) -> dict[str, Any]:
    alone = Fault(fault.key, path="", details=fault.details)
    message = fault.key if say is None else sentence(say, alone)
    return {"file": fault.file, "line": fault.line, "path": fault.path, "message": message}


def _counts(plain: Mapping[str, Any]) -> dict[str, int]:
    rules = plain["rules"]
    versions = [version for regime in rules["regimes"] for rule in regime["rules"] for version in rule["versions"]]
    return {
        "regimes": len(rules["regimes"]),
        "rules": sum(len(regime["rules"]) for regime in rules["regimes"]),
        "versions": len(versions),
        "examples": sum(len(version.get("examples") or ()) for version in versions),
        "recipients": sum(len(regime["recipients"]) for regime in rules["regimes"]),
        "facts": len(rules["facts"]),
        "presumptions": len(rules["presumptions"]),
        "questions": len(rules["questions"]),
        "actions": len(rules["actions"]),
        "laws": len(rules["laws"]),
        "papers": len(plain["papers"]),
        "words": len(plain["words"]["ja"]),
    }


def _checked(counts: Mapping[str, int], old: list[Citation], phrases: Phrases) -> Iterator[Row]:
    say = phrases.say
    yield Row(say("rules.fine"), style="good")
    width = max(cells(say(f"rules.count.{key}")) for key in counts)
    for key, count in counts.items():
        yield Row(f"{padded(say(f'rules.count.{key}'), width)}  {count:,}", 2)
    if old:
        yield GAP
        yield Row(say("rules.stale", count=len(old)), style="unsure")
    for each in old:
        cited = phrases.rulebook.cite(each.source, say.lang)
        told = say("rules.stale_one", by=each.by, cited=cited, checked=each.source.checked)
        yield Row(say("screen.bullet", text=told), 2, 2)


def _citation(each: Citation) -> dict[str, Any]:
    source = each.source
    return {
        "by": each.by,
        "law": source.law,
        "article": source.article,
        "read": source.read,
        "checked": str(source.checked),
    }


# list -----------------------------------------------------------------------------------------------------------------


def list_(*, sources: bool, rules: str | None, today: dt.date, as_json: bool, lang: str | None) -> int:
    """List the rules, or every source, and return the exit code. Raises ``FaultsError``."""
    desk = Desk.set_up(lang=lang, rules=rules)
    if as_json:
        write_json(sources_json(desk.phrases, today) if sources else rules_json(desk.phrases, today))
    else:
        Page().write(source_rows(desk.phrases, today) if sources else rule_rows(desk.phrases, today))
    return DONE


def rules_json(phrases: Phrases, today: dt.date) -> list[dict[str, Any]]:
    """Return every rule with the day since which its version of ``today`` has been in force."""
    return [
        {
            "name": rule.name,
            "regime": rule.regime,
            "id": rule.id,
            "kind": rule.kind,
            "title": phrases.text(rule.title),
            "since": _since(rule, today),
            "versions": [str(version.since) if version.since else "not_yet" for version in rule.versions],
            "not_yet": _not_yet(rule),
        }
        for rule in phrases.rulebook.rules()
    ]


def _since(rule: Rule, today: dt.date) -> str | None:
    version = rule.on(today)
    return None if version is None else str(version.since)


def _not_yet(rule: Rule) -> bool:
    return any(version.since is None for version in rule.versions)


def rule_rows(phrases: Phrases, today: dt.date) -> Iterator[Row]:
    """Yield every rule below its body of law."""
    say = phrases.say
    for place, regime in enumerate(phrases.rulebook.regimes.values()):
        if place:
            yield GAP
        yield Row(say("rules.regime", title=phrases.text(regime.title), id=regime.id), style="heading")
        for rule in regime.rules.values():
            yield Row(phrases.text(rule.title), 2, 2)
            yield Row(say("rules.line", name=rule.name, facts=_facts(rule, today, say)), 4, 2, "muted")


def _facts(rule: Rule, today: dt.date, say: Say) -> str:
    kind, since = say(f"show.kind.{rule.kind}"), _since(rule, today)
    facts = say("rules.since", kind=kind, day=since) if since else say("rules.not_in_force", kind=kind)
    return facts + (say("rules.not_yet") if _not_yet(rule) else "")


def sources_json(phrases: Phrases, today: dt.date) -> list[dict[str, Any]]:
    """Return every source, how well and when it was read, and who cites it."""
    laws, lang = phrases.rulebook.laws, phrases.say.lang
    return [
        {
            "law": source.law,
            "title": laws[source.law].title[lang],
            "number": laws[source.law].number,
            "address": laws[source.law].address,
            "article": source.article,
            "cited": phrases.rulebook.cite(source, lang),
            "read": source.read,
            "checked": str(source.checked),
            "stale": stale(source, today),
            "by": list(by),
        }
        for source, by in together(citations(phrases.rulebook))
    ]


def source_rows(phrases: Phrases, today: dt.date) -> Iterator[Row]:
    """Yield every source below its law, with its confidence and the day it was last checked."""
    say, heading = phrases.say, ""
    for each in sources_json(phrases, today):
        if each["law"] != heading:
            if heading:
                yield GAP
            heading = each["law"]
            yield Row(each["title"], style="heading")
            yield from (Row(each[key], 2, style="muted") for key in ("number", "address") if each[key])
        read = say(f"read.{each['read']}")
        key = "rules.source_stale" if each["stale"] else "rules.source"
        text = say(key, cited=each["cited"], read=read, checked=each["checked"])
        yield Row(say("screen.bullet", text=text), 2, 2, "unsure" if each["stale"] else "")
        yield Row(_named(each["by"], say), 6, style="muted")


def _named(names: list[str], say: Say) -> str:
    named = say.listed(names[:_NAMED])
    return named if len(names) <= _NAMED else say("rules.and_more", names=named, more=len(names) - _NAMED)


# show -----------------------------------------------------------------------------------------------------------------


def show(
    *, name: str | None, on: str | None, rules: str | None, today: dt.date, as_json: bool, lang: str | None
) -> int:
    """Show one rule, presumption, action, fact or recipient, and return the exit code. Raises ``FaultsError``."""
    if name is None:
        raise FaultsError([Fault("show.name_missing")], MISUSE)
    desk = Desk.set_up(lang=lang, rules=rules, on=on)
    found = entry(desk.shelf.rulebook, name)
    day, only = desk.on or today, desk.on is not None
    if as_json:
        write_json(entry_json(found, desk.shelf.rulebook, day, desk.say.lang, only=only))
    else:
        Page().write(EntryWords(desk.phrases, day, only=only).rows(found))
    return DONE


def tables(
    *, name: str | None, on: str | None, rules: str | None, today: dt.date, as_json: bool, lang: str | None
) -> int:
    """Show the decision tables of one body of law, or of all, and return the exit code. Raises ``FaultsError``."""
    desk = Desk.set_up(lang=lang, rules=rules, on=on)
    in_force = desk.shelf.rulebook.in_force(desk.on or today)
    found = [TableWords(each, desk.phrases) for each in in_force.regimes if name in {None, each.regime.id}]
    if not found:
        words = tuple(each.regime.id for each in in_force.regimes)
        raise FaultsError([Fault("show.table_of_regime", path=name or "", details={"words": words})], MISUSE)
    if as_json:
        write_json([each.json() for each in found])
    else:
        Page().write(table_rows(found, desk.phrases))
    return DONE


def table_rows(found: Iterable[TableWords], phrases: Phrases) -> Iterator[Row]:
    """Yield the tables below what their marks mean."""
    yield Row(phrases.say("table.key"), style="muted")
    for each in found:
        yield GAP
        yield from each.rows()


# test -----------------------------------------------------------------------------------------------------------------


def test(*, rules: str | None, as_json: bool, lang: str | None) -> int:
    """Run every example of every version and return the exit code. Raises ``FaultsError`` for any other fault."""
    from leakresp.shell.rule_files import examine
    from leakresp.shell.template_files import read_words

    chosen = language(lang)
    folder, templates = places.rules_folder(rules), places.templates_folder()
    say = Wording(read_words(library.read_folder(templates), str(templates)), chosen)
    plain, faults = examine(library.read_folder(folder), str(folder))
    other = [fault for fault in faults if fault.key != "rules.example_fails"]
    if other:
        raise FaultsError(other)
    run = _examples(plain)
    if as_json:
        failed = [_fault(fault, say) | dict(fault.details) for fault in faults]
        write_json({"examples": run, "held": run - len(faults), "failed": failed})
    else:
        Page().write(_tested(run, faults, say))
    return FILE_WRONG if faults else DONE


def _examples(plain: Mapping[str, Any]) -> int:
    """Return how many examples were run: those of every version that has a day in force."""
    return sum(
        len(version.get("examples") or ())
        for regime in plain["regimes"]
        for rule in regime["rules"]
        for version in rule["versions"]
        if version["from"] != "not_yet"
    )


def _tested(run: int, faults: Iterable[Fault], say: Wording) -> Iterator[Row]:
    faults = list(faults)
    for fault in faults:
        yield Row(sentence(say, fault), 0, 2, "bad")
    key = "rules.some_fail" if faults else "rules.all_hold"
    yield Row(say(key, held=run - len(faults), run=run), style="bad" if faults else "good")
