"""Screens over planted truth: what is right passes, what is wrong never does."""

from __future__ import annotations

import pytest

from hocket.api.patterns.draws import Draws
from hocket.screens.table import run

NAMES = ["Kareno", "Ivedo", "Talmi", "Orrin", "Besk", "Luvano"]
PLACES = ["Bridge", "Tunnel", "Tower", "Canal"]
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August"]
FILLER = [
    "Many people remember the day.",
    "It was said that nobody \u201chad believed in it\u201d \u2014 not even the town.",
    "The work was hard; winters were long, and money was short.",
    "In No. 7 of the local paper, Dr. Moru wrote about it.",
]


class Fact:
    """A thing that was opened on a day and cost something, and how that may be written."""

    def __init__(self, draws):
        self.name = f"{NAMES[draws.below(6)]} {PLACES[draws.below(4)]}"
        self.day, self.month = 1 + draws.below(28), 1 + draws.below(8)
        self.year, self.cost = 1800 + draws.below(220), 10 + draws.below(90)

    @property
    def month_name(self):
        return MONTHS[self.month - 1]

    def dates(self):
        year, month, day = self.year, self.month, self.day
        return [
            f"{day} {self.month_name} {year}",
            f"{self.month_name} {day}, {year}",
            f"{year}-{month:02}-{day:02}",
            f"{day}\u00a0{self.month_name[:3]}. {year}" if month != 5 else f"{day} May {year}",
        ]

    def costs(self):
        whole, tenth = divmod(self.cost, 10)
        return [
            f"{whole},{tenth}00,000",
            f"{whole}.{tenth} million",
            f"{whole},{tenth}m",
            f"{whole} {tenth}00 000",
            f"{self.cost}00 thousand",
        ]

    def wrong(self, draws):
        """Give the same thing with another day, another year, or another cost."""
        other = Fact(draws)
        other.__dict__.update(self.__dict__)
        field = ["day", "year", "cost"][draws.below(3)]
        setattr(other, field, getattr(self, field) + 1 + draws.below(5))
        return other


def written(fact, draws):
    date = fact.dates()[draws.below(4)]
    cost = fact.costs()[draws.below(5)]
    return [
        f"The {fact.name} was opened on {date} and cost {cost} crowns.",
        f"Opened on {date}, the {fact.name} had cost {cost} crowns!",
        f"{fact.name}: {cost} crowns; opened {date}.",
    ][draws.below(3)]


def noisy(text, draws):
    """Write a text as another program would."""
    changes = [
        lambda t: t.replace(" ", "\n", 3),
        lambda t: t.replace(" ", "\u00a0", 2),
        lambda t: t.replace("\u2014", "--"),
        lambda t: t.replace("\u201c", '"').replace("\u201d", '"'),
        lambda t: t[0].lower() + t[1:],
        lambda t: t.rstrip(".!") + ",",
        lambda t: f"\u00ab{t}\u00bb",
        lambda t: t,
    ]
    return changes[draws.below(len(changes))](text)


@pytest.fixture(scope="module", params=range(5))
def world(request):
    """Give facts, the sentence that tells each, and a source that holds them."""
    draws = Draws(request.param)
    facts = [Fact(draws) for _ in range(40)]
    told = [written(fact, draws) for fact in facts]
    text = "  ".join(line for each in told for line in (each, FILLER[draws.below(4)]))
    return draws, facts, told, {"source": text}.get


def verdicts(item, text_of):
    names = ("quote_in_source", "numbers_match", "dates_match")
    return [run(name, item, text_of) for name in names]


def test_what_is_right_passes_however_it_is_written(world):
    draws, facts, told, text_of = world
    for fact, line in zip(facts, told, strict=True):
        item = {"claim": written(fact, draws), "quote": noisy(line, draws), "source": "source"}
        assert verdicts(item, text_of) == ["ok", "ok", "ok"], item


def test_a_misread_value_differs(world):
    draws, facts, told, text_of = world
    for fact, line in zip(facts, told, strict=True):
        claim = written(fact.wrong(draws), draws)
        item = {"claim": claim, "quote": noisy(line, draws), "source": "source"}
        quote, numbers, dates = verdicts(item, text_of)
        assert quote == "ok"
        assert "differs" in (numbers, dates), item


def test_an_invented_quote_is_never_there(world):
    draws, facts, _, text_of = world
    for fact in facts:
        line = written(fact.wrong(draws), draws)
        item = {"quote": noisy(line, draws), "source": "source"}
        assert run("quote_in_source", item, text_of) == "absent", item


def test_a_shortened_quote_passes_and_a_turned_one_does_not(world):
    draws, _, told, text_of = world
    for line in told:
        words = line.split(" ")
        cut = 2 + draws.below(len(words) - 4)
        first, last = " ".join(words[:2]), " ".join(words[cut + 1 :])
        short = {"quote": f"{first} [...] {last}", "source": "source"}
        turned = {"quote": f"{last} \u2026 {first}", "source": "source"}
        assert run("quote_in_source", short, text_of) == "ok", short
        assert run("quote_in_source", turned, {"source": line}.get) == "absent", turned


def test_a_report_is_judged_sentence_by_sentence(world):
    draws, facts, told, text_of = world
    cite = [{"n": n, "quote": line, "source": "source"} for n, line in enumerate(told)]
    cite.append({"n": 99, "quote": "Nobody wrote this.", "source": "source"})
    lines, wrong, uncited = [], [], []
    for number, fact in enumerate(facts):
        kind = ["right", "right", "value", "mark", "quote", "none"][draws.below(6)]
        told_as = fact.wrong(draws) if kind == "value" else fact
        mark = {"mark": " [77]", "quote": " [99]", "none": ""}.get(kind, f" [{number}]")
        sentence = f"It was opened on {told_as.dates()[0]} at {told_as.costs()[1]} crowns{mark}."
        lines.append(sentence)
        if kind == "none":
            uncited.append(number + 1)
        elif kind != "right":
            wrong.append(number + 1)
    report = run("citations", {"text": " ".join(lines), "cite": cite}, text_of)

    assert [each["sentence"] for each in report["wrong"]] == wrong
    assert (report["uncited"], report["sentences"]) == (uncited, len(facts))
