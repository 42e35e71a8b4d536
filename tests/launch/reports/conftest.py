"""What a run that is done tells, with a result of any shape, and a reader of pages."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from hocket.api.calls import Usage
from hocket.engine.summary import Failure, report
from hocket.launch.reports import account

VOID = {"meta", "br", "hr", "img", "input", "link", "path"}


def told_of(result, **more):
    fields = {
        "run_id": "4f2a", "name": "deep-research", "status": "completed", "cause": None,
        "result": result, "census": {"ok": 84, "cached": 3, "stalled": 1},
        "usage": Usage(input=800, output=200, cost_micros=4_310_000), "elapsed_ms": 1_392_000,
        "failures": [Failure(17, "vote c4", "stalled", "no sign for 120 s")],
        "notes": ("verify: 2 of 40 votes were cast by spares",),
    }  # fmt: skip
    return report(**fields | more)


@pytest.fixture(scope="session")
def told():
    """Give what makes the account of a run from its result."""
    return told_of


@pytest.fixture
def made():
    """Give what makes a report of data and text."""

    def make(data, text="The text.", *, complete=True, rules=False, **more):
        result = {"report": text, "data": data, "complete": complete}
        return account(told_of(result, **more), rules=rules)

    return make


class Page(HTMLParser):
    """Reads a page as browsers do: what is open, which tags there are, and the words."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.words, self.links, self.ids = [], [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append((tag, given))
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if "href" in given else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("style", "title"):
            self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="session")
def browse():
    """Give what reads a page."""
    return Page


SOURCES = [
    {"id": "f1", "title": "Dose study", "path": "papers/dose.md", "date": "2021-06-14",
     "kind": "primary", "author": "M. Roth", "funder": "Sleep Fund"},
    {"id": "f2", "title": "Review", "url": "https://example.org/review", "kind": "unknown",
     "copies": ["mirror.md"]},
    {"id": "f3", "path": "notes.md", "state": "failed", "cause": "not text"},
]  # fmt: skip

CLAIMS = [
    {"id": "c1", "text": "Sleep is 41 minutes shorter.", "state": "supported", "error": 0.02,
     "votes": {"supported": 3}, "failed": 1, "date": "2021-06-14", "sources": ["f1", "f2"],
     "quotes": [{"source": "f1", "quote": "It was 41 minutes shorter.", "line": 12}]},
    {"id": "c2", "text": "Small doses do nothing.", "state": "qualified",
     "qualification": "in young adults", "quotes": [{"source": "f2", "quote": "No effect."}]},
    {"id": "c3", "text": "Habit protects.", "state": "refuted", "correction": "Habit is no help.",
     "against": [{"source": "f1", "quote": "Habit made no difference."}]},
    {"id": "c4", "text": "Age matters.", "state": "unverified", "cause": "quote not in source"},
    {"id": "c5", "text": "It ends after four hours.", "state": "supported",
     "quotes": [{"source": "f1", "quote": "Four hours."}]},
    {"id": "c6", "text": "It lasts nine hours.", "state": "supported",
     "quotes": [{"source": "f2", "quote": "Nine hours."}]},
]  # fmt: skip


@pytest.fixture
def research():
    """Give the data of a piece of research with a claim of every kind."""
    return {
        "title": "How late can one drink coffee?",
        "question": "How many hours before bed is too late?",
        "claims": CLAIMS,
        "conflicts": [{"claims": ["c5", "c6"], "why": "They name different times."}],
        "citations": [{"n": 1, "claim": "c1", "source": "f1", "quote": "Another passage."}],
        "sources": SOURCES,
    }
