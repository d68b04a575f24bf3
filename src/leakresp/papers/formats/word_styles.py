"""How a paper looks in Word: the page, the fonts for Japanese, the styles, the lists, the form and the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from docx.document import Document
    from docx.styles.style import ParagraphStyle
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

    from leakresp.papers.render import Rendered

#: Fonts by language: of the text and of headings, for Latin letters and for Japanese. Every Word since 2016 has them.
_SERIF: Final = {"ja": ("Yu Mincho", "Yu Mincho"), "en": ("Times New Roman", "Yu Mincho")}
_SANS: Final = {"ja": ("Yu Gothic", "Yu Gothic"), "en": ("Arial", "Yu Gothic")}
_LOCALE: Final = {"ja": "ja-JP", "en": "en-US"}
_BULLET: Final = {"ja": "・", "en": "•"}
#: Size of the text and distance of its lines, in points. The English font is small for its size.
_SIZE: Final = {"ja": 10.5, "en": 11.5}
_LINE: Final = {"ja": 17.5, "en": 17}
#: Millimetres: the upper margin, and those at the sides. A line of English should not be much longer than 80 letters.
_TOP: Final = 25
_SIDE: Final = {"ja": 25, "en": 28}
#: How far a point's text stands in, in twips. The Japanese dot is one letter wide and has its space within.
_INDENT: Final = {"bullet": {"ja": 210, "en": 250}, "decimal": {"ja": 420, "en": 420}}
#: Millimetres: how tall a row is, and one to be filled in by hand.
_ROW, _TALL_ROW = 8, 11.3
_TWIPS: Final = 1440 / 25.4
_BULLETS, _NUMBERS = 1, 2
#: The window of layout.typ, in millimetres: left, top, width, height, and where the text below it may begin.
_WINDOW: Final = (20, 13, 65, 24)
_BELOW_WINDOW: Final = 62
#: Styles of the library's own template that a paper uses; the others are left out of the file.
_KEPT: Final = frozenset({
    "Normal", "Title", "Heading 1", "Heading 2", "Heading 3", "List Bullet", "List Number", "List Continue", "Quote",
    "Strong", "Header", "Footer", "Table Grid", "Normal Table", "No List", "Default Paragraph Font",
})  # fmt: skip


def dress(document: Document, rendered: Rendered) -> None:
    """Give a new document its page, styles and properties."""
    _strip(document)
    _set_page(document, rendered.lang)
    _set_language(document, rendered.lang)
    _set_lists(document, rendered.lang)
    for make in (_text_styles, _heading_styles, _place_styles, _list_styles, _table_styles):
        make(document, rendered.lang)
    _set_footer(document)
    _set_properties(document, rendered)


def element(name: str, /, **attributes: object) -> Any:  # noqa: ANN401 -- the library's elements have no types
    """Return a new element of the word-processing language."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def _qn(name: str) -> str:
    from docx.oxml.ns import qn

    return qn(f"w:{name}")


def _strip(document: Document) -> None:
    """Leave out what the template brings and nobody needs: a picture, the maker's program, a hundred table styles."""
    package, part = document.part.package, document.part
    assert package is not None  # noqa: S101 -- a document that was just made has its package
    for rels, words in ((package.rels, ("thumbnail", "extended-properties")), (part.rels, ("Effects", "customXml"))):
        for key in [key for key, rel in rels.items() if any(word in rel.reltype for word in words)]:
            del rels[key]
    styles = document.styles.element
    latent = styles.find(_qn("latentStyles"))
    for style in list(styles.findall(_qn("style"))):
        name = style.find(_qn("name")).get(_qn("val"))
        if _ui(name) not in _KEPT:
            styles.remove(style)
        for link in style.findall(_qn("link")):
            style.remove(link)
    if latent is not None:
        styles.remove(latent)
    _strip_settings(document)


def _ui(name: str) -> str:
    """Return a style's name as people see it: the file writes some of them small."""
    return name[:1].upper() + name[1:] if name.startswith(("heading", "header", "footer")) else name


def _strip_settings(document: Document) -> None:
    settings = document.settings.element
    for name in ("rsids", "savePreviewPicture", "proofState"):
        for each in settings.findall(_qn(name)):
            settings.remove(each)
    for zoom in settings.findall(_qn("zoom")):
        zoom.set(_qn("percent"), "100")
        del zoom.attrib[_qn("val")]
    for control in settings.findall(_qn("characterSpacingControl")):
        control.set(_qn("val"), "compressPunctuation")
    for compatibility in settings.findall(_qn("compat")):
        compatibility.insert(0, element("doNotExpandShiftReturn"))  # else the lines of an address are pulled apart
    for setting in settings.iter(_qn("compatSetting")):
        if setting.get(_qn("name")) == "compatibilityMode":
            setting.set(_qn("val"), "15")


