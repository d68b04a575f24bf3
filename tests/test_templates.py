"""Templates of one's own: handed out, checked before they are needed, and used in place of those shipped."""

import os
import re
import shlex
import stat

import pytest
from tests.desk_clock import leakresp
from tests.paper_cases import EXAMPLES

from leakresp.shell import places
from leakresp.shell.faults import FILE_WRONG, MISUSE

__all__ = ["leakresp"]  # the fixture

PATIENT = EXAMPLES / "one_patient.yaml"
SHIPPED = places.templates_folder() / "papers"
posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")

#: A paper that only one house has.
OWN = """---
id: branch_notice
order: 900
title: {ja: 支店への連絡, en: Note to the branches}
for: {ja: 支店長, en: heads of branches}
group: inside
basis: practice
when: {fact: cause, is: [misdelivery]}
why: {ja: 支店の窓口が同じ答えをするためです。, en: So that every branch gives the same answer.}
items: []
needs: [organisation_name, desk_phone]
open_as: hole
formats: [txt]
---
=== ja ===
# 支店への連絡

{{ organisation_name }}の窓口は{{ desk_phone }}です。
=== en ===
# Note to the branches

The desk of {{ organisation_name }}: {{ desk_phone }}.
"""


@pytest.fixture
def own(leakresp, tmp_path):
    """A folder of templates of one's own: writes a shipped paper with one passage changed, or a whole text."""

    class Own:
        folder = tmp_path / "own"
        place = shlex.quote(str(folder))

        def change(self, old, new, paper="letter", times=1):
            text = (SHIPPED / f"{paper}.md").read_text(encoding="utf-8")
            assert old in text
            return self.write(f"{paper}.md", text.replace(old, new, times))

        def write(self, name, text):
            self.folder.mkdir(exist_ok=True)
            (self.folder / name).write_text(text, encoding="utf-8")
            return self.folder / name

        def refused(self):
            leakresp(f"templates check {self.place}")
            assert leakresp.code == FILE_WRONG
            assert not leakresp.out
            return leakresp.err

    return Own()


def line_of(path, words):
    return path.read_text(encoding="utf-8").split(words)[0].count("\n") + 1


# handing out ------------------------------------------------------------------------------------------------------------


def test_a_paper_handed_out_is_the_shipped_one_to_the_byte_and_passes_the_check(leakresp, own):
    leakresp.fine(f"templates export letter -o {own.place}")
    assert (own.folder / "letter.md").read_bytes() == (SHIPPED / "letter.md").read_bytes()
    assert f"leakresp templates check {own.folder}" in leakresp.err
    assert "付属のひな形と同じ" in leakresp.fine(f"templates check {own.place}")
    assert leakresp.json(f"templates check {own.place}") == {"ok": True, "papers": [{"id": "letter", "state": "same"}]}


def test_without_a_name_every_paper_is_handed_out_and_all_pass(leakresp, own):
    leakresp.fine(f"templates export -o {own.place}")
    assert sorted(path.name for path in own.folder.iterdir()) == sorted(path.name for path in SHIPPED.glob("*.md"))
    checked = leakresp.json(f"templates check {own.place}")["papers"]
    assert len(checked) == len(list(SHIPPED.glob("*.md")))
    assert {paper["state"] for paper in checked} == {"same"}


def test_a_file_that_was_changed_is_never_overwritten(leakresp, own):
    path = own.change("深くお詫び申し上げます", "心よりお詫び申し上げます")
    before = path.read_bytes()
    for _ in range(2):
        leakresp.fine(f"templates export letter -o {own.place}")
        assert path.read_bytes() == before
    assert (own.folder / "letter-2.md").read_bytes() == (SHIPPED / "letter.md").read_bytes()
    assert "letter-2.md" in leakresp.err
    assert not (own.folder / "letter-3.md").exists()


