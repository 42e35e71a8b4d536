"""Reports as pages: whole, inert, reachable without a mouse, and closed to the network."""

from __future__ import annotations

import base64
import hashlib
import re
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.launch.reports import account
from hocket.launch.reports import page as pages
from hocket.launch.reports.document import Heading, Item, Listing, Section, Span

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(2)>&lt;b&gt;\x1b]8;;http://e\x07'
ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "a", "header", "p", "h1", "h2", "h3", "h4",
    "nav", "main", "section", "ul", "ol", "li", "div", "span", "b", "strong", "em", "code", "pre",
    "blockquote", "footer", "figure", "figcaption", "svg", "path", "table", "thead", "tbody", "tr",
    "th", "td",
}  # fmt: skip


def poisoned(value):
    """Put words that would act where a page let them into every text of some data."""
    if isinstance(value, dict):
        return {key: one if key == "state" else poisoned(one) for key, one in value.items()}
    if isinstance(value, list):
        return [poisoned(one) for one in value]
    return value + EVIL if isinstance(value, str) else value


def test_a_page_is_balanced_and_every_link_leads_to_something_in_it(made, research, browse):
    page = browse(made(research, "Nine hours [1], not [7].").html())
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert all(link.startswith("#") and link[1:] in page.ids for link in page.links)
    assert ("a", {"class": "to", "href": "#claim-1"}) in page.tags


def test_nothing_may_be_loaded_and_the_style_is_the_one_of_the_policy(made, research):
    text = made(research).html()
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)[1]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert not re.search(r"url\(|@import|https?:", style)


def test_words_of_others_are_words_wherever_they_stand(made, research, browse):
    data = poisoned(research) | {
        "findings": [{"title": EVIL, "file": EVIL, "quote": EVIL, "severity": EVIL}],
        "tables": [{"title": EVIL, "columns": [EVIL], "rows": [[EVIL]]}],
        "marked": {"file": EVIL, "sentences": [{"text": EVIL, "mark": EVIL, "note": EVIL}]},
        "citations": [{"n": EVIL, "source": EVIL, "quote": EVIL}],
        EVIL: EVIL,
        "errors": EVIL,
    }
    body = f"# {EVIL}\n\n- {EVIL}\n\n| {EVIL} | b |\n|---|---|\n| {EVIL} |\n\n```\n{EVIL}\n```\n"
    text = made(data, body, name=EVIL).html()
    page = browse(text)
    assert {tag for tag, _ in page.tags} <= ALLOWED
    assert not any(name.startswith(("on", "style")) for _, given in page.tags for name in given)
    assert all(link.startswith("#") for link in page.links)
    assert "\x1b" not in text
    assert page.open == []


def test_shape_and_word_stand_beside_every_colour(made, research, browse):
    text = made(research).html()
    for shape, word in ("● ", "supported"), ("◐ ", "qualified"), ("◆ ", "in conflict"):
        assert f'aria-hidden="true">{shape.strip()}</span> <b>' in text
        assert word in browse(text).text
    assert "✕" in text
    assert "○" in text


def test_what_speaks_against_a_claim_has_its_word_outside_the_quote(made, research):
    text = made(research).html()
    assert '<b class="side">Against</b><p>Habit made no difference.</p>' in text


def test_headings_go_down_by_one_and_regions_have_names(made, research, browse):
    page = browse(made(research).html())
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    named = [given["aria-labelledby"] for tag, given in page.tags if tag == "section"]
    assert set(named) <= set(page.ids)


def test_what_is_missing_and_how_it_was_made_stand_on_top(made, research, browse):
    page = browse(made(research, complete=False, rules=True).html())
    assert page.text.startswith("To the text Made without a language model")
    assert "This is a part of the whole" in page.text.partition("Evidence")[0]


def test_a_tag_that_was_made_inert_before_reads_as_it_was_written(made, browse):
    finding = {"title": "List&lt;String> is raw", "quote": "&lt;b>x&lt;/b>"}
    page = browse(made({"findings": [finding]}).html())
    assert "List<String> is raw" in page.text
    assert "<b>x</b>" in page.text


def test_a_thousand_claims_stay_a_page_one_can_use(made, browse):
    states = ["supported", "qualified", "refuted", "unverified"]
    claims = [
        {"text": f"Claim {n}.", "state": states[n % 4], "sources": [f"s{n % 45}"]}
        for n in range(1000)
    ]
    text = made({"claims": claims}).html()
    page = browse(text)
    assert len(text) < 400_000
    assert "Supported 100 of 250 shown" in page.text
    assert "30 of 1,000 claims drawn. 20 of 45 sources drawn." in page.text
    assert all(link[1:] in page.ids for link in page.links)


def test_what_the_text_cites_is_shown_and_other_links_to_cut_lists_are_words(made, browse):
    claims = [
        {"id": f"c{n}", "text": f"Claim {n}.", "state": "supported", "sources": [f"s{n}"]}
        for n in range(300)
    ]
    cited = [{"n": 1, "claim": "c250"}, *({"n": n, "quote": "q"} for n in range(2, 150))]
    conflicts = [{"claims": [f"c{n}" for n in range(100, 220)]}, {"claims": ["c100", "c219"]}]
    sources = [{"id": f"s{n}", "title": f"Source {n}"} for n in range(300)]
    data = {"claims": claims, "citations": cited, "sources": sources, "conflicts": conflicts}
    page = browse(made(data, "So [1], not [140].").html())
    assert "[1] Claim 250." in page.text
    assert ("a", {"class": "to", "href": "#claim-251"}) in page.tags
    assert "So [1] , not [140] ." in page.text
    assert "#cited-140" not in page.links
    assert all(link[1:] in page.ids for link in page.links)


