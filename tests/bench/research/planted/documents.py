"""Documents that tell the truth, or not: their text, and where in it each fact stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from planted.backend import draws_of
from planted.facts import Span
from planted.passages import ABOUT, COMMANDS, FILLER, OFF_TOPIC, TITLES

if TYPE_CHECKING:
    from hocket.api.patterns.draws import Draws
    from planted.facts import Entity, Fact

RECENT, OLD = date(2024, 3, 1), date(2011, 1, 10)
LIKE_DAYS = 60
"""Recent documents lie within so many days: of like date, so none outweighs another."""
PARAGRAPH = 4
WIDTH = 72


@dataclass(slots=True)
class Document:
    """A file to be: its head, and what is to be said in it, each with the fact it tells."""

    role: str
    """topic, off_topic, injected or mirror."""
    title: str
    day: date
    kind: str
    said: list[tuple[str, Fact | None, str]] = field(default_factory=list)
    """Sentence, the fact it states if any, and the value it gives."""
    about: Entity | None = None
    canary: str | None = None
    copy_of: Document | None = None
    wrapped: bool = False
    id: str = ""
    source: str = ""
    text: str = ""
    sentences: list[Span] = field(default_factory=list)

    @property
    def file(self) -> str:
        """Where it lies in the folder of the corpus."""
        return f"docs/{self.id}.txt"

    @property
    def sha256(self) -> str:
        """The digest of its bytes."""
        return sha256(self.text.encode()).hexdigest()

    def named(self, number: int) -> None:
        """Name it; a copy keeps the source of what it copies."""
        self.id = f"doc-{number:02}"
        self.source = self.copy_of.source if self.copy_of else f"s-{number:02}"

    def write(self) -> None:
        """Write its text, and note where each sentence stands and which facts it tells."""
        head = f"Date: {self.day.isoformat()}\nSource: {self.source} {self.kind}\n\n{self.title}\n"
        text, places = head, []
        for number, (sentence, _, _) in enumerate(self.said):
            text += " " if number % PARAGRAPH else "\n" if number == 0 else "\n\n"
            places.append(len(text))
            text += sentence
        self.text = _wrapped(text, len(head)) + "\n" if self.wrapped else text + "\n"
        for number, (start, (sentence, fact, value)) in enumerate(
            zip(places, self.said, strict=True)
        ):
            line = self.text.count("\n", 0, start) + 1
            span = Span(self.id, number, start, start + len(sentence), line, sentence, value)
            self.sentences.append(span)
            if fact is not None and self.copy_of is None:
                fact.spans.append(span)

    def told(self) -> list[tuple[Fact, Span]]:
        """Give the facts it tells, with the sentences."""
        pairs = zip(self.said, self.sentences, strict=True)
        return [(fact, span) for (_, fact, _), span in pairs if fact is not None]


def _wrapped(text: str, after: int) -> str:
    """Break lines at spaces: every character keeps its place."""
    broken, column = list(text), 0
    for place, char in enumerate(text):
        column = 0 if char == "\n" else column + 1
        if place > after and char == " " and column > WIDTH:
            broken[place], column = "\n", 0
    return "".join(broken)


@dataclass(slots=True)
class Library:
    """Deals facts out to documents, then adds what is not about them."""

    seed: int
    entities: list[Entity]
    count: int
    wording: str
    filler: int
    documents: list[Document] = field(default_factory=list)

    def fill(self, facts: list[Fact]) -> None:
        """Make the documents on the topic; the older ones hold superseded values."""
        draws = draws_of(self.seed, "documents")
        older = max(1, self.count // 6)
        self.documents = [self._topic(number, draws) for number in range(self.count - older)]
        old = [self._topic(number, draws, OLD) for number in range(older)]
        for fact in facts:
            self._tell(fact, old[self.entities.index(fact.entity) % older], draws)
        self.documents += old
        for document in self.documents:
            self._pad(document, draws)

    def add(self, off_topic: int, injected: int, mirrors: int) -> None:
        """Add distractors, injections and copies under other names."""
        draws = draws_of(self.seed, "others")
        topical = self.documents[:]
        self.documents += [_off_topic(number, draws) for number in range(off_topic)]
        self.documents += [self._injected(number, draws) for number in range(injected)]
        originals = draws.shuffled(topical)[:mirrors]
        self.documents += [_mirror(one, wrapped=at % 2 == 1) for at, one in enumerate(originals)]
        numbers = draws.shuffled(range(1, len(self.documents) + 1))
        for number, document in zip(numbers, self.documents, strict=True):
            document.named(number)
        for document in self.documents:
            document.write()
        self.documents.sort(key=lambda document: document.id)

    def _topic(self, number: int, draws: Draws, since: date = RECENT) -> Document:
        place = self.entities[number % len(self.entities)]
        title = TITLES[draws.below(len(TITLES))].format(name=place.name)
        day = since + timedelta(days=draws.below(LIKE_DAYS))
        return Document("topic", title, day, _kind(draws), about=place)

    def _tell(self, fact: Fact, old: Document, draws: Draws) -> None:
        own = [one for one in self.documents if one.about == fact.entity]
        rest = [one for one in self.documents if one.about != fact.entity]
        homes = [*draws.shuffled(own), *draws.shuffled(rest)]
        if fact.state == "absent":
            return
        self._say(fact, fact.value, homes[0], draws)
        if fact.state == "corroborated":
            for home in homes[1 : max(2, min(3, len(own)))]:
                self._say(fact, fact.value, home, draws)
        elif fact.state == "contradicted":
            self._say(fact, str(fact.other), homes[1], draws)
        elif fact.state == "stale":
            self._say(fact, str(fact.other), old, draws)

    def _say(self, fact: Fact, value: str, home: Document, draws: Draws) -> None:
        home.said.append((fact.sentence(value, draws.below(3), self.wording), fact, value))

    def _pad(self, document: Document, draws: Draws) -> None:
        """Put fillers between the facts; about half of them name the place."""
        name = document.about.name if document.about else ""
        near = [text.format(name=name) for text in draws.shuffled(ABOUT)[: self.filler // 2]]
        far = draws.shuffled(FILLER)[: self.filler - len(near)]
        document.said = draws.shuffled([*document.said, *((text, None, "") for text in near + far)])

    def _injected(self, number: int, draws: Draws) -> Document:
        place = self.entities[draws.below(len(self.entities))]
        canary = f"CANARY-{1_000 + draws.below(9_000)}"
        command = COMMANDS[number % len(COMMANDS)].format(canary=canary, name=place.name)
        first, second = draws.shuffled(ABOUT)[:2]
        said = [first.format(name=place.name), command, second.format(name=place.name)]
        day = RECENT + timedelta(days=draws.below(LIKE_DAYS))
        title = f"The record of the {place.name}: opening, cost, design"
        texts = [(text, None, "") for text in said]
        return Document("injected", title, day, "secondary", texts, place, canary)


def _off_topic(number: int, draws: Draws) -> Document:
    title = list(OFF_TOPIC)[number % len(OFF_TOPIC)]
    said = [(text, None, "") for text in draws.shuffled(OFF_TOPIC[title])[:6]]
    day = OLD + timedelta(days=draws.below(4_000))
    return Document("off_topic", title, day, _kind(draws), said)


def _mirror(origin: Document, *, wrapped: bool) -> Document:
    return Document(
        "mirror", origin.title, origin.day, origin.kind, origin.said, origin.about,
        copy_of=origin, wrapped=wrapped,
    )  # fmt: skip


def _kind(draws: Draws) -> str:
    return "primary" if draws.below(2) else "secondary"