def _set_page(document: Document, lang: str) -> None:
    from docx.shared import Mm

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(_TOP), Mm(24)
    section.left_margin = section.right_margin = Mm(_SIDE[lang])
    section.header_distance, section.footer_distance = Mm(12), Mm(12)
    for name in list(section._sectPr.attrib):  # noqa: SLF001 -- revision marks of the template's maker
        del section._sectPr.attrib[name]  # noqa: SLF001
    for grid in section._sectPr.findall(_qn("docGrid")):  # noqa: SLF001
        section._sectPr.remove(grid)  # noqa: SLF001


def _set_language(document: Document, lang: str) -> None:
    defaults = document.styles.element.find(_qn("docDefaults"))
    properties = next(defaults.iter(_qn("rPr")))
    for each in list(properties):
        properties.remove(each)
    latin, japanese = _SERIF[lang]
    properties.append(element("rFonts", ascii=latin, hAnsi=latin, eastAsia=japanese, cs=latin))
    properties.append(element("sz", val=round(_SIZE[lang] * 2)))
    properties.append(element("lang", val=_LOCALE[lang] if lang == "en" else "en-US", eastAsia="ja-JP", bidi="ar-SA"))
    for theme in document.settings.element.findall(_qn("themeFontLang")):
        theme.set(_qn("val"), "en-US")
        theme.set(_qn("eastAsia"), "ja-JP")


def _set_lists(document: Document, lang: str) -> None:
    numbering = document.part.numbering_part.element
    for each in list(numbering):
        numbering.remove(each)
    numbering.append(_abstract(_BULLETS, "bullet", lang))
    numbering.append(_abstract(_NUMBERS, "decimal", lang))
    for number in (_BULLETS, _NUMBERS):
        numbering.append(_number(number, number))


def _abstract(number: int, kind: str, lang: str) -> Any:  # noqa: ANN401
    made = element("abstractNum", abstractNumId=number)
    made.append(element("multiLevelType", val="multilevel"))
    step = _INDENT[kind][lang]
    for depth in range(3):
        level = element("lvl", ilvl=depth)
        level.append(element("start", val=1))
        level.append(element("numFmt", val=kind))
        if kind == "bullet" and lang == "ja":
            level.append(element("suff", val="nothing"))  # a tab would go to the next stop: the dot fills its room
        level.append(element("lvlText", val=_BULLET[lang] if kind == "bullet" else f"%{depth + 1}."))
        level.append(element("lvlJc", val="left"))
        indent = element("pPr")
        indent.append(element("ind", left=step * (depth + 1), hanging=step))
        level.append(indent)
        made.append(level)
    return made


def _number(number: int, abstract: int, start: int = 0) -> Any:  # noqa: ANN401
    made = element("num", numId=number)
    made.append(element("abstractNumId", val=abstract))
    if start:
        override = element("lvlOverride", ilvl=0)
        override.append(element("startOverride", val=start))
        made.append(override)
    return made


def count_from(document: Document, start: int) -> int:
    """Return the number of a new numbered list that begins at ``start``; without it lists would count on."""
    numbering = document.part.numbering_part.element
    number = len(numbering.findall(_qn("num"))) + 1
    numbering.append(_number(number, _NUMBERS, start))
    return number


def sink(paragraph: Paragraph, depth: int, number: int) -> None:
    """Set a point at its depth, in the list that counts it (0: that of its style)."""
    if not (depth or number):
        return
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001
    own = properties.get_or_add_numPr()
    own.append(element("ilvl", val=min(depth, 2)))
    own.append(element("numId", val=number or _BULLETS))


def line_up(paragraph: Paragraph, depth: int, lang: str, *, numbered: bool) -> None:
    """Set a point's further paragraph below its first."""
    from docx.shared import Twips

    step = _INDENT["decimal" if numbered else "bullet"][lang]
    paragraph.paragraph_format.left_indent = Twips(step * (min(depth, 2) + 1))


