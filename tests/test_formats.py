"""The formats: the same words in Word, PDF, mail and page, read back by other people's programs, and nobody's value as markup."""

import email
import hashlib
import io
import os
import pickle
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from email.policy import default as modern
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, settings
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st
from tests.paper_cases import EXAMPLES, LANGUAGES, bench, drafted

from leakresp.papers.escape import escaped
from leakresp.papers.formats import FormatUnavailable, Press, Unwritable, made, missing_glyphs, stencil
from leakresp.papers.formats import pdf as pdf_format
from leakresp.papers.formats.stencils import blank, bound
from leakresp.papers.marks import blocks
from leakresp.papers.render import Rendered

LOOKS = ("letter", "message", "document", "form")
FORMS = ("txt", "md", "html", "eml", "docx", "pdf")
#: What somebody could type that some format would read as its own language.
HOSTILE = (
    '#eval("1+1") #set page(width: 1pt) #include "/etc/passwd"',
    "$x^2$ *strong* _slanted_ `code` ~~gone~~",
    "@reference <label> [link](https://a.example) ![p](https://b.example/x.png)",
    "back\\slash // no comment /* none */ --- -- ... ~",
    "\"double\" 'single' office affluent fjord",
    "<script>alert(1)</script> <b>bold</b> &amp; &#65; ]]>",
    "= heading", "== heading", "# heading", "- point", "+ point", "1. point", "> note", "::: right", "---", ":::",
    "| a | b |", "{{ 7*7 }} {% if x %} \\n \\u0041 %d {0}", "=cmd|' /C calc'!A0", "A:B：C", "</w:t></w:r></w:p>",
    "https://example.com/" + "a-b_c" * 40, "\u0041\u030a e\u0301 \u3099", "ｶﾞ ﾊﾟ １２３ ㈱ №",
)  # fmt: skip
#: Names as they stand in family registers: outside the basic plane, a variant by its own code, a variant by a selector.
NAMES = ("𠮷田 太郎", "髙橋 花子", "葛\U000e0100西 次郎", "﨑山 三郎")
#: A sheet of A4 in points, and millimetres of it.
MM = 72 / 25.4
#: The foot of the page, where its number stands: left out when the text is read back.
TEXT_AREA = ("-x", "0", "-y", "0", "-W", "596", "-H", str(round(275 * MM)))

needs_soffice = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not there")
needs_poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler's tools are not there")


def paper(text, lang="ja", look="document", title="題名"):
    """Return a paper of one's own text."""
    return Rendered("own", lang, title, blocks(text), (), look)


def with_values(rendered, values):
    """Return a paper with its blanks replaced in its text, as a template would have printed the values."""
    parts = []
    for block in rendered.blocks:
        text = block.text
        for key, value in values.items():
            text = text.replace(blank(key), escaped(value))
        parts.append(replace(block, text=text))
    return replace(rendered, blocks=tuple(parts))


def hostile(look, lang="ja"):
    """Return a paper in which hostile words stand wherever words can stand."""
    words = "\n\n".join(escaped(each) for each in HOSTILE)
    points = "\n".join(f"- {escaped(each)}" for each in HOSTILE)
    rows = "\n".join(
        f"- 欄{n}：{escaped(each)}" if lang == "ja" else f"- Row {n}: {escaped(each)}" for n, each in enumerate(HOSTILE)
    )
    strong = "\n\n".join(f"**強調 {escaped(each)}**" for each in HOSTILE[:6])
    heading = escaped(HOSTILE[0])
    text = f"::: right\n{heading}\n:::\n\n# {heading}\n\n{words}\n\n## {escaped(HOSTILE[5])}\n\n{points}\n\n> {escaped(HOSTILE[1])}\n\n{rows}\n\n{strong}"
    return paper(text, lang, look, HOSTILE[5])


