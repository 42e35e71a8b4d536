"""A backend that is made of other plugins' parts gets them before its first call."""

from __future__ import annotations

import asyncio
import hashlib
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from hocket.api.calls import Usage
from hocket.api.markers import hookimpl
from hocket.api.messages import ProviderFailure
from hocket.config.settings import ModelPrice, Settings
from hocket.launch import binding
from hocket.launch.prepare import Demand, prepare
from hocket.launch.project import Project
from hocket.testing import ScriptedBackend, ScriptedModel, Stage, run_script


class Bound(ScriptedBackend):
    """Remembers what it was bound to."""

    def bind(self, **offers):
        self.offers = offers


class Plugin:
    """Offers a backend, and a model and a tool for it to work with."""

    def __init__(self, *backends, model=None):
        self._backends = backends
        self.model = model or ScriptedModel()

    @hookimpl
    def hocket_register_backends(self, settings):
        return self._backends

    @hookimpl
    def hocket_register_models(self, settings):
        return [self.model]

    @hookimpl
    def hocket_register_tools(self, settings):
        return [SimpleNamespace(name="acme_tool")]


def prepared(place, backend, **more):
    place.save()
    plugins = {"acme": Plugin(backend)}
    project = Project.open(place.root, choices={"backend": "scripted"}, plugins=plugins, **more)
    return prepare(project, Demand("wf.py"))


def test_a_backend_that_can_be_bound_gets_what_other_plugins_offer(place):
    backend = Bound({})
    ready = prepared(place, backend)
    assert ready.backend is backend
    assert backend.offers.keys() == {"providers", "tools", "agent_types", "price"}
    assert backend.offers["tools"]["acme_tool"].name == "acme_tool"
    assert callable(backend.offers["price"])
    # The one that was chosen is the first that a backend comes to.
    assert next(iter(backend.offers["providers"])) == "scripted"
    assert ready.providers[0].name == "scripted"
    assert ready.card.because == "it was named; it needs no key (scripted)"


def test_any_other_backend_is_taken_as_it_is(place):
    backend = ScriptedBackend({})
    assert prepared(place, backend).backend is backend


PRICES = "[prices.mine]\ninput = 1.0\noutput = 5.0\n"
A_MILLION = Usage(input=10**6, output=10**6, cache_read=10**6, cache_write=10**6)


@pytest.mark.parametrize(
    ("told", "micros"),
    [
        ({"input": 1, "output": 5}, 8_000_000),
        ({"input": 1, "output": 5, "cache_read": 0.1, "cache_write": 1.25}, 7_350_000),
        ({"input": 0, "output": 0}, 0),
    ],
)
def test_what_a_person_does_not_say_of_a_cache_costs_as_much_as_input(told, micros):
    settings = Settings(prices={"mine": ModelPrice(**told)})
    assert binding.prices(settings).cost("any", "mine", A_MILLION) == micros
    assert binding.prices(settings).cost("any", "no-such-model", A_MILLION) is None


SCRIPT = '''"""A script."""
from hocket.script import agent

meta = {"name": "case"}


async def main():
    return await agent("Say it.")
'''


def lived(project, model, **choices):
    stage = Stage(
        choices={"backend": "agent_loop", "model": "mine", **choices},
        plugins={"acme": OnlyModel(model)},
    )
    return run_script(SCRIPT, project=project, stage=stage)


class OnlyModel:
    """Offers a model."""

    def __init__(self, model):
        self._model = model

    @hookimpl
    def hocket_register_models(self, settings):
        return [self._model]


def test_a_run_is_billed_at_the_persons_own_prices(hocket_project):
    Path(os.environ["HOCKET_CONFIG_HOME"], "config.toml").write_text(PRICES, "utf-8")
    outcome = lived(hocket_project, ScriptedModel("Done.", name="acme"))
    assert outcome.result == "Done."
    assert outcome.report["cost_usd"] == pytest.approx((100 * 1.0 + 10 * 5.0) / 10**6)


class Sends(ScriptedModel):
    """A model that sends images."""

    load = None


def test_a_provider_gets_the_contents_of_its_run(hocket_project):
    digest = hashlib.sha256(b"an image").hexdigest()

    def turn(request):
        (journal,) = hocket_project.rglob("journal.jsonl")
        folder = journal.parent
        (folder / "artifacts").mkdir(exist_ok=True)
        (folder / "artifacts" / digest).write_bytes(b"an image")
        return f"{model.load(digest)} {model.load('0' * 64)}"

    model = Sends(turn)
    assert lived(hocket_project, model).result == "b'an image' None"


class Warm(ScriptedBackend):
    """A backend with something slow to do first."""

    def __init__(self, how, **more):
        super().__init__({"": "an answer"}, **more)
        self.how, self.seen = how, []

    async def warm(self):
        self.seen.append("began")
        if isinstance(self.how, Exception):
            raise self.how
        try:
            await asyncio.sleep(self.how)
        except asyncio.CancelledError:
            self.seen.append("dropped")
            raise
        self.seen.append("ended")


@pytest.mark.parametrize(
    ("how", "seen"),
    [
        (0, ["began", "ended"]),
        (10**6, ["began", "dropped"]),
        (ProviderFailure("auth"), ["began"]),
        (RuntimeError("a bug"), ["began"]),
    ],
)
def test_a_backend_is_warmed_beside_the_run_and_cannot_end_it(hocket_project, how, seen):
    backend = Warm(how)
    outcome = run_script(SCRIPT, backend, project=hocket_project)
    assert (outcome.status, outcome.result) == ("completed", "an answer")
    assert backend.seen == seen


def test_a_backend_with_nothing_slow_to_do_just_runs(hocket_project):
    assert run_script(SCRIPT, project=hocket_project).status == "completed"
