"""``leakresp manual``: the organisation's manual has whatever can apply to it, says where it comes from, and opens everywhere."""

import datetime as dt
import io
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from tests.console import ROOT
from tests.desk_clock import leakresp
from tests.screens import golden

from leakresp.law.rulebook import source_of
from leakresp.papers.formats.shares import shares_of
from leakresp.response.manual import Scope, manual_of
from leakresp.response.playbook import Playbook
from leakresp.shell.contacts import CONTACTS
from leakresp.shell.profiles import FACTS, OF_SOME

__all__ = ["leakresp"]  # the fixture

DAY = dt.date(2026, 11, 24)
GOLDEN = ROOT / "tests" / "golden" / "manual"
BLANK = "＿＿＿＿＿＿"
HOSPITAL = "--set organisation_name=甲病院 --set organisation_type=business --sector medical --set privacy_mark=no"
needs_soffice = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not there")
needs_poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler's tools are not there")


@pytest.fixture(scope="module")
def made(library):
    """Make the manual of an organisation of which some facts are known."""
    in_force = library.rulebook.in_force(DAY)
    playbook = Playbook(in_force)

    def make(causes=(), **answers):
        return manual_of(in_force, playbook, library.heads, Scope(answers, DAY, frozenset(FACTS), causes))

    return make


def regimes(manual):
    return [part.regime.id for part in manual.regimes]


def told(manual):
    return {f"{under.regime.id}.{each.recipient.id}": each for under in manual.told for each in under.told}


# what is in -----------------------------------------------------------------------------------------------------------


def test_while_nothing_is_known_of_the_organisation_everything_is_in(made, library):
    manual = made()
    rulebook = library.rulebook
    in_force = rulebook.in_force(DAY)
    assert regimes(manual) == [each.regime.id for each in in_force.regimes]
    for part, regime in zip(manual.regimes, in_force.regimes, strict=True):
        assert [each.rule.id for each in part.criteria] == list(regime.criteria)
        assert [each.clock.id for each in part.clocks] == [each.rule.id for each in regime.deadlines]
    wanted = {f"{each.regime.id}.{recipient.id}" for each in in_force.regimes for recipient, *_ in each.recipients}
    assert set(told(manual)) == wanted
    assert {action.id for action in manual.actions} == {each["id"] for each in rulebook.plain["actions"]}
    assert [part.paper.id for part in manual.papers] == [head["id"] for head in library.heads]
    assert [part.cause for part in manual.causes] == list(rulebook.facts["cause"].words)


def test_a_stated_no_leaves_its_part_out_and_an_open_fact_keeps_it_in(made):
    kept, denied, stated = made(), made(privacy_mark="no"), made(privacy_mark="yes")
    gone = told(kept).keys() - told(denied)
    assert any("プライバシーマーク" in told(kept)[name].recipient.title["ja"] for name in gone)
    assert gone <= told(stated).keys()
    papers = [{part.paper.id for part in manual.papers} for manual in (kept, denied, stated)]
    assert "privacy_mark_report" not in papers[1]
    assert "privacy_mark_report" in papers[0] & papers[2]


def test_a_company_is_not_told_what_only_government_bodies_owe(made):
    assert "public_bodies" not in regimes(made(organisation_type="business"))
    assert "public_bodies" in regimes(made())
    city = made(organisation_type="administrative_organ")
    assert "appi" not in regimes(city)
    assert "public_bodies" in regimes(city)
    assert "appi" in [regime.id for regime in city.left_out], "and what is left out is said"
    assert any("プライバシーマーク" in each.recipient.title["ja"] for each in told(city).values()), "what it is counts"
    assert not {"appi.ppc", "appi.entrustor"} & set(told(city)), "no release by telling a client is promised here"


def test_the_line_of_business_decides_who_is_told(made):
    bank, hospital = (told(made(sector=sector)) for sector in ("finance", "medical"))
    assert any("金融" in bank[name].recipient.title["ja"] for name in bank.keys() - hospital)
    assert not any("金融" in each.recipient.title["ja"] for each in hospital.values())
    assert "appi.ppc" in hospital