def lettered(look="letter", lang="ja"):
    """Return a letter with blanks wherever a letter may have them."""
    name, number = blank("addressee"), blank("reference")
    if lang == "ja":
        text = f"::: window\n{name}\n:::\n\n::: right\n整理番号 {number}\n:::\n\n# お知らせ\n\n{name}様に、**{number}** についてお知らせします。\n\n- 宛先：{name}\n  - 番号：{number}\n\n1. {name}\n\n> {number}\n\n以上です。"
    else:
        text = f"::: window\n{name}\n:::\n\n::: right\nReference {number}\n:::\n\n# A notice\n\nDear {name}, this is about **{number}**.\n\n- For: {name}\n  - Number: {number}\n\n1. {name}\n\n> {number}\n\nThat is all."
    return paper(text, lang, look)


def bare(text):
    """Return a text without spaces and line ends, which each program puts where its lines end."""
    return re.sub(r"\s+", "", text)


def told(rendered):
    """Return what a reader of any format must find: the plain text without spaces."""
    return comparable(made(rendered, "txt").decode(), rendered)


def comparable(text, rendered):
    """Return a text bare; in a form the colon between label and value and the dot before it are lines of a table."""
    text = bare(re.sub("(?m)^(――――|----)$", "", text))
    return re.sub("[・•：:]", "", text) if rendered.look == "form" else text


def read_pdf(path, *options):
    """Return the text of a PDF in the order in which it was written, without the page numbers."""
    return subprocess.run(
        ["pdftotext", "-raw", *TEXT_AREA, *options, str(path), "-"], check=True, capture_output=True
    ).stdout.decode()


def facts_of(path, program="pdfinfo"):
    return subprocess.run([program, str(path)], check=True, capture_output=True).stdout.decode()


def pages_of(path):
    return int(re.findall(r"^Pages:\s+(\d+)", facts_of(path), re.MULTILINE)[0])


class Page(HTMLParser):
    """A page as a browser would read it: its words, its tags, its labels, and whatever would fetch or run something."""

    def __init__(self, text):
        super().__init__()
        self.words, self.tags, self.labels, self.attributes = [], [], [], []
        self._open, self._counts = [], []
        self._dot = "・" if 'lang="ja"' in text else "•"
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        if tag not in {"meta", "br", "hr"}:
            self._open.append(tag)
        if tag in {"ul", "ol"}:
            self._counts.append(int(dict(attrs).get("start", 1)) if tag == "ol" else 0)
        if tag == "li":
            self.words.append(f"{self._counts[-1]}." if self._counts[-1] else self._dot)
            self._counts[-1] += self._counts[-1] > 0
        if tag == "th":
            assert dict(attrs) == {"scope": "row"}
            self.labels.append("")

    def handle_endtag(self, tag):
        if tag not in {"br", "hr"}:
            assert self._open.pop() == tag
        if tag in {"ul", "ol"}:
            self._counts.pop()

    def handle_data(self, data):
        if not {"title", "style"} & set(self._open):
            self.words.append(data)
        if "th" in self._open:
            self.labels[-1] += data

    @property
    def text(self):
        return "".join(self.words)


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def word_part(file, name="word/document.xml"):
    return ET.fromstring(zipfile.ZipFile(io.BytesIO(file)).read(name))  # noqa: S314 -- our own file


def word_text(file):
    """Return the words of a Word document; what its lists print by themselves is not in it."""
    return "".join(each.text or "" for each in word_part(file).iter(f"{W}t"))


def word_styles(file):
    return [each.get(f"{W}val") for each in word_part(file).iter(f"{W}pStyle")]


def mail_of(file):
    return email.message_from_bytes(file, policy=modern)


@lru_cache(maxsize=1)
def all_papers():
    """Return every paper of the catalogue for one incident, in both languages."""
    return {
        f"{name}.{lang}": drafted(name, EXAMPLES / "ransomware.yaml", lang)
        for name in bench().papers
        for lang in LANGUAGES
    }


@lru_cache(maxsize=1)
def specimens():
    """Return the papers that other people's programs open: the catalogue's, hostile ones, the summary of each example."""
    summaries = {
        f"summary-{path.stem}.{lang}": drafted("executive_summary", path, lang)
        for path in sorted(EXAMPLES.glob("*.yaml"))
        for lang in LANGUAGES
    }
    hostiles = {f"hostile-{look}.{lang}": hostile(look, lang) for look in LOOKS for lang in LANGUAGES}
    return all_papers() | summaries | hostiles


