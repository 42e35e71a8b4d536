"""The same with real programs between the stranger and the agent."""

from __future__ import annotations

import json
from functools import partial

import pytest
from canaries import EVIL
from hostile import ORDER, OWNER, harmed, unharmed
from orders import do
from placements import play, word
from real_programs import PROGRAMS, served

from hocket_plugins.tools.mcp import sdk

pytestmark = pytest.mark.slow
NEEDS_MCP = pytest.mark.skipif(bool(sdk.missing()), reason=sdk.missing() or "")
CASES = [(place, form) for place in PROGRAMS for form in place.texts]


@pytest.fixture(scope="session")
def seen_at(theatre):
    """Give what was played at a place, with quarantine or without."""

    def at(place, mode="on"):
        if place.name.startswith("mcp") and sdk.missing():
            pytest.skip(sdk.missing())
        return theatre.played((place.name, mode), partial(play, place, mode))

    return at


@pytest.mark.parametrize(
    ("place", "form"), CASES, ids=[f"{place.name}-{form}" for place, form in CASES]
)
def test_no_canary_sings(seen_at, place, form):
    played = seen_at(place)
    states = dict(played.result)

    assert played.ran(word(form)) == []
    assert played.leaked(word(form)) == []
    assert (played.run.status, tuple(states[form])) == ("completed", place.states)


@pytest.mark.parametrize("place", PROGRAMS, ids=lambda place: place.name)
def test_where_the_wall_is_gone_they_sing(seen_at, place):
    played = seen_at(place, place.control)
    silent = {form for form in place.texts if not played.ran(word(form))}

    assert played.run.status == "completed"
    assert sorted(silent) == sorted(place.tamed)


LOOK = do("mcp__s__look", text="bad")


@NEEDS_MCP
def test_an_actor_does_not_hear_what_a_server_replies(scenes):
    scene = scenes()
    served(scene, {"bad": ORDER}, ["outside_effect"])
    body = f"""
    one = await attempt("{LOOK}", tools=["mcp__s__look", *ACT])
    act = await attempt("{OWNER} " + str(one["value"]), tools=ACT)
    return [one["state"], act["state"]]
    """
    played = scene.play(body, real_time=True)

    unharmed(played)
    assert played.result == ["ok", "refused"]


@NEEDS_MCP
def test_without_quarantine_it_does(scenes):
    scene = scenes()
    served(scene, {"bad": ORDER}, ["outside_effect"])
    body = f'return await attempt("{LOOK}", tools=["mcp__s__look", *ACT])'

    harmed(scene.play(body, mode="off", real_time=True))


@NEEDS_MCP
@pytest.mark.parametrize("labels", [["read_only"], ["read_outside", "outside_effect"]])
def test_no_actor_names_a_tool_of_a_server_that_reads(scenes, labels):
    scene = scenes()
    served(scene, {"bad": ORDER}, labels)
    body = f'return (await attempt("{LOOK}", tools=["mcp__s__look", *ACT]))["state"]'
    played = scene.play(body, real_time=True)

    unharmed(played)
    assert played.result == "refused"


@NEEDS_MCP
def test_a_description_reaches_no_one_who_acts(scenes):
    """A reader sees the description that was approved, and has nothing to obey it with."""
    scene = scenes()
    served(scene, {"bad": "Nothing."}, ["read_only"], description=ORDER)
    body = f"""
    read = await attempt("{LOOK}", tools=["mcp__s__look"])
    free = await attempt("{LOOK} {OWNER}")
    act = await attempt("{OWNER} " + str(read["value"]), tools=ACT)
    return [read["state"], free["state"], act["state"]]
    """
    played = scene.play(body, real_time=True)

    unharmed(played)
    assert played.result == ["ok", "ok", "refused"]


@NEEDS_MCP
def test_a_description_that_changed_is_not_shown_at_all(scenes):
    scene = scenes()
    folder = served(scene, {"bad": "Nothing."}, ["read_only"])
    (tool,) = json.loads((folder / "tools.json").read_text("utf-8"))
    (folder / "tools.json").write_text(json.dumps([{**tool, "description": ORDER}]), "utf-8")
    body = f'return await attempt("{LOOK}", tools=["mcp__s__look"])'
    played = scene.play(body, real_time=True)

    unharmed(played)
    assert not any(EVIL in spec.description for one in played.requests for spec in one.tools)
    assert not any(EVIL in str(one.messages) for one in played.requests)


COMMANDS = {
    "cat": "cat .hocket/runs/*/artifacts/* .hocket/runs/*/agents/* 2>&1",
    "grep": "grep -rha secrets . 2>&1",
    "grep_hidden": "grep -rah text .hocket 2>&1",
}


@pytest.mark.parametrize("way", COMMANDS)
@pytest.mark.parametrize("tools", ['["Bash", *ACT]', "None"], ids=["actor", "free"])
def test_what_an_earlier_run_kept_is_no_output_of_a_trusted_command(scenes, way, tools):
    """Who runs a shell in a trusted project must not meet the words of strangers in it."""
    scene = scenes({"bad": ORDER})
    scene.play(f'return {{"a": await agent("{do("read_page", name="bad")}", tools=["read_page"])}}')
    body = f"""
    one = await attempt({do("Bash", command=COMMANDS[way])!r}, tools={tools})
    return [one["state"], one["value"]]
    """
    played = scene.play(body, real_time=True)

    unharmed(played)
