"""What lies beneath a ceiling: globs, hosts, tools, servers, and shell lines read strictly."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api import reach
from hocket.api.calls import Check
from hocket.api.ceiling import Ceiling
from hocket.api.protected import is_literal_only

NOTHING = Ceiling()
FREE = (None, replace(Ceiling(), is_declared=False))
HASH = "a" * 64


@pytest.mark.parametrize(
    ("glob", "path", "fits"),
    [
        ("docs/**", "docs/a.md", True),
        ("docs/**", "docs/deep/er/a.md", True),
        ("docs/**", "docs", True),
        ("docs/**", "docs2/a.md", False),
        ("docs/**", "a/docs/b", False),
        ("docs/*", "docs/deep/a.md", False),
        ("*.md", "a.md", True),
        ("*.md", "docs/a.md", False),
        ("**/*.md", "a.md", True),
        ("**/*.md", "x/y/a.md", True),
        ("**", "a/b/c", True),
        ("**", ".", True),
        ("a/**/z", "a/z", True),
        ("a/**/z", "a/b/c/z", True),
        ("a/**/z", "a/b/c/y", False),
        ("docs", "docs/a.md", False),
        ("docs/?.md", "docs/a.md", True),
        ("docs/[ab].md", "docs/c.md", False),
        ("**", "../a", False),
        ("**", "/etc/passwd", False),
        ("**", "a//b", False),
        ("caf\u00e9/**", "cafe\u0301/a", True),
    ],
)
def test_globs_begin_at_the_root(glob, path, fits):
    assert reach.covers([glob], path) is fits


@pytest.mark.parametrize(
    "name",
    [
        *(".git", ".hocket", ".claude", ".agents", "hocket.lock", ".env", ".env.local", ".GIT"),
        *("id_rsa", "a.pem", "a.p12", "a.key", ".npmrc", ".netrc", ".Env"),
    ],
)
def test_what_is_protected_must_be_spelled_out(name):
    assert is_literal_only(name)
    for glob in ("**", "*", "**/*", f"{name[:2]}*", f"?{name[1:]}"):
        assert not reach.covers([glob], name)
        assert not reach.covers([glob], f"{name}/inside")
    assert reach.covers([name], name)
    assert reach.covers([f"deep/{name}/**"], f"deep/{name}/inside")
    assert not reach.covers([f"deep/{name}/**"], f"deep/{name}/.env.x")


PARTS = st.tuples(st.sampled_from(["a", "b", "x.md"]), st.sampled_from(["", "*", "**"]))


@given(st.lists(PARTS, min_size=1, max_size=6))
def test_a_path_fits_itself_with_any_of_its_parts_wild(parts):
    glob = "/".join(wild or part for part, wild in parts)
    assert reach.covers([glob], "/".join(part for part, _ in parts))


@given(st.lists(st.sampled_from(["**", "*", "a"]), max_size=40).map("/".join))
def test_a_hostile_glob_takes_no_time(glob):
    assert reach.covers([glob], "/".join(["a"] * 60) + "/b") in {True, False}


@pytest.mark.parametrize(
    ("network", "host", "reached"),
    [
        (("example.org",), "example.org", True),
        (("example.org",), "API.Example.org.", True),
        (("example.org",), "example.org.evil", False),
        (("example.org",), "notexample.org", False),
        (("*",), "any.where", True),
        ((), "example.org", False),
        (("10.0.0.1",), "10.0.0.1", True),
        (("10.0.0.1",), "110.0.0.1", False),
    ],
)
def test_hosts_include_their_subdomains(network, host, reached):
    assert reach.reaches(Ceiling(network=network), host) is reached


@pytest.mark.parametrize(
    ("programs", "line", "why"),
    [
        (("make",), "make test", None),
        (("make", "grep"), "make 2>&1 | grep -c error && make clean", None),
        (("make",), "make; rm -rf .", "rm"),
        (("make",), "./make", "./make"),
        (("make",), "/usr/bin/make", "/usr/bin/make"),
        (("make",), "make $(rm x)", "it has a substitution"),
        (("make",), "make & rm x", "it leaves something running"),
        (("env", "make"), "env make", "`env` runs other commands"),
        (("make",), "X=1 make", "it sets a variable in front of a command"),
        (("make",), "make > /etc/x", "it redirects to /etc/x, which may lie outside the workspace"),
        (("make",), "m''ake", None),
        (("make",), "", "it runs nothing"),
        (("*",), "anything $(at all)", None),
        ((), "ls", "ls"),
    ],
)
def test_every_command_of_a_line_begins_with_a_declared_program(programs, line, why):
    table = {"shell": programs}
    assert reach.obstacle(Ceiling(**table), line) == why


def test_checks_stand_for_their_programs():
    checks = [Check("a", "make lint && npm test"), Check("b", ("go", "vet")), Check("c", "x $(y)")]
    assert reach.programs(checks) == ("make", "npm", "go")


@pytest.mark.parametrize(
    ("tools", "name", "has"),
    [
        (("Read",), "Read", True),
        (("Read",), "Write", False),
        (("mcp__*",), "mcp__github__get", True),
        (("mcp__*",), "Read", False),
        (("mcp__github__get",), "mcp__github__put", False),
    ],
)
def test_tools_are_declared_by_name(tools, name, has):
    assert reach.has_tool(Ceiling(tools=tools), name) is has


@pytest.mark.parametrize(
    ("tools", "rule", "may"),
    [
        (("Bash",), "Bash(npm test:*)", True),
        (("Read",), "R*", True),
        (("Read",), "W*", False),
        (("mcp__github__get",), "mcp__github", True),
        (("mcp__github__get",), "mcp__gitlab", False),
    ],
)
def test_what_stands_for_several_may_be_named_if_one_is_declared(tools, rule, may):
    assert reach.may_name(Ceiling(tools=tools), rule) is may


def test_servers_are_declared_with_their_tools():
    ceiling = Ceiling(mcp=(f"git_hub@1.2.0#sha256:{HASH}",))
    assert reach.server_of("mcp__git_hub__get") == "git_hub"
    assert reach.server_of("Read") == ""
    assert reach.has_server(ceiling, "git_hub")
    assert reach.has_server(ceiling, "git_hub", HASH)
    assert not reach.has_server(ceiling, "git_hub", "b" * 64)
    assert not reach.has_server(ceiling, "other")
    assert reach.has_server(Ceiling(mcp=("*",)), "other", "b" * 64)


@pytest.mark.parametrize("ceiling", FREE)
def test_without_a_table_nothing_is_limited_here(ceiling):
    assert reach.is_free(ceiling)
    assert reach.has_tool(ceiling, "Bash")
    assert reach.may_name(ceiling, "Bash")
    assert reach.may_read(ceiling, ".env")
    assert reach.may_write(ceiling, ".git/config")
    assert reach.reaches(ceiling, "any.where")
    assert reach.has_server(ceiling, "any", HASH)
    assert reach.obstacle(ceiling, "rm -rf $(x)") is None


def test_an_empty_table_allows_nothing():
    assert not reach.is_free(NOTHING)
    assert not reach.has_tool(NOTHING, "Read")
    assert not reach.may_read(NOTHING, "a")
    assert not reach.may_write(NOTHING, "a")


def test_what_was_typed_is_read_by_who_reads_at_all():
    some = Ceiling(read=("src/**",))
    assert reach.may_read_beside(some, "a/b.txt")
    assert reach.may_read_beside(some, ".")
    assert reach.may_read_beside(None, ".env")
    assert not reach.may_read_beside(some, ".env")
    assert not reach.may_read_beside(some, "../a")
    assert not reach.may_read_beside(NOTHING, "a")