def test_two_citations_of_one_number_have_one_anchor(made, browse):
    cited = [{"n": 1, "source": "a"}, {"n": 1, "quote": "q", "source": "b"}]
    page = browse(made({"citations": cited}, "So [1].").html())
    assert page.ids.count("cited-1") == 1


def test_rows_without_titles_have_no_head(made, browse):
    page = browse(made({"tables": [{"rows": [["x"]]}]}).html())
    assert "thead" not in [tag for tag, _ in page.tags]
    assert "td" in [tag for tag, _ in page.tags]


PAIR = re.compile(r"--([a-z]+):#([0-9a-f]{6})")


def brightness(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_word_can_be_read_by_light_and_by_night(made):
    style = made({}).html()
    first, _, second = style.partition("prefers-color-scheme:dark")
    for part in (first, second.partition("}}")[0]):
        colours = dict(PAIR.findall(part))
        grounds = [colours.pop(name) for name in ("paper", "card", "glow")]
        colours.pop("line")
        for name, colour in colours.items():
            for ground in grounds:
                darker, brighter = sorted((brightness(colour), brightness(ground)))
                assert (brighter + 0.05) / (darker + 0.05) >= 4.5, name


def test_a_text_without_words_has_no_part_of_its_own(made, browse):
    findings = [{"title": "x", "severity": "high"}]
    page = browse(made({"findings": findings}, "").html())
    assert "text" not in page.ids
    assert page.links[1:] == ["#findings-high", "#findings", "#rests"]


LEAF = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12)
NAMES = st.sampled_from(
    [
        "title", "question", "claims", "conflicts", "citations", "sources", "findings", "ranking",
        "boundary", "agreement", "changes", "branch", "commit", "tables", "coverage", "cut",
        "errors", "marked", "notes", "id", "text", "state", "cause", "quotes", "against", "quote",
        "source", "line", "file", "severity", "label", "columns", "rows", "unit", "done", "total",
        "missing", "sentences", "mark", "what", "p", "rho", "votes", "n", "claim", "why", "copies",
    ]
)  # fmt: skip
INNER = st.dictionaries(NAMES, LEAF | st.lists(LEAF, max_size=2), max_size=4)
ITEM = st.dictionaries(NAMES, LEAF | INNER | st.lists(INNER | LEAF, max_size=2), max_size=5)
DATA = st.dictionaries(NAMES | st.text(max_size=5), LEAF | ITEM | st.lists(ITEM | LEAF, max_size=3))


@settings(max_examples=40, deadline=None)
@given(DATA | LEAF | st.lists(LEAF, max_size=2), st.text(max_size=99), st.booleans())
def test_any_json_becomes_a_report_that_is_inert(told, browse, data, text, rules):
    made = account(told({"report": text, "data": data}), rules=rules)
    page = browse(made.html())
    assert page.open == []
    assert {tag for tag, _ in page.tags} <= ALLOWED
    assert len(page.ids) == len(set(page.ids))
    assert all(link.startswith("#") and link[1:] in page.ids for link in page.links)
    written = made.markdown() + made.short()
    assert "](" not in written
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", written)
    assert "## What this rests on" in written


CLAIM = st.fixed_dictionaries(
    {"text": st.uuids().map(lambda one: f"Claim {one.hex}.")},
    optional={
        "state": st.sampled_from(["supported", "qualified", "refuted", "unverified", "other", ""]),
        "id": st.sampled_from("abcdef"),
        "sources": st.lists(st.sampled_from("xyz"), max_size=2),
        "quotes": st.lists(st.fixed_dictionaries({"quote": st.just("q"), "source": st.just("x")})),
    },
)
CONFLICTS = st.lists(
    st.fixed_dictionaries({"claims": st.lists(st.sampled_from("abcdefg"), max_size=3)}), max_size=4
)


@settings(max_examples=40, deadline=None)
@given(st.lists(CLAIM, max_size=12, unique_by=lambda one: one["text"]), CONFLICTS, st.booleans())
def test_every_claim_is_written_once_whatever_disagrees(told, claims, conflicts, rules):
    data = {"claims": claims, "conflicts": conflicts}
    made = account(told({"report": "x", "data": data}), rules=rules)
    text = made.markdown()
    assert [text.count(one["text"]) for one in claims] == [1] * len(claims)
    listed = made.html().partition('<section id="claims"')[2]
    assert [listed.count(one["text"]) for one in claims] == [1] * len(claims)


def test_a_title_inside_an_item_is_a_small_one(browse):
    item = Item((Span("one"),), (Heading("Inside"),))
    top = pages.Top(title="T", question="", opening="", notice="", name="")
    text = pages.page(top, [Section("S", "s", (Listing((item,)),))])
    assert "<h4>Inside</h4>" in text
    assert browse(text).open == []
