"""Questions at the keyboard: choose one, choose several with search, type an answer.

Own lists, since a search must find Japanese and a choice must never be cut off unread. Every prompt can be left by
"cannot tell yet", "why do you ask", "back" and "stop"; what was answered before is already kept by the caller.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from prompt_toolkit.application import Application, get_app
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import HSplit, Layout, Window
from prompt_toolkit.layout.controls import FormattedTextControl
from prompt_toolkit.styles import Style
from prompt_toolkit.utils import get_cwidth

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from leakresp.shell.wording import Wording

#: What a person can do instead of answering.
BACK: Final = "back"
WHY: Final = "why"
STOP: Final = "stop"
UNSURE: Final = "unsure"
NONE: Final = "none"

#: Rows kept free for the question, the help of a choice and the keys.
_ROWS_AROUND: Final = 10
_FEWEST_ROWS: Final = 4
_PAGE: Final = 10
_STYLE: Final = Style.from_dict({"pointer": "bold", "chosen": "bold", "quiet": "ansibrightblack", "find": "underline"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list: an answer, or something to do instead."""

    value: str
    text: str
    help: str = ""
    command: bool = False
    words: str = ""


class _List:
    def __init__(self, entries: Sequence[Entry], say: Wording, *, many: bool, chosen: set[str], start: str) -> None:
        self.entries: Final = tuple(entries)
        self.say: Final = say
        self.many: Final = many
        self.chosen: Final = chosen
        self.find = ""
        self.at = next((place for place, entry in enumerate(self.entries) if entry.value == start), 0)
        self.message = ""

    def finds(self, text: str) -> bool:
        """Tell whether a search for exactly ``text`` would find a line."""
        wanted = unicodedata.normalize("NFKC", text).casefold()
        return any(wanted in _folded(entry.text) for entry in self.entries if not entry.command)

    def shown(self) -> list[Entry]:
        """Return the entries that the search leaves; what can be done instead always stays."""
        wanted = _folded(self.find)
        titled = [entry for entry in self.entries if not entry.command and wanted in _folded(entry.text)]
        worded = [
            entry
            for entry in self.entries
            if not entry.command and entry not in titled and wanted in _folded(f"{entry.value} {entry.words}")
        ]
        return [*titled, *worded, *(entry for entry in self.entries if entry.command)]

    def current(self) -> Entry:
        shown = self.shown()
        self.at = min(self.at, len(shown) - 1)
        return shown[self.at]

    def move(self, step: int) -> None:
        self.at = max(0, min(self.at + step, len(self.shown()) - 1))
        self.message = ""

    def toggle(self) -> None:
        entry = self.current()
        if not entry.command:
            self.chosen.symmetric_difference_update({entry.value})
            if self.find:
                self.find = ""
                self.at = self.shown().index(entry)
        self.message = ""

    def lines(self) -> StyleAndTextTuples:
        parts: StyleAndTextTuples = []
        width = _width()
        for index, entry in enumerate(self.shown()):
            pointed = index == self.at
            mark = ("[x] " if entry.value in self.chosen else "[ ] ") if self.many and not entry.command else ""
            text = _cut(f"{'> ' if pointed else '  '}{mark}{entry.text}", width)
            style = "class:pointer" if pointed else "class:quiet" if entry.command else ""
            if pointed:
                parts.append(("[SetCursorPosition]", ""))
            parts.append((style, text + "\n"))
        return parts

    def foot(self) -> StyleAndTextTuples:
        parts: StyleAndTextTuples = []
        if self.find:
            parts.append(("class:find", self.say("prompt.find", find=self.find) + "\n"))
        if self.chosen:
            titles = [entry.text for entry in self.entries if entry.value in self.chosen]
            for line in _wrapped(self.say("prompt.chosen", chosen=self.say.listed(titles)), _width() - 2)[:2]:
                parts.append(("class:chosen", f"{line}\n"))
        help_text = self.message or self.current().help
        for line in _wrapped(help_text, _width() - 2)[:3]:
            parts.append(("", f"  {line}\n"))
        keys = self.say("prompt.keys_many" if self.many else "prompt.keys_one")
        parts.append(("class:quiet", _cut(f"{self.place()}{keys}", _width())))
        return parts

    def place(self) -> str:
        """Return which line of how many this is, where the window cannot show all of them; else nothing."""
        lines = len(self.shown())
        return self.say("prompt.place", at=self.at + 1, of=lines) if lines > _rows(lines)() else ""


