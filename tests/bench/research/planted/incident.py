"""An incident: one cause and four decoys, and five sources of which each may point to a decoy.

What a source says in favour of a cause are its clues; what it says against the causes it does not
point to kills them. The true cause is killed nowhere.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from functools import cached_property
from string import ascii_uppercase
from typing import TYPE_CHECKING

from planted.backend import draws_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hocket.api.calls import Call
    from hocket.api.patterns.draws import Draws

SYMPTOM = "Since ten o'clock every third order fails"
FILES = {
    "logs": "logs/orders.log",
    "metrics": "metrics/orders.csv",
    "configuration": "config/orders.toml",
    "code": "src/orders.py",
}
SOURCES = [*FILES, "changes"]
CAUSES = [
    "the connection pool is too small",
    "the certificate of the bank ran out",
    "the clock of one server is wrong",
    "the new index locks the table",
    "the cache serves old prices",
]
WORDINGS = ["{}", "{}, so it seems", "probably {}", "{}: that is it"]
CLUE, KILL = "{n}: it speaks for cause {cause} that {what}", "{n}: it rules out cause {cause}"
CLUES = 2
PERSON = {
    f"GIT_{who}_{what}": told
    for who in ("AUTHOR", "COMMITTER")
    for what, told in (("NAME", "A"), ("EMAIL", "a@b.example"), ("DATE", "2026-03-01T10:00:00Z"))
}


@dataclass(frozen=True)
class Line:
    """A line of a source: a clue for a cause, or what kills it."""

    source: str
    cause: int
    kills: bool
    text: str
    number: int


@dataclass(frozen=True)
class PlantedIncident:
    """One incident; each source alone points to a decoy in `astray` of all."""

    seed: int = 0
    astray: float = 0.4

    @cached_property
    def cause(self) -> int:
        """The true one."""
        return draws_of("incident", self.seed).below(len(CAUSES))

    @cached_property
    def points(self) -> dict[str, int]:
        """The cause that each source points to."""
        draws = draws_of("points", self.seed)
        decoys = [one for one in range(len(CAUSES)) if one != self.cause]
        return {
            name: decoys[draws.below(len(decoys))] if draws.unit() < self.astray else self.cause
            for name in SOURCES
        }

    @cached_property
    def truth(self) -> dict[str, list[Line]]:
        """What stands in each source."""
        return {name: self._lines(name) for name in SOURCES}

    @cached_property
    def kills(self) -> dict[int, set[str]]:
        """The lines that kill each decoy, wherever they stand."""
        lines = [line for found in self.truth.values() for line in found if line.kills]
        return {
            one: {line.text for line in lines if line.cause == one} for one in range(len(CAUSES))
        }

    def write(self, folder: Path, *, repository: bool = False) -> None:
        """Write the files; with `repository` the changes are commits of a real one."""
        for name, path in FILES.items():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text("".join(f"{line.text}\n" for line in self.truth[name]), "utf-8")
        if repository:
            _git(folder, "init", "--quiet", "--initial-branch=main")
            _git(folder, "add", *FILES.values())
            for line in self.truth["changes"]:
                _git(folder, "commit", "--quiet", "--allow-empty", f"--message={line.text}")

    def agents(self, error: float = 0.1) -> dict[str, Callable[..., object]]:
        """Give agents who err with one rate, each in what it does."""
        told = Detectives(self, error)
        return {
            "collect": told.collect,
            "hypothesis": told.suppose,
            "read": told.alike,
            "vote": told.vote,
            "explain": told.explain,
            "judge": told.judge,
        }

    def _lines(self, name: str) -> list[Line]:
        pointed = self.points[name]
        clues = [(pointed, False)] * CLUES
        kills = [(one, True) for one in range(len(CAUSES)) if one not in (pointed, self.cause)]
        mixed = draws_of("lines", self.seed, name).shuffled([*clues, *kills])
        return [
            Line(name, cause, kill, _worded(name, number, cause, kills=kill), number)
            for number, (cause, kill) in enumerate(mixed, 1)
        ]


@dataclass(frozen=True)
class Detectives:
    """Agents who look for the cause."""

    world: PlantedIncident
    error: float

    def collect(self, call: Call, draws: Draws) -> object:
        """Tell what stands in one source; some of it is overlooked."""
        name = call.options.item["source"]
        place = FILES.get(name, "a1b2c3d")
        seen = [line for line in self.world.truth[name] if draws.unit() >= self.error]
        return {
            "facts": [
                {
                    "text": f"Seen in the {name}: {line.text}",
                    "quote": line.text,
                    "source": place,
                    "line": line.number,
                    "time": f"2026-03-01T10:{line.number:02}:00Z",
                }
                for line in seen
            ]
        }

    def suppose(self, call: Call, draws: Draws) -> object:
        """Name what the facts speak for, now and then something else, or not all."""
        clues: dict[int, list[int]] = {}
        for fact in call.options.item["facts"]:
            line = self._line(fact["quote"])
            if not line.kills:
                clues.setdefault(line.cause, []).append(fact["n"])
        if draws.unit() < self.error:
            clues.setdefault(draws.below(len(CAUSES)), [])
        named = {one: seen for one, seen in clues.items() if draws.unit() >= self.error}
        return {
            "causes": [
                {"cause": _said(one, draws), "explains": seen} for one, seen in named.items()
            ][:3]
        }

    def alike(self, call: Call) -> object:
        """Join what names one cause, however it is worded."""
        groups: dict[int, list[int]] = {}
        for number, text in enumerate(call.options.item, 1):
            groups.setdefault(cause_in(text), []).append(number)
        return {"groups": [group for group in groups.values() if len(group) > 1]}

    def vote(self, call: Call, draws: Draws) -> object:
        """Say whether a cause can be, and quote what kills it, now and then something else."""
        cause = cause_in(call.options.item["cause"])
        holds = (cause == self.world.cause) == (draws.unit() >= self.error)
        if holds:
            return {"verdict": "supported", "reason": "what should be there is there"}
        lines = self.world.truth[_readable(call)]
        kills = [line.text for line in lines if line.kills and line.cause == cause]
        others = [line.text for line in lines]
        seen = kills if kills and draws.unit() >= self.error else others
        return {
            "verdict": "refuted",
            "reason": "it cannot be",
            "quote": seen[draws.below(len(seen))],
        }

    def explain(self, call: Call, draws: Draws) -> object:
        """Say which facts a cause explains."""
        item = call.options.item
        cause = cause_in(item["cause"])
        lines = {fact["n"]: self._line(fact["quote"]) for fact in item["facts"]}
        seen = {n: line for n, line in lines.items() if draws.unit() >= self.error}
        about = {n: line for n, line in seen.items() if line.cause == cause}
        return {
            "explains": [n for n, line in about.items() if not line.kills],
            "assumptions": ["nothing else changed"],
            "test": f"change what makes cause {ascii_uppercase[cause]} possible",
            "effort": ("minutes", "hours", "days")[draws.below(3)],
        }

    def judge(self, call: Call, draws: Draws) -> object:
        """Put causes in order by what they explain."""
        known = [len(item["explains"]) for item in call.options.item]
        order = sorted(range(len(known)), key=lambda place: -known[place])
        if draws.unit() < self.error:
            order.reverse()
        return {"order": [ascii_uppercase[place] for place in order]}

    def _line(self, text: str) -> Line:
        return next(
            line for found in self.world.truth.values() for line in found if line.text == text
        )


def cause_in(text: str) -> int:
    """Say which cause a text names, however it is worded."""
    return next(number for number, cause in enumerate(CAUSES) if cause in text)


def _readable(call: Call) -> str:
    """Say which source a voter can read: its tools name the folder of no other."""
    rules = " ".join(call.options.tools or ())
    return next((name for name, path in FILES.items() if path.split("/")[0] in rules), "changes")


def _said(cause: int, draws: Draws) -> str:
    return WORDINGS[draws.below(len(WORDINGS))].format(CAUSES[cause])


def _worded(source: str, number: int, cause: int, *, kills: bool) -> str:
    """Word a line as its source would; no two of them are the same."""
    told = {"n": f"{source} {number}", "cause": ascii_uppercase[cause], "what": CAUSES[cause]}
    return (KILL if kills else CLUE).format(**told)


def _git(folder: Path, *words: str) -> None:
    """Use git as one person at one time, whatever the settings of the machine are."""
    env = {**{k: v for k, v in os.environ.items() if not k.startswith("GIT_")}, **PERSON}
    git = ["git", "-c", "core.hooksPath=/dev/null", "-C", str(folder)]
    subprocess.run([*git, *words], check=True, env=env, capture_output=True)
