"""``leakresp proofread``: papers held to the record, to each other and to good wording; and silence where all is well."""

import datetime as dt
import shlex
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.desk_clock import MAIL, leakresp
from tests.paper_cases import EXAMPLES, LANGUAGES, ROOT, bench, drafted, paper_of

from leakresp.law.held import Day, Interval
from leakresp.papers.formats import made
from leakresp.papers.proofreading.expected import expected_lines, folded
from leakresp.papers.proofreading.figures import figures
from leakresp.papers.proofreading.lint import Kind, wording_notes
from leakresp.papers.reading_back import READABLE, UnreadableError, read_back
from leakresp.response.paper_phrases import PaperPhrases
from leakresp.shell.answers import read_file
from leakresp.shell.faults import FaultsError
from leakresp.shell.library import read_folder
from leakresp.shell.wording_files import read_wording

__all__ = ["leakresp"]  # the fixture

GOLDEN = ROOT / "tests" / "golden" / "papers"
INCIDENTS = sorted([*EXAMPLES.glob("*.yaml"), *GOLDEN.glob("*/answers.yaml")])
RANSOMWARE = GOLDEN / "ransomware_with_a_possible_leak" / "answers.yaml"
#: What a clean answers file may leave in its drafts: what nobody has answered yet.
ALLOWED = {"hole"}


def take(leakresp, *papers, answers=RANSOMWARE, lang="ja", form="txt"):
    """Open a case from an answers file and draft papers; without any, all it needs and all that are usual."""
    leakresp(f"triage case --no-input --answers {shlex.quote(str(answers))} --lang {lang}")
    for paper in papers or ("--all --usual",):
        leakresp.fine(f"draft-notice {paper} --case case --lang {lang} --format {form}")


def draft(leakresp, name):
    return leakresp.folder / "case" / "drafts" / name


def edit(leakresp, name, old, new):
    """Change a draft as somebody does in an editor."""
    path = draft(leakresp, name)
    text = path.read_text(encoding="utf-8")
    assert old in text, "the paper no longer says this: choose other words for the test"
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def found(leakresp, paper=None, *, kind=None, sent=False, lang="ja"):
    """Return what is found in the papers, holes of the answers left out unless they are asked for."""
    papers = leakresp.json(f"proofread case --lang {lang}")["papers"]
    return [
        each
        for proof in papers
        if (paper is None or proof["paper"] == paper) and proof["sent"] is sent
        for each in proof["findings"]
        if each["kind"] == kind or (kind is None and each["kind"] not in ALLOWED)
    ]


# silence where all is well --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("answers", INCIDENTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_papers_as_drafted_raise_no_alarm(answers, lang, leakresp):
    take(leakresp, answers=answers, lang=lang)
    assert found(leakresp, lang=lang) == []


@pytest.mark.parametrize("form", ["md", "html", "docx", "eml"])
def test_papers_as_drafted_raise_no_alarm_in_any_format_that_can_be_read(form, leakresp):
    take(leakresp, form=form)
    assert found(leakresp) == []


def test_a_draft_of_yesterday_may_bear_the_day_of_yesterday(leakresp):
    take(leakresp)
    leakresp("status case", hours=30)
    assert found(leakresp) == []


def test_the_day_of_a_letter_may_be_set_to_the_day_it_leaves(leakresp):
    take(leakresp, "letter")
    edit(leakresp, "letter.txt", "2026年11月24日\n", "2026年11月30日\n")
    assert {each["kind"] for each in found(leakresp, "letter")} == {"edited"}


@pytest.mark.parametrize("form", READABLE)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_paper_reads_alike_in_every_format(form, lang):
    for paper in ("letter", "ppc_preliminary_report", "email", "cyber_form_ransomware", "call_centre_qa"):
        if form not in paper_of(paper).formats:
            continue
        rendered = drafted(paper, RANSOMWARE, lang)
        wanted = [folded(line.words) for line in expected_lines(rendered)]
        read = [folded(line.words) for line in read_back(made(rendered, form), form, lang)]
        if form == "eml":  # the subject of a mail stands before all else
            read, wanted = sorted(read), sorted(wanted)
        assert read == wanted


# errors made by hand --------------------------------------------------------------------------------------------------