@pytest.fixture(scope="session")
def typeset(tmp_path_factory):
    """The folder of all specimens as PDF."""
    folder = tmp_path_factory.mktemp("typeset")
    for name, rendered in specimens().items():
        (folder / f"{name}.pdf").write_bytes(made(rendered, "pdf"))
    return folder


@pytest.fixture(scope="session")
def through_word(tmp_path_factory):
    """The folder of all specimens as Word documents, and as the PDF that LibreOffice makes of them, in one go."""
    folder = tmp_path_factory.mktemp("word")
    filled = {"addressed.ja": addressed_letter("ja"), "addressed.en": addressed_letter("en")}
    for name, rendered in (specimens() | filled).items():
        (folder / f"{name}.docx").write_bytes(made(rendered, "docx"))
    profile = tmp_path_factory.mktemp("profile").as_uri()
    files = sorted(map(str, folder.glob("*.docx")))
    command = [
        "soffice",
        f"-env:UserInstallation={profile}",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
        *files,
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return folder


ADDRESS = {
    "ja": ("〒100-0013", "東京都千代田区霞が関三丁目2番1号", "霞が関コモンゲート西館 32階 1203号室", "山田 太郎 様"),
    "en": (
        "〒100-0013",
        "1203, Kasumigaseki Common Gate West Tower",
        "3-2-1 Kasumigaseki, Chiyoda-ku, Tokyo",
        "Mr Taro Yamada",
    ),
}


def addressed_letter(lang):
    values = {"addressee": "\n".join(ADDRESS[lang]), "reference": "R-000123"}
    return with_values(lettered(lang=lang), values)


# The same words everywhere


@needs_poppler
def test_every_paper_says_as_pdf_what_it_says_as_plain_text(typeset):
    for name, rendered in specimens().items():
        assert comparable(read_pdf(typeset / f"{name}.pdf"), rendered) == told(rendered), name


@needs_soffice
@needs_poppler
def test_every_paper_says_in_word_what_it_says_as_plain_text(through_word):
    for name, rendered in specimens().items():
        found, expected = comparable(read_pdf(through_word / f"{name}.pdf"), rendered), told(rendered)
        for block in rendered.blocks:
            if block.place == "window":  # a frame beside the text: a program reads it when it comes to it
                words = bare(block.text)
                assert found.count(words) == expected.count(words), name
                found, expected = found.replace(words, ""), expected.replace(words, "")
        assert found == expected, name


def test_every_paper_says_on_a_page_what_it_says_as_plain_text():
    for name, rendered in specimens().items():
        page = Page(made(rendered, "html").decode())
        assert comparable(page.text, rendered) == told(rendered), name
        assert not {"script", "a", "img", "link", "iframe", "form", "svg"} & set(page.tags), name
        assert not {"href", "src", "onerror", "onclick", "style"} & set(page.attributes), name


def test_a_mail_holds_the_first_heading_as_subject_and_the_rest_as_words():
    for name, rendered in specimens().items():
        message = mail_of(made(rendered, "eml", Press(sender="desk@shop.example")))
        assert not message.defects, name
        assert sorted(message.keys()) == sorted(
            [
                "From",
                "Subject",
                "X-Unsent",
                "Content-Language",
                "Content-Type",
                "Content-Transfer-Encoding",
                "MIME-Version",
            ]
        ), name
        assert message["Content-Language"] == rendered.lang
        assert message.get_content_type() == "text/plain"
        assert message.get_content_charset() == "utf-8"
        subject, text = bare(str(message["Subject"])), bare(made(rendered, "txt").decode())
        assert subject in text, name
        assert bare(message.get_content()) == text.replace(subject, "", 1), name


def test_no_line_of_a_mail_is_too_long_for_a_server_and_every_one_ends_as_the_standard_asks():
    for look in LOOKS:
        for lang in LANGUAGES:
            raw = made(hostile(look, lang), "eml")
            assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
            assert max(map(len, raw.split(b"\r\n"))) <= 78
            raw.decode("ascii")


# What each program tells of the file


@needs_poppler
def test_a_pdf_is_a4_tagged_titled_with_its_fonts_inside_and_tells_no_day(typeset):
    for name in ("letter.ja", "letter.en", "email.ja", "ppc_preliminary_report.ja", "hostile-form.en"):
        facts = facts_of(typeset / f"{name}.pdf")
        assert re.search(r"Tagged:\s+yes", facts), name
        assert re.search(r"Page size:\s+595\.\d+ x 841\.\d+ pts \(A4\)", facts), name
        assert re.findall(r"Title:\s+(.*)", facts)[0] == specimens()[name].title, name
        assert re.search(r"JavaScript:\s+no", facts), name
        assert not re.search(r"Author|CreationDate|ModDate", facts), name
        fonts = facts_of(typeset / f"{name}.pdf", "pdffonts").splitlines()[2:]
        assert fonts, name
        assert all(font.split()[-5:-2] == ["yes", "yes", "yes"] for font in fonts), name


@needs_poppler
def test_each_language_is_named_in_the_pdf_for_a_voice_that_reads_it(typeset):
    for lang, code in (("ja", b"/Lang(ja-JP)"), ("en", b"/Lang(en)")):
        assert code in (typeset / f"letter.{lang}.pdf").read_bytes()


def test_a_word_document_has_real_styles_and_tells_nothing_of_who_made_it():
    docx = pytest.importorskip("docx")
    for lang, named in (("ja", "ja-JP"), ("en", "en-US")):
        file = made(all_papers()[f"letter.{lang}"], "docx")
        document = docx.Document(io.BytesIO(file))
        used = {paragraph.style.name for paragraph in document.paragraphs}
        assert {"Title", "Heading 1", "List Bullet", "Normal", "Right", "Window"} <= used
        section = document.sections[0]
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
        properties = document.core_properties
        assert (properties.title, properties.language) == (all_papers()[f"letter.{lang}"].title, named)
        assert {properties.author, properties.last_modified_by, properties.comments} == {""}
        entries = zipfile.ZipFile(io.BytesIO(file)).infolist()
        assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
        assert not [entry.filename for entry in entries if re.search("thumbnail|app.xml|custom", entry.filename)]
        properties_part = word_part(file, "docProps/core.xml")
        assert sorted(each.tag.partition("}")[2] for each in properties_part) == ["language", "title"]


def test_every_style_of_a_word_document_names_a_font_for_japanese():
    pytest.importorskip("docx")
    for lang in LANGUAGES:
        for style in word_part(made(all_papers()[f"letter.{lang}"], "docx"), "word/styles.xml").iter(f"{W}style"):
            fonts = style.find(f"{W}rPr/{W}rFonts")
            if fonts is not None:
                assert fonts.get(f"{W}eastAsia", "").startswith("Yu "), style.get(f"{W}styleId")


def test_the_pages_of_a_word_document_are_counted_in_its_foot():
    pytest.importorskip("docx")
    parts = zipfile.ZipFile(io.BytesIO(made(paper("本文"), "docx")))
    footer = next(parts.read(name).decode() for name in parts.namelist() if "footer" in name)
    assert re.findall(r'w:instr="(\w+)"', footer) == ["PAGE", "NUMPAGES"]


@needs_soffice
@needs_poppler
def test_the_report_to_the_management_is_one_page_whichever_format(typeset, through_word):
    for folder in (typeset, through_word):
        assert [str(path) for path in sorted(folder.glob("summary-*.pdf")) if pages_of(path) != 1] == []


@needs_soffice
@needs_poppler
def test_a_call_fits_on_one_sheet_of_paper_printed_on_both_sides(typeset, through_word):
    for lang in LANGUAGES:
        assert [pages_of(folder / f"call_log_sheet.{lang}.pdf") for folder in (typeset, through_word)] == [2, 2]


@needs_soffice
@needs_poppler
def test_the_lines_of_an_address_are_not_pulled_apart_to_the_margin(typeset, through_word):
    (typeset / "addressed.pdf").write_bytes(made(addressed_letter("ja"), "pdf"))
    for path in (typeset / "addressed.pdf", through_word / "addressed.ja.pdf"):
        ends = [right for word, (_, top, right, _) in boxes(path) if top > 70 and "100-0013" in word]
        assert len(ends) == 3, "in the sentence, in the point, in the numbered point"
        assert max(ends) < 70, path


# The window of the envelope


def boxes(path):
    """Return each word of a first page with its left, top, right and bottom in millimetres."""
    page = subprocess.run(
        ["pdftotext", "-bbox", "-l", "1", str(path), "-"], check=True, capture_output=True
    ).stdout.decode()
    found = re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>', page)
    return [(word, tuple(float(each) / MM for each in place)) for *place, word in found]


@needs_soffice
@needs_poppler
def test_the_address_shows_in_the_window_and_nothing_else_does(through_word, tmp_path):
    for lang in LANGUAGES:
        (tmp_path / f"addressed.{lang}.pdf").write_bytes(made(addressed_letter(lang), "pdf"))
        for path in (tmp_path / f"addressed.{lang}.pdf", through_word / f"addressed.{lang}.pdf"):
            seen = [
                (word, (left, top, right, low))
                for word, (left, top, right, low) in boxes(path)
                if left < 110 and top < 58
            ]
            assert bare("".join(word for word, _ in seen)) == bare("".join(ADDRESS[lang])), path
            for word, (left, top, right, low) in seen:
                assert left >= 19.5, word
                assert right <= 85.5, word
                assert top >= 12, word
                assert low <= 38, word


@needs_poppler
def test_a_long_address_is_set_smaller_and_still_shows_whole(tmp_path):
    lines = [
        "〒100-0013",
        *(f"{n}行目の住所　長い建物の名前と部屋の番号の続く所" for n in range(1, 6)),
        "株式会社山田商店 総務部",
        "山田 太郎 様",
    ]
    path = tmp_path / "long.pdf"
    path.write_bytes(made(with_values(lettered(), {"addressee": "\n".join(lines), "reference": "1"}), "pdf"))
    seen = [place for _, place in boxes(path) if place[0] < 110 and place[1] < 58]
    assert max(low for *_, low in seen) <= 38
    assert bare("".join(lines)) in bare(read_pdf(path))


# Forms


def test_a_form_is_a_table_whose_labels_are_marked_as_such():
    pytest.importorskip("docx")
    for lang, mark in (("ja", "："), ("en", ": ")):
        rendered = paper(f"# 様式\n\n- 氏名{mark}山田\n- 連絡先{mark}\n\n本文{mark}これは表ではない。", lang, "form")
        page = Page(made(rendered, "html").decode())
        assert page.labels == ["氏名", "連絡先"]
        assert "<td></td>" in made(rendered, "html").decode()
        table = word_part(made(rendered, "docx")).find(f".//{W}tbl")
        look = table.find(f"{W}tblPr/{W}tblLook")
        assert (look.get(f"{W}firstColumn"), look.get(f"{W}firstRow")) == ("1", "0")
        cells = ["".join(each.text for each in cell.iter(f"{W}t")) for cell in table.iter(f"{W}tc")]
        assert cells == ["氏名", "山田", "連絡先", ""]
        heights = [int(each.get(f"{W}val")) for each in table.iter(f"{W}trHeight")]
        assert heights[1] > heights[0], "an empty row has room to write in"


def test_a_list_one_of_whose_points_has_no_label_stays_a_list():
    rendered = paper("- 氏名：山田\n- ただの文です。", "ja", "form")
    assert "<table>" not in made(rendered, "html").decode()
    assert "<table>" not in made(paper("- 氏名：山田", "ja", "letter"), "html").decode()


# Hostile words


def test_hostile_words_are_words_in_a_word_document():
    pytest.importorskip("docx")
    for look in LOOKS:
        text = bare(word_text(made(hostile(look), "docx")))
        for words in HOSTILE:
            kept = bare(words)
            assert kept in text, (look, words)


def test_a_subject_cannot_add_a_header():
    rendered = paper("本文", title="題\r\nBcc: thief@evil.example")
    for each in (rendered, paper("題\\\nBcc: thief@evil.example\n===\n\n本文")):
        message = mail_of(made(each, "eml"))
        assert message["Bcc"] is None
        assert "thief@evil.example" in message["Subject"]
        assert bare(message.get_content()) == "本文"


@pytest.mark.parametrize(
    "typed",
    [
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example, c@d.example",
        "名前 <a@b.example>",
        "a b@c.example",
        "a..b@c.example",
        "a@b.example\n",
        "",
    ],
)
def test_an_address_that_is_none_is_no_sender_and_no_recipient(typed):
    message = mail_of(made(paper("本文"), "eml", Press(sender=typed)))
    assert message["From"] is None
    assert message["Bcc"] is None
    letter = stencil(paper("本文"), "eml")
    if typed:
        with pytest.raises(Unwritable) as wrong:
            letter.fill({"to": typed})
        assert (wrong.value.key, str(wrong.value)) == ("to", "to"), "the address itself is not repeated"


@pytest.mark.parametrize(
    "typed", ["<a@b.example>\r\nBcc: c@d.example", "a@b.example", "<a b@c.example>", "<a@b.example> "]
)
def test_a_message_id_that_is_none_is_refused(typed):
    with pytest.raises(Unwritable):
        stencil(paper("本文"), "eml").fill({"message_id": typed})


def test_recipient_and_message_id_stand_in_the_head_of_their_mail_only():
    letter = stencil(lettered("message"), "eml", Press(sender="desk@shop.example"))
    first = mail_of(
        letter.fill({"addressee": "山田", "reference": "1", "to": "yamada@a.example", "message_id": "<1@shop.example>"})
    )
    second = mail_of(letter.fill({"addressee": "鈴木", "reference": "2"}))
    assert (first["To"], first["Message-ID"], first["From"]) == (
        "yamada@a.example",
        "<1@shop.example>",
        "desk@shop.example",
    )
    assert (second["To"], second["Message-ID"]) == (None, None)
    assert "山田様に" in first.get_content()
    assert "山田" not in second.get_content()


# One letter for each person


PLAIN = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cn", "Cs", "Co"]), min_size=1, max_size=40
).filter(str.strip)
VALUES = st.lists(PLAIN, min_size=1, max_size=3).map("\n".join)


