"""What can be asked of an entity: six attributes, each with its kind of value and its wording."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planted.names import person

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket.api.patterns.draws import Draws

COLOURS = (
    "red", "green", "blue", "white", "black", "yellow", "grey", "orange", "brown", "violet",
    "crimson", "turquoise",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to write of an attribute: three sentences and a question."""

    sentences: tuple[str, str, str]
    question: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """One column of the truth: its type, how its values are drawn, two disjoint wordings."""

    id: str
    title: str
    type: str
    """year, money, name, number, count or category."""
    draw: Callable[[Draws], str]
    old: Wording
    new: Wording
    larger: str | None = None
    """The comparative of a question that compares two entities; None where none is asked."""

    def wording(self, kind: str) -> Wording:
        """Give one of its two wordings."""
        return {"old": self.old, "new": self.new}[kind]


def _opened(draws: Draws) -> str:
    return str(1852 + draws.below(160))


def _cost(draws: Draws) -> str:
    return f"{1 + draws.below(89)}.{1 + draws.below(9)} million euros"


def _length(draws: Draws) -> str:
    return f"{31 + draws.below(900)} metres"


def _visitors(draws: Draws) -> str:
    return f"{(41 + draws.below(4_800)) * 100:,} visitors"


def _colour(draws: Draws) -> str:
    return COLOURS[draws.below(len(COLOURS))]


OPENED = Attribute(
    "opened", "year opened", "year", _opened,
    old=Wording(
        (
            "The {name} was opened in {value}.",
            "It was in {value} that the {name} opened to the public.",
            "The {name} first opened in the spring of {value}.",
        ),
        "In which year was the {name} opened?",
    ),
    new=Wording(
        (
            "People have been let into the {name} since {value}.",
            "In {value} a ribbon was cut at the {name}, and the first crowd came through.",
            "The inauguration of the {name} dates from {value}.",
        ),
        "When did the {name} begin to receive the public?",
    ),
    larger="opened later",
)  # fmt: skip
COST = Attribute(
    "cost", "cost", "money", _cost,
    old=Wording(
        (
            "Building the {name} cost {value}.",
            "The total cost of the {name} was {value}.",
            "In the end the {name} cost the town {value}.",
        ),
        "How much did the {name} cost?",
    ),
    new=Wording(
        (
            "A sum of {value} was spent before the {name} stood.",
            "For the {name} the council paid {value} in all.",
            "The final bill of the {name} came to {value}.",
        ),
        "What was the price of the {name}?",
    ),
    larger="cost more",
)  # fmt: skip
DESIGNER = Attribute(
    "designer", "designer", "name", person,
    old=Wording(
        (
            "The {name} was designed by {value}.",
            "{value} designed the {name}.",
            "The designer of the {name} was {value}.",
        ),
        "Who designed the {name}?",
    ),
    new=Wording(
        (
            "The plans of the {name} were drawn by {value}.",
            "{value} won the competition for the {name} and saw it through as its architect.",
            "It is {value} to whom the {name} owes its shape.",
        ),
        "Who was the architect of the {name}?",
    ),
)  # fmt: skip
LENGTH = Attribute(
    "length", "length", "number", _length,
    old=Wording(
        (
            "The {name} is {value} long.",
            "The length of the {name} is {value}.",
            "With a length of {value}, the {name} fills the whole of its site.",
        ),
        "How long is the {name}?",
    ),
    new=Wording(
        (
            "From one end to the other the {name} measures {value}.",
            "The {name} stretches over {value}.",
            "Walking the {name} from end to end means a way of {value}.",
        ),
        "What distance does the {name} span?",
    ),
    larger="is longer",
)  # fmt: skip
VISITORS = Attribute(
    "visitors", "yearly visitors", "count", _visitors,
    old=Wording(
        (
            "The {name} has {value} a year.",
            "Every year {value} are counted at the {name}.",
            "The yearly number for the {name} is {value}.",
        ),
        "How many visitors does the {name} have in a year?",
    ),
    new=Wording(
        (
            "In twelve months {value} pass the gate of the {name}.",
            "The {name} draws {value} annually.",
            "Between one January and the next, {value} find their way to the {name}.",
        ),
        "How many people come to the {name} annually?",
    ),
    larger="has more visitors",
)  # fmt: skip
COLOUR = Attribute(
    "colour", "colour", "category", _colour,
    old=Wording(
        (
            "The {name} is painted {value}.",
            "The colour of the {name} is {value}.",
            "By a rule of the town the {name} is painted {value}.",
        ),
        "Which colour is the {name}?",
    ),
    new=Wording(
        (
            "Seen from the hill, the {name} stands out in {value}.",
            "A {value} coat covers the {name}.",
            "All the outer walls and rails of the {name} are {value}.",
        ),
        "In what hue does the {name} appear?",
    ),
)  # fmt: skip
ATTRIBUTES = (OPENED, COST, DESIGNER, LENGTH, VISITORS, COLOUR)
BY_ID = {attribute.id: attribute for attribute in ATTRIBUTES}
