"""A paper as a Word document to go on writing in: real styles, A4, page numbers, and nothing about who made it when.

The document is laid out once by the library. For one letter more only the text part is written again; the other parts
of the file stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from leakresp.papers.formats.blanks import Cut, cut, storable
from leakresp.papers.formats.outline import CHAPTER, CONTENTS, Part, Run, Section, outline
from leakresp.papers.formats.press import FormatUnavailable
from leakresp.papers.formats.reader import MANUAL

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

    from leakresp.papers.render import Rendered

_TEXT_PART: Final = "word/document.xml"
#: The first day a zip can name: the file tells nothing of when it was made.
_NO_DAY: Final = (1980, 1, 1, 0, 0, 0)
#: A value's line break: the text ends, the line breaks, the text goes on.
_BREAK: Final = '</w:t><w:br/><w:t xml:space="preserve">'
#: Speed before size: a letter's text is small, and there may be millions.
_LEVEL: Final = 1
#: Rows of a table that stay on one page together; of a longer one at least the first two.
_SMALL: Final = 4


@dataclass(frozen=True, slots=True)
class Letter:
    """A document laid out: its text part cut at the blanks, and the file of all other parts."""

    text: Cut
    others: bytes

    def fill(self, values: Mapping[str, str]) -> bytes:
        """Return the document with the values in place."""
        made = BytesIO()
        made.write(self.others)
        with ZipFile(made, "a") as file:
            file.writestr(_named(_TEXT_PART), self.text.fill(values).encode(), compresslevel=_LEVEL)
        return made.getvalue()


def as_word(rendered: Rendered) -> bytes:
    """Return a paper as a Word document. Raises ``FormatUnavailable`` without the library."""
    made = letter(rendered)
    return made.fill(dict.fromkeys(made.text.keys, ""))


def letter(rendered: Rendered) -> Letter:
    """Return a paper laid out as a Word document. Raises ``FormatUnavailable`` without the library."""
    try:
        import docx
    except ImportError as error:
        raise FormatUnavailable("docx", "library", "python-docx") from error
    from leakresp.papers.formats.word_styles import dress

    document = docx.Document()
    dress(document, rendered)
    if rendered.look == MANUAL:
        from leakresp.papers.formats.word_manual import dress_manual

        dress_manual(document)
    _Writer(document, rendered).write(outline(rendered))
    return _taken_apart(document)


def _taken_apart(document: Document) -> Letter:
    saved, others = BytesIO(), BytesIO()
    document.save(saved)
    with ZipFile(saved) as whole, ZipFile(others, "w") as rest:
        text = whole.read(_TEXT_PART).decode()
        for name in sorted(whole.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            if name != _TEXT_PART:
                rest.writestr(_named(name), whole.read(name))
    return Letter(cut(text, _BREAK, _escaped), others.getvalue())


def _named(name: str) -> ZipInfo:
    entry = ZipInfo(name, _NO_DAY)
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = 0  # else the file tells what system it was made on
    return entry


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class _Writer:
    """Writes an outline into a document."""

    def __init__(self, document: Document, rendered: Rendered) -> None:
        self._document, self._look, self._lang = document, rendered.look, rendered.lang
        self._titled = False
        self._after_table = False
        #: The number of chapters begun, and whether the next heading begins one.
        self._chapters, self._chapter = 0, False
        #: Space the first paragraph below the address window still has to leave, in millimetres.
        self._below = 0.0

    def write(self, sections: tuple[Section, ...]) -> None:
        from leakresp.papers.formats.word_styles import frame, room_below

        lines_before = 0
        for section in sections:
            if section.place == "window" and self._look == "letter":
                for part in _paragraphs(section.parts):
                    frame(self._put(self._document, part, "Window"))
                self._below = room_below(lines_before, self._lang)
                continue
            if section.place == CONTENTS:
                self._contents(section)
                continue
            self._chapter = section.place == CHAPTER
            lines_before += sum(len(part.runs) > 0 for part in section.parts)
            for part in section.parts:
                self._part(part, section.place)

    def _part(self, part: Part, place: str) -> None:
        if part.kind == "heading":
            self._heading(part)
        elif part.kind == "points":
            self._points(part, 0)
        elif part.kind == "rows":
            self._rows(part)
        elif part.kind == "table":
            self._table(part)
        elif part.kind == "quote":
            for inner in _paragraphs(part.parts):
                self._put(self._document, inner, "Quote")
        elif part.kind == "rule":
            self._document.add_paragraph(style="Rule")
        else:
            self._put(self._document, part, _STYLE_OF_PLACE.get(place, "Normal"))

    def _heading(self, part: Part) -> None:
        """Write a heading; the first main one is the paper's title, and the levels below move up by one."""
        title = part.level == 1 and not self._titled
        self._titled |= title
        style = "Title" if title else f"Heading {min(3, max(1, part.level - 1))}"
        first = not self._document.element.body.xpath("w:p|w:tbl")
        written = self._put(self._document, part, style)
        if first:
            written.paragraph_format.space_before = 0
        if self._chapter:
            from leakresp.papers.formats.word_manual import begin_chapter

            self._chapters, self._chapter = self._chapters + 1, False
            begin_chapter(written, self._chapters)

    def _contents(self, section: Section) -> None:
        """Write the list of chapters, each leading to its chapter."""
        from leakresp.papers.formats.word_manual import contents

        titles = [paragraph.runs for paragraph in _paragraphs(section.parts)]
        contents(self._document, ["".join(run.words for run in runs) for runs in titles])

    def _table(self, part: Part) -> None:
        """Write a table of several columns; its head is repeated on every page."""
        from leakresp.papers.formats.word_manual import table

        cells = table(self._document, len(part.parts), part.shares)
        for number, (row, into) in enumerate(zip(part.parts, cells, strict=True)):
            for cell, holder in zip(row.parts, into, strict=True):
                self._cell(holder, (Part("paragraph", cell.runs),), "Answer" if number else "Label")
        for paragraph in (each for cell in cells[0] for each in cell.paragraphs):
            paragraph.paragraph_format.keep_with_next = True
        self._after_table = True

    def _points(self, part: Part, depth: int) -> None:
        from leakresp.papers.formats.word_styles import count_from, line_up, sink

        style = "List Number" if part.level else "List Bullet"
        number = count_from(self._document, part.level) if part.level else 0
        for point in part.parts:
            for place, inner in enumerate(point.parts):
                if inner.kind == "points":
                    self._points(inner, depth + 1)
                    continue
                for paragraph in _paragraphs((inner,)):
                    written = self._put(self._document, paragraph, "List Continue" if place else style)
                    if place:
                        line_up(written, depth, self._lang, numbered=bool(number))
                    else:
                        sink(written, depth, number)
        if not depth and part.parts:
            from docx.shared import Pt

            self._document.paragraphs[-1].paragraph_format.space_after = Pt(6)

    def _rows(self, part: Part) -> None:
        from leakresp.papers.formats.word_styles import form_table, make_tall

        table = form_table(self._document, len(part.parts), self._lang)
        for row, cells in zip(part.parts, table, strict=True):
            self._cell(cells[0], (Part("paragraph", row.runs),), "Label")
            self._cell(cells[1], row.parts, "Answer")
            if not row.parts:
                make_tall(cells[1])
        for cells in table[:-1] if len(table) <= _SMALL else table[:1]:
            for paragraph in (each for cell in cells for each in cell.paragraphs):
                paragraph.paragraph_format.keep_with_next = True
        self._after_table = True

    def _cell(self, cell: _Cell, parts: tuple[Part, ...], style: str) -> None:
        first = cell.paragraphs[0]
        first.style = style
        for place, part in enumerate(_paragraphs(parts)):
            paragraph = first if place == 0 else cell.add_paragraph(style=style)
            _write_runs(paragraph, part.runs)

    def _put(self, holder: Document, part: Part, style: str) -> Paragraph:
        from docx.shared import Mm, Pt

        paragraph = holder.add_paragraph(style=style)
        _write_runs(paragraph, part.runs)
        if style != "Window" and self._below:
            paragraph.paragraph_format.space_before = Mm(self._below)
            self._below = 0
        elif part.strong or (self._after_table and not style.startswith(("Heading", "Title"))):
            paragraph.paragraph_format.space_before = Pt(8)
        if part.leads:
            paragraph.paragraph_format.keep_with_next = True
            paragraph.paragraph_format.space_after = Pt(2)
        self._after_table = False
        return paragraph


_STYLE_OF_PLACE: Final = {"right": "Right", "center": "Center"}


def _paragraphs(parts: tuple[Part, ...]) -> Iterator[Part]:
    """Yield the paragraphs in parts, whatever holds them."""
    for part in parts:
        if part.runs:
            yield part
        yield from _paragraphs(part.parts)


def _write_runs(paragraph: Paragraph, runs: tuple[Run, ...]) -> None:
    for run in runs:
        written = paragraph.add_run()
        if run.strong:
            written.style = "Strong"
        for place, line in enumerate(storable(run.words).split("\n")):
            if place:
                written.add_break()
            if line:
                _add_text(written, line)


def _add_text(run: Any, line: str) -> None:  # noqa: ANN401 -- the library's element classes have no types
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    text = OxmlElement("w:t")
    text.set(qn("xml:space"), "preserve")
    text.text = line
    run._r.append(text)  # noqa: SLF001 -- the library's own text() takes tabs and line ends apart; here they are data