@pytest.mark.parametrize("form", ["txt", "md", "html", "eml"])
@hypothesis_given(addressee=VALUES, reference=PLAIN, lang=st.sampled_from(LANGUAGES))
@example(addressee=HOSTILE[0], reference=HOSTILE[4], lang="ja")
@example(addressee="〒100\n東京都\n山田 様", reference="a  b\tc", lang="en")
@settings(max_examples=60)
def test_a_filled_letter_is_the_letter_with_the_values_in_place(form, addressee, reference, lang):
    rendered, values = lettered(lang=lang), {"addressee": addressee, "reference": reference}
    assert laid_out(lang, form).fill(values).decode() == made(with_values(rendered, values), form).decode()


@lru_cache(maxsize=32)
def laid_out(lang, form):
    return stencil(lettered(lang=lang), form)


@pytest.mark.parametrize("form", FORMS)
def test_hostile_values_come_out_as_typed_in_every_format(form):
    if form in {"docx", "pdf"}:
        pytest.importorskip({"docx": "docx", "pdf": "typst"}[form])
    rows = [*HOSTILE, "〒100-0013\n東京都千代田区\n山田 太郎 様", "髙橋 花子"]
    for number, value in enumerate(rows if form != "pdf" else rows[::4]):
        lang = LANGUAGES[number % 2]
        values = {"addressee": value, "reference": rows[-1 - number]}
        assert laid_out(lang, form).fill(values) == made(with_values(lettered(lang=lang), values), form), value


