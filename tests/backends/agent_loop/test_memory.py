"""What every agent is told beforehand: trusted texts, once each, and never anything else."""

from __future__ import annotations

import os
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.api.settings import PluginSettings
from hocket.testing import ScriptedModel, run
from hocket_plugins.backends import agent_loop
from hocket_plugins.backends.agent_loop.memory import MOST_BYTES, MOST_TRUSTED, cut, texts

AGENTS = "What this project wants, from AGENTS.md:\n\n"
CLAUDE = "What this project wants, from CLAUDE.md:\n\n"
INNER = "What this project wants, from .claude/CLAUDE.md:\n\n"


class Place:
    """A project with files, some of them trusted, and a person with a folder of their own."""

    def __init__(self, home):
        self.project, self.data, self.trusted = home / "project", home / "data", {}
        self.project.mkdir()
        self.data.mkdir()

    def put(self, name, text, *, trusted=True):
        raw = text if isinstance(text, bytes) else text.encode()
        path = self.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
        if trusted:
            self.trusted[name] = sha256(raw).hexdigest()

    @property
    def settings(self):
        return PluginSettings(self.project, trusted=self.trusted, data=self.data)

    @property
    def told(self):
        return texts(self.settings)


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def test_trusted_texts_are_told_under_the_name_of_their_file(place):
    place.put("AGENTS.md", "Use tabs.\n")
    place.put("CLAUDE.md", "Be kind.\n")
    place.put(".claude/CLAUDE.md", "Be brief.\n")
    assert place.told == (f"{AGENTS}Use tabs.", f"{CLAUDE}Be kind.", f"{INNER}Be brief.")
    assert place.told == place.told


def test_what_is_not_trusted_or_changed_is_not_told_in_any_part(place):
    place.put("AGENTS.md", "CANARY", trusted=False)
    place.put("CLAUDE.md", "fine")
    (place.project / "CLAUDE.md").write_text("fine\nCANARY")
    assert place.told == ()
    place.put("CLAUDE.md", "fine")
    assert place.told == (f"{CLAUDE}fine",)


def test_files_that_are_trusted_for_something_else_are_no_memory(place):
    place.put("src/AGENTS.md", "x")
    place.put(".claude/agents/x.md", "x")
    place.put(".mcp.json", "{}")
    assert place.told == ()


def test_the_persons_own_text_comes_first_and_needs_no_trust(place):
    place.put("AGENTS.md", "Use tabs.")
    (place.data / "AGENTS.md").write_text("Speak French.")
    mine, theirs = place.told
    assert mine.endswith("from their own AGENTS.md:\n\nSpeak French.")
    assert theirs == f"{AGENTS}Use tabs."
    assert texts(PluginSettings(place.project)) == ()
    (place.data / "AGENTS.md").write_text(" \n")
    assert place.told == (theirs,)


def test_a_text_that_only_points_to_another_one_is_that_one(place):
    place.put("CLAUDE.md", "@AGENTS.md\n")
    assert place.told == (f"{CLAUDE}(AGENTS.md is not included.)",)
    place.put("AGENTS.md", "Use tabs.\n")
    assert place.told == (f"{AGENTS}Use tabs.",)


def test_what_is_included_stands_where_it_is_named_and_only_once(place):
    place.put("CLAUDE.md", "Rules:\n\n@AGENTS.md\n\nEnd. Ask @AGENTS.md or me@x.md.\n")
    place.put(".claude/CLAUDE.md", "@../CLAUDE.md\nBe brief.\n@../CLAUDE.md")
    place.put(".hocket/agents/style.md", "Short lines.\n")
    place.put("AGENTS.md", "Use tabs.\n@.hocket/agents/style.md\n")
    assert place.told == (
        f"{AGENTS}Use tabs.\nShort lines.",
        f"{CLAUDE}Rules:\n\n\n\nEnd. Ask @AGENTS.md or me@x.md.",
        f"{INNER}\nBe brief.\n",
    )


