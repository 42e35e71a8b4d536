"""Parts of a page: together they are all of it, and none is too long."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hocket_plugins.tools.web.page import LINKS, TEXT, Page


def parts(page: Page) -> list[str]:
    """Read a page as a model does: from offset to offset."""
    shown: list[str] = []
    offset: int | None = 0
    while offset is not None:
        shown.append(page.part(offset))
        offset = page.after(offset)
    return shown


@given(st.integers(0, 4 * TEXT))
def test_the_parts_are_all_of_it(length):
    page = Page("".join(chr(97 + n % 26) for n in range(length)))
    assert "".join(parts(page)) == page.text
    assert len(parts(page)) == max(1, -(-length // TEXT))


@given(
    st.lists(st.integers(0, 3 * TEXT), max_size=60).map(sorted),
    st.lists(st.integers(1, 2_000), min_size=1, max_size=30),
)
def test_every_link_is_named_below_the_part_it_stands_in(places, lengths):
    links = tuple(f"{n:04}".ljust(length, "x") for n, length in enumerate(lengths))
    marks = tuple((place, n % len(links) + 1) for n, place in enumerate(places))
    page = Page("." * (3 * TEXT + 1), links=links, marks=marks)
    for number, shown in enumerate(parts(page)):
        text, _, below = shown.partition("\n\n")
        assert len(text) <= TEXT
        assert len(below) <= LINKS + len("[30 more links are not shown]")
        here = dict.fromkeys(n for place, n in marks if place // TEXT == number)
        named = [line for line in below.split("\n") if line and "more links" not in line]
        assert named == [f"[{n}] {links[n - 1]}" for n in list(here)[: len(named)]]
        assert len(named) == len(here) or f"[{len(here) - len(named)} more links" in below


def test_a_page_without_links_has_nothing_below():
    assert Page("words").part(0) == "words"
    assert Page("words").part(3) == "ds"
    assert Page("words").after(0) is None
