"""Whose rules hold: the person's own, those typed for this run, and what the card listed."""

from __future__ import annotations

import pytest

from hocket.api.settings import Rules
from hocket.errors import UsageError


def test_what_was_typed_for_this_run_allows_and_denies(rules):
    made = rules(run=Rules(allow=("Edit(src/**)", "Bash(npm test:*)"), deny=("Bash(rm:*)",)))
    assert made.verdict("Edit(src/a.py)") == "allow"
    assert made.verdict("Bash(npm test -- x)") == "allow"
    assert made.verdict("Bash(rm x)") == "deny"
    assert made.verdict("Edit(lib/a.py)") == "ask"


def test_what_was_typed_is_a_persons_own_rule_and_loosens_no_other(rules):
    typed = Rules(allow=("Bash", "Network(npm ci)"))
    made = rules(run=typed, deny=["Bash(rm:*)"], ask=["Bash(git push:*)"])
    assert made.policy.granted("Bash(make)")
    assert made.policy.granted("Network(npm ci)")
    assert not made.policy.granted("Network(npm x)")
    assert not made.policy.granted("Bash(rm x)")
    assert not made.policy.granted("Bash(git push)")
    assert made.verdict("Bash(rm x)") == "deny"
    assert made.verdict("Bash(git push)") == "ask"


LISTED = Rules(listed=("Edit", "Write", "Bash", "WebFetch"))


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Edit(src/a.py)", "allow"),
        ("Write(new/a.py)", "allow"),
        ("Bash(make)", "allow"),
        ("Bash(for f in *; do echo $(cat $f); done)", "allow"),
        ("WebFetch(https://example.org)", "allow"),
        ("Edit(.git/config)", "deny"),
        ("Write(CLAUDE.md)", "deny"),
        ("Read(.env)", "ask"),
        ("WebSearch(x)", "ask"),
        ("mcp__a__b(x)", "ask"),
    ],
)
def test_what_the_card_listed_is_allowed_and_no_more(rules, text, verdict):
    made = rules(run=LISTED)
    assert made.verdict(text) == verdict
    assert not made.policy.granted(text)


def test_what_the_card_listed_is_no_rule_of_the_person(rules):
    made = rules(run=LISTED)
    assert not made.policy.granted("Bash(make)")
    assert not made.policy.granted("Network(make)")
    assert made.verdict("Network(make)") == "ask"


def test_rules_against_it_hold_against_the_card_as_well(rules):
    made = rules(run=LISTED, deny=["Bash(rm:*)"], ask=["Edit(src/**)"])
    assert made.verdict("Bash(x; rm -r y)") == "deny"
    assert made.verdict("Edit(src/a)") == "ask"
    assert made.verdict("Edit(lib/a)") == "allow"


def test_a_part_of_the_shell_that_the_card_listed_is_held_to_its_words(rules):
    made = rules(run=Rules(listed=("Bash(npm test:*)", "no rule(", "")))
    assert made.verdict("Bash(npm test -- x)") == "allow"
    assert made.verdict("Bash(npm test $(x))") == "ask"
    assert made.verdict("Bash(rm x)") == "ask"


def test_a_call_narrows_what_the_card_listed(rules):
    made = rules(run=LISTED, options={"tools": ("Read", "Bash(npm test:*)")})
    assert made.verdict("Bash(npm test)") == "allow"
    assert made.verdict("Bash(make)") == "deny"
    assert made.verdict("Edit(a)") == "deny"


def test_a_star_in_the_tools_of_a_call_stands_for_any_tool(rules):
    made = rules(run=LISTED, options={"tools": ("*",), "disallowed_tools": ("Bash",)})
    assert made.verdict("Edit(a)") == "allow"
    assert made.verdict("Bash(make)") == "deny"
    assert rules(options={"tools": ("Web*",)}).verdict("WebSearch(x)") == "ask"
    assert rules(options={"tools": ("Web*",)}).verdict("Edit(x)") == "deny"


def test_a_call_that_disallows_what_is_no_rule_does_not_start(rules):
    made = rules()
    judged = made.policy.judge(made.call(disallowed_tools=("no rule(",)))
    assert judged.verdict.name == "DENY"
    assert judged.reason.startswith("tools: 'no rule(' is no rule")


@pytest.mark.parametrize(
    ("given", "option", "told"),
    [
        (Rules(allow=("no rule(",)), "--allow", "is no rule"),
        (Rules(allow=("Bash(sudo:*)",)), "--allow", "`sudo` runs other commands"),
        (Rules(allow=("*",)), "--allow", "would allow tools it does not name"),
        (Rules(deny=("Edit( )",)), "--deny", "names nothing"),
    ],
)
def test_a_wrong_rule_is_told_before_anything_runs(rules, given, option, told):
    with pytest.raises(UsageError) as caught:
        rules(run=given)
    assert caught.value.message.startswith(f"{option}: ")
    assert told in caught.value.message


def test_what_a_project_allows_is_nobodys_word(rules):
    foreign = rules(allow=["Edit"], deny=["Bash"], origins={"permissions.allow": "project"})
    assert foreign.verdict("Edit(a)") == "ask"
    assert foreign.verdict("Bash(ls)") == "deny"
    assert rules(allow=["Edit"], origins={"permissions.allow": "user"}).verdict("Edit(a)") == (
        "allow"
    )
