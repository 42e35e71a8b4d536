"""Deny goes before ask, ask before allow; what nothing is about is asked."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hocket.api.approval import Verdict
from hocket.api.settings import PluginSettings, Rules
from hocket_plugins.policies import permissions
from hocket_plugins.policies.permissions.rules import parse
from hocket_plugins.policies.permissions.section import Permissions


def test_hook_hocket_register_policies_hands_over_one(tmp_path):
    (policy,) = permissions.hocket_register_policies(PluginSettings(tmp_path))
    assert policy.name == "permissions"


def test_hook_hocket_register_settings_hands_over_its_section():
    assert permissions.hocket_register_settings() == [Permissions]
    assert Permissions.model_config["title"] == "permissions"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Read(src/a.py)", "allow"),
        ("Glob(.)", "allow"),
        ("Grep(src)", "allow"),
        ("Think", "allow"),
        ("Read(.env)", "ask"),
        ("Read(keys/x.pem)", "ask"),
        ("Edit(src/a.py)", "ask"),
        ("Write(new.py)", "ask"),
        ("Edit(.git/config)", "deny"),
        ("Write(AGENTS.md)", "deny"),
        ("Bash(ls)", "ask"),
        ("WebFetch(https://example.org)", "ask"),
        ("WebSearch(words)", "ask"),
        ("mcp__github__get_issue(1)", "ask"),
    ],
)
def test_without_rules_reading_is_allowed_and_the_rest_is_asked(rules, text, verdict):
    assert rules().verdict(text) == verdict


@pytest.mark.parametrize("kinds", list(itertools.product([False, True], repeat=3)))
def test_precedence(rules, kinds):
    deny, ask, allow = kinds
    given = {
        name: ["Edit(src/**)"]
        for name, is_given in zip(("deny", "ask", "allow"), kinds, strict=True)
        if is_given
    }
    wanted = "deny" if deny else "ask" if ask or not allow else "allow"
    assert rules(**given).verdict("Edit(src/a.py)") == wanted


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("Edit", "Edit(src/a.py)"),
        ("Edit(*)", "Edit(src/a.py)"),
        ("Edit(src/**)", "Edit(src/a.py)"),
        ("Edit(.git/config)", "Edit(.git/config)"),
        ("Read(.env*)", "Read(.env.local)"),
        ("Bash(npm test:*)", "Bash(npm test -- x)"),
        ("Bash", "Bash(ls | wc)"),
        ("WebFetch(domain:example.org)", "WebFetch(https://www.example.org/x)"),
        ("WebFetch", "WebFetch(https://any.net)"),
        ("WebSearch", "WebSearch(any words)"),
        ("WebSearch(these words)", "WebSearch(these words)"),
        ("mcp__github__*", "mcp__github__get_issue(1)"),
        ("mcp__github", "mcp__github__get_issue(1)"),
        ("mcp__github__get_issue", "mcp__github__get_issue(1)"),
    ],
)
def test_a_rule_allows_what_it_names(rules, rule, text):
    made = rules(allow=[rule])
    assert made.judged(text) == ("allow", "")
    assert made.policy.granted(text)


@pytest.mark.parametrize(
    ("rule", "text", "verdict"),
    [
        ("Edit(src/**)", "Edit(lib/a.py)", "ask"),
        ("Edit(src/**)", "Edit(src/../lib/a.py)", "ask"),
        ("Edit(src/**)", "Edit(../src/a.py)", "ask"),
        ("Edit(src/**)", "Edit(/src/a.py)", "ask"),
        ("Edit(src/**)", "Edit(SRC/a.py)", "ask"),
        ("Edit(**)", "Edit(/etc/passwd)", "ask"),
        ("Edit(src/**)", "Write(src/a.py)", "ask"),
        ("Edit", "Edit(.git/config)", "deny"),
        ("Edit(**)", "Edit(sub/CLAUDE.md)", "deny"),
        ("Read", "Read(.env)", "ask"),
        ("Bash(npm test:*)", "Bash(npm test; rm x)", "ask"),
        ("Bash(npm test:*)", "Bash(npm test $(rm x))", "ask"),
        ("WebFetch(domain:example.org)", "WebFetch(https://example.org.evil.net)", "ask"),
        ("WebSearch(these)", "WebSearch(these words)", "ask"),
        ("mcp__github__*", "mcp__gitlab__x(1)", "ask"),
        ("mcp__git", "mcp__github__x(1)", "ask"),
        ("edit", "Edit(src/a.py)", "ask"),
    ],
)
def test_a_rule_allows_nothing_else(rules, rule, text, verdict):
    made = rules(allow=[rule])
    assert made.verdict(text) == verdict
    assert not made.policy.granted(text)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("edit", "Edit(x)"),
        ("*", "Anything(x)"),
        ("Web*", "WebFetch(https://x.net)"),
        ("Read(secrets/**)", "Read(secrets/a)"),
        ("Read(secrets/**)", "Grep(secrets)"),
        ("Read(secrets/**)", "Read(/any/where/secrets/a)"),
        ("Read(secrets/**)", "Read(x/../secrets/a)"),
        ("Read(secrets/**)", "Read(Secrets/a)"),
        ("Read(secrets/**)", "Read(se\0crets/../secrets/a)"),
        ("Edit(src/**)", "Write(src/x)"),
        ("Write(src/**)", "Edit(src/x)"),
        ("Bash(rm:*)", "Bash(sh -c 'rm x')"),
        ("WebFetch(domain:x.net)", "WebFetch(https://u@a.x.net:1/)"),
        ("mcp__github__*", "mcp__github__x(1)"),
        ("WebSearch(Secret)", "WebSearch(my secret words)"),
    ],
)
def test_a_rule_denies_what_it_may_be_about(rules, rule, text):
    made = rules(
        deny=[rule], allow=["Edit", "Write", "Bash", "WebFetch", "WebSearch", "mcp__github"]
    )
    assert made.verdict(text) == "deny"
    assert not made.policy.granted(text)
    assert rules(ask=[rule]).verdict(text) == "ask"


@pytest.mark.parametrize(
    ("rule", "text"), [("Write", "Edit(x)"), ("Read", "Grep(x)"), ("Edit(src/**)", "Read(src/x)")]
)
def test_a_whole_tool_is_denied_alone(rules, rule, text):
    assert rules(deny=[rule], allow=["Edit"]).verdict(text) == "allow"


def test_a_link_in_the_persons_tree_is_denied_by_where_it_leads(rules, tmp_path):
    (tmp_path / "secrets").mkdir()
    (tmp_path / "harmless").symlink_to("secrets")
    assert rules(deny=["Read(secrets/**)"]).verdict("Read(harmless/a)") == "deny"


def test_an_absolute_path_in_the_project_is_named_from_there(rules, tmp_path):
    made = rules(allow=["Edit(src/**)", "Edit(//opt/x/**)"])
    assert made.verdict(f"Edit({tmp_path}/src/a.py)") == "allow"
    assert made.verdict("Edit(/opt/x/y)") == "allow"


@pytest.mark.parametrize("path", ["\udcff", "a\0b", "\n", "x" * 5000, "(", ")"])
def test_any_path_is_judged(rules, path):
    made = rules(allow=["Edit(src/**)"], deny=["Edit(lib/**)"])
    assert made.verdict(f"Edit({path})") == "ask"
    assert made.verdict(f"Edit(src/{path})") == "allow"


def test_the_reason_says_which_rule_would_allow_it(rules):
    judged = rules().judged
    assert judged("Edit(src/a.py)")[1] == "no rule allows it; allow it with Edit(src/a.py)"
    assert judged("Bash(make && ls -l)")[1].endswith("allow it with Bash(make) and Bash(ls -l)")
    assert judged("WebFetch(https://www.x.net/a)")[1].endswith("WebFetch(domain:www.x.net)")
    assert judged("WebFetch(gopher://x)")[1].endswith("only a person can allow it")
    assert judged("WebSearch(x)")[1].endswith("allow it with WebSearch")
    assert judged("Edit(.git/x)")[1] == "it is protected; allow it with Edit(.git/x)"
    told = "no rule can allow it, since it has a substitution; only a person can allow it"
    assert judged("Bash(echo $(x))")[1] == told


@pytest.mark.parametrize(
    "text",
    [
        "Edit(src/a.py)",
        "Edit(.git/x)",
        "Read(.env)",
        "Bash(make > out && ls -l)",
        "WebSearch(x y)",
        "WebFetch(https://www.x.net/a?b)",
        "mcp__a__b(x)",
        "Bash(ls '*' \"a b\")",
    ],
)
def test_the_rule_that_is_suggested_does_allow_it(rules, text):
    reason = rules().judged(text)[1]
    suggested = reason.partition("allow it with ")[2].split(" and ")
    assert rules(allow=suggested).verdict(text) == "allow"


def test_a_call_keeps_to_the_tools_it_names(rules):
    made = rules(allow=["Bash", "Edit"], options={"tools": ("Read", "Bash(npm test:*)")})
    assert made.verdict("Read(a)") == "allow"
    assert made.verdict("Bash(npm test)") == "allow"
    assert made.judged("Bash(ls)") == ("deny", "the call was given Bash(npm test:*) only")
    assert made.judged("Edit(a)") == ("deny", "the call was not given this tool")
    assert made.verdict("Bash(npm test $(x))") == "deny"
    assert rules(options={"tools": ("Bash(sudo:*)",)}).verdict("Bash(ls)") == "deny"


def test_a_call_does_not_widen_what_a_person_allows(rules):
    made = rules(deny=["Bash(rm:*)"], options={"tools": ("Bash", "Edit(src/**)")})
    assert made.verdict("Bash(ls)") == "ask"
    assert made.verdict("Bash(rm x)") == "deny"
    assert made.verdict("Edit(src/x)") == "ask"


def test_what_a_call_disallows_is_denied(rules):
    made = rules(allow=["Bash", "Edit"], options={"disallowed_tools": ("Edit", "Bash(rm:*)")})
    assert made.judged("Edit(a)") == ("deny", "the call's disallowed_tools name Edit")
    assert (made.verdict("Bash(rm x)"), made.verdict("Bash(ls)")) == ("deny", "allow")


def test_a_call_that_names_a_denied_tool_does_not_start(rules):
    policy = rules(deny=["Bash", "Edit(src/**)", "mcp__x__*"]).policy

    def judged(*tools):
        judgement = policy.judge(rules().call(tools=tools))
        return judgement.verdict, judgement.reason

    assert judged("Read", "Edit(lib/**)") == (Verdict.ALLOW, "")
    assert judged("Bash(ls)") == (Verdict.DENY, "the rule deny Bash is about Bash(ls)")
    assert judged("Edit(src/**)")[0] is Verdict.DENY
    assert judged("mcp__x__y")[0] is Verdict.DENY
    assert judged("no rule(")[0] is Verdict.DENY
    assert policy.judge(rules().call()).verdict is Verdict.ALLOW


def test_explain_says_what_every_rule_makes_of_it(rules):
    made = rules(
        allow=["Bash(npm:*)", "Edit"],
        ask=["Bash(npm publish:*)"],
        deny=["Bash(rm:*)"],
        run=Rules(listed=("Bash", "Edit")),
    )
    assert made.policy.explain("Bash(rm -rf /)") == (
        "denied",
        "the rule deny Bash(rm:*)",
        [
            ("deny", "Bash(rm:*)", True),
            ("ask", "Bash(npm publish:*)", False),
            ("allow", "Bash(npm:*)", False),
            ("listed", "Bash", True),
        ],
    )
    verdict, why, fitting = made.policy.explain("Bash(npm test)")
    assert (verdict, why) == ("allowed", "nothing is against it")
    assert ("allow", "Bash(npm:*)", True) in fitting
    told = made.policy.explain("Bash(npm publish)")[:2]
    assert told == ("asked", "the rule ask Bash(npm publish:*)")
    assert made.policy.explain("Read(a)") == ("allowed", "nothing is against it", [])
    assert made.policy.explain("WebSearch")[1].startswith("no rule allows it")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"allow": ["no rule("]}, "is no rule"),
        ({"deny": [""]}, "is no rule"),
        ({"ask": ["Edit( )"]}, "names nothing"),
        ({"allow": ["*"]}, "would allow tools it does not name"),
        ({"allow": ["Web*"]}, "would allow tools it does not name"),
        ({"allow": ["Bash(sudo:*)"]}, "`sudo` runs other commands"),
        ({"allow": ["Bash(echo $HOME)"]}, "it has a substitution"),
        ({"allow": ["WebFetch(https://example.org)"]}, "names no host"),
        ({"deny": ["WebFetch(example.org)"]}, "names no host"),
        ({"more": []}, "Extra inputs"),
    ],
)
def test_a_rule_that_means_nothing_is_told_when_it_is_read(given, told):
    with pytest.raises(ValidationError, match=told.replace("`", ".")):
        Permissions(**given)


@pytest.mark.parametrize(
    ("text", "written"),
    [("Edit( src/** )", "Edit(src/**)"), (" Bash(*) ", "Bash"), ("Bash(a (b))", "Bash(a (b))")],
)
def test_a_rule_is_written_as_it_is_read(text, written):
    assert str(parse(text)) == written


RULES = st.sampled_from(
    [
        "Bash",
        "Bash(npm test:*)",
        "Bash(rm:*)",
        "Edit",
        "Edit(src/**)",
        "Edit(.git/**)",
        "Read(.env)",
        "WebFetch",
        "WebFetch(domain:x.net)",
        "mcp__a__*",
        "Write(src/**)",
        "Read(src/**)",
    ]
)
USES = st.sampled_from(
    [
        "Bash(npm test)",
        "Bash(rm x)",
        "Bash(npm test; rm x)",
        "Edit(src/a)",
        "Edit(.git/x)",
        "Read(.env)",
        "WebFetch(https://x.net/)",
        "mcp__a__b(1)",
        "Write(src/b)",
        "Read(src/.env)",
        "Grep(src)",
    ]
)
LISTS = st.lists(RULES, max_size=3)


@given(deny=LISTS, ask=LISTS, allow=LISTS, more=RULES, text=USES)
def test_more_denying_or_asking_never_loosens_and_more_allowing_never_tightens(
    deny, ask, allow, more, text
):
    def verdict(**lists):
        sections = {"permissions": Permissions(**lists)}
        settings = PluginSettings(Path("/nonexistent"), sections)
        (policy,) = permissions.hocket_register_policies(settings)
        return ["allowed", "asked", "denied"].index(policy.explain(text)[0])

    base = verdict(deny=deny, ask=ask, allow=allow)
    assert verdict(deny=[*deny, more], ask=ask, allow=allow) >= base
    assert verdict(deny=deny, ask=[*ask, more], allow=allow) >= base
    assert verdict(deny=deny, ask=ask, allow=[*allow, more]) <= base
