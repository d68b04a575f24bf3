"""The command line: every command and option, what it says of itself, and how it fails.

The commands themselves are modules of ``shell.commands``, imported only when they run.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leakresp.shell import faults
from leakresp.shell.faults import FaultsError
from leakresp.shell.help import classes, misuse

if TYPE_CHECKING:
    from collections.abc import Iterator


def _english(arguments: list[str]) -> bool:
    """Tell whether help is wanted in English; it must be known before the commands are declared."""
    for index, argument in enumerate(arguments):
        if argument == "--lang" and index + 1 < len(arguments):
            return arguments[index + 1] == "en"
        if argument.startswith("--lang="):
            return argument == "--lang=en"
    return os.environ.get("LEAKRESP_LANG") == "en"


#: The exit code of a program stopped with Ctrl-C.
INTERRUPTED = 130

_EN = _english(sys.argv[1:])


def _t(ja: str, en: str) -> str:
    return en if _EN else ja


_Group, _Command = classes(english=_EN)

app = typer.Typer(
    cls=_Group,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=_t(
        "個人情報の漏えい等が起きたときに、すべきこと、報告の義務、期限、文書を示します。"
        "通信は一切しません。法律家の助言に代わるものではありません。",
        "Shows what to do, whether a report is due, by when, and what to write after personal data leaked in Japan. "
        "Opens no network connection. No substitute for legal advice.",
    ),
)
_rules_app = typer.Typer(
    cls=_Group,
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=_t("ルール（法令と実務のデータ）を確かめ、読みます。", "Check and read the rules (law and practice as data)."),
)
app.add_typer(_rules_app, name="rules")

Lang = Annotated[str | None, typer.Option("--lang", metavar="ja|en", help=_t("画面の言語", "Language of the screen"))]
Json = Annotated[bool, typer.Option("--json", help=_t("JSONで出力する", "Print JSON"))]
Plain = Annotated[bool, typer.Option("--plain", help=_t("色と罫線を使わない", "No colour, no boxes"))]
Rules = Annotated[
    str | None, typer.Option("--rules", metavar="DIR", help=_t("自前のルールのフォルダー", "Folder of your own rules"))
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="ID=VALUE", help=_t("事実を一つ答える（何度でも）", "State one fact (repeatable)")),
]
On = Annotated[
    str | None, typer.Option("--on", metavar="DAY", help=_t("この日のルールで判断する", "Apply the rules of this day"))
]
AnswersOption = Annotated[
    Path | None,
    typer.Option(
        "--answers",
        metavar="FILE",
        help=_t("回答ファイル（YAML/JSON。-は標準入力）", "Answers file (YAML/JSON, - for standard input)"),
    ),
]
CaseOption = Annotated[
    str | None, typer.Option("--case", metavar="CASE", help=_t("事案の名前かフォルダー", "Name or folder of a case"))
]
CaseArgument = Annotated[
    str | None,
    typer.Argument(metavar="[CASE]", show_default=False, help=_t("事案の名前かフォルダー", "Name or folder of a case")),
]
Dir = Annotated[
    str | None, typer.Option("--dir", metavar="DIR", help=_t("事案を置くフォルダー", "Folder where cases are kept"))
]
By = Annotated[
    str | None,
    typer.Option("--by", metavar="NAME", help=_t("記録に残す担当者の名前", "Name of the person for the record")),
]


@app.callback()
def _top(
    debug: Annotated[
        bool, typer.Option("--debug", help=_t("不具合のとき詳細を表示する", "Show details when the program fails"))
    ] = False,
    version: Annotated[bool, typer.Option("--version", "-V", help=_t("版を表示する", "Show the version"))] = False,
) -> None:
    del debug  # read from the arguments, since a failure may come before they are parsed
    if version:
        from leakresp import __version__

        typer.echo(f"leakresp {__version__}")
        raise typer.Exit


@app.command(
    cls=_Command,
    help=_t(
        "質問に答えて、判断・期限・すべきこと・文書にたどり着きます。中断しても続きから始められます。",
        "Interviews you, keeps a case, and ends with verdict, dates, actions and papers. Resumes.",
    ),
)
def triage(
    case: CaseArgument = None,
    answers: AnswersOption = None,
    settings: Set = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="stop|duty|clock|papers", help=_t("この段階まで聞く", "Ask up to this stage")),
    ] = None,
    no_input: Annotated[
        bool,
        typer.Option(
            "--no-input", help=_t("質問せず、足りない事実を示して終わる", "Ask nothing; list what is missing")
        ),
    ] = False,
    folder: Dir = None,
    by: By = None,
    on: On = None,
    rules: Rules = None,
    as_json: Json = False,
    plain: Plain = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import triage as command

    _leave(
        command.run(
            case=case,
            answers=answers,
            settings=settings or [],
            until=until,
            no_input=no_input,
            folder=folder,
            by=by,
            on=on,
            rules=rules,
            as_json=as_json,
            plain=plain,
            lang=lang,
        )
    )


@app.command(
    cls=_Command,
    name="next",
    help=_t(
        "まだ結論を変え得る次の質問を一つ示します（ほかの画面から使うため）。",
        "The next question that can still change something, for other front ends.",
    ),
)
def next_(
    case: CaseOption = None,
    answers: AnswersOption = None,
    settings: Set = None,
    until: Annotated[
        str, typer.Option("--until", metavar="stop|duty|clock|papers", help=_t("この段階まで", "Up to this stage"))
    ] = "papers",
    folder: Dir = None,
    on: On = None,
    rules: Rules = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import next as command

    _leave(
        command.run(
            case=case,
            answers=answers,
            settings=settings or [],
            until=until,
            folder=folder,
            on=on,
            rules=rules,
            as_json=as_json,
            lang=lang,
        )
    )


@app.command(
    cls=_Command,
    help=_t(
        "事案を作らずに判断します。ファイル・標準入力・--set から読み、終了コードで分岐できます。",
        "The decision without a case, for runbooks: files, standard input or --set.",
    ),
)
def assess(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE]...",
            show_default=False,
            help=_t("回答ファイル（-は標準入力）", "Answers files (- for standard input)"),
        ),
    ] = None,
    settings: Set = None,
    on: On = None,
    jsonl: Annotated[
        bool,
        typer.Option(
            "--jsonl",
            help=_t("1行1事案のJSONを読み、1行1結果で出す", "One incident a line in, one assessment a line out"),
        ),
    ] = False,
    exit_code: Annotated[
        bool,
        typer.Option(
            "--exit-code",
            help=_t("10＝報告が必要、11＝未確定、0＝不要", "10 report required, 11 cannot tell yet, 0 not required"),
        ),
    ] = False,
    rules: Rules = None,
    as_json: Json = False,
    plain: Plain = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import assess as command

    _leave(
        command.run(
            files=files or [],
            settings=settings or [],
            on=on,
            jsonl=jsonl,
            exit_code=exit_code,
            rules=rules,
            as_json=as_json,
            plain=plain,
            lang=lang,
        )
    )


@app.command(
    cls=_Command,
    help=_t(
        "判断の理由を、条文・出典・回答までさかのぼって示します。",
        "The reasons: proofs, articles, sources and the answers they rest on.",
    ),
)
def why(
    case: CaseArgument = None,
    answers: AnswersOption = None,
    settings: Set = None,
    hypothesis: Annotated[
        list[str] | None,
        typer.Option(
            "--if",
            metavar="ID=VALUE",
            help=_t("もしこうだったら（今の判断と並べて示す）", "A hypothetical beside today"),
        ),
    ] = None,
    folder: Dir = None,
    on: On = None,
    rules: Rules = None,
    as_json: Json = False,
    plain: Plain = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import why as command

    _leave(
        command.run(
            case=case,
            answers=answers,
            settings=settings or [],
            hypothesis=hypothesis or [],
            folder=folder,
            on=on,
            rules=rules,
            as_json=as_json,
            plain=plain,
            lang=lang,
        )
    )


@app.command(
    cls=_Command,
    name="draft-notice",
    help=_t("報告書や通知の下書きを書きます。", "Writes drafts of reports and letters."),
)
def draft_notice(
    paper: Annotated[
        str | None,
        typer.Argument(
            metavar="[PAPER]", show_default=False, help=_t("文書のID（--list で一覧）", "Id of a paper (see --list)")
        ),
    ] = None,
    case: CaseOption = None,
    answers: AnswersOption = None,
    settings: Set = None,
    listed: Annotated[
        bool,
        typer.Option("--list", help=_t("必要な文書とその理由を示す", "Show the papers this incident needs and why")),
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help=_t("必要な文書をすべて書く", "Write every paper that is needed"))
    ] = False,
    format_: Annotated[str | None, typer.Option("--format", metavar="md|txt|html", help=_t("書式", "Format"))] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="PATH", help=_t("書き出す先", "Where to write"))
    ] = None,
    final: Annotated[
        bool, typer.Option("--final", help=_t("未確認が残っていれば書かない", "Refuse while a needed fact is a hole"))
    ] = False,
    folder: Dir = None,
    on: On = None,
    rules: Rules = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import draft_notice as command

    _leave(
        command.command(
            paper=paper,
            case=case,
            answers=answers,
            settings=settings or [],
            listed=listed,
            everything=everything,
            format_=format_,
            output=output,
            final=final,
            folder=folder,
            on=on,
            rules=rules,
            as_json=as_json,
            lang=lang,
        )
    )


@app.command(
    cls=_Command,
    help=_t(
        "JSON Schemaを出力します：answers（回答ファイル）か assessment（判断の結果）。",
        "Prints the JSON Schema of answers files or of assessments.",
    ),
)
def schema(
    which: Annotated[str, typer.Argument(metavar="answers|assessment")],
    rules: Rules = None,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import schema as command

    _leave(command.run(which=which, rules=rules, lang=lang))


@_rules_app.command(
    cls=_Command,
    name="check",
    help=_t("ルールの約束がすべて守られているか確かめます。", "Check that the rules keep every promise."),
)
def rules_check(rules: Rules = None, as_json: Json = False, lang: Lang = None) -> None:
    from leakresp.shell.commands import rules as command

    _leave(command.check(rules=rules, today=today(), as_json=as_json, lang=lang))


@_rules_app.command(
    cls=_Command, name="list", help=_t("規定の一覧、又は出典の一覧を示します。", "List the rules, or every source.")
)
def rules_list(
    sources: Annotated[bool, typer.Option("--sources", help=_t("出典の一覧", "Every source"))] = False,
    rules: Rules = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import rules as command

    _leave(command.list_(sources=sources, rules=rules, today=today(), as_json=as_json, lang=lang))


@_rules_app.command(
    cls=_Command,
    name="show",
    help=_t("規定・推定・行動・事実を一つ示します。", "Show one rule, presumption, action or fact."),
)
def rules_show(
    name: Annotated[str, typer.Argument(metavar="ID")],
    on: On = None,
    rules: Rules = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import rules as command

    _leave(command.show(name=name, on=on, rules=rules, today=today(), as_json=as_json, lang=lang))


@_rules_app.command(
    cls=_Command,
    name="test",
    help=_t("ルールに書かれた例をすべて実行します。", "Run every example written in the rules."),
)
def rules_test(rules: Rules = None, as_json: Json = False, lang: Lang = None) -> None:
    from leakresp.shell.commands import rules as command

    _leave(command.test(rules=rules, as_json=as_json, lang=lang))


def today() -> dt.date:
    """Return today's date in Japan: deadlines are Japan's, wherever the machine stands."""
    from leakresp.law.vocabulary import JAPAN

    return dt.datetime.now(JAPAN).date()


def _leave(code: int) -> None:
    raise typer.Exit(code)


def main(arguments: list[str]) -> int:
    """Run ``arguments`` and return the exit code; every failure is a sentence on standard error."""
    debug = "--debug" in arguments
    # Both are meant for any place on the line; typer knows an option only at its own command.
    arguments = _language_last([argument for argument in arguments if argument != "--debug"])
    try:
        with _only(next((word for word in arguments if not word.startswith("-")), None)):
            outcome: Any = app(arguments, prog_name="leakresp", standalone_mode=False)
    except FaultsError as error:
        if debug:
            raise
        _tell(error)
        return error.code
    except KeyboardInterrupt:
        _write(_t("中断しました。", "Stopped."))
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone; what remains to be flushed has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return faults.DONE
    except Exception as error:
        code = _usage(error)
        if code is not None:
            return code
        if debug:
            raise
        name = type(error).__name__
        _write(
            _t(
                f"leakresp の不具合です（{name}）。入力は失われていません。"
                "--debug を付けて再度実行し、詳細を知らせてください。",
                f"leakresp failed ({name}). Nothing entered is lost. Run again with --debug and report the details.",
            )
        )
        return faults.OUR_FAULT
    return outcome if isinstance(outcome, int) else faults.DONE


@contextmanager
def _only(name: str | None) -> Iterator[None]:
    """Let typer build the command that is called and no other: it inspects every option of each."""
    commands, groups = app.registered_commands, app.registered_groups
    called = [each for each in commands if name == (each.name or getattr(each.callback, "__name__", None))]
    called_groups = [each for each in groups if each.name == name]
    if called or called_groups:
        app.registered_commands, app.registered_groups = called, called_groups
    try:
        yield
    finally:
        app.registered_commands, app.registered_groups = commands, groups


def _language_last(arguments: list[str]) -> list[str]:
    """Return the arguments with ``--lang`` at the end; a group shown without a command has its help in it anyway."""
    rest, chosen = [], []
    words = iter(arguments)
    for word in words:
        if word.partition("=")[0] == "--lang":
            chosen = [word] if "=" in word else [word, *islice(words, 1)]
        else:
            rest.append(word)
    commands = [word for word in rest if not word.startswith("-")]
    groups = {group.name for group in app.registered_groups}
    return rest + chosen if commands and (commands[0] not in groups or commands[1:]) else rest


def _usage(error: Exception) -> int | None:
    """Tell a misuse of the command line and return its code, or ``None`` for anything else."""
    if isinstance(error, typer.Abort):
        _write(_t("中断しました。", "Stopped."))
        return INTERRUPTED
    if not hasattr(error, "format_message"):
        return None
    context = getattr(error, "ctx", None)
    if context is not None and type(error).__name__ == "NoArgsIsHelpError":
        typer.echo(context.get_help())
        return faults.MISUSE
    command = context.command_path if context is not None else "leakresp"
    _write(misuse(error, english=_EN))
    _write(_t(f"使い方：{command} --help", f"See: {command} --help"))
    return faults.MISUSE


def _tell(error: FaultsError) -> None:
    from leakresp.shell.wording import tell

    tell(error, "en" if _EN else "ja")


def _write(line: str) -> None:
    sys.stderr.write(line + "\n")