def _style(document: Document, name: str, base: str = "Normal") -> ParagraphStyle:
    """Return a paragraph style emptied of what the template gave it, or a new one."""
    from docx.enum.style import WD_STYLE_TYPE

    styles = document.styles
    style: Any
    if name in styles:
        style = styles[name]
        for part in ("pPr", "rPr"):
            for each in style.element.findall(_qn(part)):
                style.element.remove(each)
        if name != "Normal":
            style.base_style = styles[base]
    else:
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles[base]
    style.quick_style, style.hidden, style.unhide_when_used = True, False, False
    made: ParagraphStyle = style
    return made


def _set(
    style: ParagraphStyle, fonts: tuple[str, str], size: float, line: float, around: tuple[float, float] = (0, 0)
) -> None:
    """Give a style its fonts, and in points its size, the distance of its lines and the space before and after."""
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import Pt

    properties = style.element.get_or_add_rPr()
    latin, japanese = fonts
    properties.append(element("rFonts", ascii=latin, hAnsi=latin, eastAsia=japanese, cs=latin))
    style.font.size = Pt(size)
    shape = style.paragraph_format
    shape.line_spacing_rule = WD_LINE_SPACING.AT_LEAST
    shape.line_spacing = Pt(line)
    shape.space_before, shape.space_after = map(Pt, around)
    shape.widow_control = True