def test_a_value_in_the_subject_of_a_mail_is_encoded_for_each_person():
    rendered = paper(f"# {blank('reference')} について\n\n本文", look="message")
    message = mail_of(stencil(rendered, "eml").fill({"reference": "R-1\r\nBcc: c@d.example"}))
    assert message["Subject"] == "R-1 Bcc: c@d.example について"
    assert message["Bcc"] is None


@pytest.mark.parametrize("form", FORMS)
def test_a_value_no_letter_can_hold_is_refused_without_repeating_it(form):
    letter = laid_out("ja", form)
    for value in ("山田\x00", "\x1b[31m山田", "\ud842", "\ufdd0reference\ufdd1", "\uffff"):
        with pytest.raises(Unwritable) as wrong:
            letter.fill({"addressee": value, "reference": "1"})
        assert (wrong.value.key, wrong.value.args) == ("addressee", ("addressee",))


@pytest.mark.parametrize("form", FORMS)
def test_a_letter_names_its_blanks_and_wants_every_one(form):
    letter = laid_out("ja", form)
    assert letter.keys == {"addressee", "reference"}
    with pytest.raises(KeyError, match="reference"):
        letter.fill({"addressee": "山田"})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", ["txt", "md", "html", "eml", "docx"])
def test_a_name_of_the_family_register_is_kept_to_the_code_point(form, name):
    file = laid_out("ja", form).fill({"addressee": name, "reference": "1"})
    if form == "eml":
        found = mail_of(file).get_content()
    elif form == "docx":
        found = word_text(file)
    else:
        found = file.decode()
    assert f"{name}様に" in found


