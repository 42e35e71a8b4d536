"""A planted rulebook: rules that a change breaks or only seems to, and corrections to mine."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from planted.backend import draws_of
from planted.changes import git
from planted.jury import USUAL, Errors, Jury
from planted.rule_texts import LONERS, RULES, THEMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pydantic import JsonValue

    from hocket.api.calls import Call
    from hocket.api.patterns.draws import Draws
    from planted.rule_texts import Theme

BOOK = "RULES.md"
CODE = "src/steps.py"
CORRECTIONS, HISTORY = "corrections.jsonl", "history.jsonl"
PEOPLE = ("ada", "ben", "cleo")
VIOLATION, LOOK_ALIKE, SOUND = "violation", "look-alike", "sound"


@dataclass(frozen=True, slots=True)
class Spot:
    """A line that belongs to a rule, and whether it breaks it."""

    rule: str
    line: int
    quote: str
    kind: str


@dataclass(frozen=True)
class PlantedRulebook:
    """Twelve rules and a change; corrections in clusters, loners, and what was accepted later."""

    seed: int = 0
    violations: int = 5
    look_alikes: int = 6
    clusters: int = 6
    members: int = 5
    fading: int = 0
    """Clusters whose rule later changes do not keep; they come after the others."""

    @cached_property
    def _written(self) -> tuple[str, list[Spot]]:
        """Write a function per rule, in an order that was drawn."""
        draws = draws_of(self.seed, "rulebook")
        kinds = [VIOLATION] * self.violations + [LOOK_ALIKE] * self.look_alikes
        kinds = draws.shuffled(kinds + [SOUND] * (len(RULES) - len(kinds)))
        text, spots = '"""Steps."""\n', []
        for number in draws.shuffled(range(len(RULES))):
            rule, kind = RULES[number], kinds[number]
            body = {VIOLATION: rule.broken, LOOK_ALIKE: rule.excused, SOUND: rule.kept}[kind]
            text += f'\n\ndef step_{number + 1}(given):\n    """Take one step."""\n'
            at = next(n for n, line in enumerate(body) if line.startswith("!"))
            spots.append(Spot(f"R{number + 1}", text.count("\n") + at + 1, body[at][1:], kind))
            text += "".join(f"    {line.removeprefix('!')}\n" for line in body)
        return text, spots

    @property
    def spots(self) -> list[Spot]:
        """The line of each rule, in the order of the file."""
        return self._written[1]

    @property
    def truth(self) -> set[tuple[str, int]]:
        """Rule and line of every violation."""
        return {(one.rule, one.line) for one in self.spots if one.kind == VIOLATION}

    @property
    def themes(self) -> tuple[Theme, ...]:
        """What the corrections of each cluster are about."""
        return THEMES[: self.clusters + self.fading]

    @property
    def lasting(self) -> set[str]:
        """The rules that should be proposed."""
        return {one.rule for one in self.themes[: self.clusters]}

    @cached_property
    def corrections(self) -> list[dict[str, JsonValue]]:
        """Give clusters and loners, mixed."""
        draws = draws_of(self.seed, "corrections")
        return draws.shuffled([*self._clustered(draws), *LONERS])

    def _clustered(self, draws: Draws) -> Iterator[dict[str, JsonValue]]:
        for theme in self.themes:
            for number in range(self.members):
                word = theme.words[number % len(theme.words)]
                yield {
                    "author": PEOPLE[(number + draws.below(2)) % len(PEOPLE)],
                    "file": f"src/{word}_{number}.py",
                    "comment": theme.comments[number % len(theme.comments)],
                    "before": theme.before.replace("WORD", word),
                    "after": theme.after.replace("WORD", word),
                }

    @cached_property
    def history(self) -> list[dict[str, JsonValue]]:
        """Give ten later changes per theme: all keep its rule, but for one, or half if it fades."""
        changes: list[dict[str, JsonValue]] = []
        for place, theme in enumerate(self.themes):
            breaking = 1 if place < self.clusters else 5
            for number in range(10):
                word = f"{theme.words[number % len(theme.words)]}{number}"
                code = theme.before if number < breaking else theme.after
                changes.append({"file": f"src/{word}.py", "change": code.replace("WORD", word)})
        return draws_of(self.seed, "history").shuffled(changes)

    def write(self, folder: Path) -> None:
        """Make a repository: the rules as its first commit, the code as the second."""
        (folder / "src").mkdir(parents=True, exist_ok=True)
        listed = "".join(f"- {rule.text}\n" for rule in RULES)
        _put(folder / BOOK, f"# House rules\n\n{listed}")
        git(folder, "init", "--quiet", "--initial-branch=main")
        git(folder, "add", BOOK)
        git(folder, "commit", "--quiet", "--message=The rules")
        _put(folder / CODE, self._written[0])
        git(folder, "add", CODE)
        git(folder, "commit", "--quiet", "--message=The steps")
        _put(folder / CORRECTIONS, _lines(self.corrections))
        _put(folder / HISTORY, _lines(self.history))

    def agents(self, errors: Errors = USUAL) -> dict[str, Callable[..., JsonValue]]:
        """Give agents who know the rules, the themes and what is true, and err on order."""
        keepers, miners = Keepers(self, errors), Miners(self, errors)
        jury = Jury(self.seed, errors, self._is_true)
        return {
            "rule": keepers.rule,
            "vote": jury.vote,
            "correction": miners.correction,
            "read": miners.same,
            "propose": miners.propose,
            "catch": miners.catch,
            "history": miners.history,
        }

    def theme_of(self, told: JsonValue) -> Theme | None:
        """Find the theme that words are about."""
        text = json.dumps(told)
        return next((one for one in self.themes if any(m in text for m in one.marks)), None)

    def is_broken(self, theme: Theme, change: JsonValue) -> bool:
        """Whether a change is as the theme's corrections were before."""
        return theme.marks[0] in json.dumps(change)

    def _is_true(self, claim: JsonValue) -> bool:
        assert isinstance(claim, dict)
        if "change" not in claim:
            return (claim["rule"], claim["line"]) in self.truth
        theme = self.theme_of(claim["text"])
        return theme is not None and self.is_broken(theme, claim["change"])


