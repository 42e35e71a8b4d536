"""Folders that a person typed: open to all agents of the run, to be read, and outside."""

from __future__ import annotations

import json

import pytest

from hocket.api.markers import hookimpl
from hocket.errors import UsageError
from hocket.testing import ScriptedModel, ScriptedTurn, ScriptedUse

SOURCES = {"type": "array", "items": {"type": "string"}, "x-expand": "folders"}
BUNDLE = """\
schema = 1
name = "reader"
version = "0.1.0"
description = "Reads"
license = "Apache-2.0"
requires-hocket = ">=0.1,<1"
commands.reader = {{ script = "workflow.py" }}
capabilities = {{ agents = 9, {table} }}
"""
FOUND = "1\tIt opened in 1921."


class Offers:
    """A plugin that offers a model."""

    def __init__(self, model):
        self.model = model

    @hookimpl
    def hocket_register_models(self, settings):
        return [self.model]


@pytest.fixture
def reading(place, tmp_path):
    """Let an agent read a file; gives what it was told, and how the run ended."""
    place.settings('[agent_loop]\nprovider = "scripted"\n')
    place.write("papers/a.txt", "It opened in 1921.\n", at=tmp_path)
    place.write("docs/b.txt", "It opened in 1921.\n")

    def read(file, folder, word="wf.py", *, resumed=None):
        uses = ScriptedTurn(uses=(ScriptedUse("Read", {"file_path": str(file)}),))
        stage = {
            "plugins": {"offers": Offers(ScriptedModel(uses, "Done."))},
            "choices": {"backend": "agent_loop"},
        }
        if resumed:
            outcome = place.resume(resumed, **stage)
        else:
            outcome = place.run("--sources", str(folder), word=word, **stage)
        lines = (outcome.folder / "agents" / "0001.jsonl").read_text("utf-8").splitlines()
        heard = [
            part["text"]
            for line in map(json.loads, lines)
            if line["t"] == "message"
            for block in line["blocks"]
            if block["kind"] == "tool_result"
            for part in block["content"]
        ]
        return outcome, heard[0]

    return read


def bundle(place, table):
    place.script("return await agent('go', tools=['Read'])", sources=SOURCES)
    source = (place.root / "wf.py").read_text("utf-8").replace('"name": "case"', '"name": "reader"')
    place.write(".hocket/workflows/reader/workflow.py", source)
    place.write(".hocket/workflows/reader/bundle.toml", BUNDLE.format(table=table))


def test_a_folder_beside_the_project_is_read(place, tmp_path, reading):
    place.script("return await agent('go')", sources=SOURCES)
    outcome, heard = reading(tmp_path / "papers" / "a.txt", "../papers")
    assert FOUND in heard
    assert str(tmp_path / "papers") in outcome.report["outside"][""]


def test_nothing_else_beside_the_project_is(place, tmp_path, reading):
    place.script("return await agent('go')", sources=SOURCES)
    _, heard = reading(tmp_path / "other.txt", "../papers")
    assert "outside the workspace" in heard


def test_the_words_of_a_folder_in_the_project_are_outside(place, reading):
    place.script("return await agent('go')", sources=SOURCES)
    outcome, heard = reading("docs/b.txt", "docs")
    assert FOUND in heard
    assert outcome.report["outside"] == {"": ["docs/b.txt"]}


@pytest.mark.parametrize("read", ["**", "src/**"])
@pytest.mark.parametrize(("folder", "file"), [("../papers", "a.txt"), ("docs", "b.txt")])
def test_a_bundle_that_reads_may_read_what_was_typed(place, reading, read, folder, file):
    bundle(place, f'tools = ["Read"], read = ["{read}"]')
    _, heard = reading(place.root / folder / file, folder, "/reader")
    assert FOUND in heard


@pytest.mark.parametrize(("folder", "file"), [("../papers", "a.txt"), ("docs", "b.txt")])
def test_a_bundle_that_reads_nothing_is_refused(place, reading, folder, file):
    bundle(place, 'tools = ["Read"]')
    _, heard = reading(place.root / folder / file, folder, "/reader")
    assert "capability:read:" in heard


def test_a_resume_opens_them_again_and_names_one_that_is_gone(place, tmp_path, reading):
    place.script("return await agent('go')", sources=SOURCES)
    outcome, _ = reading(tmp_path / "papers" / "a.txt", "../papers")
    papers = str(tmp_path / "papers")
    assert place.header(outcome)["args"]["sources"]["folders"] == [papers]
    (tmp_path / "papers").rename(tmp_path / "moved")
    with pytest.raises(UsageError, match=f"--sources: {papers} is not there any more"):
        reading(tmp_path / "papers" / "a.txt", "", resumed=outcome)
    (tmp_path / "moved").rename(tmp_path / "papers")
    again, _ = reading(tmp_path / "papers" / "a.txt", "", resumed=outcome)
    assert again.result == outcome.result
