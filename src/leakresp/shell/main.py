"""The command line: every command and option, what it says of itself, and how it fails.

The commands themselves are modules of ``shell.commands``, imported only when they run.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import sys
from contextlib import contextmanager
from copy import copy
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leakresp.shell import faults
from leakresp.shell.faults import FaultsError
from leakresp.shell.help import classes, misuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typer.models import CommandInfo


def _english(arguments: list[str]) -> bool:
    """Tell whether help is wanted in English; it must be known before the commands are declared."""
    for index, argument in enumerate(arguments):
        if argument == "--lang" and index + 1 < len(arguments):
            return arguments[index + 1] == "en"
        if argument.startswith("--lang="):
            return argument == "--lang=en"
    lang = os.environ.get("LEAKRESP_LANG")
    if not lang:
        from leakresp.shell.preferences import preferred

        lang = preferred("language")
    return lang == "en"


_EN = _english(sys.argv[1:])
#: A hash of a journal, whole or copied in part.
_HASH = re.compile(r"[0-9a-fA-F]{16,}")


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
_case_app = typer.Typer(
    cls=_Group,
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=_t("事案を閉じ、再開し、引き渡します。", "Close, reopen and hand over a case."),
)
app.add_typer(_case_app, name="case")
_profile_app = typer.Typer(
    cls=_Group,
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=_t("組織の事実を、平時に用意します。", "The facts of the organisation, prepared in peace time."),
)
app.add_typer(_profile_app, name="profile")
_templates_app = typer.Typer(
    cls=_Group,
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=_t(
        "文書のひな形を取り出し、自社で直したものを確かめます。", "Hand out the templates of papers; check your own."
    ),
)
app.add_typer(_templates_app, name="templates")

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

OneCase = Annotated[
    str,
    typer.Argument(metavar="CASE", show_default=False, help=_t("事案の名前かフォルダー", "Name or folder of a case")),
]
At = Annotated[
    str | None,
    typer.Option("--at", metavar="TIME", help=_t("その時点の記録に基づいて示す", "As it stood at that time")),
]
Because = Annotated[
    str | None, typer.Option("--because", metavar="TEXT", help=_t("記録に残す理由", "The reason, for the record"))
]
ProfileOption = Annotated[
    str | None, typer.Option("--profile", metavar="NAME", help=_t("組織のプロファイル", "Profile of the organisation"))
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
    profile: ProfileOption = None,
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
            profile=profile,
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
    profile: ProfileOption = None,
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
            profile=profile,
        )
    )


@app.command(
    cls=_Command,
    help=_t(
        "ほかのツールの記録（VERIS、TheHive、DFIR-IRIS）を回答に変え、事案を統計用のVERISに書き出します。",
        "Turns records of VERIS, TheHive and DFIR-IRIS into answers, and incidents into VERIS for statistics.",
    ),
)
def convert(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE]...",
            show_default=False,
            help=_t("記録のファイルかフォルダー（-は標準入力）", "Files or folders of records (- for standard input)"),
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="TOOL", help=_t("取り込む（veris|thehive|iris）", "Take over from veris|thehive|iris")
        ),
    ] = None,
    target: Annotated[
        str | None, typer.Option("--to", metavar="veris", help=_t("書き出す（veris）", "Write for veris"))
    ] = None,
    case: CaseOption = None,
    answers: AnswersOption = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help=_t("書き出すファイル（.yamlなら回答ファイル）", "File to write (.yaml: an answers file)"),
        ),
    ] = None,
    report: Annotated[
        bool,
        typer.Option("--report", help=_t("引き継がなかった項目と理由を示す", "Say what was not taken over, and why")),
    ] = False,
    with_victim: Annotated[
        bool, typer.Option("--with-victim", help=_t("自社の名称を書き出す", "Write the name of the organisation"))
    ] = False,
    folder: Dir = None,
    rules: Rules = None,
    as_json: Json = False,
    plain: Plain = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import convert as command

    _leave(
        command.run(
            files=files or [],
            source=source,
            target=target,
            case=case,
            answers=answers,
            output=output,
            report=report,
            with_victim=with_victim,
            folder=folder,
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
    at: At = None,
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
            at=at,
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
    usual: Annotated[
        bool,
        typer.Option("--usual", help=_t("--all で、よく使う文書も書く", "With --all, write the usual papers as well")),
    ] = False,
    format_: Annotated[
        str | None,
        typer.Option("--format", metavar="txt|md|html|docx|pdf|eml", help=_t("書式", "Format")),
    ] = None,
    font: Annotated[
        Path | None,
        typer.Option("--font", metavar="PATH", help=_t("PDFの書体のある所", "Font file or folder for PDF")),
    ] = None,
    templates: Annotated[
        Path | None,
        typer.Option("--templates", metavar="DIR", help=_t("自社のひな形", "Folder of your own templates")),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="PATH", help=_t("書き出す先", "Where to write"))
    ] = None,
    recipients: Annotated[
        Path | None,
        typer.Option(
            "--recipients", metavar="FILE", help=_t("一人ひとりに1通（CSV・XLSX）", "One letter each (CSV, XLSX)")
        ),
    ] = None,
    maps: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN", help=_t("どの列が何か", "Which column is what")),
    ] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", metavar="NAME", help=_t("Excelのシート", "Sheet"))] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="NAME", help=_t("CSVの文字コード", "Encoding of the CSV"))
    ] = None,
    delimiter: Annotated[
        str | None, typer.Option("--delimiter", metavar="SIGN", help=_t("CSVの区切り文字", "Sign between the cells"))
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help=_t("確かめた後に、書き込む", "Write them, once they have been looked at"))
    ] = False,
    into: Annotated[
        str | None,
        typer.Option("--into", metavar="files|one|mbox|csv|jsonl", help=_t("まとめ方", "How they are kept")),
    ] = None,
    skip_faulty: Annotated[
        bool, typer.Option("--skip-faulty", help=_t("直しが要る行を除く", "Leave out rows that need mending"))
    ] = False,
    mend: Annotated[
        Path | None,
        typer.Option("--mend", metavar="FILE", help=_t("直しが要る行を書き出す", "Write out the rows to mend")),
    ] = None,
    shard: Annotated[
        str | None, typer.Option("--shard", metavar="I/N", help=_t("N分割のI番目だけ", "Only part I of N"))
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", metavar="N", min=1, help=_t("使うプロセスの数", "Processes to use"))
    ] = None,
    engine: Annotated[
        str, typer.Option("--engine", metavar="local|dask", help=_t("実行の仕方", "What runs it"))
    ] = "local",
    names: Annotated[
        bool, typer.Option("--names", help=_t("行ごとの記録に氏名も載せる", "Names in the record of every row"))
    ] = False,
    clients: Annotated[
        list[str] | None,
        typer.Option("--clients", metavar="all|ID", help=_t("委託元ごとに1通", "One notice for each client")),
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

    mailing = None
    if recipients is not None:
        from leakresp.shell.commands.letters import Mailing

        mailing = Mailing(
            recipients,
            tuple(maps or ()),
            sheet,
            encoding,
            delimiter,
            into,
            write,
            skip_faulty,
            mend,
            shard,
            jobs,
            engine,
            names,
        )
    elif alone := _only_with_recipients(
        maps, sheet, encoding, delimiter, into, write, skip_faulty, mend, shard, jobs, engine != "local", names
    ):
        raise FaultsError([faults.Fault("letters.only_with", details={"option": alone})], faults.MISUSE)

    _leave(
        command.command(
            paper=paper,
            case=case,
            answers=answers,
            settings=settings or [],
            listed=listed,
            everything=everything,
            usual=usual,
            font=font,
            templates=templates,
            mailing=mailing,
            clients=tuple(clients or ()),
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
        "文書を点検します：記録や互いとの食い違い、書き残し、言い過ぎや隠すような言葉。",
        "Proofreads papers: figures and names against the record, holes, and wording that promises too much.",
    ),
)
def proofread(
    case: CaseArgument = None,
    papers: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PAPER]...",
            show_default=False,
            help=_t("文書のID（なければすべて）", "Ids of papers; all without any"),
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="PATH", help=_t("このファイルだけを点検する", "Read this file only")),
    ] = None,
    answers: AnswersOption = None,
    templates: Annotated[
        Path | None,
        typer.Option(
            "--templates", metavar="DIR", help=_t("自社のひな形のフォルダー", "Folder of templates of your own")
        ),
    ] = None,
    exit_code: Annotated[
        bool,
        typer.Option(
            "--exit-code", help=_t("要修正があれば終了コード3で終わる", "Exit with 3 if there is something to mend")
        ),
    ] = False,
    folder: Dir = None,
    rules: Rules = None,
    as_json: Json = False,
    plain: Plain = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import proofread as command

    _leave(
        command.run(
            case=case,
            papers=papers or [],
            file=file,
            answers=answers,
            mending_fails=exit_code,
            templates=templates,
            folder=folder,
            rules=rules,
            as_json=as_json,
            plain=plain,
            lang=lang,
        )
    )


def _only_with_recipients(*values: object) -> str | None:
    """Return the first option given that means nothing without a list of recipients."""
    options = (
        "--map", "--sheet", "--encoding", "--delimiter", "--into", "--write", "--skip-faulty", "--mend", "--shard",
        "--jobs", "--engine", "--names",
    )  # fmt: skip
    return next((option for option, value in zip(options, values, strict=True) if value), None)


@_templates_app.command(
    "check",
    cls=_Command,
    help=_t(
        "自社のひな形に、使えない名前や欠けた法定の事項がないかを確かめます。",
        "Checks templates of your own: names, marks, and the items the law wants.",
    ),
)
def templates_check(
    own: Annotated[Path, typer.Argument(metavar="DIR", help=_t("ひな形のフォルダー", "Folder of the templates"))],
    rules: Rules = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import templates as command

    _leave(command.check(own=own, rules=rules, today=today(), as_json=as_json, lang=lang))


@_templates_app.command(
    "export",
    cls=_Command,
    help=_t("付属のひな形を、直せるように取り出します。", "Hands out the shipped templates, to be changed."),
)
def templates_export(
    wanted: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PAPER]...", help=_t("文書のID（なければすべて）", "Ids; all without any")),
    ] = None,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="DIR", help=_t("書き出す先", "Where to write"))
    ] = Path("templates"),
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import templates as command

    _leave(command.export(wanted=wanted or [], output=output, lang=lang))


@app.command(
    cls=_Command,
    help=_t(
        "送った手紙の結果（不達、返送など）を記録し、別の方法で知らせる人と、公表で代える人を示します。",
        "Takes back what became of letters and mails, and says who must be told by another way or by publication.",
    ),
)
def delivery(
    letters: Annotated[Path, typer.Argument(metavar="DIR", help=_t("手紙のフォルダー", "Folder of letters"))],
    results: Annotated[
        list[Path] | None,
        typer.Option(
            "--results",
            metavar="FILE",
            help=_t(
                "結果（CSV・XLSX、配信の通知の.eml・mbox・フォルダー）。何度でも",
                "Results (CSV, XLSX; delivery reports as .eml, mbox or folder); repeatable",
            ),
        ),
    ] = None,
    recipients: Annotated[
        Path | None,
        typer.Option(
            "--recipients", metavar="FILE", help=_t("手紙を書いたときの名簿", "The list the letters were written from")
        ),
    ] = None,
    maps: Annotated[
        list[str] | None,
        typer.Option(
            "--map", metavar="FIELD=COLUMN", help=_t("名簿のどの列が何か", "Which column of the list is what")
        ),
    ] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", metavar="NAME", help=_t("Excelのシート", "Sheet"))] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="NAME", help=_t("名簿の文字コード", "Encoding of the list"))
    ] = None,
    delimiter: Annotated[
        str | None,
        typer.Option("--delimiter", metavar="SIGN", help=_t("名簿の区切り文字", "Sign between the list's cells")),
    ] = None,
    sent: Annotated[
        str | None, typer.Option("--sent", metavar="DAY", help=_t("送った日を記録する", "Record the day of sending"))
    ] = None,
    csv: Annotated[
        Path | None,
        typer.Option(
            "--csv",
            metavar="FILE",
            help=_t("別の方法で知らせる人の名簿を書き出す", "Write the list of those to be told another way"),
        ),
    ] = None,
    as_json: Json = False,
    plain: Plain = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import delivery as command

    asked = command.Asked(
        letters, tuple(results or ()), recipients, tuple(maps or ()), sheet, encoding, delimiter, sent, csv
    )
    _leave(command.run(asked, as_json=as_json, plain=plain, lang=lang))


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


@app.command(
    cls=_Command,
    help=_t(
        "進行中の事案の期限を、早い順に示します。自分で決めた日の記録と、カレンダーへの書き出しもできます。",
        "Every deadline of the open cases, soonest first; dates of your own, and a calendar file.",
    ),
)
def clock(
    cases: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CASE]...", show_default=False, help=_t("事案の名前かフォルダー", "Names or folders of cases")
        ),
    ] = None,
    add: Annotated[
        tuple[str, str] | None,
        typer.Option("--add", metavar="TEXT DAY", help=_t("自分で決めた日を加える", "Add a date of your own")),
    ] = None,
    done: Annotated[
        int | None, typer.Option("--done", metavar="N", help=_t("自分で決めた日Nは済んだ", "Own date N is met"))
    ] = None,
    drop: Annotated[
        int | None, typer.Option("--drop", metavar="N", help=_t("自分で決めた日Nをやめる", "Own date N is dropped"))
    ] = None,
    ics: Annotated[
        Path | None, typer.Option("--ics", metavar="FILE", help=_t("カレンダーに書き出す", "Write a calendar file"))
    ] = None,
    folder: Dir = None,
    by: By = None,
    rules: Rules = None,
    as_json: Json = False,
    plain: Plain = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import clock as command

    _leave(
        command.run(
            cases=cases or [],
            add=add,
            done=done,
            drop=drop,
            ics=ics,
            folder=folder,
            by=by,
            rules=rules,
            as_json=as_json,
            plain=plain,
            lang=lang,
        )
    )


@app.command(
    cls=_Command,
    help=_t(
        "事案の台帳です。報告していない事案とその理由も示します。",
        "The register of incidents, those not reported and their reason included.",
    ),
)
def cases(
    not_reported: Annotated[
        bool,
        typer.Option("--not-reported", help=_t("報告していない事案と理由だけ", "Only those not reported, and why")),
    ] = False,
    year: Annotated[
        int | None, typer.Option("--year", metavar="YEAR", help=_t("その年の集計", "Figures of that year"))
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help=_t("表計算用に書き出す", "Write a table (CSV)"))
    ] = None,
    folder: Dir = None,
    rules: Rules = None,
    as_json: Json = False,
    plain: Plain = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import cases as command

    _leave(
        command.run(
            not_reported=not_reported,
            year=year,
            csv=csv,
            folder=folder,
            rules=rules,
            as_json=as_json,
            plain=plain,
            lang=lang,
        )
    )


@app.command(
    cls=_Command,
    help=_t(
        "訓練をします。架空の事案が時間とともに進み、判断と対応をルールで採点します。実際の事案とは混ざりません。",
        "An exercise: a made-up incident unfolds, the rules score what you decide. Never mixed with real cases.",
    ),
)
def drill(
    scenario: Annotated[
        str | None,
        typer.Argument(
            metavar="[SCENARIO]",
            show_default=False,
            help=_t(
                "シナリオか、途中の訓練の名前（省くと一覧）", "A scenario, or an exercise begun before (none: the list)"
            ),
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help=_t("途中の訓練を続ける", "Go on with the newest exercise not finished"))
    ] = False,
    file: Annotated[
        Path | None,
        typer.Option("--scenario", metavar="FILE", help=_t("自作のシナリオで訓練する", "Play a scenario of your own")),
    ] = None,
    check: Annotated[
        Path | None,
        typer.Option("--check", metavar="FILE", help=_t("自作のシナリオを確かめる", "Check a scenario of your own")),
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option(
            "--decisions",
            metavar="FILE",
            help=_t("決定を書いたファイルで進める", "Play the decisions written in a file"),
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report", metavar="FILE", help=_t("振り返りの報告書（.mdか.html）", "After-action report (.md or .html)")
        ),
    ] = None,
    folder: Annotated[
        str | None,
        typer.Option("--dir", metavar="DIR", help=_t("訓練を置くフォルダー", "Folder where exercises are kept")),
    ] = None,
    rules: Rules = None,
    as_json: Json = False,
    plain: Plain = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import drill as command

    wish = command.Wish(scenario, resume, file, check, decisions, report, folder, as_json)
    _leave(command.run(wish, rules=rules, plain=plain, lang=lang))


@app.command(
    cls=_Command,
    help=_t(
        "事案の報告書（HTMLの1ページ）を書き出します。役員や監査人に渡せます。",
        "Writes one self-contained HTML page of a case, for a board or an auditor.",
    ),
)
def report(
    case: Annotated[str, typer.Argument(metavar="CASE", help=_t("事案の名前かフォルダー", "Name or folder of a case"))],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help=_t("書き出す先", "Where to write"))
    ] = None,
    folder: Dir = None,
    rules: Rules = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import report as command

    _leave(command.run(case=case, output=output, folder=folder, rules=rules, as_json=as_json, lang=lang))


@_rules_app.command(
    cls=_Command,
    name="check",
    help=_t("ルールの約束がすべて守られているか確かめます。", "Check that the rules keep every promise."),
)
def rules_check(rules: Rules = None, as_json: Json = False, lang: Lang = None) -> None:
    from leakresp.shell.commands import rules as command

    _leave(command.check(rules=rules, today=today(), as_json=as_json, lang=lang))


@_rules_app.command(
    cls=_Command, name="list", help=_t("規定の一覧か、出典の一覧を示します。", "List the rules, or every source.")
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
    help=_t(
        "規定・推定・行動・事実・知らせる相手を一つ示します。--table は制度の決定表です。",
        "Show one rule, presumption, action, fact or recipient; with --table the decision tables of a body of law.",
    ),
)
def rules_show(
    name: Annotated[str | None, typer.Argument(metavar="[ID]")] = None,
    table: Annotated[
        bool,
        typer.Option("--table", help=_t("制度の決定表を示す（IDなしはすべて）", "Decision tables of a body of law")),
    ] = False,
    on: On = None,
    rules: Rules = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import rules as command

    if table:
        _leave(command.tables(name=name, on=on, rules=rules, today=today(), as_json=as_json, lang=lang))
        return
    _leave(command.show(name=name, on=on, rules=rules, today=today(), as_json=as_json, lang=lang))


@_rules_app.command(
    cls=_Command,
    name="test",
    help=_t("ルールに書かれた例をすべて実行します。", "Run every example written in the rules."),
)
def rules_test(rules: Rules = None, as_json: Json = False, lang: Lang = None) -> None:
    from leakresp.shell.commands import rules as command

    _leave(command.test(rules=rules, as_json=as_json, lang=lang))


@_case_app.command(
    cls=_Command,
    name="export",
    help=_t(
        "事案を一つの zip に書き出します。leakresp がなくても読めて、確かめられます。",
        "Writes a case as one zip that can be read and checked without leakresp.",
    ),
)
def case_export(
    case: Annotated[str, typer.Argument(metavar="CASE", help=_t("事案の名前かフォルダー", "Name or folder of a case"))],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="PATH", help=_t("書き出す先（なければ 事案名.zip）", "Where to write")),
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to",
            metavar="RECIPIENT",
            help=_t(
                "この受取人（age1… か、そのファイル）だけが読めるように暗号化する（何度でも）",
                "Encrypt it for this recipient: age1…, or a file of them (repeatable)",
            ),
        ),
    ] = None,
    drafts: Annotated[bool, typer.Option("--drafts", help=_t("下書きも入れる", "Take the drafts along"))] = False,
    folder: Dir = None,
    rules: Rules = None,
    as_json: Json = False,
    plain: Plain = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import case_export as command

    _leave(
        command.run(
            case=case,
            output=output,
            to=to or [],
            drafts=drafts,
            folder=folder,
            rules=rules,
            as_json=as_json,
            plain=plain,
            lang=lang,
        )
    )


@_case_app.command(
    cls=_Command,
    name="import",
    help=_t(
        "書き出された事案を、すべて確かめてから取り込みます。上書きはしません。",
        "Takes in an exported case after checking all of it; never overwrites one.",
    ),
)
def case_import(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_t("書き出されたファイル", "The exported file"))],
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help=_t("この名前で取り込む", "Take it in under this name"))
    ] = None,
    identity: Annotated[
        str | None,
        typer.Option(
            "--identity", metavar="FILE", help=_t("復号する鍵のファイル（age）", "File of your key to decrypt it (age)")
        ),
    ] = None,
    folder: Dir = None,
    rules: Rules = None,
    as_json: Json = False,
    plain: Plain = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import case_import as command

    _leave(
        command.run(
            file=file,
            name=name,
            identity=identity,
            folder=folder,
            rules=rules,
            as_json=as_json,
            plain=plain,
            lang=lang,
        )
    )


@app.command(
    cls=_Command,
    help=_t(
        "事案の今の状況を一画面で示します。事案を指定しなければ、開いている最も新しい事案です。",
        "Where a case stands, on one screen; without a name the newest open case.",
    ),
)
def status(
    case: CaseArgument = None,
    at: At = None,
    watch: Annotated[
        bool, typer.Option("--watch", help=_t("表示し続け、変化があれば更新する", "Stay, and refresh on every change"))
    ] = False,
    folder: Dir = None,
    rules: Rules = None,
    as_json: Json = False,
    plain: Plain = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import status as command

    _leave(
        command.run(
            case=case,
            at=at,
            watch=watch,
            folder=folder,
            rules=rules,
            as_json=as_json,
            plain=plain,
            lang=lang,
        )
    )


@app.command(
    cls=_Command,
    help=_t(
        "回答を変え、何が動いたかを示します。「ID=」と書くと、その回答を取り消します。",
        "Changes answers and shows what moved. ID= takes an answer back.",
    ),
)
def change(
    case: OneCase,
    changes: Annotated[
        list[str],
        typer.Argument(metavar="ID=VALUE...", show_default=False, help=_t("変える事実", "Facts to change")),
    ],
    learned_on: Annotated[
        str | None,
        typer.Option(
            "--learned-on",
            metavar="DAY",
            help=_t("新たに当たると分かった日", "The day on which it became known that it applies"),
        ),
    ] = None,
    because: Because = None,
    by: By = None,
    folder: Dir = None,
    rules: Rules = None,
    as_json: Json = False,
    plain: Plain = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import change as command

    _leave(
        command.run(
            case=case,
            changes=changes,
            learned_on=learned_on,
            because=because,
            by=by,
            folder=folder,
            rules=rules,
            as_json=as_json,
            plain=plain,
            lang=lang,
        )
    )


@app.command(
    cls=_Command,
    help=_t(
        "することを、七つの段階ごとに示します。IDを書くと、その一つを示し、または結果を記録します。",
        "The actions by phase; with an id, shows one or records what became of it.",
    ),
)
def step(
    case: OneCase,
    action: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", show_default=False, help=_t("対応のID", "Id of an action")),
    ] = None,
    done: Annotated[bool, typer.Option("--done", help=_t("済んだ", "It is done"))] = False,
    skip: Annotated[
        bool, typer.Option("--skip", help=_t("見送る（--note で理由を書く）", "It is skipped (--note says why)"))
    ] = False,
    reopen: Annotated[bool, typer.Option("--reopen", help=_t("未着手に戻す", "It is open again"))] = False,
    assign: Annotated[
        str | None, typer.Option("--assign", metavar="NAME", help=_t("担当者を決める", "Give it to somebody"))
    ] = None,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help=_t("書き添える", "Add a note"))] = None,
    phase: Annotated[
        str | None, typer.Option("--phase", metavar="PHASE", help=_t("この段階だけ", "Only this phase"))
    ] = None,
    who: Annotated[
        str | None, typer.Option("--who", metavar="NAME", help=_t("この人か部門だけ", "Only this person or role"))
    ] = None,
    measures: Annotated[
        bool,
        typer.Option("--measures", help=_t("再発防止の措置（第8項目）の案を示す", "Draft item 8 from the actions")),
    ] = False,
    write: Annotated[
        bool, typer.Option("--write", help=_t("その案を回答に書き込む", "Write that draft into the answers"))
    ] = False,
    by: By = None,
    folder: Dir = None,
    rules: Rules = None,
    as_json: Json = False,
    plain: Plain = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import step as command

    _leave(
        command.run(
            case=case,
            action=action,
            done=done,
            skip=skip,
            reopen=reopen,
            assign=assign,
            note=note,
            phase=phase,
            who=who,
            measures=measures,
            write=write,
            by=by,
            folder=folder,
            rules=rules,
            as_json=as_json,
            plain=plain,
            lang=lang,
        )
    )


@app.command(
    cls=_Command,
    help=_t(
        "委託を受けた側の事案で、委託元ごとの人数・項目・通知・免除を示し、記録します。",
        "Where data were entrusted to you: the clients, their persons and items, and who was told.",
    ),
)
def clients(
    case: OneCase,
    add: Annotated[str | None, typer.Option("--add", metavar="NAME", help=_t("委託元を加える", "Add a client"))] = None,
    change: Annotated[
        str | None, typer.Option("--change", metavar="CLIENT", help=_t("記録を変える", "Change what is known of one"))
    ] = None,
    remove: Annotated[
        str | None,
        typer.Option("--remove", metavar="CLIENT", help=_t("外す（--because が要る）", "Remove one (takes --because)")),
    ] = None,
    told: Annotated[
        list[str] | None,
        typer.Option("--told", metavar="CLIENT|all", help=_t("知らせた（何度でも）", "It was told (repeatable)")),
    ] = None,
    not_told: Annotated[
        str | None,
        typer.Option("--not-told", metavar="CLIENT", help=_t("知らせた記録を取り消す", "It was not told after all")),
    ] = None,
    from_: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help=_t("一覧から読む（CSV・XLSX）", "Read a list (CSV, XLSX)")),
    ] = None,
    id_: Annotated[str | None, typer.Option("--id", metavar="ID", help=_t("加えるときの番号", "Its id"))] = None,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help=_t("新しい名称", "Its new name"))] = None,
    role: Annotated[
        str | None,
        typer.Option("--role", metavar="entrustor|intermediate", help=_t("委託元か、中間の委託先か", "Its role")),
    ] = None,
    contact: Annotated[
        str | None, typer.Option("--contact", metavar="TEXT", help=_t("連絡先の部署", "Its department"))
    ] = None,
    settings: Set = None,
    bears: Annotated[
        str | None,
        typer.Option("--bears", metavar="yes|no|unknown", help=_t("報告義務を負うか", "Does it bear the duty?")),
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DAY", help=_t("知らせた日（なければ今日）", "The day; else today"))
    ] = None,
    way: Annotated[
        str | None,
        typer.Option("--way", metavar="post|mail|web_form|web|fax|hand|other", help=_t("知らせた方法", "How")),
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="TEXT", help=_t("知らせた部署", "The department that was told"))
    ] = None,
    because: Because = None,
    write: Annotated[
        bool, typer.Option("--write", help=_t("一覧を確かめた後に、記録する", "Keep the list, once looked at"))
    ] = False,
    skip_faulty: Annotated[
        bool, typer.Option("--skip-faulty", help=_t("直しが要る行を除く", "Leave out rows that need mending"))
    ] = False,
    sheet: Annotated[str | None, typer.Option("--sheet", metavar="NAME", help=_t("Excelのシート", "Sheet"))] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="NAME", help=_t("CSVの文字コード", "Encoding of the CSV"))
    ] = None,
    waiting: Annotated[
        bool, typer.Option("--waiting", help=_t("足りないものがある委託元だけ", "Only those that lack something"))
    ] = False,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help=_t("一覧をCSVに書く", "Write the table as CSV"))
    ] = None,
    by: By = None,
    folder: Dir = None,
    rules: Rules = None,
    as_json: Json = False,
    plain: Plain = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import clients as command

    wanted = command.Wanted(
        add=add,
        change=change,
        remove=remove,
        told=tuple(told or ()),
        not_told=not_told,
        file=from_,
        id=id_,
        name=name,
        role=role,
        contact=contact,
        settings=tuple(settings or ()),
        bears=bears,
        on=on,
        way=way,
        to=to,
        because=because,
        write=write,
        skip_faulty=skip_faulty,
        sheet=sheet,
        encoding=encoding,
    )
    _leave(
        command.run(
            case=case,
            wanted=wanted,
            waiting=waiting,
            csv=csv,
            by=by,
            folder=folder,
            rules=rules,
            as_json=as_json,
            plain=plain,
            lang=lang,
        )
    )


@app.command(
    cls=_Command,
    help=_t(
        "経過に一行を加えます。起きた時刻は --at に、書いた時刻とは別に残します。",
        "Adds a line to the timeline; --at keeps when it happened apart from when it was entered.",
    ),
)
def note(
    case: OneCase,
    text: Annotated[str, typer.Argument(metavar="TEXT", show_default=False, help=_t("内容", "What happened"))],
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="TIME", help=_t("起きた時刻（20日 9時半、昨日 22:30 など）", "When it happened")),
    ] = None,
    by: By = None,
    folder: Dir = None,
    rules: Rules = None,
    plain: Plain = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import note as command

    _leave(command.run(case=case, text=text, at=at, by=by, folder=folder, rules=rules, plain=plain, lang=lang))


@app.command(
    cls=_Command,
    help=_t(
        "事案の記録を、誰がいつ何をしたかの順に示します。記録が書き換えられていないかも確かめます。",
        "The record of a case: who, when, what. Checks that nothing in it was altered.",
    ),
)
def log(
    case: OneCase,
    kinds: Annotated[
        list[str] | None,
        typer.Option("--kind", metavar="KIND", help=_t("この種類だけ（何度でも）", "Only this kind (repeatable)")),
    ] = None,
    author: Annotated[
        str | None,
        typer.Option("--by", metavar="NAME", help=_t("この人が書いたものだけ", "Only what this person entered")),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="TIME", help=_t("この時から後に書いたもの", "Entered since"))
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="TIME", help=_t("この時までに書いたもの", "Entered until"))
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help=_t("行のつながりを確かめる", "Check that the lines are linked"))
    ] = False,
    head: Annotated[
        str | None,
        typer.Option(
            "--head",
            metavar="[HASH]",
            help=_t(
                "最後のハッシュを示す。控えたハッシュを書くと、それと比べる",
                "Print the last hash; with a hash kept elsewhere, check against it",
            ),
        ),
    ] = None,
    folder: Dir = None,
    rules: Rules = None,
    as_json: Json = False,
    plain: Plain = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import log as command

    _leave(
        command.run(
            case=case,
            kinds=kinds or [],
            author=author,
            since=since,
            until=until,
            verify=verify,
            head=head,
            folder=folder,
            rules=rules,
            as_json=as_json,
            plain=plain,
            lang=lang,
        )
    )


@app.command(
    cls=_Command,
    help=_t(
        "送った文書を、そのままの形で残します。文書のない届出は --filed で記録します。",
        "Freezes what left the house; --filed records what was filed without a paper of ours.",
    ),
)
def sent(
    case: OneCase,
    paper: Annotated[
        str | None, typer.Argument(metavar="[PAPER]", show_default=False, help=_t("文書のID", "Id of a paper"))
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="PATH", help=_t("送ったファイル", "The file that was sent"))
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="ADDRESSEE", help=_t("宛先（本人の氏名は書かない）", "To whom"))
    ] = None,
    way: Annotated[
        str | None,
        typer.Option(
            "--way", metavar="post|mail|web_form|web|fax|hand|other", help=_t("送った方法", "How it was sent")
        ),
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DAY", help=_t("送った日（なければ今日）", "The day; else today"))
    ] = None,
    receipt: Annotated[
        str | None, typer.Option("--receipt", metavar="NO", help=_t("受付番号", "The receipt number"))
    ] = None,
    clients: Annotated[
        list[str] | None,
        typer.Option("--client", metavar="all|ID", help=_t("この委託元への文書", "The notice to this client")),
    ] = None,
    filed: Annotated[
        str | None,
        typer.Option(
            "--filed",
            metavar="DEADLINE",
            help=_t("文書を使わずに報告・通知した期限のID", "Id of the deadline met without a paper of ours"),
        ),
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help=_t("送った文書の一覧", "List what was sent"))] = False,
    diff: Annotated[
        str | None,
        typer.Option("--diff", metavar="PAPER", help=_t("送ったものと下書きの違い", "How the draft differs from it")),
    ] = None,
    by: By = None,
    folder: Dir = None,
    rules: Rules = None,
    as_json: Json = False,
    plain: Plain = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import sent as command

    _leave(
        command.run(
            case=case,
            paper=paper,
            file=file,
            to=to,
            way=way,
            on=on,
            receipt=receipt,
            diff=diff,
            listed=listed,
            clients=tuple(clients or ()),
            filed=filed,
            by=by,
            folder=folder,
            rules=rules,
            as_json=as_json,
            plain=plain,
            lang=lang,
        )
    )


@_case_app.command(
    cls=_Command,
    name="close",
    help=_t(
        "事案を終えます。法律が求める報告や通知が残っていれば、理由（--because）が要ります。",
        "Closes a case; while a duty is open it takes a reason.",
    ),
)
def case_close(
    case: OneCase,
    because: Because = None,
    by: By = None,
    folder: Dir = None,
    rules: Rules = None,
    plain: Plain = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import case as command

    _leave(command.close(case=case, because=because, by=by, folder=folder, rules=rules, plain=plain, lang=lang))


@_case_app.command(
    cls=_Command,
    name="reopen",
    help=_t("終えた事案を、理由を書いて再開します。", "Opens a closed case again, with the reason."),
)
def case_reopen(
    case: OneCase,
    because: Because = None,
    by: By = None,
    folder: Dir = None,
    rules: Rules = None,
    plain: Plain = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import case as command

    _leave(command.reopen(case=case, because=because, by=by, folder=folder, rules=rules, plain=plain, lang=lang))


@_profile_app.command(
    cls=_Command,
    name="init",
    help=_t("組織の事実を尋ね、平時に残しておきます。", "Asks for the facts of the organisation, in peace time."),
)
def profile_init(
    profile: ProfileOption = None,
    answers: AnswersOption = None,
    settings: Set = None,
    no_input: Annotated[
        bool, typer.Option("--no-input", help=_t("質問せず、与えたものだけを残す", "Ask nothing; keep what is given"))
    ] = False,
    by: By = None,
    contacts: Annotated[
        list[str] | None,
        typer.Option(
            "--contact",
            metavar="ROLE=WORDS",
            help=_t("連絡網の一人（何度でも）。例：it=情報 太郎 090-0000-0000", "One of the contact tree (repeatable)"),
        ),
    ] = None,
    rules: Rules = None,
    plain: Plain = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import profile as command

    _leave(
        command.init(
            profile=profile,
            answers=answers,
            settings=settings or [],
            contacts=contacts or [],
            no_input=no_input,
            by=by,
            rules=rules,
            plain=plain,
            lang=lang,
        )
    )


@_profile_app.command(cls=_Command, name="show", help=_t("プロファイルを示します。", "Shows a profile."))
def profile_show(
    profile: ProfileOption = None,
    rules: Rules = None,
    as_json: Json = False,
    plain: Plain = False,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import profile as command

    _leave(command.show(profile=profile, rules=rules, as_json=as_json, plain=plain, lang=lang))


@_profile_app.command(cls=_Command, name="list", help=_t("プロファイルの一覧を示します。", "Lists the profiles."))
def profile_list(rules: Rules = None, as_json: Json = False, plain: Plain = False, lang: Lang = None) -> None:
    from leakresp.shell.commands import profile as command

    _leave(command.list_(rules=rules, as_json=as_json, plain=plain, lang=lang))


@app.command(
    cls=_Command,
    name="manual",
    help=_t(
        "組織の対応マニュアルを、ルールとプロファイルから作ります。",
        "Prints the organisation's response manual from rules and profile.",
    ),
)
def manual(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help=_t("書き出す先", "Where to write"))
    ] = None,
    format_: Annotated[
        str | None, typer.Option("--format", metavar="md|txt|html|docx|pdf", help=_t("書式", "Format"))
    ] = None,
    causes: Annotated[
        list[str] | None,
        typer.Option(
            "--cause", metavar="ID", help=_t("この原因だけを載せる（何度でも）", "Only this cause (repeatable)")
        ),
    ] = None,
    sector: Annotated[
        str | None,
        typer.Option("--sector", metavar="ID", help=_t("業種（--set sector=ID と同じ）", "Line of business")),
    ] = None,
    settings: Set = None,
    profile: ProfileOption = None,
    font: Annotated[
        Path | None, typer.Option("--font", metavar="PATH", help=_t("PDFの書体のある所", "Font file or folder for PDF"))
    ] = None,
    on: On = None,
    rules: Rules = None,
    lang: Lang = None,
) -> None:
    from leakresp.shell.commands import manual as command

    _leave(
        command.command(
            output=output,
            format_=format_,
            profile=profile,
            settings=[*(settings or []), *([f"sector={sector}"] if sector else [])],
            causes=causes or [],
            on=on,
            rules=rules,
            font=font,
            lang=lang,
        )
    )


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
    arguments = _with_head(_language_last([argument for argument in arguments if argument != "--debug"]))
    try:
        with _only(next((word for word in arguments if not word.startswith("-")), None)):
            outcome: Any = app(arguments, prog_name="leakresp", standalone_mode=False)
    except FaultsError as error:
        if debug:
            raise
        _tell(error, arguments)
        return error.code
    except KeyboardInterrupt:
        _write(_t("中断しました。", "Stopped."))
        return faults.INTERRUPTED
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


def _with_head(arguments: list[str]) -> list[str]:
    """Return the arguments with a value for a bare ``--head``: typer knows no option that may stand without one."""
    if arguments[:1] != ["log"] or "--head" not in arguments:
        return arguments
    place = arguments.index("--head")
    following = arguments[place + 1 : place + 2]
    takes = bool(following) and not following[0].startswith("-")
    if takes and ("--verify" in arguments or _HASH.fullmatch(following[0])):
        return arguments
    return [*arguments[:place], "--head=", *arguments[place + 1 :]]


@contextmanager
def _only(name: str | None) -> Iterator[None]:
    """Let typer build the command that is called and no other: it inspects every option of each.

    Where none is called, help is wanted, and the names with what they do are enough.
    """
    commands, groups = app.registered_commands, app.registered_groups
    called = [each for each in commands if name == _name(each)]
    called_groups = [each for each in groups if each.name == name]
    if name is None:
        app.registered_commands = [_only_named(each) for each in commands]
    elif called or called_groups:
        app.registered_commands, app.registered_groups = called, called_groups
    try:
        yield
    finally:
        app.registered_commands, app.registered_groups = commands, groups


def _name(command: CommandInfo) -> str | None:
    return command.name or getattr(command.callback, "__name__", None)


def _only_named(command: CommandInfo) -> CommandInfo:
    named = copy(command)
    named.name, named.callback = _name(command), _nothing
    return named


def _nothing() -> None:
    """Stand for a command of which only the name is shown."""


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
        return faults.INTERRUPTED
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


def _tell(error: FaultsError, arguments: list[str]) -> None:
    from leakresp.shell.wording import tell

    groups = {group.name for group in app.registered_groups}
    words = [word for word in arguments if not word.startswith("-")]
    command = " ".join(words[: 2 if words[:1] and words[0] in groups else 1])
    tell(error, "en" if _EN else "ja", f"leakresp {command}".strip())


def _write(line: str) -> None:
    sys.stderr.write(line + "\n")