def test_equal_files_are_told_once(place):
    place.put("AGENTS.md", "Use tabs.\n")
    (place.project / "CLAUDE.md").symlink_to("AGENTS.md")
    place.trusted["CLAUDE.md"] = place.trusted["AGENTS.md"]
    assert place.told == (f"{AGENTS}Use tabs.",)


def test_an_include_never_leaves_what_is_trusted(place, tmp_path):
    (tmp_path / "CANARY.md").write_text("CANARY")
    place.put("docs/x.md", "CANARY", trusted=False)
    place.put(".mcp.json", "CANARY")
    lines = ("@../CANARY.md", f"@{tmp_path}/CANARY.md", "@~/CANARY.md", "@docs/x.md", "@.mcp.json")
    place.put("AGENTS.md", "\n".join(lines))
    (text,) = place.told
    assert "CANARY" not in text.replace("CANARY.md", "")
    assert text.count("is not included.)") == 4
    assert text.endswith("@.mcp.json")


def test_includes_go_three_deep_and_circles_end(place):
    chain = [f".hocket/agents/{n}.md" for n in range(5)]
    for number, name in enumerate(chain):
        place.put(name, f"{number}\n@{number + 1}.md\n")
    place.put("AGENTS.md", f"@{chain[0]}\n")
    assert place.told == (f"{AGENTS}0\n1\n2\n(3.md is not included.)",)
    place.put("AGENTS.md", "a\n@CLAUDE.md")
    place.put("CLAUDE.md", "b\n@AGENTS.md")
    assert place.told == (f"{AGENTS}a\nb",)


def test_a_long_text_is_cut_and_says_so(place):
    place.put("AGENTS.md", "é" * MOST_BYTES)
    (text,) = place.told
    assert text.endswith(f"é\n(Cut here: {MOST_BYTES:,} bytes more.)")
    place.put("AGENTS.md", "x" * MOST_TRUSTED)
    assert len(place.told[0]) < MOST_BYTES + 100
    place.put("AGENTS.md", "x" * (MOST_TRUSTED + 1))
    assert place.told == ()


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet="aé漢😀", max_size=4), st.integers(0, 8))
def test_a_cut_never_breaks_a_character(tail, less):
    text = "x" * (MOST_BYTES - less) + tail
    told = cut(text)
    kept = told.partition("\n(Cut")[0]
    assert text.startswith(kept)
    assert len(kept.encode()) <= MOST_BYTES
    assert (told == text) == (len(text.encode()) <= MOST_BYTES)


def test_bytes_of_every_kind_become_text(place):
    place.put("AGENTS.md", b"\xef\xbb\xbfone\r\ntwo \xff\r\n")
    assert place.told == (f"{AGENTS}one\ntwo \ufffd",)


@pytest.mark.parametrize("name", ["AGENTS.md", "CLAUDE.md"])
def test_nothing_hangs_or_raises_on_what_is_no_file(place, name):
    place.put(name, "x")
    path = place.project / name
    path.unlink()
    assert place.told == ()
    os.mkfifo(path)
    assert place.told == ()
    path.unlink()
    path.mkdir()
    assert place.told == ()


def system(loop, agents):
    model = ScriptedModel("x", "x")
    loop.bind(providers={"m": model}, tools={}, agent_types={})
    run(loop.run(agents.call(), agents.context()))
    run(loop.run(agents.call("Something else.", 2), agents.context()))
    first, second = (request.system for request in model.requests)
    assert first == second
    return first


def test_the_backend_tells_it_to_every_agent_alike(place, agents):
    place.put("AGENTS.md", "Use tabs.")
    (loop,) = agent_loop.hocket_register_backends(place.settings)
    assert system(loop, agents)[1:] == (f"{AGENTS}Use tabs.",)
    (plain,) = agent_loop.hocket_register_backends(PluginSettings(place.project))
    assert len(system(plain, agents)) == 1
