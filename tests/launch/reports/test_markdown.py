"""Reports as Markdown: data in, text out, in the order in which a person wants to know it."""

from __future__ import annotations

import pytest

from hocket.launch.reports.document import Section
from hocket.launch.reports.map import Map
from hocket.launch.reports.markdown import markdown

HEAD = """\
# How late can one drink coffee?

How many hours before bed is too late?

Nine hours [1].

## Claims

### Supported: 1

- [1] **Sleep is 41 minutes shorter.**
  - votes: 3 supported · failed votes: 1 · wrong in about 2 % · 2021-06-14
  - “It was 41 minutes shorter.” — Dose study, line 12, 2021-06-14
  - “Another passage.” — Dose study, 2021-06-14

### Qualified: 1

- **Small doses do nothing.**
  - *With a limit:* in young adults
  - “No effect.” — Review

### In conflict: 2

- They name different times.
  - **It ends after four hours.**
    - “Four hours.” — Dose study, 2021-06-14
  - **It lasts nine hours.**
    - “Nine hours.” — Review

### Refuted: 1

- **Habit protects.**
  - *Corrected:* Habit is no help.
  - Against: “Habit made no difference.” — Dose study, 2021-06-14

### Unverified: 1

- **Age matters.**
  - *Why:* quote not in source

## Sources

- **Dose study** · `papers/dose.md` · by M. Roth · funded by Sleep Fund · primary · 2021-06-14
- **Review** · `https://example.org/review` · counts once with its copies mirror.md

### Not read: 1

- **notes.md** · failed · not text

## What this rests on
"""


def test_a_report_says_the_answer_first_then_each_claim_once_with_both_sides_of_a_conflict(
    made, research
):
    assert made(research, "Nine hours [1].").markdown().startswith(HEAD)


def test_what_is_missing_is_said_on_top_and_told_at_the_end(made, research):
    text = made(research, complete=False).markdown()
    assert "**This is a part of the whole: something could not be done." in text
    assert "- **Not covered:** something could not be done, and nothing more is known" in text


def test_a_title_that_the_text_repeats_stands_there_once(made):
    text = made({"title": "Coffee"}, "# Coffee\n\nDrink it early.").markdown()
    assert text.startswith("# Coffee\n\nDrink it early.\n")
    assert text.count("# Coffee") == 1


def test_without_a_title_the_question_or_the_name_of_the_command_is_one(made):
    assert made({"question": "Why?"}).markdown().startswith("# Why?\n\nThe text.")
    assert made({}).markdown().startswith("# deep-research\n")
    assert made({}, name="").markdown().startswith("# Report\n")


def test_where_nothing_was_found_it_says_so_and_never_fills_up(made):
    assert "Nothing was found." in made({"title": "T"}, "").markdown()
    refuted = {"title": "T", "claims": [{"text": "No.", "state": "refuted"}]}
    assert "The text.\n\nNo claim was supported." in made(refuted).markdown()
    assert "No claim was supported." not in made({"title": "T"}).markdown()


AUDIT = {
    "title": "Endpoints without a login",
    "findings": [
        {"title": "Old page", "state": "refuted", "file": "d.py", "why": "The guard is above."},
        {"title": "Version shown", "severity": "low", "state": "qualified"},
        {"title": "Perhaps", "severity": "low", "state": "unverified"},
        {"title": "Ticket of others", "severity": "medium", "state": "supported", "error": 0.03},
        {"title": "Export for all", "severity": "critical", "file": "a.py", "line": 41,
         "why": "No guard.", "quote": "def export():\n    return ```all```", "group": "login",
         "example": "curl it", "fix": "Add one."},
    ],
}  # fmt: skip

FINDINGS = """\
## Findings

### Critical: 1

- **Export for all**
  - `a.py:41` · login
  - No guard.

  ````
  def export():
      return ```all```
  ````

  - *For example:* curl it
  - *Fix:* Add one.

### Medium: 1

- **Ticket of others**
  - wrong in about 3 %

### Questions: 1

- **Version shown**
  - low

### Ruled out: 1

- **Old page**
  - `d.py` · info
  - The guard is above.

### Not settled: 1

- **Perhaps**
  - low
"""


