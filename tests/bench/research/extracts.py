"""What the offline backend finds, refuses and judges on planted corpora, and how fast it is."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from planted.corpus import PlantedCorpus

from hocket.api.calls import Call, Options
from hocket.testing import ScriptedContext
from hocket.testing.tools import ScriptedToolContext
from hocket_plugins.backends.offline.backend import OfflineBackend

if TYPE_CHECKING:
    from pydantic import JsonValue


CERTAIN = ("corroborated", "single", "stale")
"""Facts with one true value; a claim about a contradicted one is neither true nor false."""
STATES = {"supported": "corroborated", "qualified": "contradicted", "cannot_tell": "single"}
ROWS = (
    ("right passage first", "asked", "right"),
    ("refuses when the fact is absent", "absent", "refused"),
    ("state shown with the passage is right", "right", "state"),
    ("true claim -> supported", "true", "true supported"),
    ("true claim -> disagreement", "true", "true qualified"),
    ("false claim -> disagreement", "false", "false qualified"),
    ("false claim -> supported", "false", "false supported"),
    ("claim of an absent fact -> any verdict", "unknown", "unknown judged"),
)


@dataclass
class Tally:
    """Counts over any number of corpora."""

    counts: Counter[str] = field(default_factory=Counter)

    def share(self, row: str) -> float:
        """Give one figure of the table."""
        _, total, part = next(one for one in ROWS if one[0] == row)
        return self.counts[part] / max(1, self.counts[total])


class Reader:
    """Asks the backend as a run would, role by role."""

    def __init__(self, folder: Path) -> None:
        self.backend = OfflineBackend()
        self.folder = folder
        self.files: list[JsonValue] = [
            {"id": f"f{number}", "path": str(path), "name": path.name}
            for number, path in enumerate(sorted(folder.iterdir()), 1)
        ]

    async def ask(self, role: str, item: JsonValue) -> dict[str, JsonValue]:
        """Ask one call."""
        context = ScriptedContext(tools=ScriptedToolContext(self.folder))
        call = Call(1, "key", 0, role, role, options=Options(role=role, item=item, untrusted=True))
        outcome = await self.backend.run(call, context)
        return outcome.value

    async def first(self, question: str) -> dict[str, JsonValue] | None:
        """Give the passage shown first, or None for a refusal."""
        angle: JsonValue = {"id": "a1", "question": question, "terms": []}
        item: JsonValue = {"question": question, "angle": angle, "files": self.files, "most": 5}
        told = await self.ask("search-read", {**item, "per_angle": 1})
        return next(iter(told["claims"]), None)

    async def verdict(self, claim: JsonValue) -> str:
        """Give one vote."""
        return str((await self.ask("vote", claim))["verdict"])


async def measured(corpus: PlantedCorpus, folder: Path, tally: Tally) -> None:
    """Ask for every fact of a corpus, and judge a true and a false claim of each."""
    reader = Reader(corpus.write(folder))
    for fact in corpus.facts:
        found = await reader.first(fact.question(corpus.wording))
        if not fact.answerable:
            tally.counts.update(["absent", *(["refused"] if found is None else [])])
        else:
            gold = {span.text for span in fact.gold()}
            is_right = found is not None and found["quote"] in gold
            tally.counts.update(["asked", *(["right"] if is_right else [])])
            if is_right:
                source = next(one["path"] for one in reader.files if one["id"] == found["source"])
                state = await reader.verdict({**found, "source": source})
                wanted = "single" if fact.state == "stale" else fact.state
                tally.counts.update(["state"] if STATES[state] == wanted else [])
    await _claims(corpus, reader, tally)


async def _claims(corpus: PlantedCorpus, reader: Reader, tally: Tally) -> None:
    for number, fact in enumerate(corpus.facts):
        wrong = fact.other or fact.wrong[0]
        if fact.state in CERTAIN:
            for kind, value in (("true", fact.value), ("false", wrong)):
                text = fact.sentence(value, number, corpus.wording)
                tally.counts.update([kind, f"{kind} {await reader.verdict({'text': text})}"])
        elif fact.state == "absent":
            text = fact.sentence(fact.value, number, corpus.wording)
            is_judged = await reader.verdict({"text": text}) != "cannot_tell"
            tally.counts.update(["unknown", *(["unknown judged"] if is_judged else [])])


def figures(wording: str, seeds: range) -> Tally:
    """Measure corpora of one wording."""
    tally = Tally()
    for seed in seeds:
        with TemporaryDirectory() as folder:
            corpus = PlantedCorpus(seed=seed, wording=wording)
            asyncio.run(measured(corpus, Path(folder), tally))
    return tally


def speed(files: int = 100, sentences: int = 50) -> tuple[float, float]:
    """Give the seconds of the first answer, with the reading of all files, and of the next."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        for number in range(files):
            lines = (
                f"The Velora bridge number {number} has piece {line} of {number * line + 7} metres."
                f" It was seen by keeper {chr(65 + line % 26)}obin in {1900 + line}."
                for line in range(sentences // 2)
            )
            (folder / f"d{number:03}.txt").write_text("\n\n".join(lines))
        reader, times = Reader(folder), []
        for _ in range(2):
            begun = time.monotonic()
            asyncio.run(reader.first("How long is piece 7 of the Velora bridge?"))
            times.append(time.monotonic() - begun)
    return times[0], times[1]
