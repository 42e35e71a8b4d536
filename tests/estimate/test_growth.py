"""Growth: which list multiplies which calls, found in draws alone, and written as a formula."""

from __future__ import annotations

import pytest

from hocket.api.calls import Usage
from hocket.engine.prices import Price, Prices
from hocket.estimate.formula import by_turns, formula, lists, total
from hocket.estimate.growth import Growth, List, Term, named
from hocket.estimate.kinds import Kind
from hocket.estimate.pricing import Pricing
from hocket.estimate.samples import Sample
from hocket.estimate.sites import Site, Sites
from hocket.estimate.tally import Asked, Draw

FIND, AUDIT, VOTE = Site("Find", "list"), Site("Audit", "audit"), Site("Vote", "vote")


def asked(site, micros, shape="s", stem=None, **found):
    kind = Kind(site.phase, site.label if stem is None else stem, shape, "", None)
    made = Sample(Usage(output=1, cost_micros=micros), 1, 1.0)
    return Asked(0, kind, made, {(name,): length for name, length in found.items()})


def audit(files, issues, votes=3):
    """Draw a run that finds files, audits each, and votes on each issue."""
    calls = [asked(FIND, 40_000, files=files)]
    calls += [asked(AUDIT, 200_000, issues=issues) for _ in range(files)]
    return Draw(calls + [asked(VOTE, 50_000) for _ in range(files * issues * votes)])


def grown(draws, **multiplied):
    return Growth(draws, Sites(draws), multiplied)


def usd(one):
    return one.sample.usage.cost_micros / 1e6


AUDITS = [audit(2, 1), audit(5, 3), audit(7, 2), audit(4, 4)]


def test_lists_in_answers_multiply_what_comes_after_them():
    growth = grown(AUDITS)
    assert growth.sites == [FIND, AUDIT, VOTE]
    assert growth.causes[FIND].of is None
    assert growth.causes[AUDIT].of == List("files", FIND)
    assert growth.causes[VOTE].of == List("issues", AUDIT)
    assert growth.causes[VOTE].times == pytest.approx(3)
    assert growth.under(List("files", FIND)) == {AUDIT, VOTE}
    assert growth.under(List("issues", AUDIT)) == {VOTE}


def test_the_formula_of_it_reads_as_a_person_would_write_it():
    growth = grown(AUDITS)
    term = growth.term(usd)
    written = formula(growth, term, "$").replace("\N{MULTIPLICATION SIGN}", "x")
    assert written == "$ ≈ 0.040 + files x (0.20 + issues x 0.15)"
    assert lists(growth) == [
        "files 4.5 (in answers of Find: list)",
        "issues 2.6 (in answers of Audit)",
    ]


def test_the_formula_comes_to_what_runs_came_to():
    growth = grown(AUDITS)
    mean = sum(usd(one) for draw in AUDITS for one in draw.calls) / len(AUDITS)
    assert total(growth, growth.term(usd)) == pytest.approx(mean, rel=0.05)


def test_a_list_of_the_arguments_is_known_by_the_calls_its_last_item_is_worth():
    draws = [Draw([asked(AUDIT, 100_000) for _ in range(6)]) for _ in range(4)]
    growth = grown(draws, paths=(6, {AUDIT: 1}), other=(6, {}))
    assert growth.causes[AUDIT].of == List("paths")
    assert formula(growth, growth.term(usd), "$") == "$ ≈ paths \N{MULTIPLICATION SIGN} 0.10"
    assert lists(growth) == ["paths 6 (in the arguments)"]
    assert growth.under(List("paths")) == {AUDIT}


def test_calls_that_nothing_explains_are_counted_in_the_mean():
    draws = [Draw([asked(VOTE, 10_000)] * count) for count in (1, 9, 2, 8)]
    growth = grown(draws)
    assert growth.causes[VOTE].of is None
    assert formula(growth, growth.term(usd), "$") == "$ ≈ 0.050"


def test_a_stage_that_follows_each_call_of_another_belongs_to_it():
    draws = [
        Draw([asked(AUDIT, 100_000)] * count + [asked(VOTE, 20_000)] * count)
        for count in (1, 9, 2, 8)
    ]
    growth = grown(draws)
    assert growth.causes[VOTE].of == AUDIT
    assert formula(growth, growth.term(usd), "$") == "$ ≈ 0.60"


def test_nothing_explains_calls_without_any_item():
    draws = [
        Draw([asked(FIND, 1, files=0), asked(VOTE, 10_000)]),
        Draw([asked(FIND, 1, files=5)] + [asked(VOTE, 10_000)] * 4),
        Draw([asked(FIND, 1, files=0)]),
    ]
    assert grown(draws).causes[VOTE].of is None


def test_lists_of_one_name_are_told_apart():
    draws = [
        Draw(
            [asked(FIND, 10_000, items=n)]
            + [asked(AUDIT, 10_000, items=n + 1)] * n
            + [asked(VOTE, 10_000)] * (n * (n + 1))
        )
        for n in (2, 4, 7)
    ]
    growth = grown(draws)
    written = formula(growth, growth.term(usd), "$")
    assert written.count("items of Find: list") == written.count("items of Audit") == 1


@pytest.mark.parametrize(
    ("place", "name"),
    [(("files",), "files"), (("groups", "*", "pages"), "pages"), (("a", "*"), "a"), ((), "items")],
)
def test_a_list_is_named_by_its_field(place, name):
    assert named(place) == name


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (1234.5, "1,234"),
        (12.345, "12.35"),
        (0.2, "0.20"),
        (0.0951, "0.10"),
        (0.04, "0.040"),
        (0.0004, "0.0004"),
    ],
)
def test_amounts_keep_two_digits(amount, written):
    growth = grown([Draw([asked(FIND, 1)])])
    assert formula(growth, Term(amount), "$") == f"$ ≈ {written}"


def test_small_parts_are_left_out():
    one = List("files", FIND)
    growth = grown(AUDITS)
    term = Term(0.0001, {one: Term(1.0)})
    assert formula(growth, term, "$") == "$ ≈ files \N{MULTIPLICATION SIGN} 1.00"


def test_turns_of_one_agent_are_told_in_money_or_tokens():
    priced = Pricing(Prices({"m": Price(3.0, 15.0, 0.3, 3.75)}), "somebody", "m")
    said = by_turns(priced, None, 18)
    assert "18 turns $0.20, 36 turns $0.46" in said
    assert said.startswith("one agent grows with the square of its turns")
    assert "M tokens sent" in by_turns(priced, "unknown", 18)


def test_steady_labels_are_sites_and_others_share_theirs():
    words = ["missing parser", "stale cache", "late token"]
    draws = [
        Draw(
            [
                asked(Site("Work", "plan"), 1, shape="text"),
                *[
                    asked(Site("Work", ""), 1, "text", f"audit {one}")
                    for one in (words[n % 3], words[n % 3 - 1])
                ],
            ]
        )
        for n in range(9)
    ]
    sites = Sites(draws)
    names = {str(sites.of(one.kind)) for draw in draws for one in draw.calls}
    assert names == {"Work: plan", "Work: audit"}
    assert [str(site) for site in sites.parted(draws[0])] == ["Work: plan", "Work: audit"]


@pytest.mark.parametrize(
    ("site", "name"),
    [
        (Site("Audit", "audit"), "Audit"),
        (Site("", "judge"), "judge"),
        (Site("Vote", ""), "Vote"),
        (Site("", ""), "the script"),
    ],
)
def test_sites_are_named_for_people(site, name):
    assert str(site) == name