def test_what_the_organisation_settles_is_not_said_as_a_condition(made):
    def asks_about_the_mark(manual):
        whens = [each.when for each in (*told(manual).values(), *manual.papers)]
        return "privacy_mark" in str([*whens, *(part.applies for part in manual.regimes)])

    assert asks_about_the_mark(made())
    assert not asks_about_the_mark(made(privacy_mark="yes"))


def test_each_action_of_a_cause_is_called_for_by_that_cause(made, library):
    """Somebody who reads the part of a cause finds every action that an incident of this cause would show."""
    in_force = library.rulebook.in_force(DAY)
    playbook = Playbook(in_force)
    manual = made()
    everywhere = {step.action.id for step in (*manual.first, *manual.common, *manual.circumstances)}
    for part in manual.causes:
        named = {step.action.id for step in part.steps}
        shown = {action.id for action in playbook.chosen(in_force.presumptions.fill({"cause": part.cause}))}
        assert shown <= named | everywhere
        for other in manual.causes:
            assert named <= shown | {step.action.id for step in part.steps if step.when is not None}, other.cause


def test_a_cause_chosen_alone_drops_the_actions_of_the_others(made):
    manual = made(causes=["lost_paper"])
    assert [part.cause for part in manual.causes] == ["lost_paper"]
    shown = {action.id for action in manual.actions}
    assert "engage_forensic_experts" not in shown
    assert "engage_forensic_experts" in {action.id for action in made(causes=["ransomware"]).actions}
    assert "cyber_form_ransomware" not in {part.paper.id for part in manual.papers}


def test_every_source_is_there_with_its_day(made):
    manual = made()
    listed = {(source.law, source.article, source.read, source.checked) for source in manual.sources}
    cited = [source for part in manual.regimes for each in part.criteria for source in each.version.sources]
    cited += [source for each in told(manual).values() for source in each.recipient.sources]
    cited += [source_of(dict(source)) for action in manual.actions for source in action.sources]
    assert {(source.law, source.article, source.read, source.checked) for source in cited} <= listed
    assert len(listed) == len(manual.sources), "each once"


def test_the_worked_example_counts_as_the_law_does(made):
    clocks = {each.clock.id: each.clock for part in made().regimes[:1] for each in part.clocks}
    assert clocks["preliminary_report"].guide == (dt.date(2026, 11, 26), dt.date(2026, 11, 28))
    final = clocks["final_report"]
    assert (final.term.days, final.term.due) == (30, dt.date(2026, 12, 23))
    assert (final.longer.days, final.longer.due) == (60, dt.date(2027, 1, 22))


# as text --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_whole_manual_can_be_written_in_either_language(leakresp, lang, library):
    text = leakresp.fine(f"manual --lang {lang}")
    for regime in library.rulebook.regimes.values():
        assert f"### {regime.title[lang]}" in text
    for action in library.rulebook.plain["actions"]:
        assert action["title"][lang] in text.replace("\\", "")
    for head in library.heads:
        assert f"| {head['id']} |" in text
    assert "None" not in re.sub(r"None of the following|None of|\bNone\b [a-z]", "", text)


def test_what_the_profile_lacks_is_a_blank_and_listed_with_its_command(leakresp):
    leakresp.fine("profile init --no-input --set organisation_name=甲病院 --contact 'it=情報 太郎 090-0000-0000'")
    text = leakresp.fine("manual --cause lost_paper")
    assert "情報 太郎 090-0000-0000" in text
    blanks = text[text.index("まだ埋まっていない欄\n") :]
    for role in CONTACTS:
        assert (f"--contact {role}=" in blanks) == (role != "it")
    for fact in FACTS:
        assert (f"--set {fact}=" in blanks) == (fact != "organisation_name" and fact not in OF_SOME)
    missing = len(CONTACTS) + len(FACTS) - len(OF_SOME) - 2
    assert text.count(f"{BLANK} |") == missing + 2, "approval and place of keeping are filled in by hand"


