"""Plugins of a project: imported from the bytes that were trusted, named, blocked, never before."""

from __future__ import annotations

import sys

import pytest

from hocket.errors import HookMisfit, StructureError
from hocket.trust.plugins import trusted
from hocket.trust.store import Trust

PLUGIN = '''
"""Writes down that it was imported, and adds a router."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hocket.api.markers import hookimpl

Path(CANARY).write_text("imported")


@dataclass
class Local:
    name: str = "local"


@hookimpl
def hocket_choose_router(settings):
    return Local()
'''


class Clone:
    """A project with a plugin that leaves a trace, and a person who may trust it."""

    def __init__(self, place):
        self.place, self.canary = place, place.root.parent / "canary"
        self.source = PLUGIN.replace("CANARY", repr(str(self.canary)))
        self.file = place.write(".hocket/plugins/paint.py", self.source)

    def agree(self):
        store = Trust()
        store.pin(self.place.root, store.review(store.standing(self.place.root)))

    def plugins(self):
        self.canary.unlink(missing_ok=True)
        found = self.place.open().host.plugins()
        return [one.name for one in found if one.name.startswith("project.")]


@pytest.fixture
def clone(place, monkeypatch):
    monkeypatch.delenv("HOCKET_TRUSTED_FOLDERS")
    return Clone(place)


def test_nothing_is_imported_before_a_yes_and_nothing_that_changed_after(clone):
    assert (clone.plugins(), clone.canary.exists()) == ([], False)
    clone.agree()
    assert (clone.plugins(), clone.canary.exists()) == (["project.paint"], True)
    clone.file.write_text(f"{clone.source}\nEVIL = 1\n")
    assert (clone.plugins(), clone.canary.exists()) == ([], False)
    clone.agree()
    assert clone.plugins() == ["project.paint"]


def test_what_it_offers_counts_and_dataclasses_find_their_module(clone):
    clone.agree()
    assert clone.place.open().host.plugins()[-1].hooks == ("hocket_choose_router",)


def test_it_can_be_blocked_by_its_name(clone):
    clone.agree()
    clone.place.settings('[plugins]\nblock = ["project.paint"]\n')
    assert (clone.plugins(), clone.canary.exists()) == ([], False)


def test_the_pinned_bytes_are_given_by_name_and_nothing_else(clone):
    clone.place.write(".hocket/plugins/deep/inner.py", "raise SystemExit")
    clone.place.write(".hocket/plugins/notes.txt", "no plugin")
    store = Trust()
    assert trusted(store.standing(clone.place.root)) == {}
    clone.agree()
    assert trusted(store.standing(clone.place.root)) == {"project.paint": clone.source.encode()}
    clone.file.unlink()
    assert trusted(store.standing(clone.place.root)) == {}


def test_in_a_listed_folder_it_is_loaded_as_it_is(clone, monkeypatch):
    monkeypatch.setenv("HOCKET_TRUSTED_FOLDERS", str(clone.place.root.parent))
    assert (clone.plugins(), clone.canary.exists()) == (["project.paint"], True)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import nowhere_at_all", "cannot be imported: ModuleNotFoundError"),
        ("raise SystemExit(0)", "cannot be imported: SystemExit"),
        ("this is no Python", "cannot be imported: SyntaxError"),
        ("# -*- coding: nonsense -*-", "cannot be imported: SyntaxError"),
    ],
)
def test_one_that_is_broken_is_named_and_leaves_nothing_behind(clone, source, said):
    clone.file.write_text(source)
    clone.agree()
    before = set(sys.modules)
    with pytest.raises(StructureError, match=r"plugin 'project\.paint'") as raised:
        clone.place.open()
    assert said in raised.value.message
    assert not [name for name in set(sys.modules) - before if name.startswith("hocket_project")]


def test_one_that_breaks_a_rule_is_refused_like_any_plugin(clone):
    clone.file.write_text("def hocket_chose_router(settings): ...\n")
    clone.agree()
    with pytest.raises(HookMisfit, match=r"plugin 'project\.paint'"):
        clone.place.open()