def choose(
    entries: Sequence[Entry], say: Wording, *, many: bool = False, chosen: set[str] | None = None, start: str = ""
) -> Entry | list[str]:
    """Return the entry chosen, or the values chosen when ``many``. Raises ``KeyboardInterrupt`` on Ctrl-C.

    ``chosen`` holds what is ticked and keeps it when the list is left for a moment; ``start`` is the entry pointed at.
    """
    listing = _List(entries, say, many=many, chosen=set() if chosen is None else chosen, start=start)
    application: Application[Any] = Application(
        layout=Layout(
            HSplit(
                [
                    Window(
                        FormattedTextControl(listing.lines, focusable=True, show_cursor=False),
                        height=_rows(len(entries)),
                        wrap_lines=False,
                    ),
                    Window(FormattedTextControl(listing.foot), dont_extend_height=True, wrap_lines=False),
                ]
            )
        ),
        key_bindings=_keys(listing),
        style=_STYLE,
        erase_when_done=True,
    )
    result: Entry | list[str] = application.run()
    return result


def _rows(entries: int) -> Callable[[], int]:
    """Return how high the list may be; asked anew at every drawing, since a terminal can be resized."""
    return lambda: max(_FEWEST_ROWS, min(entries, get_app().output.get_size().rows - _ROWS_AROUND))


def _keys(listing: _List) -> KeyBindings:
    keys = KeyBindings()
    steps = {Keys.Up: -1, Keys.ControlP: -1, Keys.Down: 1, Keys.ControlN: 1, Keys.Tab: 1}
    steps |= {Keys.PageUp: -_PAGE, Keys.PageDown: _PAGE}
    for key, step in steps.items():
        keys.add(key)(partial(_move, listing, step))
    for key in (Keys.Backspace, Keys.Delete):
        keys.add(key)(partial(_shorten, listing))
    for key in (Keys.ControlC, Keys.ControlD):
        keys.add(key)(_interrupt)
    for key in (Keys.Left, Keys.ControlB):
        keys.add(key)(partial(_leave, listing, BACK))
    keys.add(Keys.Enter)(partial(_enter, listing))
    keys.add(Keys.Any)(partial(_letter, listing))
    return keys


def _move(listing: _List, step: int, _event: KeyPressEvent) -> None:
    listing.move(step)


def _shorten(listing: _List, _event: KeyPressEvent) -> None:
    listing.find = listing.find[:-1]


def _interrupt(event: KeyPressEvent) -> None:
    event.app.exit(exception=KeyboardInterrupt())


def _enter(listing: _List, event: KeyPressEvent) -> None:
    entry = listing.current()
    if not listing.many or entry.command:
        event.app.exit(result=entry)
    elif listing.chosen:
        event.app.exit(result=[entry.value for entry in listing.entries if entry.value in listing.chosen])
    else:
        listing.message = listing.say("prompt.choose_first")


def _letter(listing: _List, event: KeyPressEvent) -> None:
    letter = event.data
    if letter in {" ", "\u3000"} and listing.many and not (listing.find and listing.finds(listing.find + " ")):
        listing.toggle()
    elif letter in {"?", "？"} and not listing.find:
        _leave(listing, WHY, event)
    elif letter.isprintable():
        listing.find += letter
        listing.at = 0


def _leave(listing: _List, command: str, event: KeyPressEvent) -> None:
    entry = next((entry for entry in listing.entries if entry.command and entry.value == command), None)
    if entry is not None:
        event.app.exit(result=entry)


def type_answer(check: Callable[[str], str | None]) -> str:
    """Return what was typed once ``check`` finds no fault in it. Raises ``KeyboardInterrupt`` on Ctrl-C."""
    import questionary
    from prompt_toolkit.validation import ValidationError, Validator

    class Check(Validator):
        def validate(self, document: Any) -> None:  # noqa: ANN401 - prompt_toolkit's document
            fault = check(document.text)
            if fault is not None:
                raise ValidationError(len(document.text), fault)

    prompt = questionary.text("", qmark=">", validate=Check(), validate_while_typing=False)
    try:
        typed: str = prompt.unsafe_ask()
    except EOFError:
        raise KeyboardInterrupt from None
    return typed


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _width() -> int:
    return get_app().output.get_size().columns - 1


def _cut(text: str, width: int) -> str:
    """Return ``text`` cut to ``width`` columns; the whole of it stands below the list while it is pointed at."""
    if get_cwidth(text) <= width:
        return text
    kept = ""
    for letter in text:
        if get_cwidth(kept + letter) > width - 1:
            break
        kept += letter
    return kept + "…"


def _wrapped(text: str, width: int) -> list[str]:
    from leakresp.shell.layout import wrap

    return wrap(text, width)