def test_a_full_profile_leaves_no_blank(leakresp, facts):
    given = " ".join(f"--set '{fact}={(facts[fact].words or ['x'])[0]}'" for fact in FACTS)
    tree = " ".join(f"--contact {role}=x" for role in CONTACTS)
    leakresp.fine(f"profile init --no-input {given} {tree}")
    assert "空欄はありません。" in leakresp.fine("manual --cause lost_paper")


def test_what_somebody_typed_is_never_markup(leakresp):
    leakresp.fine("profile init --no-input --contact 'it=<br> | **太郎** | <script>'")
    text = leakresp.fine("manual --cause lost_paper")
    assert r"\<br> \| \*\*太郎\*\* \| \<script>" in text
    page = leakresp.fine("manual --cause lost_paper --format html")
    assert "&lt;br&gt; | **太郎** | &lt;script&gt;" in page
    assert "<script" not in page


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_manual_of_a_hospital_reads_as_agreed(leakresp, lang, library):
    text = leakresp.fine(f"manual {HOSPITAL} --cause lost_paper --on {DAY} --lang {lang}")
    fingerprint = library.rulebook.fingerprint
    text = text.replace(fingerprint, "(fingerprint)").replace(fingerprint[:16], "(fingerprint)")
    golden(f"hospital.{lang}.md", text, GOLDEN)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("manual --set leak=confirmed", "--cause"),
        ("manual --cause ransomwere", "「ransomware」の誤りではありませんか"),
        ("manual --sector hospital", "sector: 「hospital」という値はありません"),
        ("manual --format eml", "形式では作れません"),
        ("manual -o manual.xlsx", "形式では作れません"),
        ("profile init --no-input --contact boss=x", "「boss」という欄はありません"),
        ("profile init --no-input --contact it", "値を一つだけ"),
        ("profile init --no-input --contact it=", "contact it"),
    ],
)
def test_a_slip_is_said(leakresp, line, said):
    leakresp(line)
    assert leakresp.code == 2
    assert said in leakresp.err
    assert not leakresp.out


def test_a_wrong_contact_in_a_profile_is_said_with_its_line(leakresp):
    leakresp.profiles.mkdir(parents=True)
    file = leakresp.profiles / "default.yaml"
    file.write_text("contacts:\n  it: 太郎\n  bos: x\n  pr: [a]\n", encoding="utf-8")
    leakresp("manual")
    assert leakresp.code == 4
    assert {line.split(":")[1] for line in leakresp.err.splitlines()[:-1]} == {"3", "4"}
    file.write_text("contacts: [a]\n", encoding="utf-8")
    leakresp("manual")
    assert "default.yaml:1" in leakresp.err


def test_whom_to_call_stays_out_of_a_case(leakresp):
    leakresp.fine("profile init --no-input --set sector=medical --contact 'it=情報 太郎'")
    leakresp.begin()
    assert "情報 太郎" not in (leakresp.folder / "mail" / "journal.jsonl").read_text(encoding="utf-8")
    assert leakresp.json("profile show")["contacts"] == {"it": "情報 太郎"}
    assert "情報システム：情報 太郎" in leakresp.fine("profile show")


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed")
def test_at_a_terminal_each_blank_of_the_contact_tree_is_asked_and_kept_at_once(leakresp, facts):
    from tests.terminal import CTRL_C, ENTER, Terminal

    given = " ".join(f"--set '{fact}={(facts[fact].words or ['x'])[0]}'" for fact in FACTS)
    leakresp.fine(f"profile init --no-input {given} --contact incident_lead=x")
    leakresp.patch.setenv("LEAKRESP_PROFILES", str(leakresp.profiles))
    terminal = Terminal(leakresp.folder, "profile", "init")
    terminal.see("連絡網の空いている欄（13）", "対応責任者の代行")
    terminal.press(ENTER)  # stays blank
    terminal.see("情報システム")
    terminal.press("情報 太郎", ENTER)
    terminal.see("法務・個人情報保護")
    terminal.press(CTRL_C)
    terminal.see("連絡網で空いている欄（12）")
    assert terminal.end() == 130
    assert leakresp.json("profile show")["contacts"] == {"incident_lead": "x", "it": "情報 太郎"}


