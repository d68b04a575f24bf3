"""What only a manual has in Word: chapters that begin a page, a list that leads to them, tables of several columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from leakresp.papers.formats.word_styles import element, show_as

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

#: Millimetres: the margins at the sides, and what lies between them.
_SIDE: Final = 18
_WIDTH: Final = 210 - 2 * _SIDE
#: The style that Word gives the chapters when it makes their list anew.
_CONTENTS: Final = "toc 1"
#: The field that lists the chapters. Without the numbers of pages it is never out of date.
_FIELD: Final = r' TOC \o "1-1" \n \h \z \u '


def dress_manual(document: Document) -> None:
    """Give a document that was dressed as a paper the margins, headings and list of chapters of a manual."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Mm, Pt

    section = document.sections[0]
    section.left_margin = section.right_margin = Mm(_SIDE)
    section.top_margin, section.bottom_margin = Mm(20), Mm(22)
    for name, size, line in (("Title", 22, 30), ("Heading 1", 15, 22), ("Heading 2", 12, 18)):
        document.styles[name].font.size = Pt(size)
        document.styles[name].paragraph_format.line_spacing = Pt(line)
    document.styles["Title"].paragraph_format.space_before = Pt(80)
    chapters = document.styles.add_style(_CONTENTS, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    chapters.base_style = document.styles["Normal"]
    for name in ("Label", "Answer"):
        document.styles[name].font.size = Pt(9)
        document.styles[name].paragraph_format.line_spacing = Pt(13)


def begin_chapter(heading: Paragraph, number: int) -> None:
    """Begin a page with a chapter's heading, and give it the name by which the list of chapters finds it."""
    heading.paragraph_format.page_break_before = True
    start = element("bookmarkStart", id=number, name=_name(number))
    runs = heading._p.findall(element("r").tag)  # noqa: SLF001 -- the library has no bookmarks
    runs[0].addprevious(start)
    runs[-1].addnext(element("bookmarkEnd", id=number))


def _name(number: int) -> str:
    return f"_Toc{number:08}"


def contents(document: Document, titles: Sequence[str]) -> None:
    """Write the list of chapters as a field that Word can make anew, filled in already."""
    for number, title in enumerate(titles, 1):
        paragraph = document.add_paragraph(style=_CONTENTS)
        if number == 1:
            for kind in ("begin", None, "separate"):
                paragraph.add_run()._r.append(_instruction() if kind is None else element("fldChar", fldCharType=kind))  # noqa: SLF001
        link = element("hyperlink", anchor=_name(number), history=1)
        run = paragraph.add_run(title)._r  # noqa: SLF001
        link.append(run)
        paragraph._p.append(link)  # noqa: SLF001
        if number == len(titles):
            paragraph.add_run()._r.append(element("fldChar", fldCharType="end"))  # noqa: SLF001


def _instruction() -> Any:  # noqa: ANN401 -- the library's elements have no types
    from docx.oxml.ns import qn

    made = element("instrText")
    made.set(qn("xml:space"), "preserve")
    made.text = _FIELD
    return made


def table(document: Document, rows: int, shares: Sequence[int]) -> list[tuple[_Cell, ...]]:
    """Return the cells of a new table: its first row is its head, repeated on every page; no row is parted."""
    from docx.shared import Mm

    made = document.add_table(rows, len(shares), style="Table Grid")
    show_as(made, first_column=False)
    widths = [Mm(_WIDTH * share / 100) for share in shares]
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    found = []
    for number, row in enumerate(made.rows):
        cells = tuple(row.cells)
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001
        properties.append(element("cantSplit"))
        if number == 0:
            properties.append(element("tblHeader"))
        for cell, width in zip(cells, widths, strict=True):
            cell.width = width
            if number == 0:
                cell._tc.get_or_add_tcPr().append(element("shd", val="clear", color="auto", fill="EBEBEB"))  # noqa: SLF001
        found.append(cells)
    return found