def test_findings_come_with_the_worst_first_and_what_does_not_hold_last(made):
    assert FINDINGS in made(AUDIT, "One.").markdown()


WORK = {
    "title": "Work",
    "ranking": [
        {"place": 1, "label": "b", "strength": 2.1, "sd": 0.3, "p_best": 0.7, "tied": ["a"]},
        {"place": 2, "label": "a | c", "strength": 1},
    ],
    "boundary": ["a", "d"],
    "agreement": {"kappa": 0.7},
    "changes": [
        {"unit": "x.py", "state": "rejected", "why": "a test fails"},
        {"unit": "y.py", "state": "applied", "files": ["y.py", "z.py"]},
        {"unit": "w.py", "state": ""},
        {"unit": "v.py", "state": "odd"},
    ],
    "branch": "hocket/4f2a",
    "commit": "a41f09c",
    "tables": [
        {"title": "Endpoints", "columns": ["path", "guard"], "rows": [["/a", None], ["/b"]]},
        {"rows": [[1, {"x": True}]]},
        {},
    ],
}

ROWS = """\
## Order

|  | item | strength | is the best | tied with |
| --- | --- | --- | --- | --- |
| 1 | b | 2.1 ± 0.3 | 70 % | a |
| 2 | a \\| c | 1 |  |  |

*Too close to call at the cut:* a, d

*Agreement of the judges:* kappa 0.7

## Changes

On branch `hocket/4f2a` as `a41f09c`.

### Applied: 1

- **y.py** · `y.py, z.py`

### Rejected: 1

- **x.py** · a test fails

### Done: 1

- **w.py**

### Odd: 1

- **v.py**

## Tables

### Endpoints

| path | guard |
| --- | --- |
| /a |  |
| /b |  |

|  |  |
| --- | --- |
| 1 | {"x": true} |
"""


def test_orders_changes_and_tables_are_rows_and_empty_columns_are_not_shown(made):
    assert ROWS in made(WORK).markdown()


def test_an_order_of_names_alone_and_sources_that_were_not_read_alone(made):
    data = {"ranking": [{"label": "a"}], "sources": [{"id": "x", "state": "left out"}]}
    text = made(data).markdown()
    assert "| item |\n| --- |\n| a |\n" in text
    assert "## Sources\n\n### Not read: 1\n\n- **x** · left out\n" in text


def test_what_is_no_share_is_said_as_it_is(made):
    claim = {"text": "So.", "error": "at most 3 %"}
    assert "  - at most 3 %\n" in made({"claims": [claim]}).markdown()
    assert "wrong in about 1" in made({"claims": [{"text": "So.", "error": 1}]}).markdown()


@pytest.mark.parametrize(
    ("given", "said"), [({"branch": "b"}, "On branch `b`."), ({"commit": "c"}, "Committed as `c`.")]
)
def test_a_branch_or_a_commit_alone(made, given, said):
    assert f"## Changes\n\n{said}\n" in made(given).markdown()


def test_a_marked_document_has_every_sentence_with_its_word(made):
    sentences = [
        {"text": "Grown in 1400.", "mark": "supported", "line": 1},
        {"text": "I like it.", "mark": "not checkable", "note": "opinion"},
    ]
    text = made({"marked": {"file": "notes.md", "sentences": sentences}}).markdown()
    assert (
        "## notes.md, sentence by sentence\n\n- **supported** Grown in 1400.\n"
        "- **not checkable** I like it.\n  - opinion\n"
    ) in text
    assert "## Sentence by sentence" in made({"marked": {"sentences": sentences}}).markdown()
    assert "sentence by" not in made({"marked": {"file": "x"}}).markdown()


