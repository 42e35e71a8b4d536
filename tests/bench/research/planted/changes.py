"""A planted change: a git repository, and in its diff as many faults as harmless edits."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from planted.backend import draws_of
from planted.jury import USUAL, Errors, Jury

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pydantic import JsonValue

    from hocket.api.calls import Call
    from hocket.api.patterns.draws import Draws

FUNCTIONS_PER_FILE = 8
DIMENSION = "correctness"
PERSON = {
    **{f"GIT_{role}_NAME": "Planter" for role in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{role}_EMAIL": "planter@example.org" for role in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{role}_DATE": "2024-03-01T12:00:00Z" for role in ("AUTHOR", "COMMITTER")},
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """A function, one line of which stands for three: sound, harmlessly changed, and wrong."""

    before: str
    sound: str
    harmless: str
    wrong: str
    after: str


SHAPES = (
    Shape(
        'def {name}(values, limit):\n    """Give the values up to a limit."""\n'
        "    kept = []\n    for value in values:\n",
        "        if value <= limit:",
        "        if not value > limit:",
        "        if value < limit:",
        "            kept.append(value)\n    return kept\n",
    ),
    Shape(
        'def {name}(rows):\n    """Give the mean of the rows that have a value."""\n'
        "    there = [row for row in rows if row is not None]\n    if not there:\n"
        "        return None\n",
        "    return sum(there) / len(there)",
        "    return sum(there) * 1.0 / len(there)",
        "    return sum(there) / len(rows)",
        "",
    ),
    Shape(
        'def {name}(items, size):\n    """Cut a list into pages."""\n    pages = []\n',
        "    for start in range(0, len(items), size):",
        "    for start in range(0, len(items), max(size, 1)):",
        "    for start in range(0, len(items) - 1, size):",
        "        pages.append(items[start : start + size])\n    return pages\n",
    ),
    Shape(
        'def {name}(user, record):\n    """Say whether a user may change a record."""\n'
        "    if user is None:\n        return False\n",
        '    return user.is_admin or record["owner"] == user.name',
        '    return record["owner"] == user.name or user.is_admin',
        '    return user.is_admin or record["owner"] != user.name',
        "",
    ),
    Shape(
        'def {name}(path, read):\n    """Read a file, or give nothing where there is none."""\n'
        "    try:\n        text = read(path)\n",
        "    except FileNotFoundError:",
        "    except (FileNotFoundError,):",
        "    except ValueError:",
        '        return ""\n    return text.strip()\n',
    ),
)


@dataclass(frozen=True, slots=True)
class Edit:
    """One changed line, in the new file."""

    file: str
    line: int
    quote: str
    is_fault: bool


@dataclass(frozen=True)
class PlantedChange:
    """A repository whose last change is known to the line; the same seed gives the same commits."""

    seed: int = 0
    faults: int = 20
    harmless: int = 20
    untouched: int = 40

    @cached_property
    def _kinds(self) -> list[str]:
        """Draw what happens to each function."""
        kinds = ["wrong"] * self.faults + ["harmless"] * self.harmless + ["sound"] * self.untouched
        return draws_of(self.seed, "change").shuffled(kinds)

    def _files(self, kinds: list[str]) -> tuple[dict[str, str], list[Edit]]:
        files: dict[str, str] = {}
        edits: list[Edit] = []
        for number, kind in enumerate(kinds):
            path = f"src/part_{number // FUNCTIONS_PER_FILE + 1:02}.py"
            text = files.get(path, '"""A planted module."""\n')
            shape = SHAPES[number % len(SHAPES)]
            head = "\n\n" + shape.before.replace("{name}", f"step_{number + 1}")
            changed = {"sound": shape.sound, "harmless": shape.harmless, "wrong": shape.wrong}[kind]
            line = (text + head).count("\n") + 1
            files[path] = f"{text}{head}{changed}\n{shape.after}"
            if kind != "sound":
                edits.append(Edit(path, line, changed.strip(), kind == "wrong"))
        return files, edits

    @property
    def edits(self) -> list[Edit]:
        """All changed lines, in the order of the files."""
        return self._files(self._kinds)[1]

    @property
    def truth(self) -> set[tuple[str, int]]:
        """File and line of every fault."""
        return {(one.file, one.line) for one in self.edits if one.is_fault}

    def write(self, folder: Path, *, committed: bool = True) -> None:
        """Make the repository: what was sound as its first commit, the change as the second."""
        git(folder, "init", "--quiet", "--initial-branch=main")
        _put(folder, self._files(["sound"] * len(self._kinds))[0])
        git(folder, "add", "src")
        git(folder, "commit", "--quiet", "--message=What was there")
        _put(folder, self._files(self._kinds)[0])
        if committed:
            git(folder, "commit", "--quiet", "--all", "--message=What was changed")

    def agents(
        self, errors: Errors = USUAL, **habits: float
    ) -> dict[str, Callable[..., JsonValue]]:
        """Give agents who know the change and err on order; `habits` are those of `Reviewers`."""
        reviewers = Reviewers(self, errors, **habits)
        jury = Jury(self.seed, errors, self._is_true)
        return {"review": reviewers.review, "read": reviewers.same, "vote": jury.vote}

    def _is_true(self, claim: JsonValue) -> bool:
        return isinstance(claim, dict) and (claim["source"], claim["line"]) in self.truth


@dataclass(frozen=True, slots=True)
class Reviewers:
    """Those who read parts of the change."""

    world: PlantedChange
    errors: Errors
    stray: float = 0.0
    """Share of hunks for which they report something far from the change, too."""
    echo: float = 0.0
    """Share of reports that they make twice, in other words."""

    def review(self, call: Call, draws: Draws) -> JsonValue:
        """Report faults, and harmless edits as faults, of those that stand in the item's hunks."""
        item = call.options.item
        assert isinstance(item, dict)
        findings: list[JsonValue] = []
        for hunk in item["hunks"]:
            if draws.unit() < self.stray:
                findings.append(
                    _told(hunk["n"], hunk["line"] + 400, "return", "This was always so.")
                )
            for edit in self._edits(hunk):
                rate = self.errors.recall if edit.is_fault else self.errors.false_alarm
                if DIMENSION not in item["dimensions"] or draws.unit() >= rate:
                    continue
                quote = "nowhere at all" if draws.unit() < self.errors.invent else edit.quote
                findings.append(_told(hunk["n"], edit.line, quote, f"`{edit.quote}` is wrong."))
                if draws.unit() < self.echo:
                    findings.append(
                        _told(hunk["n"], edit.line, quote, f"`{edit.quote}` breaks it.")
                    )
        return {"findings": findings}

    def same(self, call: Call, _draws: Draws) -> JsonValue:
        """Say which keys `[place, text]` tell of one defect: those of one place and one line."""
        item = call.options.item
        assert isinstance(item, list)
        groups: dict[str, list[int]] = {}
        for number, key in enumerate(item, 1):
            groups.setdefault(repr((key[0], key[1].split("`")[1])), []).append(number)
        return {"groups": [group for group in groups.values() if len(group) > 1]}

    def _edits(self, hunk: dict[str, JsonValue]) -> list[Edit]:
        first, count = hunk["line"], hunk["lines"]
        return [
            edit
            for edit in self.world.edits
            if edit.file == hunk["file"] and first <= edit.line < first + count
        ]


def _told(hunk: int, line: int, quote: str, claim: str) -> JsonValue:
    where = {"hunk": hunk, "line": line, "quote": quote}
    return {**where, "dimension": DIMENSION, "severity": "medium", "claim": claim}


def _put(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="")


def git(folder: Path, *words: str) -> None:
    """Run git as nobody in particular, at no time in particular."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(
        ["git", "-C", str(folder), *words],  # noqa: S607  the one of the machine
        env=environment | PERSON,
        check=True,
        capture_output=True,
    )
