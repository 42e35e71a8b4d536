"""What the card is told of a script in a project: its tools, its agent types, its quarantine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hocket.api.markers import hookimpl
from hocket.api.scripts import Manifest, Script
from hocket.api.tools import Effect
from hocket.launch.exposing import exposed
from hocket.launch.prepare import Demand, prepare
from hocket.launch.project import Project
from hocket.scripts.reading.exposure import MARKED, Exposure
from hocket.testing import ScriptedBackend
from hocket.testing.running import _Offers


def told(place, body, **more):
    place.save(body, **more)
    return prepare(place.open(ScriptedBackend({})), Demand("wf.py")).card.offer.exposure


def own(text):
    (Path(os.environ["HOCKET_CONFIG_HOME"]) / "config.toml").write_text(text)


def rights(exposure):
    return [(one.title, one.reads, one.acts, one.meets) for one in exposure.phases]


def test_the_installed_tools_say_what_phases_do(place):
    body = (
        "await agent('a', tools=['WebSearch', 'WebFetch', 'Read'], phase='Read')\n"
        "await agent('b', tools=['Edit', 'Bash'], phase='Fix')\n"
        "return await agent('c', agent_type='explore', phase='Read', untrusted=True)"
    )
    found = told(place, body, meta='"phases": ["Read", "Fix"]')
    assert rights(found) == [
        ("Read", ("WebSearch", "WebFetch", MARKED), (), ()),
        ("Fix", (), ("Edit", "Bash"), ("Read",)),
    ]


def test_a_script_that_names_nothing_is_told_nothing(place):
    assert told(place, "return await agent('a')") == Exposure()
    assert told(place, "return await agent('a', tools=[])") == Exposure()
    assert told(place, "return await agent('a', tools=args)").untold == (6,)


def test_a_person_may_turn_the_quarantine_off(place):
    own('[quarantine]\nmode = "off"\n')
    assert told(place, "return 1").open == "user"
    own('[plugins]\nblock = ["policies.quarantine"]\n')
    assert told(place, "return 1").open == "its plugin is blocked"


@pytest.mark.parametrize("tools", ["['WebFetch', 'Edit']", "['Web*', 'Bash(make)']"])
def test_a_call_of_both_kinds_is_told_with_its_line(place, tools):
    (phase,) = told(place, f"return await agent('a', tools={tools})").phases
    (clash,) = phase.clashes
    assert (clash.line, clash.reads[:3]) == (6, "Web")


def test_in_a_folder_nobody_trusts_what_is_in_it_is_from_outside(place, monkeypatch):
    monkeypatch.delenv("HOCKET_TRUSTED_FOLDERS")
    found = told(place, "return await agent('a', tools=['Grep', 'WebFetch'], phase='Look')")
    assert rights(found) == [("Look", ("Grep", "WebFetch"), (), ())]


class Search:
    """A search of files that may be unable to work, and a plugin that offers it."""

    name, description, effects = "WebSearch", "", frozenset({Effect.READ_PROJECT})
    input_schema = {"type": "object"}

    def __init__(self, lacking):
        self._lacking = lacking

    def lacks(self):
        return self._lacking

    @hookimpl
    def hocket_register_tools(self, settings):
        return [self]


@pytest.mark.parametrize(("lacking", "reads"), [("no index", ("WebSearch",)), (None, ())])
def test_what_cannot_work_here_may_be_served_and_then_it_reads_the_web(place, lacking, reads):
    place.settings('[plugins]\nblock = ["tools.web"]\n')
    place.save("return await agent('a', tools=['WebSearch'])")
    plugins = {"test": _Offers(ScriptedBackend({})), "test.search": Search(lacking)}
    project = Project.open(place.root, choices={"backend": "scripted"}, plugins=plugins)
    (phase,) = prepare(project, Demand("wf.py")).card.offer.exposure.phases
    assert phase.reads == reads


def test_scripts_of_other_languages_are_not_read(place):
    script = Script(
        "wf.js", "agent('x')", "sha256:1", "javascript", Manifest(name="n", description="")
    )
    assert exposed(place.open(ScriptedBackend({})), script) == Exposure(language="javascript")
