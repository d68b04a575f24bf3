"""The documents say what the code does: commands, options, codes, keys, faults, files and the lawyer's example."""

import re
import shutil
from itertools import chain

import pytest
from tests.console import FENCED, ROOT, Console, blocks, read
from typer.main import get_command

from leakresp import __version__
from leakresp.shell import faults
from leakresp.shell.commands.schema import assessment_schema
from leakresp.shell.main import app
from leakresp.shell.template_files import read_words
from leakresp.shell.wording import Wording

DOCUMENTS = sorted(
    str(path.relative_to(ROOT).as_posix()) for path in chain(ROOT.glob("*.md"), ROOT.glob("docs/**/*.md"))
)
HELP = {"--help", "-h"}
FILE = re.compile(r"[\w.-]+(/[\w.-]+)*/|[\w.-]+(/[\w.-]+)+\.(py|ya?ml|md|sh|ps1|jsonl?)")
#: Folders that come into being where somebody follows a document.
MADE_ON_THE_WAY = ("my-rules/", "drafts/", "sent/")


def commands(command=None, path="leakresp"):
    """Return every command of the app by what a reader types for it, the app itself included."""
    command = command or get_command(app)
    found = {path: command}
    for name, part in getattr(command, "commands", {}).items():
        found |= commands(part, f"{path} {name}")
    return found


def options(command):
    """Return the options of a command, without help, which every command has."""
    declared = (parameter for parameter in command.params if parameter.opts[0].startswith("-"))
    return set(chain.from_iterable((*each.opts, *each.secondary_opts) for each in declared)) - HELP


def sections(text):
    """Return the parts of a document by their heading of the second rank."""
    return dict(part.split("\n", 1) for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:])


def first_cells(text):
    """Return the first cell of every row of the tables in ``text``, heads aside."""
    rows = re.findall(r"^\| (.*?) \|", text.replace(r"\|", "/"), re.MULTILINE)
    return [cell for cell in rows if cell.startswith("`") or cell.isdecimal()]


def named_options(text):
    """Return the options that the code spans of ``text`` begin with."""
    return set(re.findall(r"`(-[-\w]*)", text))


# docs/cli.md --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cli():
    """The parts of docs/cli.md."""
    return sections(read("docs/cli.md"))


def test_the_page_of_the_command_line_has_every_command_and_no_other(cli):
    groups = {"leakresp rules", "leakresp case", "leakresp profile", "leakresp templates"}
    wanted = {
        " ".join((name, *(each.metavar for each in command.params if not each.opts[0].startswith("-"))))
        for name, command in commands().items()
        if name not in groups
    }
    assert {heading for heading in cli if heading.startswith("leakresp")} == wanted


@pytest.mark.parametrize("name", [name for name, command in commands().items() if options(command)])
def test_each_command_is_told_with_exactly_its_options(name, cli):
    part = next(text for heading, text in cli.items() if re.fullmatch(rf"{name}(?: [^a-z\s].*| answers\|.*)?", heading))
    own = set(chain.from_iterable(named_options(cell) for cell in first_cells(part)))
    shared = set(chain.from_iterable(named_options(line) for line in part.splitlines() if line.startswith("Shared: ")))
    assert own | shared == options(commands()[name])
    assert not own & shared


def test_each_shared_option_is_told_once_and_shared(cli):
    told = first_cells(cli["Options that many commands share"])
    shared = [line for text in cli.values() for line in text.splitlines() if line.startswith("Shared: ")]
    assert set(chain.from_iterable(map(named_options, told))) == set(chain.from_iterable(map(named_options, shared)))


def test_every_environment_variable_the_code_reads_is_told_and_no_other(cli):
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    read_by_code = set(re.findall(r"\b(LEAKRESP_[A-Z]+|NO_COLOR)\b", code))
    assert {cell.strip("`") for cell in first_cells(cli["Environment"])} == read_by_code