@needs_poppler
def test_letters_bound_together_each_begin_a_page_and_count_their_own(tmp_path):
    rendered = paper(f"# お知らせ\n\n{blank('addressee')}様\n\n" + "本文です。\n\n" * 60, look="letter")
    letter = stencil(rendered, "pdf")
    names = ["山田", "鈴木", "髙橋"]
    path = tmp_path / "many.pdf"
    path.write_bytes(letter.fill_many({"addressee": name} for name in names))
    pages = (
        subprocess.run(["pdftotext", "-raw", str(path), "-"], check=True, capture_output=True)
        .stdout.decode()
        .split("\f")[:-1]
    )
    each = len(pages) // 3
    assert each > 1
    assert [page.strip().split("\n")[-1] for page in pages] == [f"{n} / {each}" for n in range(1, each + 1)] * 3
    assert [number for number, page in enumerate(pages) if "お知らせ" in page] == [0, each, 2 * each]
    for number, name in enumerate(names):
        assert f"{name}様" in pages[number * each]


@needs_poppler
def test_letters_of_different_texts_are_bound_into_one_file(tmp_path):
    first, second = (stencil(paper(f"# 第{n}\n\n{blank('addressee')}様", look="letter"), "pdf") for n in "一二")
    path = tmp_path / "bound.pdf"
    path.write_bytes(bound([(first, {"addressee": "山田"}), (second, {"addressee": "鈴木"})]))
    assert pages_of(path) == 2
    assert bare(read_pdf(path)) == "第一山田様第二鈴木様"


