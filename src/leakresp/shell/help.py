"""The help of the command line, in either language and laid out by the width of its letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from typer.core import TyperCommand, TyperGroup

from leakresp.shell.layout import cells, padded, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEADINGS: Final = {"Options": "オプション", "Arguments": "引数", "Commands": "コマンド"}
_WIDEST_FIRST: Final = 30
_BETWEEN: Final = 2

#: Typer carries its own click; these are its classes, by the way it offers them.
_Context: Any = TyperGroup.context_class
_Formatter: Any = _Context.formatter_class


class _WidthFormatter(_Formatter):  # type: ignore[misc]
    """Wraps text and tables by cells: a Japanese letter takes two."""

    def write_text(self, text: str) -> None:
        for line in wrap(text, self.width - self.current_indent):
            self.write(" " * self.current_indent + line + "\n")

    def write_dl(
        self, rows: Sequence[tuple[str, str]], col_max: int = _WIDEST_FIRST, col_spacing: int = _BETWEEN
    ) -> None:
        first = min(max((cells(term) for term, _ in rows), default=0), col_max) + col_spacing
        indent = " " * self.current_indent
        for term, text in rows:
            lines = wrap(text, self.width - first - self.current_indent) if text else []
            if cells(term) > first - col_spacing:
                self.write(f"{indent}{term}\n")
            else:
                self.write((indent + padded(term, first) + (lines.pop(0) if lines else "")).rstrip() + "\n")
            for line in lines:
                self.write(f"{indent}{'':>{first}}{line}\n")


class _JapaneseFormatter(_WidthFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or "使い方：")

    def write_heading(self, heading: str) -> None:
        super().write_heading(_HEADINGS.get(heading, heading))


class _EnglishContext(_Context):  # type: ignore[misc]
    formatter_class = _WidthFormatter


class _JapaneseContext(_Context):  # type: ignore[misc]
    formatter_class = _JapaneseFormatter


def classes(*, english: bool) -> tuple[type[TyperGroup], type[TyperCommand]]:
    """Return the classes of command groups and of commands whose help speaks the language."""
    context: Any = _EnglishContext if english else _JapaneseContext

    def help_option(option: Any) -> Any:  # noqa: ANN401 - typer's own option
        if option is not None and not english:
            option.help = "この説明を表示する"
        return option

    class Group(TyperGroup):
        context_class = context

        def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401
            return help_option(super().get_help_option(ctx))

        def get_short_help_str(self, limit: int = 0) -> str:  # noqa: ARG002 - never cut off: it is wrapped
            return self.help or ""

    class Command(TyperCommand):
        context_class = context

        def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401
            return help_option(super().get_help_option(ctx))

        def get_short_help_str(self, limit: int = 0) -> str:  # noqa: ARG002 - never cut off: it is wrapped
            return self.help or ""

    return Group, Command


def misuse(error: Any, *, english: bool) -> str:  # noqa: ANN401 - one of typer's own errors
    """Return what is wrong with a command line, as one sentence."""
    message = str(error.format_message())
    if english:
        return f"This is not how the command is used: {message}"
    nearest = getattr(error, "possibilities", None)
    hint = f"（候補：{'、'.join(nearest)}）" if nearest else ""
    match type(error).__name__:
        case "NoSuchOption":
            return f"「{error.option_name}」というオプションはありません{hint}。"
        case "MissingParameter":
            return f"「{error.param.human_readable_name if error.param else ''}」を指定してください。"
        case "BadOptionUsage":
            return f"オプション「{error.option_name}」には値が要ります。"
    if message.startswith("No such command"):
        word, *others = message.split("'")[1::2]
        return f"「{word}」というコマンドはありません" + (f"（候補：{'、'.join(others)}）。" if others else "。")
    return f"コマンドの指定が正しくありません（{message}）。"
