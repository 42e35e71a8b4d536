"""The evidence map: which claim rests on which source, and what speaks against it."""

from __future__ import annotations

import re

from hocket.launch.reports.index import Index
from hocket.launch.reports.map import Edge, evidence
from hocket.launch.reports.reading import data_of
from hocket.launch.reports.words import MODEL


def drawn(data):
    return evidence(Index(data_of(data)), MODEL)


def test_lines_lead_from_claims_to_the_sources_for_and_against_them(research):
    found = drawn(research)
    texts = [one.text for one in found.claims]
    assert texts == [
        "Sleep is 41 minutes shorter.", "Small doses do nothing.", "It ends after four hours.",
        "It lasts nine hours.", "Habit protects.",
    ]  # fmt: skip
    assert [one.state for one in found.claims] == [
        "supported", "qualified", "conflict", "conflict", "refuted",
    ]  # fmt: skip
    names = [one.text for one in found.sources]
    assert sorted(names) == ["Dose study", "Review"]
    dose = names.index("Dose study")
    assert Edge(0, dose, against=False) in found.edges
    assert Edge(4, dose, against=True) in found.edges
    assert (found.of_claims, found.of_sources) == (6, 2)


def test_a_source_by_two_names_is_one(research):
    claim = {"text": "x", "sources": ["f1", "papers/dose.md"], "quotes": []}
    found = drawn({"claims": [claim], "sources": research["sources"]})
    assert [one.anchor for one in found.sources] == ["source-1"]
    assert len(found.edges) == 1


def test_where_nothing_rests_on_anything_no_map_is_drawn(made):
    assert drawn({"claims": [{"text": "x"}]}) is None
    assert 'id="evidence"' not in made({"claims": [{"text": "x"}]}).html()


def test_of_many_claims_some_of_every_state_are_drawn():
    states = ["supported"] * 90 + ["refuted"] * 5 + ["unverified"] * 5
    claims = [
        {"text": f"c{n}", "state": state, "sources": [f"s{n % 30}"]}
        for n, state in enumerate(states)
    ]
    found = drawn({"claims": claims})
    counts = {name: sum(one.state == name for one in found.claims) for name in set(states)}
    assert counts == {"supported": 20, "refuted": 5, "unverified": 5}
    assert len(found.sources) == 20
    assert {one.source for one in found.edges} <= set(range(20))


def test_a_source_that_is_not_listed_can_be_reached_but_leads_nowhere(made, browse):
    claims = [{"text": "x", "sources": ["ghost"]}]
    page = browse(made({"claims": claims}).html())
    assert ("a", {"class": "d0", "tabindex": "0"}) in page.tags


def test_pointing_at_an_entry_shows_what_belongs_to_it_without_a_script(made, research):
    text = made(research).html()
    assert "<script" not in text
    assert re.search(r"\.map:has\(\.c0:is\(:hover,:focus-visible\)\) :is\(\.c0,\.d\d,", text)
    assert re.search(r"\.map:has\(\.d1:is\(:hover,:focus-visible\)\) :is\(\.d1,\.c\d,", text)


def test_lines_speak_by_shape_and_the_caption_says_so(made, research, browse):
    text = made(research).html()
    assert re.search(
        r'<path class="e\d+ against s-refuted" d="M0 \S+C55 \S+ 45 \S+ 100 \S+"/>', text
    )
    assert "A broken line speaks against it." in browse(text).text
    research["claims"] = research["claims"][:1]
    assert "broken" not in browse(made(research).html()).text


def test_long_claims_are_short_on_the_map_and_whole_below_it(made):
    long = "word " * 60 + "end."
    text = made({"claims": [{"text": long, "sources": ["s"]}]}).html()
    figure, _, rest = text.partition("</figure>")
    assert "word…" in figure
    assert "end." not in figure
    assert long in rest