@dataclass(frozen=True, slots=True)
class Keepers:
    """Verifiers of one rule each."""

    world: PlantedRulebook
    errors: Errors

    def rule(self, call: Call, draws: Draws) -> JsonValue:
        """Report a violation, and what only looks like one as often as alarms are false."""
        item = call.options.item
        assert isinstance(item, dict)
        spot = next(one for one in self.world.spots if one.rule == item["rule"])
        place = next((one for one in item["places"] if one["file"] == CODE), None)
        if place is None:
            return {"applies": False, "violations": []}
        rate = {VIOLATION: self.errors.recall, LOOK_ALIKE: self.errors.false_alarm, SOUND: 0.0}
        told = draws.unit() < rate[spot.kind]
        quote = "nothing of the kind" if draws.unit() < self.errors.invent else spot.quote
        found = {"place": place["n"], "line": spot.line, "quote": quote, "why": "It looks so."}
        return {"applies": True, "violations": [found] if told else []}


@dataclass(frozen=True, slots=True)
class Miners:
    """Those who read corrections, cluster them, word rules and read later changes."""

    world: PlantedRulebook
    errors: Errors

    def correction(self, call: Call, _draws: Draws) -> JsonValue:
        """Say in general words what was corrected."""
        item = call.options.item
        assert isinstance(item, dict)
        asked = item["correction"]
        theme = self.world.theme_of(asked)
        wrong, right = asked["before"], asked["after"] or "nothing at all"
        return {"wrong": wrong, "right": right, "why": asked["comment"],
                "scope": theme.scope if theme else "other"}  # fmt: skip

    def same(self, call: Call, draws: Draws) -> JsonValue:
        """Join those of one theme; one that is misread is left out."""
        item = call.options.item
        assert isinstance(item, list)
        groups: dict[str, list[int]] = {}
        for number, key in enumerate(item, 1):
            theme = self.world.theme_of(key)
            if theme is not None and draws.unit() >= self.errors.p:
                groups.setdefault(theme.rule, []).append(number)
        return {"groups": [group for group in groups.values() if len(group) > 1]}

    def propose(self, call: Call, _draws: Draws) -> JsonValue:
        """Word the rule of the theme that most are about."""
        item = call.options.item
        assert isinstance(item, dict)
        themes = [self.world.theme_of(one) for one in item["corrections"]]
        theme = max(themes, key=themes.count)
        return {"rule": theme.rule if theme else "Do as you were told."}

    def catch(self, call: Call, draws: Draws) -> JsonValue:
        """Say which of its own corrections a rule would have prevented."""
        theme, changes = self._asked(call)
        right = [one for one in changes if self.world.theme_of(one) is theme]
        return {"caught": [one["n"] for one in right if draws.unit() >= self.errors.p]}

    def history(self, call: Call, draws: Draws) -> JsonValue:
        """Say which later changes a rule speaks of, and which break it, sometimes wrongly."""
        theme, changes = self._asked(call)
        applies = [one for one in changes if self.world.theme_of(one) is theme]
        breaks = [
            one["n"]
            for one in applies
            if self.world.is_broken(theme, one) != (draws.unit() < self.errors.p)
        ]
        return {"applies": [one["n"] for one in applies], "breaks": breaks}

    def _asked(self, call: Call) -> tuple[Theme, list[dict[str, JsonValue]]]:
        item = call.options.item
        assert isinstance(item, dict)
        theme = next(one for one in self.world.themes if one.rule == item["rule"])
        return theme, item["changes"]


def _lines(records: list[dict[str, JsonValue]]) -> str:
    return "".join(json.dumps(one) + "\n" for one in records)


def _put(place: Path, text: str) -> None:
    place.write_text(text, encoding="utf-8", newline="")