#: Paper, what it says, what somebody made of it, the kind of finding, and words that must stand in its reason.
SLIPS = [
    ("letter", "2026年11月20日（金）", "2026年11月21日（土）", "date", "2026年11月20日（金）"),
    ("letter", "2026年11月20日（金）", "2026年12月10日（木）", "date", "discovered_on"),
    ("letter", "2026年11月20日（金）", "2026年11月20日（木）", "date", "金曜日"),
    ("letter", "0120-000-000", "0120-000-001", "contact", "desk_phone"),
    ("letter", "desk@example.jp", "desk@exmaple.jp", "contact", "desk@example.jp"),
    ("letter", "以上", "お電話は03-1234-5678まで。\n以上", "contact", "03-1234-5678"),
    ("letter", "架空商事株式会社", "架空商亊株式会社", "name", "organisation_name"),
    ("letter", "代表取締役社長　山田花子", "代表取締役社長　山田華子", "name", "山田花子"),
    ("letter", "・生年月日\n", "", "item", "生年月日"),
    ("letter", "・氏名\n", "・氏名\n・旅券番号\n", "item", "旅券番号"),
    ("letter", "以上", "見舞金として500円をお送りします。\n以上", "amount", "500円"),
    ("letter", "以上", "対象は1万2,000名です。\n以上", "persons", "1万2,000名"),
    ("letter", "架空商事　お客様情報お問い合わせ窓口", "○○株式会社", "hole", "○○"),
    ("letter", "以上", "担当：XXX\n以上", "hole", "XXX"),
    ("letter", "以上", "{{ desk_name }}\n以上", "hole", "{{"),
    ("letter", "お客様情報お問い合わせ窓口\n", "お客様情報お問い合わせ窓口\n・担当：____\n", "hole", "____"),
    ("letter", "以上", "○月○日に改めてお知らせします。\n以上", "hole", "○月"),
    ("letter", "以上", "なお、悪用の心配はありません。\n以上", "wording", "悪用の心配はありません"),
    ("web_notice_first", "氏名", "国籍", "item", "氏名"),
    ("web_notice_first", "2026年11月20日", "2025年11月20日", "date", "2026年11月20日"),
]  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: f"{slip[0]}-{slip[3]}-{slip[4]}")
def test_a_slip_made_by_hand_is_found_and_explained(slip, leakresp):
    paper, old, new, kind, why = slip
    take(leakresp, paper)
    edit(leakresp, f"{paper}.txt", old, new)
    reasons = [each["why"] for each in found(leakresp, paper, kind=kind)]
    assert reasons, f"no finding of kind {kind}"
    assert any(why in reason for reason in reasons), reasons
    assert all(each["instead"] for each in found(leakresp, paper))


ENGLISH_SLIPS = [
    ("letter", "20 November 2026", "21 November 2026", "date"),
    ("letter", "0120-000-000", "0120-000-010", "contact"),
    ("letter", "Date of birth\n", "", "item"),
    ("letter", "our customers\n", "our customers\nIt may concern 45,000 people.\n", "persons"),
]


@pytest.mark.parametrize("slip", ENGLISH_SLIPS, ids=lambda slip: slip[3])
def test_slips_are_found_in_english_papers_too(slip, leakresp):
    paper, old, new, kind = slip
    take(leakresp, paper, lang="en")
    edit(leakresp, f"{paper}.txt", old, new)
    assert found(leakresp, paper, kind=kind, lang="en")


def test_a_number_changed_in_a_report_is_told_with_the_record_and_the_other_paper_that_has_it(leakresp):
    take(leakresp)
    edit(leakresp, "ppc_final_report.txt", "38,000人", "83,000人")
    (finding,) = found(leakresp, "ppc_final_report", kind="persons")
    assert "83,000人" in finding["why"]
    assert "38,000人" in finding["why"]
    assert "affected_people" in finding["why"]
    assert "drafts/" in finding["why"], "where another paper has it right"


