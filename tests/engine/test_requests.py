"""From the options a script passed to a request: what is in the key, and what is misuse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.calls import Attached, Check, Options
from hocket.api.tools import AgentType
from hocket.engine.requests import Surroundings, canonical_fields, made, read

AROUND = Surroundings(
    checks={"tests": Check("tests", "make test"), "lint": Check("lint", ("ruff", "check"))},
    agent_types={
        "reviewer": AgentType("reviewer", "reviews", "Be strict."),
        "writer": AgentType("writer", "writes", "Be kind."),
    },
    attach=lambda inputs: tuple(Attached(str(path), f"sha256:{path}") for path in inputs),
    checkable=True,
    backend="scripted",
)
SAME = {
    "label": "shown",
    "phase": "Plan",
    "max_tokens": 500,
    "timeout": 30,
    "stall_ms": 1500,
    "role": "vote",
    "item": {"n": 1},
    "model": None,
    "tools": None,
    "disallowed_tools": [],
    "inputs": [],
    "untrusted": False,
}
OTHER = {
    "schema": {"type": "object"},
    "model": "opus",
    "effort": "high",
    "agent_type": "reviewer",
    "tools": ["Read"],
    "disallowed_tools": ["Bash"],
    "isolation": "worktree",
    "inputs": ["a.txt"],
    "untrusted": True,
    "check": "tests",
}


def asked(prompt="hello", **options):
    return read({"prompt": prompt, **options}, None, AROUND)


@pytest.mark.parametrize("name", SAME)
def test_what_does_not_change_the_answer_is_not_in_the_key(name):
    assert asked(**{name: SAME[name]}).key == asked().key


@pytest.mark.parametrize("name", OTHER)
def test_what_changes_the_answer_is_in_the_key(name):
    assert asked(**{name: OTHER[name]}).key != asked().key


def test_options_never_meet_in_one_key():
    found = {asked(**{name: value}).key for name, value in OTHER.items()}

    assert len(found) == len(OTHER)


@given(st.permutations(sorted({**SAME, **OTHER})), st.permutations(["Read", "Grep", "Edit"]))
def test_the_key_is_free_of_the_order_of_options_and_tools(names, tools):
    given_options = {**SAME, **OTHER}
    ordered = {name: given_options[name] for name in names}
    ordered["tools"] = ordered["disallowed_tools"] = tools

    straight = {**given_options, "tools": sorted(tools), "disallowed_tools": sorted(tools)}
    assert asked(**ordered).key == asked(**straight).key


@given(st.text(min_size=1, max_size=200), st.text(max_size=200), st.text(min_size=1, max_size=9))
def test_the_label_is_the_given_one_or_the_start_of_the_prompt(prompt, label, phase):
    request = read({"prompt": prompt, "label": label}, phase, AROUND)

    assert request.label == (label[:120] if label else prompt[:60])
    assert request.phase == phase


def test_an_agent_type_is_in_the_key_by_its_definition():
    changed = {"reviewer": AgentType("reviewer", "reviews", "Be lenient.")}
    other_words = {"reviewer": AgentType("reviewer", "described anew", "Be strict.")}
    options = Options(agent_type="reviewer")

    def key(agent_types):
        return made("hello", options, ("", None), agent_types, AROUND.seals).key

    assert key(AROUND.agent_types) == key(other_words) != key(changed)


def test_a_check_is_in_the_key_by_its_command():
    one = canonical_fields("x", Options(check=AROUND.checks["tests"]), {})
    other = canonical_fields("x", Options(check=AROUND.checks["lint"]), {})

    assert (one["check"], other["check"]) == (["tests", "make test"], ["lint", ["ruff", "check"]])


def test_an_untrusted_input_is_another_input():
    trusted = canonical_fields("x", Options(inputs=(Attached("a", "d"),)), {})
    outside = canonical_fields("x", Options(inputs=(Attached("a", "d", untrusted=True),)), {})

    assert (trusted["inputs"], outside["inputs"]) == ([["a", "d", False]], [["a", "d", True]])


def test_limits_are_seconds():
    options = asked(timeout=1.5, stall_ms=2500, max_tokens=7).options

    assert (options.timeout_s, options.stall_s, options.max_tokens) == (1.5, 2.5, 7)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"prompt": None}, "agent(prompt): must be a text, is None"),
        ({"prompt": {"a": 1}}, "agent(prompt): must be a text, is an object"),
        ({"prompt": ["a"]}, "agent(prompt): must be a text, is a list"),
        ({"prompt": 5}, "agent(prompt): must be a text, is int"),
        ({"prompt": ""}, "agent(prompt): must not be empty"),
        ({"label": 5}, "agent(label): must be a text, is int"),
        ({"phase": True}, "agent(phase): must be a text, is bool"),
        ({"schema": {"type": "text"}}, "agent(schema): "),
        ({"schema": 5}, "agent(schema): "),
        ({"effort": "huge"}, 'agent(effort): "huge" is not one of low, medium, high, xhigh, max'),
        ({"agent_type": "zz"}, 'agent(agent_type): "zz" is not known; known: reviewer, writer'),
        ({"isolation": "remote"}, 'agent(isolation): "remote" is not known; known: worktree'),
        ({"check": "zz"}, 'agent(check): "zz" is not in meta.checks; known: lint, tests'),
        ({"tools": "Read"}, "agent(tools): must be a list of texts, is str"),
        ({"disallowed_tools": [5]}, "agent(disallowed_tools): must be a list of texts, is a list"),
        ({"inputs": "a.txt"}, "agent(inputs): must be a list of paths, is str"),
        ({"max_tokens": 0}, "agent(max_tokens): must be a whole number from 1, is 0"),
        ({"max_tokens": True}, "agent(max_tokens): must be a whole number from 1, is True"),
        ({"max_tokens": 1.5}, "agent(max_tokens): must be a whole number from 1, is 1.5"),
        ({"timeout": 0}, "agent(timeout): must be a number above 0, is 0"),
        ({"timeout": "1"}, "agent(timeout): must be a number above 0, is '1'"),
        ({"stall_ms": True}, "agent(stall_ms): must be a number above 0, is True"),
    ],
)
def test_misuse_is_named_with_what_was_found(options, message):
    with pytest.raises(TypeError) as caught:
        asked(**options)

    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("kind", ["agent_type", "check"])
def test_where_nothing_is_known_it_says_so(kind):
    bare = Surroundings(checks={}, agent_types={}, attach=tuple, checkable=True, backend="x")

    with pytest.raises(TypeError, match="known: none"):
        read({"prompt": "x", kind: "tests"}, None, bare)


def test_a_check_needs_a_backend_that_can_run_it():
    bare = Surroundings(
        checks=AROUND.checks, agent_types={}, attach=tuple, checkable=False, backend="x"
    )

    with pytest.raises(TypeError, match='the backend "x" has no workspace'):
        read({"prompt": "x", "check": "tests"}, None, bare)


@pytest.mark.parametrize("letter", ["x", "ä", "😀"])
def test_a_prompt_has_at_most_a_mebibyte(letter):
    fits = letter * ((1 << 20) // len(letter.encode()))

    assert asked(fits).prompt == fits
    with pytest.raises(ValueError, match="larger than 1 MiB"):
        asked(fits + letter)
