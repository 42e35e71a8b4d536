"""The list of skills: bounded, complete in names as long as that is possible, always the same."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.api.documents import Source
from hocket_plugins.tools.skills.listing import HEAD, MOST_BYTES, listing
from hocket_plugins.tools.skills.shelf import Installed


def skill(name, description="Does it."):
    return Installed(name, description, Source(Path(name), name))


def test_names_are_sorted_whatever_the_order():
    skills = [skill("b"), skill("a"), skill("c")]
    assert listing(skills) == f"{HEAD}\n- a: Does it.\n- b: Does it.\n- c: Does it."
    assert listing(skills[::-1]) == listing(skills)


def test_a_long_description_is_cut():
    line = listing([skill("a", "x" * 1_025)]).split("\n")[1]
    assert line == f"- a: {'x' * 1_023}…"
    assert listing([skill("a", "x" * 1_024)]).endswith("x")


def test_what_does_not_fit_is_named_at_least():
    text = listing([skill(f"s{number:02}", "é" * 500) for number in range(20)])
    assert len(text.encode()) <= MOST_BYTES
    *described, rest = text.split("\n")[1:]
    assert [line[:5] for line in described] == [f"- s{n:02}" for n in range(len(described))]
    assert len(described) >= 7
    named = [f"s{n:02}" for n in range(len(described), 20)]
    assert rest == f"Further ones, by name: {', '.join(named)}"


def test_very_many_are_counted():
    text = listing([skill(f"skill-number-{number:05}") for number in range(5_000)])
    assert len(text.encode()) <= MOST_BYTES
    names = text.split("\n")[1].removeprefix("Further ones, by name: ").partition(" and ")
    shown = names[0].split(", ")
    assert shown[0] == "skill-number-00000"
    assert names[2] == f"{5_000 - len(shown):,} more"


NAMES = st.from_regex(r"[a-z0-9-]{1,40}", fullmatch=True)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(NAMES, st.text(max_size=2_000), min_size=1, max_size=30))
def test_it_is_never_too_long_and_names_all_it_can(found):
    skills = [skill(name, " ".join(text.split())) for name, text in found.items()]
    text = listing(skills)
    assert len(text.encode()) <= MOST_BYTES
    assert all(name in text for name in found)