def test_a_number_that_nobody_recorded_and_two_papers_tell_differently_names_both_places(leakresp):
    take(leakresp, "letter", "web_notice_first")
    for paper, number in (("letter", "6,001名"), ("web_notice_first", "6,100名")):
        path = draft(leakresp, f"{paper}.txt")
        path.write_text(path.read_text(encoding="utf-8") + f"対象の会員様は{number}です。\n", encoding="utf-8")
    (finding,) = found(leakresp, "letter", kind="papers")
    assert "6,100名" in finding["why"]
    assert "web_notice_first.txt" in finding["why"]


def test_a_summary_that_tells_of_more_persons_than_the_answers_is_pointed_out(leakresp):
    leakresp.begin("case", MAIL, incident_summary="会員1200名にメールを送りました。")
    leakresp.fine("draft-notice letter --case case")
    (finding,) = found(leakresp, "letter", kind="persons")
    assert not finding["mend"]
    assert "950人" in finding["why"]
    leakresp.fine("change case incident_summary=会員1200名のうち950名にメールを送りました。")
    leakresp.fine("draft-notice letter --case case")
    assert found(leakresp, "letter", kind="persons") == []


def test_a_statutory_item_cut_out_of_a_letter_is_missed(leakresp):
    take(leakresp, "letter")
    text = draft(leakresp, "letter.txt").read_text(encoding="utf-8")
    cut = text[text.index("3　原因") : text.index("4　被害")]
    edit(leakresp, "letter.txt", cut, "")
    (finding,) = [each for each in found(leakresp, "letter", kind="gone") if each["mend"]]
    assert "第4号" in finding["why"]


def test_a_word_document_edited_by_hand_is_read_too(leakresp):
    docx = pytest.importorskip("docx")
    take(leakresp, form="docx")
    path = draft(leakresp, "letter.docx")
    document = docx.Document(str(path))
    paragraph = next(each for each in document.paragraphs if "0120-000-000" in each.text)
    paragraph.text = paragraph.text.replace("0120-000-000", "0120-999-999")
    document.save(str(path))
    (finding,) = found(leakresp, "letter", kind="contact")
    assert "0120-000-000" in finding["why"]
    assert "番目の段落" in leakresp("proofread case letter")


def test_that_a_draft_was_edited_is_a_note_and_no_error(leakresp):
    take(leakresp, "letter")
    edit(leakresp, "letter.txt", "以上", "社員一同、深くお詫び申し上げます。\n以上")
    (finding,) = found(leakresp, "letter")
    assert (finding["kind"], finding["mend"]) == ("edited", False)


def test_a_hole_that_is_left_is_found_in_both_languages(leakresp):
    leakresp.begin("case", MAIL)
    for lang, sign in (("ja", "【未確認"), ("en", "[TO CONFIRM")):
        leakresp.fine(f"draft-notice letter --case case --lang {lang}")
        holes = found(leakresp, "letter", kind="hole", lang=lang)
        assert any(sign in each["text"] for each in holes)
        assert all(each["mend"] for each in holes)


# after a change -------------------------------------------------------------------------------------------------------


def moved(value):
    """Return another figure for a fact, as it is typed, or nothing where the fact is no figure."""
    if isinstance(value, Interval):
        return f"{value.low + 7}..{'' if value.high is None else value.high + 11}"
    if isinstance(value, Day):
        earlier = value.date - dt.timedelta(days=1)
        return f"{earlier}T{value.time}+09:00" if value.time else str(earlier)
    return None


@pytest.mark.parametrize("answers", sorted(GOLDEN.glob("*/answers.yaml")), ids=lambda path: path.parent.name)
def test_each_draft_that_tells_a_figure_is_flagged_once_the_figure_changes(answers, leakresp, facts):
    take(leakresp, answers=answers)
    known = read_file(answers.read_bytes(), answers.name, facts).answers
    figures_known = {fact: changed for fact, value in known.items() if (changed := moved(value))}
    assert figures_known
    for fact, changed in figures_known.items():
        before = {path.stem: said(path.read_text("utf-8")) for path in draft(leakresp, "x").parent.glob("*.txt")}
        leakresp.fine(f"change case {fact}={changed}")
        flagged = {
            proof["paper"]
            for proof in leakresp.json("proofread case")["papers"]
            if any(each["kind"] in {"persons", "date"} and each["mend"] for each in proof["findings"])
        }
        shutil.rmtree(draft(leakresp, "x").parent)
        leakresp("draft-notice --all --usual --case case")
        after = {path.stem: said(path.read_text("utf-8")) for path in draft(leakresp, "x").parent.glob("*.txt")}
        telling = {paper for paper in before if paper in after and before[paper] != after[paper]}
        assert telling <= flagged, fact


