"""Cases whose subject is not there yet: each fails until it is, and then wants its proof here."""

from __future__ import annotations

from importlib.util import find_spec

import pytest


def waits(reason):
    return pytest.mark.xfail(reason=f"waits for {reason}", raises=AssertionError, strict=True)


def is_here(module):
    """Say whether a plugin is there at all; its folder without code does not count."""
    try:
        found = find_spec(module)
    except ModuleNotFoundError:
        return False
    return found is not None and found.origin is not None


@waits("links/mcp_server")
def test_a33_hosts_of_both_eras_start_a_workflow():
    assert is_here("hocket_plugins.links.mcp_server")
