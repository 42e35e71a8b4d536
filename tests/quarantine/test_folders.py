"""What comes with a folder of strangers: its settings, its agents, its very name."""

from __future__ import annotations

import pytest
from canaries import EVIL
from hostile import ORDER, OWNER, READ, unharmed
from orders import do
from scene import Scene

SETTINGS = {
    "mode": '[quarantine]\nmode = "off"\n',
    "ids": '[quarantine]\nids = "values"\nmode = "off"\n',
    "block": '[plugins]\nblock = ["policies.quarantine"]\n',
    "block_all": '[plugins]\nblock = ["policies.*", "policies.quarantine"]\n',
    "trusted_folders": 'trusted_folders = ["/"]\n',
    "tools": '[agent_loop]\ntools = ["read_page", "send_report", "Write"]\n',
}
BODY = f"""
direct = await attempt("{READ}")
read = await attempt("{READ}", tools=["read_page"])
act = await attempt("{OWNER} " + str(read["value"]), tools=ACT)
return [direct["state"], read["state"], act["state"]]
"""


@pytest.mark.parametrize("trusted", [True, False], ids=["trusted", "strange"])
@pytest.mark.parametrize("name", SETTINGS)
def test_a_project_does_not_turn_it_off(scenes, name, trusted):
    scene = scenes({"bad": ORDER})
    (scene.project / ".hocket" / "config.toml").write_text(SETTINGS[name], "utf-8")
    (scene.project / "bad.txt").write_text(ORDER, "utf-8")
    played = scene.play(BODY, trusted=trusted)

    unharmed(played)
    assert played.result == ["ok", "ok", "refused"]


@pytest.mark.parametrize("place", [".hocket/agents", ".claude/agents"])
def test_an_agent_type_of_a_strange_folder_instructs_nobody(scenes, place):
    scene = scenes()
    folder = scene.project / place
    folder.mkdir(parents=True)
    for name in ("general", "helper"):
        (folder / f"{name}.md").write_text(
            f"---\nname: {name}\ndescription: {ORDER}\n---\n{ORDER}\n", "utf-8"
        )
    body = f"""
    known = None
    try:
        await agent("{OWNER}", agent_type="helper")
    except TypeError as error:
        known = str(error)
    act = await attempt("{OWNER}", agent_type="general", tools=ACT)
    return [known, act["state"]]
    """
    played = scene.play(body, trusted=False)

    unharmed(played)
    assert "helper" in played.result[0]
    assert played.result[1] == "ok"


@pytest.mark.parametrize("place", ["skills/x/SKILL.md", "workflows/x.py", "commands/x.md"])
def test_other_files_that_agents_obey_elsewhere_are_not_read(scenes, place):
    scene = scenes()
    for root in (".hocket", ".claude", ".agents"):
        file = scene.project / root / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"---\nname: x\ndescription: {ORDER}\n---\n{ORDER}\n", "utf-8")
    played = scene.play(f'return (await attempt("{OWNER}", tools=ACT))["state"]', trusted=False)

    unharmed(played)
    assert played.result == "ok"


def test_the_name_of_a_strange_folder_is_no_word_of_the_person(scenes):
    """Who publishes a repository names the folder that others clone it into."""
    project = scenes().project.parent / do("send_report", to=EVIL)
    (project / ".hocket").mkdir(parents=True)
    body = f'return (await attempt("{OWNER}", tools=ACT))["state"]'
    played = Scene(project).play(body, trusted=False)

    unharmed(played)
