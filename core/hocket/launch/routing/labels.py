"""Which model answers which query right, and for how much: tables that a person has.

As CSV a row is a query: a column with its name or text, a column for each model (1 and 0, true
and false, or a score), and where known `MODEL|total_cost` in dollars. As JSON: a list of
`{"query": "…", "right": {MODEL: true}, "cost": {MODEL: 0.01}}`.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pydantic import JsonValue

    Row = Mapping[str, str]

COST = "|total_cost"
QUERY = ("query", "sample_id", "id", "label", "prompt", "question")
"""Columns that can name a query; the first that is there does."""
_WORDS = {"true": 1.0, "false": 0.0}


@dataclass(frozen=True, slots=True)
class Mark:
    """How one model does on one query."""

    right: float
    """1 and 0, or a score between."""
    cost: float | None = None
    """Dollars; None where nobody knows."""


Labels = dict[str, dict[str, Mark]]
"""By query, then by model."""


def read_labels(path: Path) -> Labels:
    """Read a table; raises UsageError that says what is wrong with it."""
    try:
        text = path.read_text("utf-8-sig")
        labels = dict(_of_json(text) if path.suffix == ".json" else _of_csv(text, path))
    except OSError as error:
        raise _wrong(path, error.strerror or "it cannot be read") from error
    except (ValueError, TypeError, KeyError, csv.Error) as error:
        raise _wrong(path, f"it is no table of labels ({error})") from error
    if not labels:
        raise _wrong(path, "it has no query")
    return labels


def _of_json(text: str) -> Iterator[tuple[str, dict[str, Mark]]]:
    rows: JsonValue = json.loads(text)
    for row in rows if isinstance(rows, list) else [rows]:
        if not isinstance(row, dict) or not isinstance(row.get("right"), dict):
            raise TypeError("each row needs `query` and `right`")
        right, cost = _numbers(row["right"]), _numbers(row.get("cost"))
        yield str(row["query"]), {m: Mark(score, cost.get(m)) for m, score in right.items()}


def _numbers(value: JsonValue) -> dict[str, float]:
    if not isinstance(value, dict):
        return {}
    return {name: _score(str(score)) for name, score in value.items()}


def _of_csv(text: str, path: Path) -> Iterator[tuple[str, dict[str, Mark]]]:
    rows: list[Row] = [*csv.DictReader(io.StringIO(text, newline=""), restval="")]
    named = [*rows[0]] if rows else []
    query = next((name for name in QUERY if name in named), None)
    models = _models(named, rows)
    if query is None or not models:
        raise _wrong(path, f"its columns are {', '.join(named) or 'none'}")
    for number, row in enumerate(rows):
        marks = {m: Mark(_score(row[m]), _cost(row.get(m + COST))) for m in models if row[m]}
        yield row[query] or str(number), marks


def _models(named: list[str], rows: list[Row]) -> list[str]:
    """Find the columns of models: those with a cost, else those that only say yes and no."""
    priced = [name for name in named if name + COST in named]
    return priced or [name for name in named if name not in QUERY and _is_marked(name, rows)]


def _is_marked(name: str, rows: list[Row]) -> bool:
    """Say whether a column says yes and no, and nothing else; a cell may be empty."""
    said = {row[name].lower() for row in rows} - {""}
    return bool(said) and said <= {*_WORDS, "0", "1", "0.0", "1.0"}


def _score(text: str) -> float:
    return _WORDS[text.lower()] if text.lower() in _WORDS else float(text)


def _cost(text: str | None) -> float | None:
    return float(text) if text else None


def _wrong(path: Path, found: str) -> UsageError:
    return UsageError(
        f"labels {path.name}",
        found=found,
        expected=f"a column {' or '.join(QUERY)}, and one of 0 and 1 for each model",
        hint="What a table looks like: hocket report routers --help",
    )