@posix_only
def test_what_is_handed_out_is_for_its_owner_only(leakresp, own):
    leakresp.fine(f"templates export letter -o {own.place}")
    assert stat.S_IMODE(own.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((own.folder / "letter.md").stat().st_mode) == 0o600


def test_a_paper_there_is_not_is_refused_with_the_nearest_one(leakresp, own):
    leakresp(f"templates export lettr -o {own.place}")
    assert leakresp.code == MISUSE
    assert "letter" in leakresp.err
    assert not own.folder.exists()


# faults -----------------------------------------------------------------------------------------------------------------


def test_a_misspelt_name_is_found_in_ones_own_file_with_its_line_and_the_nearest_name(own):
    path = own.change("{{ desk_phone }}", "{{ desk_fone }}")
    told = own.refused()
    assert f"{path}:{line_of(path, '{{ desk_fone }}')}:" in told
    assert "desk_phone" in told
    assert str(SHIPPED) not in told


def test_all_faults_of_all_files_come_together(own):
    letter = own.change("{{ desk_phone }}", "{{ desk_fone }}")
    mail = own.change("look: message", "look: poster", "email")
    told = own.refused()
    assert f"{letter}:" in told
    assert f"{mail}:" in told


@pytest.mark.parametrize("paper", ["letter", "ppc_preliminary_report"])
def test_a_template_without_an_item_of_the_law_is_refused_even_where_it_declares_none(own, paper):
    text = (SHIPPED / f"{paper}.md").read_text(encoding="utf-8")
    item = re.compile(r"^::: item 5\n(.*?)^:::$\n", re.MULTILINE | re.DOTALL)
    assert len(item.findall(text)) == len(("ja", "en"))
    path = own.write(f"{paper}.md", item.sub(r"\1", text))
    assert f"{path}:" in own.refused()
    path.write_text(
        re.sub(r"^items: \[(.*)5, ", r"items: [\1", item.sub(r"\1", text), flags=re.MULTILINE), encoding="utf-8"
    )
    told = own.refused()
    assert str(path) in told
    assert "（5）" in told


HOSTILE = (
    "{{ ''.__class__ }}",
    "{{ desk_phone.__class__ }}",
    "{{ desk_phone.__class__.__mro__ }}",
    "{{ desk_phone['__class__'] }}",
    "{{ desk_phone|upper }}",
    "{{ desk_phone|attr('__class__') }}",
    "{{ desk_phone.format(1) }}",
    "{{ self }}",
    "{{ cycler }}",
    "{{ lipsum() }}",
    "{% include '/etc/passwd' %}",
    "{% import 'letter.md' as letter %}",
    "{% from 'letter.md' import x %}",
    "{% extends 'letter.md' %}",
    "{% set x = 1 %}",
    "{% macro x() %}{% endmacro %}",
    "{% filter upper %}x{% endfilter %}",
    "{% block x %}{% endblock %}",
    "{% do x %}",
    "{% for i in range(999999999) %}x{% endfor %}",
    "{% for i in '9' * 999999999 %}x{% endfor %}",
    "{% for each in advice recursive %}{{ loop(advice) }}{% endfor %}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ 'x' ~ desk_phone }}",
    "{{ desk_phone == 'x' }}",
    "{{ printed_holes }}",
    # what would fail only once there is something to fill in
    "{{ advice }}",
    "{{ own_data }}",
    "{% if cause_told %}{% if own_data %}{{ at_contractor }}{% endif %}{% endif %}",
    "{% for each in situations %}{{ each }}{% endfor %}",
    "{% for each in situations %}{{ each.holds }}{% endfor %}",
    "{% for each in situations %}{{ each.way }}{% endfor %}",
    "{% for each in advice %}{{ each.title }}{% endfor %}",
    "{% for each in advice %}{{ loop.index }}{% endfor %}",
    "{% for each in advice %}{% endfor %}{{ each }}",
    "{% for each in desk_phone %}{{ each }}{% endfor %}",
    "{% for each in wrongful %}x{% endfor %}",
    "{{ situations.title }}",
    "{{ today.asked }}",
)


def body(words):
    """Return a paper of one's own that says ``words`` in both languages, and the line on which it first says them."""
    text = OWN.replace("{{ desk_phone }}", f"{{{{ desk_phone }}}}{words}")
    return text, text.split(words)[0].count("\n") + 1


def test_a_template_can_print_words_ask_and_repeat_and_nothing_else(leakresp, own):
    wanted = []
    for number, words in enumerate(HOSTILE):
        text, line = body(words)
        path = own.write(f"hostile_{number}.md", text.replace("id: branch_notice", f"id: hostile_{number}"))
        wanted.append((words, f"{path}:{line}:"))
    told = own.refused()
    assert [words for words, place in wanted if place not in told] == []
    leakresp(f"draft-notice letter --answers {PATIENT} --templates {own.place}")
    assert leakresp.code == FILE_WRONG
    assert not leakresp.out


def test_loops_within_loops_repeat_only_what_the_brief_lists_and_end_soon(leakresp, own):
    deep = "{% for a in advice %}" * 3 + "・" + "{% endfor %}" * 3
    own.change("{{ desk_phone }}", f"{{{{ desk_phone }}}}{deep}")
    leakresp.fine(f"templates check {own.place}")
    assert leakresp.fine(f"draft-notice letter --answers {PATIENT} --templates {own.place}")


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "---"), ("---\nid: letter\n---\n", "order"), ("---\nid: [\n---\n", "letter.md"), ("\x00", "letter.md")],
)
def test_a_file_that_is_no_template_is_said_to_be_none(own, text, words):
    path = own.write("letter.md", text)
    told = own.refused()
    assert str(path) in told
    assert words in told


