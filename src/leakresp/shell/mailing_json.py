"""What a mailing came to, for a runbook: counts and numbers of rows, and nothing that anybody is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from leakresp.papers.letters import Order, Run
    from leakresp.papers.recipients import Review, Tally
    from leakresp.shell.drafting import Draft

SCHEMA: Final = "leakresp/mailing/1"
#: Rows of a kind that are named; the others are counted.
SHOWN_ROWS: Final = 5


def list_json(order: Order, paper: str, span: tuple[int, int], found: Review, unprintable: Sequence[int]) -> Any:  # noqa: ANN401 - JSON
    """Return what was detected in a list, and what it is worth."""
    table, columns = order.table, order.columns
    return {
        "schema": SCHEMA,
        "paper": paper,
        "form": order.form,
        "into": order.into,
        "way": order.reading.way,
        "lang": order.reading.lang,
        "shard": {"number": order.shard[0], "of": order.shard[1], "rows": list(span)},
        "list": {
            "file": str(table.path),
            "form": table.form,
            "encoding": table.encoding,
            "bom": table.bom,
            "delimiter": table.delimiter,
            "sheet": table.sheet,
            "sha256": table.sha256,
            "columns": {field: columns.title(field) for field in columns.places},
            "items": list(columns.items),
            "ignored": list(columns.ignored),
        },
        "counts": {
            "rows": found.rows,
            "fit": found.fit,
            "faulty": found.faulty,
            "doubtful": found.doubtful,
            "aside": found.aside,
        },
        "faults": [_tally(each) for each in found.faults],
        "doubts": [_tally(each) for each in found.doubts],
        "unprintable": {"count": len(unprintable), "rows": list(unprintable[:SHOWN_ROWS])},
        "written": None,
    }


def _tally(tally: Tally) -> dict[str, Any]:
    return {"kind": tally.key, "field": tally.field, "count": tally.count, "rows": list(tally.rows)}


def dry_json(draft: Draft, command: str) -> dict[str, Any]:
    """Return what is added where nothing was written: what keeps the letter from being final, and how to write it."""
    return {"blocking": list(draft.blocking), "open": list(draft.left_open), "command": command}


def end_json(run: Run, counts: Mapping[str, int], before: int, joined: Path | None, seconds: float) -> dict[str, Any]:
    """Return what is added where letters were written. ``before``: rows that earlier runs had done."""
    folder = run.order.folder
    return {
        "written": dict(counts),
        "day": run.day,
        "before": before,
        "seconds": round(seconds, 3),
        "letters": str(joined or folder / "letters"),
        "manifest": str(folder / run.manifest_name),
    }