def said(text):
    """Return the figures of a paper."""
    return [each.value for line in text.splitlines() for each in figures(line)]


def test_a_draft_says_which_answers_changed_from_what_to_what(leakresp):
    take(leakresp, "ppc_final_report")
    leakresp.fine("change case affected_people=500..3000")
    (finding,) = found(leakresp, "ppc_final_report", kind="stale")
    assert "38,000" in finding["why"]
    assert "3,000" in finding["why"]
    assert finding["mend"]


def test_what_was_sent_is_held_to_what_was_known_then_and_its_changes_are_notes(leakresp):
    take(leakresp, "ppc_final_report")
    leakresp.fine("sent case ppc_final_report")
    assert found(leakresp, "ppc_final_report", sent=True) == []
    leakresp.fine("change case affected_people=500..3000", hours=1)
    (finding,) = found(leakresp, "ppc_final_report", sent=True)
    assert (finding["kind"], finding["mend"]) == ("stale", False)
    assert "次に出す文書" in finding["instead"]


def test_an_error_that_left_the_house_is_told_for_the_next_paper(leakresp):
    take(leakresp, "letter")
    edit(leakresp, "letter.txt", "0120-000-000", "0120-000-001")
    leakresp.fine("sent case letter --to お客様")
    (finding,) = found(leakresp, "letter", kind="contact", sent=True)
    assert not finding["mend"]


# one file, exit codes, what cannot be read ------------------------------------------------------------------------------


def test_a_file_is_read_against_an_answers_file_without_a_case(leakresp, tmp_path):
    leakresp.fine(f"draft-notice letter --answers {RANSOMWARE} -o {tmp_path / 'letter.txt'}")
    assert leakresp.json(f"proofread --answers {RANSOMWARE} --file {tmp_path / 'letter.txt'}")["papers"][0]["mend"] == 0
    text = (tmp_path / "letter.txt").read_text(encoding="utf-8").replace("0120-000-000", "0120-000-001")
    (tmp_path / "ours.txt").write_text(text, encoding="utf-8")
    (proof,) = leakresp.json(f"proofread letter --answers {RANSOMWARE} --file {tmp_path / 'ours.txt'}")["papers"]
    assert [each["kind"] for each in proof["findings"]] == ["contact"]


def test_a_text_that_is_no_paper_of_the_catalogue_is_held_to_the_record_all_the_same(leakresp, tmp_path):
    (tmp_path / "slide.md").write_text("# 状況\n\n対象は99,000人です。\n", encoding="utf-8")
    (proof,) = leakresp.json(f"proofread --answers {RANSOMWARE} --file {tmp_path / 'slide.md'}")["papers"]
    assert proof["paper"] is None
    assert [(each["kind"], each["line"]) for each in proof["findings"]] == [("persons", 3)]


def test_the_exit_code_tells_of_something_to_mend_only_when_it_is_asked_for(leakresp):
    take(leakresp, "letter", "email")
    edit(leakresp, "letter.txt", "0120-000-000", "0120-000-001")
    leakresp.fine("proofread case letter")
    leakresp("proofread case letter --exit-code")
    assert leakresp.code == 3
    leakresp.fine("proofread case email --exit-code")


def test_the_worst_paper_comes_first_and_the_screen_says_line_reason_and_remedy(leakresp):
    take(leakresp, "letter", "email")
    edit(leakresp, "letter.txt", "0120-000-000", "0120-000-001")
    shown = leakresp.fine("proofread case letter email")
    assert shown.index("letter.txt") < shown.index("email.txt")
    number = next(
        place
        for place, line in enumerate(draft(leakresp, "letter.txt").read_text(encoding="utf-8").splitlines(), 1)
        if "0120-000-001" in line
    )
    assert f"［要修正］{number}行目：「0120-000-001」とありますが" in shown
    assert "→ 「0120-000-000」に直してください" in shown


