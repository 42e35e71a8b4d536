"""What Claude Code's agents get beneath a ceiling, and what its gate cannot hold."""

from __future__ import annotations

import pytest

from hocket.api.calls import Call, Options
from hocket.api.ceiling import KEYS, Ceiling
from hocket.api.protocols import Enforcing
from hocket_plugins.backends.claude_code.backend import ClaudeCode
from hocket_plugins.backends.claude_code.options import TOOLS, tools
from hocket_plugins.backends.claude_code.settings import ClaudeCodeSection


def test_it_says_what_it_holds_to():
    backend = ClaudeCode(ClaudeCodeSection())
    assert isinstance(backend, Enforcing)
    assert frozenset(KEYS) - backend.enforces == {"env", "network", "shell"}


@pytest.mark.parametrize(
    ("declared", "named", "given"),
    [
        (("Read", "Edit"), None, ["Read", "Edit"]),
        (("Read", "Grep", "Glob"), None, ["Read"]),
        (("Read", "Grep"), ("Read", "Grep"), ["Read"]),
        ((), None, []),
    ],
)
def test_its_searches_pass_over_nothing_so_there_are_none(declared, named, given):
    options = Options(tools=named, ceiling=Ceiling(tools=declared))
    assert tools(Call(1, "k", 0, "x", "x", options=options)) == given


def test_without_a_ceiling_it_has_all():
    assert tools(Call(1, "k", 0, "x", "x")) == list(TOOLS)
