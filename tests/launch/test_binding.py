"""A backend that is made of other plugins' parts gets them before its first call."""

from __future__ import annotations

from types import SimpleNamespace

from hocket.api.markers import hookimpl
from hocket.launch.prepare import Demand, prepare
from hocket.launch.project import Project
from hocket.testing import ScriptedBackend


class Bound(ScriptedBackend):
    """Remembers what it was bound to."""

    def bind(self, **offers):
        self.offers = offers


class Plugin:
    """Offers a backend, and a tool for it to work with."""

    def __init__(self, backend):
        self._backend = backend

    @hookimpl
    def hocket_register_backends(self, settings):
        return [self._backend]

    @hookimpl
    def hocket_register_tools(self, settings):
        return [SimpleNamespace(name="acme_tool")]


def prepared(place, backend):
    place.save()
    plugins = {"acme": Plugin(backend)}
    project = Project.open(place.root, choices={"backend": "scripted"}, plugins=plugins)
    return prepare(project, Demand("wf.py"))


def test_a_backend_that_can_be_bound_gets_what_other_plugins_offer(place):
    backend = Bound({})
    assert prepared(place, backend).backend is backend
    assert backend.offers.keys() == {"providers", "tools", "agent_types", "price"}
    assert backend.offers["tools"]["acme_tool"].name == "acme_tool"
    assert callable(backend.offers["price"])


def test_any_other_backend_is_taken_as_it_is(place):
    backend = ScriptedBackend({})
    assert prepared(place, backend).backend is backend