# The same paper, the same file


def test_the_same_paper_gives_the_same_bytes_on_another_machine_and_day(tmp_path):
    program = (
        "import hashlib, sys\n"
        "from tests.test_formats import FORMS, addressed_letter, hostile\n"
        "from leakresp.papers.formats import made\n"
        "for form in FORMS:\n"
        "    for paper in (addressed_letter('ja'), hostile('form', 'en')):\n"
        "        print(form, hashlib.sha256(made(paper, form)).hexdigest())\n"
    )
    elsewhere = {
        "PYTHONHASHSEED": "7",
        "TZ": "Asia/Tokyo",
        "SOURCE_DATE_EPOCH": "1",
        "HOME": str(tmp_path),
        "USER": "other",
    }
    root = Path(__file__).parents[1]
    environment = os.environ | elsewhere | {"PYTHONPATH": os.pathsep.join([str(root / "src"), str(root)])}
    there = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, env=environment, cwd=tmp_path
    )
    here = [
        f"{form} {hashlib.sha256(made(each, form)).hexdigest()}"
        for form in FORMS
        for each in (addressed_letter("ja"), hostile("form", "en"))
    ]
    assert there.stdout.splitlines() == here


# What is not there is said


@pytest.fixture
def fonts_anew():
    """Look for fonts and libraries again, and forget afterwards what was found."""
    pdf_format._case.cache_clear()
    yield
    pdf_format._case.cache_clear()


