"""Which rules hold, where each was set, and what comes of a use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture
def ruled(desk):
    """Give a desk whose person and project have rules."""
    user = Path(os.environ["HOCKET_CONFIG_HOME"]) / "config.toml"
    user.write_text('[permissions]\nallow = ["Bash(npm:*)"]\nask = ["Bash(npm publish:*)"]\n')
    project = desk.project / ".hocket" / "config.toml"
    project.write_text('[permissions]\nallow = ["Edit"]\ndeny = ["Bash(rm:*)", "Read(keys/**)"]\n')
    desk.user = str(user)
    return desk


def test_rules_are_listed_with_where_they_were_set(ruled):
    code, told = ruled.json("permissions", "list")
    assert code == 0
    assert [(each["kind"], each["rule"], each["origin"]) for each in told["rules"]] == [
        ("deny", "Bash(rm:*)", ".hocket/config.toml"),
        ("deny", "Read(keys/**)", ".hocket/config.toml"),
        ("ask", "Bash(npm publish:*)", ruled.user),
        ("allow", "Bash(npm:*)", ruled.user),
    ]
    lines = ruled.type("permissions", "list")[1].splitlines()
    assert lines[0] == "deny\tBash(rm:*)\t.hocket/config.toml"


def test_no_rules_is_said_to_a_person(desk):
    assert desk.type("permissions", "list") == (0, "", "")
    terminal = desk.sit("permissions", "list").see("everything else is asked.")
    assert terminal.see("hocket permissions explain").end() == 0


def test_a_use_is_explained(ruled):
    code, out, _ = ruled.type("permissions", "explain", "Bash(rm -rf /)")
    assert code == 0
    assert out.splitlines() == [
        "denied: the rule deny Bash(rm:*)",
        "deny\tBash(rm:*)\tmatches\t.hocket/config.toml",
        f"ask\tBash(npm publish:*)\tdoes not match\t{ruled.user}",
        f"allow\tBash(npm:*)\tdoes not match\t{ruled.user}",
    ]


@pytest.mark.parametrize(
    ("use", "verdict", "why"),
    [
        ("Bash(npm test)", "allowed", "nothing is against it"),
        ("Bash(npm publish)", "asked", "the rule ask Bash(npm publish:*)"),
        ("Bash(make)", "asked", "no rule allows it; allow it with Bash(make)"),
        ("Read(src/a.py)", "allowed", "nothing is against it"),
        ("Read(keys/a)", "denied", "the rule deny Read(keys/**)"),
        ("Edit(src/a.py)", "asked", "no rule allows it; allow it with Edit(src/a.py)"),
        (" WebSearch ", "asked", "no rule allows it; allow it with WebSearch"),
    ],
)
def test_the_verdict_and_why(ruled, use, verdict, why):
    code, told = ruled.json("permissions", "explain", use)
    assert (code, told["verdict"], told["why"], told["use"]) == (0, verdict, why, use.strip())


@pytest.mark.parametrize("use", ["rm -rf /", "", "Bash(", "(x)", "Edit src"])
def test_what_is_no_use_of_a_tool_is_told(desk, use):
    code, _, err = desk.type("permissions", "explain", use)
    assert code == 2
    assert "expected Tool or Tool(what), as in Bash(npm test)" in err


def test_without_the_policy_there_is_nothing_to_explain(desk):
    user = Path(os.environ["HOCKET_CONFIG_HOME"]) / "config.toml"
    user.write_text('[plugins]\nblock = ["policies.permissions"]\n')
    code, _, err = desk.type("permissions", "list")
    assert code == 2
    assert "no policy with rules is on" in err
