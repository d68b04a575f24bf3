"""People who answer an interview: one with choices noted down beforehand, one who knows exactly the facts of a case."""

from typing import Any

from leakresp.response.interview import kind_of

#: What somebody answers whose organisation owes nobody else a report.
NOTHING_ELSE = {"further_duties": "no", "entrustor_contract_notice": "no"}
#: Choices of somebody whose mass mail showed the addresses to everyone.
BCC_MISTAKE = {
    "what_happened": "bcc_mistake",
    "standing": "business_own",
    "went_outside": "confirmed",
    "record_kind": "personal_data",
    "data_items": ["email"],
    "data_items_complete": "yes",
    "affected_people": "40",
}
#: No interview may go on for longer; a walk that reaches it is one that does not end.
TOO_LONG = 120


def walk(interview, day, answer, start=None, until="duty"):
    """Ask until nothing is due; return the questions in their order and the answers given.

    ``answer(question, answers)`` returns what the person states, or nothing for "cannot tell yet".
    """
    answers = dict(start or {})
    asked: list[Any] = []
    while (question := interview.next(answers, day, until)) is not None:
        assert len(asked) < TOO_LONG, [each.id for each in asked]
        asked.append(question)
        said = answer(question, answers) or question.unsure_facts(answers)
        answers |= {fact: value for fact, value in said.items() if fact not in answers}
    return asked, answers


def noted(facts, choices):
    """Return a person who looks up each question among ``choices``: an option's id, or what a file would say."""

    def answer(question, _answers):
        choice = choices.get(question.id)
        if choice is None:
            return None
        if question.options:
            return next(option.facts for option in question.options if option.id == choice)
        return {question.settles[0]: facts[question.settles[0]].read(choice)}

    return answer


def knowing(known):
    """Return a person who knows the facts ``known`` and nothing else, and never says more than that.

    Of the organisation they know that no other law and no contract asks for a report, where ``known`` does not say so.
    """
    known = NOTHING_ELSE | known

    def answer(question, answers):
        fitting = [
            option
            for option in question.options
            if all(fact in known and known[fact] == value for fact, value in option.facts.items())
        ]
        best = max(fitting, key=lambda option: len(option.facts), default=None)
        said = {fact: known[fact] for fact in question.settles if fact in known and fact not in answers}
        if best is not None:
            said |= best.facts
        unsure = {fact: value for fact, value in question.unsure_facts(answers).items() if fact not in known}
        return said | (unsure if best is None else {})

    return answer


def drawing(data, facts, raw_answers):
    """Return a person whose answers hypothesis draws: an option, a valid free answer, or "cannot tell yet"."""
    from hypothesis import strategies as st

    def answer(question, _answers):
        if kind_of(question, facts) == "options":
            return data.draw(st.sampled_from([None, *(option.facts for option in question.options)]))
        fact = facts[question.settles[0]]
        raw = data.draw(st.none() | raw_answers(fact))
        return None if raw is None else {fact.id: fact.read(raw)}

    return answer
