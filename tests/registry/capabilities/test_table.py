"""The closed vocabulary: what a table may say, and that it has one identity."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.ceiling import KEYS, Ceiling
from hocket.registry.capabilities import table as capabilities
from hocket.registry.capabilities.table import capability_hash, is_quiet, union

PIN = f"files@1.2.0#sha256:{'a' * 64}"


def told(table):
    return [str(problem) for problem in capabilities.read(table).problems]


def read(**table):
    declared = capabilities.read({key.replace("_", "-"): value for key, value in table.items()})
    assert not declared.problems
    return declared.ceiling


def test_the_vector_of_the_specification():
    ceiling = read(
        tools=["Read", "WebFetch", "WebSearch"],
        network=["*"],
        read=["docs/**"],
        write=["reports/**"],
        agents=120,
    )
    known = "sha256:6a64bdf1e5529a82d8e538321d0ea69f99f07a607bcc8e367298da867c340b2b"
    assert capability_hash(ceiling) == known


def test_what_is_absent_is_empty_nought_or_false():
    assert read() == Ceiling()
    assert len(KEYS) == 12
    assert list(Ceiling().table()) == list(KEYS)


@pytest.mark.parametrize(
    ("key", "given", "kept"),
    [
        (
            "tools",
            ["mcp__*", "Read", "mcp__files__read_it"],
            ("Read", "mcp__*", "mcp__files__read_it"),
        ),
        ("read", ["docs/**", ".env"], (".env", "docs/**")),
        ("write", ["caf\u0065\u0301/*.md"], ("caf\u00e9/*.md",)),
        ("network", ["Example.ORG", "*", "localhost"], ("*", "example.org", "localhost")),
        ("network", ["127.0.0.1", "[::1]", "0:0::1"], ("127.0.0.1", "::1")),
        ("shell", ["pytest", "@checks", "g++"], ("@checks", "g++", "pytest")),
        ("env", ["HOME", "_x"], ("HOME", "_x")),
        ("mcp", [PIN, "*"], ("*", PIN)),
        ("agents", 1000, 1000),
        ("reveal", True, True),
        ("hooks", True, True),
        ("inline_exec", True, True),
        ("python", True, True),
    ],
)
def test_every_key_takes_what_it_is_for(key, given, kept):
    assert getattr(read(**{key: given}), key) == kept


@pytest.mark.parametrize(
    ("key", "given", "expected"),
    [
        ("tools", "Bash(git:*)", "the name of a tool"),
        ("tools", "*", "the name of a tool"),
        ("tools", "mcp__files", "the name of a tool"),
        ("read", "../x", "a glob under the project root"),
        ("read", "/etc/**", "a glob under the project root"),
        ("read", "~/x", "a glob under the project root"),
        ("read", "a//b", "a glob under the project root"),
        ("write", "a/./b", "a glob under the project root"),
        ("write", "", "a glob under the project root"),
        ("write", "C:/x", "a glob under the project root"),
        ("write", "x" * 241, "a glob under the project root"),
        ("network", "https://x.org", "a host (with its subdomains) or *"),
        ("network", "*.x.org", "a host (with its subdomains) or *"),
        ("network", "x.org:80", "a host (with its subdomains) or *"),
        ("network", "0x7f.1", "a host (with its subdomains) or *"),
        ("network", "2130706433", "a host (with its subdomains) or *"),
        ("network", "a..b", "a host (with its subdomains) or *"),
        ("network", "", "a host (with its subdomains) or *"),
        ("network", "x." * 130 + "org", "a host (with its subdomains) or *"),
        ("shell", "/bin/sh", "the name of a program, @checks or *"),
        ("shell", "rm -rf", "the name of a program, @checks or *"),
        ("env", "A-B", "the name of a variable"),
        ("mcp", "files@1.2.0", "SERVER@VERSION#sha256:HASH or *"),
    ],
)
def test_an_item_that_is_none_is_told_with_what_it_should_be(key, given, expected):
    assert told({key: [given]})[0].startswith(f"bundle.toml: capabilities.{key}: ")
    assert told({key: [given]})[0].endswith(f" is not {expected}")


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (
            {"filesystem": ["x"]},
            (
                'capabilities: unknown capability "filesystem" (known: agents, env, hooks, '
                "inline-exec, mcp, network, python, read, reveal, shell, tools, write)"
            ),
        ),
        ({"tools": "Read"}, 'capabilities.tools: "Read" is not a list'),
        ({"tools": [1]}, "capabilities.tools: 1 is not the name of a tool"),
        ({"agents": 1001}, "capabilities.agents: 1001 is not a whole number from 0 to 1000"),
        ({"agents": -1}, "capabilities.agents: -1 is not a whole number from 0 to 1000"),
        ({"agents": True}, "capabilities.agents: True is not a whole number from 0 to 1000"),
        ({"reveal": "yes"}, 'capabilities.reveal: "yes" is not true or false'),
        ({"hooks": 1}, "capabilities.hooks: 1 is not true or false"),
        ({"agents": 1 << 20_000}, "capabilities: holds a number of more than 64 bits"),
        (["tools"], "capabilities: ['tools'] is not a table"),
    ],
)
def test_a_table_that_is_wrong_is_told_word_for_word(table, sentence):
    assert told(table) == [f"bundle.toml: {sentence}"]


def test_all_problems_are_told():
    assert len(told({"x": 1, "tools": ["?", "Read", "!"], "agents": "many", "python": 0})) == 5


def test_a_parent_is_shown_with_what_its_dependencies_may_do():
    joined = union(
        [
            Ceiling(tools=("Read",), agents=3),
            Ceiling(tools=("Bash", "Read"), agents=9, reveal=True, is_declared=False),
        ]
    )
    assert joined == Ceiling(tools=("Bash", "Read"), agents=9, reveal=True, is_declared=False)
    assert union([]) == Ceiling()


@pytest.mark.parametrize(
    ("ceiling", "quiet"),
    [
        (Ceiling(), True),
        (Ceiling(tools=("Read", "Grep", "Glob"), read=("**", ".env"), agents=100), True),
        (Ceiling(tools=("Write",)), False),
        (Ceiling(agents=101), False),
        (Ceiling(network=("x.org",)), False),
        (Ceiling(env=("HOME",)), False),
        (Ceiling(reveal=True), False),
        (Ceiling(is_declared=False), False),
    ],
)
def test_the_quiet_set(ceiling, quiet):
    assert is_quiet(ceiling) is quiet


@given(
    st.lists(st.sampled_from(["Read", "Bash", "Grep", "mcp__*", "WebFetch"]), max_size=6),
    st.randoms(use_true_random=False),
)
def test_the_hash_knows_no_order_and_no_repetition(tools, chance):
    mixed = [*tools, *tools]
    chance.shuffle(mixed)
    table = list({"tools": tools, "agents": 3, "network": ["*"]}.items())
    other = list({"tools": mixed, "agents": 3, "network": ["*", "*"]}.items())
    chance.shuffle(other)
    hashes = {capability_hash(capabilities.read(dict(one)).ceiling) for one in (table, other)}
    assert len(hashes) == 1


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(KEYS), inner),
    )
)
def test_no_table_whatever_it_holds_is_a_traceback(table):
    declared = capabilities.read(table)
    again = capabilities.read(declared.ceiling.table())
    assert again.ceiling == declared.ceiling
    assert again.problems == ()