def test_a_number_that_no_claim_explains_is_explained_on_its_own(made):
    cited = [{"n": 1, "quote": "Words.", "source": "f1"}, {"n": "2", "source": "f9"}, {"n": "?"}]
    data = {"citations": cited, "sources": [{"id": "f1", "title": "Dose"}]}
    text = made(data, "So [1] and [2].").markdown()
    assert "## Cited\n\n- [1]\n  - “Words.” — Dose\n- [2] f9\n- [?]\n" in text


def test_a_claim_in_two_conflicts_is_written_once(made):
    claims = [{"id": name, "text": f"Claim {name}.", "state": "supported"} for name in "abc"]
    conflicts = [{"claims": ["a", "b"]}, {"claims": ["b", "c"], "why": "Times."}, {"claims": ["z"]}]
    text = made({"claims": claims, "conflicts": conflicts}).markdown()
    assert (
        "- These do not hold together.\n  - **Claim a.**\n  - **Claim b.**\n"
        "- Times.\n  - see b\n  - **Claim c.**\n"
    ) in text


def test_a_claim_that_is_the_quote_is_not_written_twice(made):
    quote = {"source": "a.md", "quote": "Sleep  is shorter.", "line": 3}
    text = made({"claims": [{"text": "Sleep is shorter.", "quotes": [quote]}]}).markdown()
    assert text.count("shorter") == 1
    assert "  - *In the words of* a.md, line 3\n" in text


def test_a_state_nobody_knows_is_no_verdict(made):
    text = made({"claims": [{"text": "So.", "state": "certain"}]}).markdown()
    assert "### Unverified: 1\n\n- **So.**\n  - *Why:* certain\n" in text


@pytest.mark.parametrize("lead", ["# a", "> a", "- a", "1. a", "2) a", "```", "+ a", "* a", "| a"])
def test_foreign_words_begin_no_block_of_their_own(made, lead):
    text = made({"title": lead, "coverage": [], "notes": [lead]}, "x").markdown()
    first = text.partition("\n")[0].removeprefix("# ")
    assert first != lead
    assert first.replace("\\", "") == lead
    assert f"- **Note:** {lead}" in text


def test_what_could_be_a_link_an_image_or_a_tag_is_none(made):
    evil = "[go](javascript:alert) ![x](https://evil.example/p.png) <script>x</script>"
    data = {"title": evil, "claims": [{"text": evil}], "sources": [{"title": evil, "url": evil}]}
    text = made(data, evil).markdown()
    assert "](" not in text
    assert "<script" not in text
    assert "link left out: javascript" in text


def test_lines_of_others_stay_on_one_line_and_steer_nothing(made):
    text = made({"claims": [{"text": "a\n## b\x1b[2J", "cause": "x\n\ny"}]}).markdown()
    assert "- **a ## b**\n" in text
    assert "\x1b" not in text
    assert "*Why:* x y" in text


@pytest.mark.parametrize("open_", ["\x98", "\x1b]8;;", "<img alt='", "![", "<!--"])
def test_no_piece_swallows_what_follows_it(made, open_):
    end = "\x9c \x07 '> ](x) -->"
    data = {"title": "T", "claims": [{"text": f"a {open_}"}, {"text": "kept"}, {"text": end}]}
    text = made(data, f"body {open_}", notes=(end,)).markdown()
    assert "- **kept**\n" in text
    assert "## What this rests on" in text
    assert made(data, f"body {open_}").html().count("kept") == 1


def test_marks_inside_words_are_not_doubled(made):
    sources = [{"title": "a ** b", "path": "x`y"}, {"id": " "}]
    text = made({"sources": sources}).markdown()
    assert "- a ** b · x`y\n" in text


def test_changes_without_a_branch_name_none(made):
    text = made({"changes": [{"unit": "x.py", "state": "left", "why": "generated"}]}).markdown()
    assert "## Changes\n\n### Left: 1\n\n- **x.py** · generated\n" in text


def test_a_map_is_for_pages_alone():
    drawn = Map((), (), (), "claims", 0, 0)
    assert markdown(["# T"], [Section("Evidence", "evidence", (drawn,))]) == "# T\n\n## Evidence\n"