def test_the_exit_codes_are_those_of_the_code(cli):
    codes = {
        faults.DONE, faults.OUR_FAULT, faults.MISUSE, faults.ANSWERS_MISSING, faults.FILE_WRONG,
        faults.REQUIRED_EXIT, faults.UNDETERMINED_EXIT, 130,
    }  # fmt: skip
    assert set(map(int, first_cells(cli["Exit codes"]))) == codes


def test_every_key_of_an_assessment_is_told(cli, library):
    schema = assessment_schema(Wording(library.words, "en"))
    keys = set(schema["properties"])
    for part in schema["$defs"].values():
        keys |= set(part.get("properties", {}))
    told = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", cli["JSON"]))))
    assert keys - told == set()


# docs/errors.md -----------------------------------------------------------------------------------------------------------


def test_the_page_of_errors_has_every_fault_and_no_other():
    files = {f"words/{path.name}": path.read_bytes() for path in (ROOT / "templates" / "words").glob("*.yaml")}
    keys = {key.removeprefix("fault.") for key in read_words(files, "templates")["en"] if key.startswith("fault.")}
    told = [cell.strip("`") for cell in first_cells(read("docs/errors.md"))]
    assert set(told) == keys
    assert len(told) == len(set(told))


def test_each_fault_is_told_with_when_it_comes_and_what_to_do():
    for row in re.findall(r"^\| `.*$", read("docs/errors.md"), re.MULTILINE):
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(cells) == 3, row
        assert all(cells), row


# all documents ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_to_a_file(name):
    targets = re.findall(r"\]\(([^)#]+)\)", read(name))
    assert [target for target in targets if not ((ROOT / name).parent / target).exists()] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_a_document_names_exists(name):
    spans = re.findall(r"`([^`\n]+)`", FENCED.sub("", read(name)))
    places = (ROOT, ROOT / "src" / "leakresp")
    named = {span for span in spans if FILE.fullmatch(span) and not span.startswith(MADE_ON_THE_WAY)}
    assert {span for span in named if not any((place / span).exists() for place in places)} == set()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_a_document_tells_to_type_exists_with_its_options(name):
    known, text = commands(), read(name)
    typed = re.findall(r"`(leakresp [^`\n]+)`", text) + re.findall(r"^(?:\$ | {4})(leakresp .+)$", text, re.MULTILINE)
    for line in typed:
        words = line.split()
        command = next((" ".join(words[:count]) for count in (3, 2) if " ".join(words[:count]) in known), None)
        assert command, line
        used = {word.split("=")[0] for word in words if word.startswith("-") and word != "-"}
        assert used <= options(known[command]) | HELP | {"--debug"}, line


# decisions, changelog, the lawyer's example -------------------------------------------------------------------------------


def test_decisions_are_numbered_without_a_gap_and_listed():
    names = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("0*.md"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    listed = re.findall(r"\| \[(\d{4})\]\((.+?)\) \| (.+?) \|", read("docs/decisions/README.md"))
    assert [target for _, target, _ in listed] == names
    for number, target, title in listed:
        assert read(f"docs/decisions/{target}").splitlines()[0] == f"# {number} {title}"


def test_the_changelog_begins_with_this_version_in_its_two_parts():
    newest = read("CHANGELOG.md").split("\n## ")[1]
    assert newest.splitlines()[0].split()[0] == __version__
    assert re.findall(r"^### (.+)$", newest, re.MULTILINE) == ["Law", "Tool"]


@pytest.mark.parametrize("name", ["docs/changing-a-rule.md", "docs/changing-a-rule.ja.md"])
def test_the_lawyers_example_works_as_it_is_told(name, tmp_path, monkeypatch):
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    monkeypatch.chdir(tmp_path)
    console = Console(monkeypatch)
    rule = tmp_path / "my-rules" / "appi" / "criteria" / "over_1000_people.yaml"
    for kind, block in FENCED.findall(read(name)):
        if kind == "console":
            console.follow(block)
        elif kind == "yaml":
            with rule.open("a", encoding="utf-8") as file:
                file.write(block)


def test_the_lawyers_page_has_the_same_example_in_both_languages():
    english, japanese = (blocks(read(f"docs/changing-a-rule{lang}.md"), "yaml") for lang in ("", ".ja"))
    assert english == japanese
