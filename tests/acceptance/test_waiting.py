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


@waits("policies/quarantine, and the benchmark's own group of dependencies")
def test_a29_agentdojo_reaches_no_sink():
    assert is_here("hocket_plugins.policies.quarantine")


@waits("policies/quarantine: handles, readers and actors")
def test_a30_planted_injections_steer_nobody():
    assert is_here("hocket_plugins.policies.quarantine")


@waits("policies/quarantine: the classifier of bounded fields")
def test_a31_bounded_fields_are_classified_exactly():
    assert is_here("hocket_plugins.policies.quarantine")


@waits("reports with handles; terminal escapes alone are removed by the views already")
def test_a32_a_report_is_inert():
    assert is_here("hocket.launch.reports")


@waits("links/mcp_server")
def test_a33_hosts_of_both_eras_start_a_workflow():
    assert is_here("hocket_plugins.links.mcp_server")