def test_a_manual_somebody_wrote_in_is_not_written_over(leakresp, tmp_path):
    file = tmp_path / "manual.md"
    file.write_text("手で書き込んだもの\n", encoding="utf-8")
    leakresp.fine(f"manual --cause lost_paper -o '{file}'")
    assert file.read_text(encoding="utf-8") == "手で書き込んだもの\n"
    assert (tmp_path / "manual-2.md").read_text(encoding="utf-8").startswith("# 漏えい等対応マニュアル")


# formats --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def file(leakresp, tmp_path):
    """Write the manual of a hospital in a format."""

    def write(form):
        path = tmp_path / f"manual.{form}"
        leakresp.fine(f"manual {HOSPITAL} --cause lost_paper --cause ransomware -o '{path}'")
        return path

    return write


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.leads_to, self.heads = [], set(), [], 0

    def handle_starttag(self, tag, attrs):
        if tag not in {"br", "col", "meta", "hr"}:
            self.open.append(tag)
        given = dict(attrs)
        self.ids |= {given["id"]} if "id" in given else set()
        self.leads_to += [given["href"]] if "href" in given else []
        self.heads += tag == "th"

    def handle_startendtag(self, tag, attrs):
        assert tag == "br"

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_needs_nothing_but_itself_and_its_contents_lead_somewhere(file):
    text = file("html").read_text(encoding="utf-8")
    page = Page()
    page.feed(text)
    assert page.open == []
    assert len(page.leads_to) == len(page.ids) == 11
    assert {f"#{each}" for each in page.ids} == set(page.leads_to)
    assert page.heads > 30
    assert not re.search(r"<(script|img|link|iframe)|src=", text)


def test_the_word_document_has_headings_tables_and_a_list_of_chapters(file):
    docx = pytest.importorskip("docx")
    document = docx.Document(io.BytesIO(file("docx").read_bytes()))
    chapters = [each.text for each in document.paragraphs if each.style.name == "Heading 1"]
    assert len(chapters) == 11
    assert [each.text for each in document.paragraphs if each.style.name == "toc 1"] == chapters
    assert any(each.style.name == "Heading 2" and "ランサムウェア" in each.text for each in document.paragraphs)
    columns = [len(table.columns) for table in document.tables]
    assert {2, 3, 4, 5} <= set(columns)
    for table in document.tables:
        assert table.rows[0]._tr.trPr.xpath("w:tblHeader"), "the head is repeated on each page"
        assert sum(cell.width for cell in table.rows[0].cells) <= 174.5 * 36000, "no table leaves the page"


@needs_soffice
@needs_poppler
def test_the_word_document_opens_in_libreoffice(file, tmp_path):
    path = file("docx")
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    text = subprocess.run(
        ["pdftotext", str(tmp_path / "manual.pdf"), "-"], check=True, capture_output=True
    ).stdout.decode()
    assert "甲病院" in text
    assert "最初の" in text


@needs_poppler
def test_the_pdf_is_tagged_and_each_chapter_begins_a_page(file):
    pytest.importorskip("typst")
    path = str(file("pdf"))
    told_of = subprocess.run(["pdfinfo", path], check=True, capture_output=True).stdout.decode()
    assert re.search(r"Tagged: +yes", told_of)
    text = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True).stdout.decode()
    begun = [page.strip().splitlines()[0] for page in text.split("\f") if page.strip()]
    assert sum(bool(re.match(r"\d+\s+\S", first)) for first in begun) == 11
    assert "甲病院" in text


def test_plain_text_says_every_cell_after_the_name_of_its_column(file):
    text = file("txt").read_text(encoding="utf-8")
    assert "根拠：" in text
    assert "|" not in text
    assert "<br>" not in text
    assert "**" not in text


@pytest.mark.parametrize(
    "rows",
    [
        [["a", "b"]],
        [["□ はい", "x" * 500, "y"]],
        [["あ" * 300, "leakresp draft-notice", "い" * 300, "う" * 300]],
        [["", "", ""]],
        [["https://example.com/" + "a" * 200, "b"]],
    ],
)
def test_columns_share_the_page_and_none_is_narrower_than_its_words(rows):
    shares = shares_of(rows)
    assert sum(shares) == 100
    assert min(shares) >= 3
