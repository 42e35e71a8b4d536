"""Claims of scripted readers before the real `verify`, without a script or an engine around it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from hocket.api.calls import Call, Options
from hocket.screens.table import run as screen
from hocket.testing.patterns import fails, run_pattern
from hocket_plugins.patterns.verify.pattern import Verify
from planted.backend import draws_of
from planted.corpus import PlantedCorpus
from planted.knowledge import Knowledge
from planted.labelled import labelled
from planted.readers import Readers
from planted.team import Team
from planted.voters import Voters

if TYPE_CHECKING:
    from hocket.api.patterns.context import Ask, Reply
    from planted.errors import Errors

FACTS = {"corroborated": 0.4, "single": 0.6}
"""All facts stand in some document: two in five of them in two."""
SHORT = {"against": "?", "lenses": ["!"]}
PANEL = 3


@dataclass
class Trial:
    """One world of 60 facts, its readers' claims, and what votes make of them."""

    seed: int
    errors: Errors

    def __post_init__(self) -> None:
        """Read every document once."""
        self.known = _world(self.seed)
        corpus, team = self.known.corpus, Team(self.known.corpus, self.errors)
        self._voters = Voters(self.known, self.errors)
        self._texts = {document.id: document.text for document in corpus.files}
        self.claims = _read(Readers(self.known, self.errors, team.canary, team.log), self.known)

    def states(self) -> list[str]:
        """Let the real pattern vote; a vote fails as often as the errors say."""
        given = {**SHORT, "screen": ["quote_in_source"], "claims": self.claims}
        asked: dict[str, int] = {}

        def answer(ask: Ask) -> object | Reply:
            tries = asked[ask.prompt] = asked.get(ask.prompt, 0) + 1
            draws = draws_of(self.errors.seed, self.seed, "fail", ask.prompt, tries)
            return fails() if draws.unit() < self.errors.fail else self._vote(ask.prompt, ask)

        played = run_pattern(
            Verify(), given, answer, screens=lambda name, item: screen(name, item, self._texts.get)
        )
        return [verdict["state"] for verdict in played.result["verdicts"]]

    def counted_as_refutations(self) -> list[str]:
        """Let three voters vote on each claim, and count every vote that fails as a refutation."""
        return [self._fixed(number, claim) for number, claim in enumerate(self.claims)]

    def _fixed(self, number: int, claim: object) -> str:
        draws = draws_of(self.errors.seed, self.seed, "fixed", number)
        votes = [
            "refuted"
            if draws.unit() < self.errors.fail
            else self._voters.vote(_call(claim, f"Vote {place}."))["verdict"]
            for place in range(1, PANEL + 1)
        ]
        return "supported" if votes.count("supported") * 2 > PANEL else "refuted"

    def _vote(self, prompt: str, ask: Ask) -> object:
        return self._voters.vote(_call(ask.options["item"], prompt))


def checked(corpus: PlantedCorpus, errors: Errors) -> dict[int, str]:
    """Let the real `verify` vote on the labelled claims of a corpus; gives a state by claim id."""
    voters = Voters(Knowledge(corpus), errors)

    def answer(ask: Ask) -> object:
        return voters.vote(_call(ask.options["item"], ask.prompt))

    made = labelled(corpus)
    given = {**SHORT, "claims": [{"text": claim.claim} for claim in made]}
    verdicts = run_pattern(Verify(), given, answer).result["verdicts"]
    return {claim.id: told["state"] for claim, told in zip(made, verdicts, strict=True)}


@dataclass(slots=True)
class Outcome:
    """What became of the claims of many trials, counted."""

    facts: int = 0
    trials: int = 0
    true: int = 0
    found: int = 0
    refuted: int = 0
    wrong: int = 0
    """False claims that were supported."""
    unverified: int = 0

    def add(self, trial: Trial, states: list[str]) -> None:
        """Count one trial; a claim that the screen dropped was never voted on."""
        self.facts += len(trial.known.facts)
        self.trials += 1
        for claim, state in zip(trial.claims, states, strict=True):
            true = trial.known.stated(claim["text"]).verdict == "supported"
            real = trial.known.stated(claim["quote"]) is not None and not claim["invented"]
            self.true += true
            self.found += true and state == "supported"
            self.refuted += true and state == "refuted"
            self.wrong += (not true) and state == "supported"
            self.unverified += real and state == "unverified"

    def __add__(self, other: Outcome) -> Outcome:
        """Join two counts."""
        return Outcome(*(getattr(self, one) + getattr(other, one) for one in self.__slots__))

    @property
    def figures(self) -> dict[str, float]:
        """The columns of the table."""
        return {
            "precision": self.found / (self.found + self.wrong),
            "facts found": self.found / self.facts,
            "true claims refuted": self.refuted / self.true,
            "unverified": self.unverified / self.trials,
        }


@lru_cache(maxsize=2)
def _world(seed: int) -> Knowledge:
    """Make a world once for all rates of error that are tried on it."""
    return Knowledge(
        PlantedCorpus(seed=seed, mix=FACTS, filler=0, off_topic=0, injected=0, mirrors=0)
    )


def _read(readers: Readers, known: Knowledge) -> list[dict[str, object]]:
    """Take the claims of all readers; equal ones are one, as `merge` would have it."""
    found: dict[tuple[str, str, bool], dict[str, object]] = {}
    for document in known.corpus.files:
        for fact, span in document.told():
            for claim in readers.claimed(document, "a1", fact, span):
                stated = known.stated(claim["text"])
                invented = claim["quote"] not in {one.text for one in fact.spans}
                row = {"text": claim["text"], "quote": claim["quote"], "source": document.id}
                key = (fact.id, stated.value, invented)
                found.setdefault(key, {**row, "invented": invented})
    return [*found.values()]


def _call(item: object, prompt: str) -> Call:
    return Call(number=1, key="", occurrence=0, prompt=prompt, label="", options=Options(item=item))
