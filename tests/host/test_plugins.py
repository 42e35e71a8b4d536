"""Installed packages: found, described, blocked before their import, and named when they break."""

from __future__ import annotations

import importlib.metadata
import itertools
import sys

import pytest

from hocket.errors import NameClash, StructureError
from hocket.host import PluginHost, PluginInfo
from hocket.host.plugins import installed

CANON = """
from hocket.api.markers import hookimpl
class Canon:
    name = "canon"
@hookimpl
def hocket_register_patterns():
    return [Canon()]
"""
OWN = {point.name for point in importlib.metadata.entry_points(group="hocket")}


def load(**options):
    """Load what a test installed, and none of hocket's own."""
    return PluginHost.load(**{"blocked": OWN, **options})


def test_an_installed_plugin_takes_part_and_is_described(install):
    install("acme_canon", CANON, plugin="acme.canon", version="2.1")
    host = load()
    assert list(host.patterns()) == ["canon"]
    assert host.plugins()[-1] == PluginInfo(
        "acme.canon", "acme_canon", "2.1", ("hocket_register_patterns",), blocked=False
    )


def test_a_blocked_plugin_is_never_imported(install):
    install("acme_bad", "raise RuntimeError('imported')")
    host = load(blocked={*OWN, "acme_bad"})
    assert "acme_bad" not in sys.modules
    assert host.plugins()[-1] == PluginInfo("acme_bad", "acme_bad", "1.0", (), blocked=True)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import acme_sdk_that_is_absent", "ModuleNotFoundError: No module named 'acme_sdk_that"),
        ("raise SystemExit('bye')", "SystemExit: bye"),
        ("def (", "SyntaxError: "),
    ],
)
def test_a_plugin_that_raises_while_imported_is_named_with_the_cause(source, told, install):
    install("acme_broken", source, plugin="acme.broken")
    with pytest.raises(StructureError) as caught:
        load()
    assert f"plugin 'acme.broken': cannot be imported: {told}" in str(caught.value)
    assert 'block = ["acme.broken"]' in caught.value.hint


def test_an_import_that_takes_long_is_told_about(install):
    install("acme_slow", CANON)
    warned = []
    load(warn=warned.append, clock=itertools.count(0, 10).__next__)
    assert len(warned) == 1
    assert warned[0].startswith("plugin 'acme_slow': importing it took 10.0 s")


def test_one_plugin_name_from_two_packages_is_refused(install):
    install("acme_one", CANON, plugin="acme")
    install("acme_two", CANON, plugin="acme")
    with pytest.raises(NameClash) as caught:
        installed()
    assert str(caught.value) == (
        "plugin 'acme': installed from acme_one (acme_one) and from acme_two (acme_two); "
        "expected one owner."
    )


def test_an_installed_name_cannot_be_handed_in_again(install):
    install("acme_canon", CANON)
    with pytest.raises(NameClash, match="plugin 'acme_canon': it is installed, and handed in"):
        load(extra={"acme_canon": object()})


def test_a_plugin_that_is_handed_in_is_described_last():
    assert load(extra={"mine": object()}).plugins()[-1].name == "mine"


def test_hockets_own_plugins_come_first(install):
    install("aaa_first_in_the_alphabet", CANON)
    names = [point.name for point in installed()]
    assert set(names[:-1]) == OWN
    assert names == [one.name for one in load().plugins()]
