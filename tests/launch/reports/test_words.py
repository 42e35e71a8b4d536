"""Without a language model nothing is called true: other words for the same states."""

from __future__ import annotations

import re

FIRST = (
    "Made without a language model: sentences quoted from 2 files, chosen and compared by rules."
)
NEVER = re.compile(r"\b(verified|unverified|true|confirmed|answer)\b", re.IGNORECASE)


def test_the_first_line_says_how_it_was_made(made, research):
    offline = made(research, rules=True)
    assert offline.markdown().startswith(f"{FIRST}\n\n# How late can one drink coffee?\n")
    one = made({"sources": [{"id": "f1"}]}, rules=True).markdown()
    assert one.startswith("Made without a language model: sentences quoted from 1 file, chosen")


def test_states_say_how_many_sources_there_are_and_whether_they_disagree(made, research):
    text = made(research, rules=True).markdown()
    assert "### Supported by several sources: 1\n" in text
    assert "  - supported by 2 sources · 2021-06-14\n" in text
    assert "### Sources disagree: 4\n" in text
    assert "### No source speaks of it: 1\n" in text
    assert "- **Sources disagree:** 4 of 6 passages\n" in text
    assert "votes: " not in text


def test_one_source_is_never_called_several(made):
    claim = {"text": "So.", "state": "supported", "sources": ["f1"], "quotes": []}
    text = made({"claims": [claim]}, rules=True).markdown()
    assert "### Supported by a source: 1\n\n- **So.**\n\n" in text


def test_words_of_a_verdict_never_appear(made, research, browse):
    research["claims"] = [{**one, "cause": ""} for one in research["claims"]]
    notes = (
        "merge: 4 of 4 claims are unverified: 2 no answer",
        "verify: 1 of 1 claims are unverified",
    )
    offline = made(research, "Nine hours.", rules=True, notes=notes)
    assert "- **Note:** merge: 4 of 4 claims are not settled: 2 no result\n" in offline.markdown()
    assert "1 of 1 claims" not in offline.markdown()
    assert NEVER.search(offline.markdown()) is None
    assert NEVER.search(browse(offline.html()).text) is None


def test_other_words_of_others_correct_nobody(made, browse):
    claim = {"text": "a", "state": "refuted", "correction": "docs/b.md says c"}
    sentence = {"text": "a", "mark": "qualified"}
    data = {"claims": [claim], "marked": {"sentences": [sentence]}}
    assert "*Elsewhere:* docs/b.md says c" in made(data, rules=True).markdown()
    page = browse(made(data, rules=True).html())
    assert ("li", {"class": "s-conflict"}) in page.tags
    assert "Corrected" not in page.text


def test_what_rules_say_of_their_own_text_is_said_once(made):
    text = "## Made without a language model: sentences quoted from 1 file.\n\n- “So.” [1]"
    written = made({"title": "T"}, text, rules=True).markdown()
    assert written.count("Made without") == 1
    assert "# T\n\n- “So.” [1]\n" in written
    assert "Made without" in made({"title": "T"}, text).markdown()


def test_limits_of_rules_are_told_and_errors_of_votes_are_not(made):
    text = made({"errors": [{"what": "verdicts", "mean": 0.2}]}, rules=True).markdown()
    assert "- **How it was made:** sentences were compared by the words" in text
    assert "verdicts" not in text


def test_a_limit_that_is_the_correction_is_written_once(made):
    claim = {"text": "a", "state": "qualified", "qualification": "b c", "correction": "b c"}
    assert made({"claims": [claim]}).markdown().count("b c") == 1


def test_where_nothing_was_found_it_refuses(made):
    refusal = "No passage in these files answers this."
    assert refusal in made({"title": "T"}, "", rules=True).markdown()
    assert made({"title": "T"}, refusal, rules=True).markdown().count(refusal) == 1
    assert refusal not in made({"claims": [{"text": "So."}]}, "", rules=True).markdown()