def lacking(form, press=None, text="本文"):
    with pytest.raises(FormatUnavailable) as lack:
        made(paper(text), form, press or Press())
    again = pickle.loads(pickle.dumps(lack.value))  # noqa: S301 -- our own; a letter may be written in another process
    assert (again.extra, again.reason, again.detail) == (lack.value.extra, lack.value.reason, lack.value.detail)
    return again.extra, again.reason, again.detail


def test_without_its_library_a_format_names_what_to_install(monkeypatch, fonts_anew):
    for form, module, named in (
        ("docx", "docx", "python-docx"),
        ("pdf", "typst", "typst"),
        ("pdf", "fontTools.ttLib", "fontTools.ttLib"),
    ):
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, module, None)
            assert lacking(form) == (form, "library", named)
    assert made(paper("本文"), "eml")


def test_without_a_font_for_japanese_a_pdf_says_where_it_looked(monkeypatch, fonts_anew, tmp_path):
    assert lacking("pdf", Press(font=tmp_path / "none.otf")) == ("pdf", "font", str(tmp_path / "none.otf"))
    (tmp_path / "empty").mkdir()
    assert lacking("pdf", Press(font=tmp_path / "empty")) == ("pdf", "font", str(tmp_path / "empty"))
    (tmp_path / "broken.otf").write_bytes(b"no font")
    assert lacking("pdf", Press(font=tmp_path / "broken.otf")) == ("pdf", "font", str(tmp_path / "broken.otf"))
    monkeypatch.setitem(sys.modules, "pylopdf_fonts_jp", None)
    assert lacking("pdf") == ("pdf", "font", "pylopdf-fonts-jp")


@needs_poppler
def test_a_font_of_ones_own_is_the_one_in_the_file(tmp_path):
    shipped = pytest.importorskip("pylopdf_fonts_jp")
    folder = Path(shipped.__file__).parent
    path = tmp_path / "own.pdf"
    path.write_bytes(made(paper("# 題\n\n本文"), "pdf", Press(font=folder / "NotoSansJP-Regular.otf")))
    assert "Serif" not in facts_of(path, "pdffonts")
    assert bare(read_pdf(path)) == "題本文"


def test_a_character_the_font_cannot_print_is_named_and_never_left_out():
    pytest.importorskip("typst")
    assert missing_glyphs("山田 太郎\n〒100 ABC㈱") == ()
    assert missing_glyphs("\ue000山\U0001f600\ue000") == ("\ue000", "\U0001f600")
    assert lacking("pdf", text="山\ue000田\U0001f600") == ("pdf", "glyphs", "\ue000\U0001f600")
    with pytest.raises(FormatUnavailable) as lack:
        laid_out("ja", "pdf").fill({"addressee": "山\ue000", "reference": "1"})
    assert (lack.value.reason, lack.value.detail) == ("glyphs", "\ue000")


@needs_poppler
def test_a_name_is_printed_as_it_is_or_told_to_be_missing(tmp_path):
    for name in NAMES:
        missing = missing_glyphs(name)
        if any(len(each) == 1 for each in missing):
            assert lacking("pdf", text=name)[1] == "glyphs"
            continue
        path = tmp_path / "name.pdf"
        path.write_bytes(made(paper(name), "pdf"))
        assert bare(read_pdf(path)).replace("\U000e0100", "") == bare(name).replace("\U000e0100", "")


def test_a_variant_the_font_does_not_know_is_named_with_its_sign():
    pytest.importorskip("typst")
    assert missing_glyphs("葛\U000e01ef西") == ("葛\U000e01ef",)