def _text_styles(document: Document, lang: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    normal = _style(document, "Normal")
    _set(normal, _SERIF[lang], _SIZE[lang], _LINE[lang], (0, 6))
    if lang == "ja":
        normal.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    quote = _style(document, "Quote")
    _set(quote, _SERIF[lang], _SIZE[lang] - 1, 15.5, (0, 5))
    properties = quote.element.get_or_add_pPr()
    border = element("pBdr")
    border.append(element("left", val="single", sz=10, space=8, color="999999"))
    properties.insert_element_before(border, *_AFTER_BORDER)
    quote.paragraph_format.left_indent = _millimetres(4)
    rule = _style(document, "Rule")
    _set(rule, _SERIF[lang], 6, 6, (4, 8))
    line = element("pBdr")
    line.append(element("bottom", val="single", sz=4, space=1, color="666666"))
    rule.element.get_or_add_pPr().insert_element_before(line, *_AFTER_BORDER)
    strong = document.styles["Strong"].element
    for each in strong.findall(_qn("rPr")):
        strong.remove(each)
    latin, japanese = _SANS[lang]
    properties = strong.get_or_add_rPr()
    properties.append(element("rFonts", ascii=latin, hAnsi=latin, eastAsia=japanese, cs=latin))
    properties.append(element("b"))


#: What the file format wants after a paragraph's border, in its order.
_AFTER_BORDER: Final = (
    "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl",
)  # fmt: skip


def _millimetres(length: float) -> Any:  # noqa: ANN401
    from docx.shared import Mm

    return Mm(length)


def _heading_styles(document: Document, lang: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    for name, level, size, line, around in (
        ("Title", 0, 14, 20, (18, 20)),
        ("Heading 1", 1, 11.5, 17.5, (12, 4)),
        ("Heading 2", 2, 10.5, 17.5, (10, 3)),
        ("Heading 3", 3, 10.5, 17.5, (8, 2)),
    ):
        style = _style(document, name)
        _set(style, _SANS[lang], size, line, around)
        style.font.bold = True
        shape = style.paragraph_format
        shape.keep_with_next = shape.keep_together = True
        shape.alignment = WD_ALIGN_PARAGRAPH.LEFT if level else WD_ALIGN_PARAGRAPH.CENTER
        if level:
            style.element.get_or_add_pPr().append(element("outlineLvl", val=level - 1))
        style.next_paragraph_style = document.styles["Normal"]


def _place_styles(document: Document, lang: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING

    for name, alignment in (("Right", WD_ALIGN_PARAGRAPH.RIGHT), ("Center", WD_ALIGN_PARAGRAPH.CENTER)):
        style = _style(document, name)
        _set(style, _SERIF[lang], _SIZE[lang], _LINE[lang], (0, 2) if name == "Right" else (10, 6))
        style.paragraph_format.alignment = alignment
    window = _style(document, "Window")
    _set(window, _SERIF[lang], 9.5, 11.3)
    # Fonts for Japanese ask for so much room between lines that an address would outgrow the window.
    window.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    window.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT


def _list_styles(document: Document, lang: str) -> None:
    for name, number in (("List Bullet", _BULLETS), ("List Number", _NUMBERS), ("List Continue", 0)):
        style = _style(document, name)
        _set(style, _SERIF[lang], _SIZE[lang], _LINE[lang], (0, 2))
        if number:
            own = style.element.get_or_add_pPr().get_or_add_numPr()
            own.append(element("numId", val=number))


def _table_styles(document: Document, lang: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    for name in ("Label", "Answer"):
        style = _style(document, name)
        fonts, size = (_SANS[lang], 9.5) if name == "Label" else (_SERIF[lang], _SIZE[lang] - 0.5)
        _set(style, fonts, size, 15, (2, 2))
        style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT


def form_table(document: Document, rows: int, lang: str) -> list[tuple[_Cell, _Cell]]:
    """Return the cells of a new table of two columns: what is asked, shaded and marked as first column; the answer."""
    table = document.add_table(rows, 2, style="Table Grid")
    show_as(table, first_column=True)
    whole = 210 - 2 * _SIDE[lang]
    widths = round(whole * 0.32), round(whole * 0.68)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = _millimetres(width)
    return [_row(row, widths) for row in table.rows]


def show_as(table: Table, *, first_column: bool) -> None:
    """Mark what names the cells of a table: its first column, or its first row. Its columns keep their width."""
    table.autofit = False
    look = table._tbl.tblPr.find(_qn("tblLook"))  # noqa: SLF001
    if look is None:
        look = element("tblLook")
        table._tbl.tblPr.append(look)  # noqa: SLF001
    for name in list(look.attrib):
        del look.attrib[name]
    row, column = int(not first_column), int(first_column)
    shown = {"firstRow": row, "lastRow": 0, "firstColumn": column, "lastColumn": 0, "noHBand": 1, "noVBand": 1}
    for name, value in ({"val": "0680" if first_column else "0620"} | shown).items():
        look.set(_qn(name), str(value))


def _row(row: Any, widths: tuple[int, int]) -> tuple[_Cell, _Cell]:  # noqa: ANN401
    from docx.enum.table import WD_ROW_HEIGHT_RULE

    label, answer = row.cells
    label.width, answer.width = map(_millimetres, widths)
    label._tc.get_or_add_tcPr().append(element("shd", val="clear", color="auto", fill="F2F2F2"))  # noqa: SLF001
    row._tr.get_or_add_trPr().append(element("cantSplit"))  # noqa: SLF001
    row.height_rule, row.height = WD_ROW_HEIGHT_RULE.AT_LEAST, _millimetres(_ROW)
    return label, answer


def make_tall(cell: _Cell) -> None:
    """Leave room in a row for an answer by hand."""
    height = cell._tc.getparent().get_or_add_trPr().find(_qn("trHeight"))  # noqa: SLF001
    height.set(_qn("val"), str(round(_TALL_ROW * _TWIPS)))


def frame(paragraph: Paragraph) -> None:
    """Set a paragraph where the window of the envelope shows it."""
    left, top, width, height = (round(each * _TWIPS) for each in _WINDOW)
    made = element(
        "framePr", w=width, h=height, hRule="atLeast", hSpace=0, wrap="around", vAnchor="page", hAnchor="page", x=left,
        y=top,
    )  # fmt: skip
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001
    properties.insert_element_before(made, "w:widowControl", "w:numPr", "w:pBdr", *_AFTER_BORDER)


def room_below(lines_before: int, lang: str) -> float:
    """Return the millimetres to leave between the lines beside the window and the text below it."""
    return max(6.0, _BELOW_WINDOW - _TOP - lines_before * (_LINE[lang] + 2) * 0.3528)


def _set_footer(document: Document) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    style = _style(document, "Footer")
    _set(style, _SERIF["ja"], 9, 12)
    style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.style = style
    for place, field in enumerate(("PAGE", "NUMPAGES")):
        if place:
            paragraph.add_run(" / ")
        made = element("fldSimple", instr=field)
        run = element("r")
        number = element("t")
        number.text = "1"
        run.append(number)
        made.append(run)
        paragraph._p.append(made)  # noqa: SLF001


def _set_properties(document: Document, rendered: Rendered) -> None:
    from leakresp.papers.formats.blanks import storable

    properties = document.core_properties
    for each in list(properties._element):  # noqa: SLF001 -- the template's maker, its day and its revision
        properties._element.remove(each)  # noqa: SLF001
    properties.title = storable(rendered.title)[:255]
    properties.language = _LOCALE[rendered.lang]
