"""The words of a question, its choices and its "cannot tell yet", for the keyboard and for other front ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leakresp.response.interview import Question
    from leakresp.shell.desk import Desk


def question_text(question: Question, desk: Desk) -> str:
    """Return the words of a question; one without words of its own asks for its fact by name."""
    if question.text is not None:
        return desk.phrases.text(question.text)
    fact = desk.facts[question.settles[0]]
    return desk.say(f"ask.{fact.kind}", fact=desk.phrases.text(fact.title))


def question_help(question: Question, desk: Desk) -> str:
    """Return what helps to answer: the question's own words, else those of its fact."""
    return desk.phrases.text(question.help if question.help is not None else desk.facts[question.settles[0]].help)


def unsure_text(question: Question, desk: Desk) -> str:
    """Return the words of the answer that nothing can be told yet."""
    return desk.phrases.text(question.unsure) if question.unsure is not None else desk.say("ask.unsure")


def word_text(question: Question, word: str, desk: Desk) -> str:
    """Return the words of one value of a question without options."""
    fact = desk.facts[question.settles[0]]
    if fact.choices:
        return desk.phrases.text(fact.choices[word].title)
    return desk.say(f"value.{word}")
