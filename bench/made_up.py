"""Incidents made up by chance, the same in every run."""

import random

DAYS = ("2026-11-02", "2026-11-20", "2026-11-23", "2026-12-01")
PEOPLE = ("1", "12", "100", "101", "950", "1000", "1001", "38000", "..1500", "50..150", "1000..")
WORDS = ("株式会社見本商事", "会員サーバーの画面に脅迫文が出ているのを夜勤の担当者が見つけた。", "調査中")


def incidents(facts, names, number, unknown=0.0):
    """Yield ``number`` incidents: to each fact of ``names`` an answer as files write it, ``unknown`` of them none.

    Of the answers that are missing half were asked in vain (``unknown``) and half were never asked (absent).
    """
    chance = random.Random(1)  # noqa: S311 - the same incidents in every run
    for _ in range(number):
        stated = {}
        for name in names:
            if chance.random() >= unknown:
                stated[name] = _answer(facts[name], chance)
            elif chance.random() < 0.5:
                stated[name] = "unknown"
        if stated.get("data_items_complete") == "yes" and isinstance(stated.get("data_items_suspected"), list):
            stated["data_items_suspected"] = []
        yield stated


def like(cases, number, unknown):
    """Yield ``number`` incidents like one or other of ``cases``, with ``unknown`` of their answers missing."""
    chance = random.Random(1)  # noqa: S311 - the same incidents in every run
    for _ in range(number):
        stated = {}
        for name, raw in chance.choice(cases).items():
            if chance.random() >= unknown:
                stated[name] = raw
            elif chance.random() < 0.5:
                stated[name] = "unknown"
        yield stated


def _answer(fact, chance):
    if fact.kind == "choices":
        some = [word for word in fact.words if word != "none"]
        return chance.sample(some, chance.choice((1, 1, 2, 3)))
    free = {"count": PEOPLE, "day": DAYS, "words": WORDS}
    return chance.choice(free.get(fact.kind) or fact.words)