def test_a_case_without_papers_says_how_to_draft_them(leakresp):
    leakresp.begin("case", MAIL)
    leakresp("proofread case")
    assert leakresp.code == 2
    assert "draft-notice" in leakresp.err


@pytest.mark.parametrize(
    "line", ["proofread", f"proofread --answers {RANSOMWARE}", "proofread case no_such_paper", "proofread nowhere"]
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(line, leakresp):
    leakresp.begin("case", MAIL)
    leakresp(line)
    assert leakresp.code == 2
    assert leakresp.err


def test_a_pdf_is_passed_over_with_a_sentence_where_the_same_paper_was_read_otherwise(leakresp):
    take(leakresp, "letter")
    draft(leakresp, "letter.pdf").write_bytes(b"%PDF-1.7")
    (finding,) = found(leakresp, "letter")
    assert "PDF" in finding["why"]
    leakresp.fine("proofread case letter --exit-code")


def test_a_paper_that_nobody_could_read_is_not_passed_as_fine(leakresp):
    take(leakresp, "letter")
    draft(leakresp, "letter.txt").rename(draft(leakresp, "letter.pdf"))
    leakresp("proofread case letter --exit-code")
    assert leakresp.code == 3


def test_a_draft_saved_in_another_encoding_is_not_passed_as_fine(leakresp):
    take(leakresp, "letter")
    path = draft(leakresp, "letter.txt")
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp932"))
    leakresp("proofread case letter --exit-code")
    assert leakresp.code == 3
    assert "UTF-8" in leakresp.out


def test_line_ends_of_another_system_change_nothing(leakresp):
    take(leakresp, "letter")
    path = draft(leakresp, "letter.txt")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert {each["kind"] for each in found(leakresp, "letter")} == {"edited"}


def test_a_draft_that_was_sent_has_had_its_day(leakresp):
    take(leakresp, "letter", "email")
    leakresp.fine("sent case letter --to お客様")
    files = [proof["file"] for proof in leakresp.json("proofread case")["papers"]]
    assert [file.partition("/")[0] for file in files if "letter" in file] == ["sent"]
    assert "drafts/email.txt" in files


@given(st.text(max_size=300))
def test_any_text_has_figures_or_none_and_never_breaks(text):
    for figure in figures(text):
        assert text[figure.start : figure.end] == figure.words


@given(st.binary(max_size=300), st.sampled_from(READABLE))
def test_any_file_is_read_or_refused(content, form):
    try:
        lines = read_back(content, form)
    except UnreadableError:
        return
    assert all(line.words and line.number > 0 for line in lines)


@pytest.mark.parametrize("form", ["txt", "md", "html", "docx"])
def test_a_damaged_file_is_told_and_stops_nothing(form, leakresp):
    with pytest.raises(UnreadableError):
        read_back(b"\xff\xfe\x00\xd8PK\x03\x04", form)
    take(leakresp, "letter")
    draft(leakresp, f"letter.{form}").write_bytes(b"\xff\xfe\x00\xd8PK\x03\x04")
    (finding,) = found(leakresp, "letter", kind="unread")
    assert finding["why"]


def test_nobody_waits_for_a_text_of_digits():
    text = "1" * 20000 + ",1" * 20000 + "人" + "3" * 20000 + "-" * 20000 + "a@" * 5000
    assert figures(text) is not None


# figures --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("対象は1,200人です", "persons", 1200),
        ("対象は１，２００名です", "persons", 1200),
        ("最大3万8,000人", "persons", 38000),
        ("約35万名", "persons", 350000),
        ("1,200 persons", "persons", 1200),
        ("some 1,200 affected customers", "persons", 1200),
        ("2026年11月20日", "date", (2026, 11, 20)),
        ("２０２６年１１月２０日（金）", "date", (2026, 11, 20)),
        ("令和8年11月20日", "date", (2026, 11, 20)),
        ("11月20日", "date", (0, 11, 20)),
        ("2026-11-20", "date", (2026, 11, 20)),
        ("2026/11/20", "date", (2026, 11, 20)),
        ("20 November 2026", "date", (2026, 11, 20)),
        ("November 20, 2026", "date", (2026, 11, 20)),
        ("Friday, 20 November 2026, 03:00", "date", (2026, 11, 20)),
        ("500円", "amount", 500),
        ("1億2千万円", "amount", 120000000),
        ("¥30,000", "amount", 30000),
        ("0120-000-000", "phone", "0120000000"),
        ("03（0000）1111", "phone", "0300001111"),
        ("desk@Example.jp", "mail", "desk@example.jp"),
    ],
)
def test_a_figure_is_the_same_however_it_is_written(text, kind, value):
    first = figures(text)[0]
    assert (first.kind, first.value) == (kind, value)


