"""A paper as PDF: A4, its font inside, tagged for a screen reader, and each letter counting its own pages.

The words go to the typesetter as data, never as its language. It reads nothing but fonts and fetches nothing.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from leakresp.papers.formats.outline import outline
from leakresp.papers.formats.press import FormatUnavailable, Press

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import typst

    from leakresp.papers.render import Rendered

#: Words in the names of fonts, the best first: serif for the text, sans serif for headings.
_SERIF: Final = ("Mincho", "明朝", "Serif")
_SANS: Final = ("Gothic", "ゴシック", "Sans")
#: A character that a font for Japanese has.
_KANA: Final = "あ"
#: Signs that only change how others are shown; a font needs no glyph for them.
_SILENT: Final = frozenset({"Cf", "Cc", "Mn", "Zl", "Zp", "Zs"})
_LAYOUT: Final = Path(__file__).with_name("layout.typ")


@dataclass(frozen=True, slots=True)
class Face:
    """One font of a file."""

    family: str
    path: str
    index: int


@dataclass(frozen=True, slots=True)
class Case:
    """The fonts at hand (that of the text, that of the headings, then all) and the typesetter that knows them."""

    body: Face
    heading: Face
    faces: tuple[Face, ...]
    compiler: typst.Compiler


def as_pdf(rendered: Rendered, press: Press) -> bytes:
    """Return a paper as PDF. Raises ``FormatUnavailable``."""
    return pressed(rendered, [sections_json(rendered)], press)


def sections_json(rendered: Rendered) -> str:
    """Return the outline of a paper as the JSON that the layout reads."""
    return json.dumps([asdict(section) for section in outline(rendered)], ensure_ascii=False)


def pressed(rendered: Rendered, letters: Sequence[str], press: Press) -> bytes:
    """Return letters, each as the JSON of its sections, one after the other. Raises ``FormatUnavailable``."""
    case = case_of(press)
    paper = {
        "title": rendered.title,
        "lang": rendered.lang,
        "look": rendered.look,
        "window": any(block.place == "window" for block in rendered.blocks),
        "body": _families(case.body, case.heading),
        "heading": _families(case.heading, case.body),
    }
    words = {"paper": json.dumps(paper, ensure_ascii=False), "letters": f"[{','.join(letters)}]"}
    missing = _missing(_shown(words), case)
    if missing:
        raise FormatUnavailable("pdf", "glyphs", "".join(missing))
    # The day of making is left out: the same text gives the same file.
    made = case.compiler.compile(_LAYOUT.read_bytes(), format="pdf", sys_inputs=words, timestamp=0)
    if not isinstance(made, bytes):
        raise FormatUnavailable("pdf", "library", "typst")
    return made


def _families(*faces: Face) -> list[str]:
    return list(dict.fromkeys(face.family for face in faces))


def _shown(words: dict[str, str]) -> set[str]:
    """Return the characters that stand in JSON; its own signs are in every font."""
    return set().union(*words.values())


def missing_glyphs(text: str, press: Press) -> tuple[str, ...]:
    """Return the characters that the PDF's fonts cannot print, in the order of the text. Raises ``FormatUnavailable``.

    A variant of a character that the font does not know (葛󠄀) is returned with its sign of variant: it would be
    printed in the font's ordinary form.
    """
    case = case_of(press)
    missing = set(_missing(set(text), case))
    found = [letter for letter in text if letter in missing]
    return tuple(dict.fromkeys((*found, *_missing_variants(text, case))))


def _missing(letters: set[str], case: Case) -> list[str]:
    wanted = {letter for letter in letters if unicodedata.category(letter) not in _SILENT}
    for face in case.faces:
        wanted = {letter for letter in wanted if ord(letter) not in _glyphs(face)}
        if not wanted:
            break
    return sorted(wanted)


def _missing_variants(text: str, case: Case) -> Iterator[str]:
    known = _variants(case.body)
    for before, sign in pairwise(text):
        if "\U000e0100" <= sign <= "\U000e01ef" and (ord(before), ord(sign)) not in known:
            yield before + sign


@lru_cache(maxsize=256)
def _glyphs(face: Face) -> frozenset[int]:
    """Return the code points a font has a glyph for."""
    with _opened(face) as font:
        return frozenset(font.getBestCmap() or ())


@lru_cache(maxsize=16)
def _variants(face: Face) -> frozenset[tuple[int, int]]:
    """Return the code points a font has a variant for, each with that of the variant's sign."""
    with _opened(face) as font:
        table = font["cmap"].getcmap(0, 5)
        signs = table.uvsDict if table else {}
        return frozenset((code, sign) for sign, known in signs.items() for code, _ in known)


def _opened(face: Face) -> Any:  # noqa: ANN401 -- the library has no types
    from fontTools.ttLib import TTFont

    return TTFont(face.path, fontNumber=face.index, lazy=True)


def case_of(press: Press) -> Case:
    """Return the fonts at hand. Raises ``FormatUnavailable`` without typesetter, or without a font for Japanese."""
    return _case(press.font)


@lru_cache(maxsize=4)
def _case(font: Path | None) -> Case:
    try:
        import fontTools.ttLib  # noqa: F401 -- asked for here, so that its absence is told before anything is made
        import typst
    except ImportError as error:
        raise FormatUnavailable("pdf", "library", error.name or "typst") from error
    folder, only = _place(font)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
    faces = _of_file(fonts.fonts(), only)
    japanese = [face for face in faces if face.family and ord(_KANA) in _glyphs(face)]
    if not japanese:
        raise FormatUnavailable("pdf", "font", str(font or folder))
    body, heading = _named(japanese, _SERIF), _named(japanese, _SANS)
    ordered = dict.fromkeys((body, heading, *japanese, *faces))
    compiler = typst.Compiler(_LAYOUT.read_bytes(), font_paths=fonts, ignore_system_fonts=True)
    return Case(body, heading, tuple(ordered), compiler)


def _place(font: Path | None) -> tuple[Path, Path | None]:
    """Return the folder of the fonts and, where one file was named, that file."""
    if font is None:
        try:
            import pylopdf_fonts_jp
        except ImportError as error:
            raise FormatUnavailable("pdf", "font", "pylopdf-fonts-jp") from error
        return Path(pylopdf_fonts_jp.__file__).parent, None
    if not font.exists():
        raise FormatUnavailable("pdf", "font", str(font))
    return (font, None) if font.is_dir() else (font.parent, font)


def _of_file(found: Iterable[typst.FontInfo], only: Path | None) -> list[Face]:
    faces = [Face(each.family, each.path, each.index) for each in found if each.path]
    return [face for face in faces if only is None or Path(face.path).resolve() == only.resolve()]


def _named(faces: list[Face], words: tuple[str, ...]) -> Face:
    """Return the first font whose name has one of ``words``, else the first."""
    return next((face for word in words for face in faces if word in face.family), faces[0])