def test_a_folder_without_a_template_is_refused(leakresp, own):
    own.write("notes.txt", "x")
    own.refused()
    leakresp(f"templates check {own.place}-elsewhere")
    assert leakresp.code == FILE_WRONG


# using ------------------------------------------------------------------------------------------------------------------


def test_ones_own_text_stands_in_for_the_shipped_one_and_only_where_it_is_asked_for(leakresp, own):
    own.change("深くお詫び申し上げます", "心よりお詫び申し上げます")
    assert leakresp.json(f"templates check {own.place}")["papers"] == [{"id": "letter", "state": "changed"}]
    with_own = leakresp.fine(f"draft-notice letter --answers {PATIENT} --templates {own.place}")
    assert "心よりお詫び申し上げます" in with_own
    for line in (
        f"draft-notice letter --answers {PATIENT}",
        f"draft-notice email --answers {PATIENT} --templates {own.place}",
    ):
        assert "心よりお詫び申し上げます" not in leakresp.fine(line)


def test_a_change_takes_hold_at_once(leakresp, own):
    for words in ("心よりお詫び申し上げます", "謹んでお詫び申し上げます"):
        own.change("深くお詫び申し上げます", words)
        assert words in leakresp.fine(f"draft-notice letter --answers {PATIENT} --templates {own.place}")


def test_a_paper_of_ones_own_joins_the_list_and_is_written_with_the_rest(leakresp, own, tmp_path):
    own.write("branch_notice.md", OWN)
    assert leakresp.json(f"templates check {own.place}")["papers"] == [{"id": "branch_notice", "state": "new"}]
    assert "自社だけの文書" in leakresp.fine(f"templates check {own.place}")
    listed = leakresp.json(f"draft-notice --list --answers {PATIENT} --templates {own.place}")
    assert "branch_notice" in [paper["id"] for paper in listed["usual"]]
    text = leakresp.fine(
        f"draft-notice branch_notice --answers {PATIENT} --set desk_phone=03-0000-0000 --templates {own.place}"
    )
    assert "03-0000-0000" in text
    assert "【未確認：組織の名称】" in text
    place = tmp_path / "drafts"
    leakresp.fine(
        f"draft-notice --all --usual --answers {PATIENT} --templates {own.place} -o {shlex.quote(str(place))}"
    )
    assert (place / "branch_notice.txt").exists()


def test_without_its_folder_a_paper_of_ones_own_is_unknown(leakresp, own):
    own.write("branch_notice.md", OWN)
    leakresp(f"draft-notice branch_notice --answers {PATIENT}")
    assert leakresp.code == MISUSE


def test_a_paper_of_ones_own_that_somebody_asks_for_needs_a_source_too(own):
    own.write("branch_notice.md", OWN.replace("basis: practice", "basis: contract"))
    assert "sources" in own.refused() or "根拠" in own.refused()


def test_a_draft_of_a_case_made_from_ones_own_text_is_recorded_and_can_be_sent(leakresp, own):
    own.change("深くお詫び申し上げます", "心よりお詫び申し上げます")
    leakresp(f"triage patient --no-input --answers {PATIENT}")
    leakresp.fine(f"draft-notice letter --case patient --templates {own.place}")
    leakresp.fine("sent patient letter --to 対象の本人")
    (copy,) = (leakresp.folder / "patient" / "sent").iterdir()
    assert "心よりお詫び申し上げます" in copy.read_text(encoding="utf-8")


def test_a_fault_stops_a_draft_too_and_names_the_file_of_ones_own(leakresp, own):
    path = own.change("{{ desk_phone }}", "{{ desk_fone }}")
    leakresp(f"draft-notice letter --answers {PATIENT} --templates {own.place}")
    assert leakresp.code == FILE_WRONG
    assert f"{path}:" in leakresp.err