@pytest.mark.parametrize(
    "text", ["13月40日", "名称は2つ", "第26条第2項", "2026年度", "1,000 records", "9時から20時まで"]
)
def test_what_only_looks_like_a_figure_of_the_record_is_none(text):
    assert {each.kind for each in figures(text)} <= {"number"}


def test_both_ends_of_a_range_are_figures():
    assert [each.value for each in figures("500〜3,000人")] == [500, 3000]
    assert [each.value for each in figures("500 to 3,000 persons")] == [500, 3000]


def test_what_a_paper_says_of_a_number_is_read_back_as_that_number():
    for low, high in ((1, 1), (1200, 1200), (0, 3000), (500, 38000), (1000, None)):
        for lang in LANGUAGES:
            words = PaperPhrases(bench().say[lang]).count(Interval(low, high))
            assert {each.value for each in figures(words)} == {low, high} - {0, None}, words


# wording --------------------------------------------------------------------------------------------------------------


def test_words_that_are_cleared_in_their_sentence_or_the_next_are_left_alone():
    entry = {
        "id": "x", "lang": "ja", "groups": ["persons"], "papers": [], "while": [], "words": ["心配…ません"],
        "unless": ["ただし"], "unless_next": ["おそれ"], "why": {}, "instead": {},
    }  # fmt: skip
    kind = Kind("letter", "persons", "ja")
    assert [note.words for note in wording_notes("何も心配はいりません。以上です。", kind, [entry])] == [
        "心配はいりません"
    ]
    assert wording_notes("ただし心配はいりません。", kind, [entry]) == []
    assert wording_notes("心配はいりません。以上です。おそれはあります。", kind, [entry]) == []
    assert wording_notes("心配です。眠れません。", kind, [entry]) == [], "the wildcard stays in its sentence"
    assert wording_notes("何も心配はいりません。", Kind("x", "police", "ja"), [entry]) == []
    assert wording_notes("何も心配はいりません。", kind, [entry], fixed="何も心配はいりません。") == []


def test_draft_notice_warns_of_words_typed_into_the_answers(leakresp):
    leakresp.begin("case", MAIL, incident_summary="一斉メールの誤りです。なお、悪用の心配はありません。")
    leakresp.fine("draft-notice letter --case case")
    assert "注意：「悪用の心配はありません」：" in leakresp.err
    leakresp.fine("draft-notice email --case case --set incident_summary=一斉メールの誤りです。")
    assert "悪用の心配" not in leakresp.err


def wording_file(tmp_path, old, new):
    text = (ROOT / "templates" / "wording.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "wording.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    return read_folder(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("    unless: []\n", "    unles: []\n", "rules.key_unknown"),
        ("while: [leak_feared]", "while: [leak_fered]", "wording.name_unknown"),
        ("law: general_practice", "law: general_practise", "rules.source_unknown"),
        ("どうぞご安心ください。", "どうぞお休みください。", "wording.not_caught"),
        ("fine: [次のことが起こるおそれがあります。]", "fine: [ご安心ください。]", "wording.not_fine"),
        ("id: ja_absolute", "id: ja_no_worry", "rules.id_twice"),
        ('words: ["絶対に"', 'words: ["…", "絶対に"', "wording.only_wildcard"),
    ],
)
def test_a_wrong_entry_of_the_wording_is_named_with_its_line(old, new, key, tmp_path, library):
    papers = [head["id"] for head in library.heads]
    with pytest.raises(FaultsError) as raised:
        read_wording(wording_file(tmp_path, old, new), "templates", library.rulebook.plain, papers)
    assert key in {fault.key for fault in raised.value.faults}
    assert all(fault.line for fault in raised.value.faults)
