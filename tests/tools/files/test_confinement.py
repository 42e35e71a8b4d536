"""Nothing outside is read or changed: links, races, pipes, `..` (case A14)."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import threading

import pytest

from hocket.api.tools import Workspace
from hocket_plugins.tools.files import confinement
from hocket_plugins.tools.files.confinement import Confinement
from hocket_plugins.tools.files.desk import Desk
from hocket_plugins.tools.files.input import ReadInput
from hocket_plugins.tools.files.seen import Seen
from hocket_plugins.tools.files.trouble import Trouble


@pytest.fixture
def traps(agent):
    """Lay every trap that leads outside."""
    out = agent.outside
    (agent.ws / "link.txt").symlink_to(out / "key.txt")
    (agent.ws / "dir").symlink_to(out)
    (agent.ws / "dangling").symlink_to(out / "new.txt")
    (agent.ws / "chain").symlink_to("link.txt")
    (agent.ws / "up").symlink_to("..")
    (agent.ws / "proc").symlink_to("/proc/self/root")
    (agent.ws / "loop").symlink_to("loop")
    os.mkfifo(agent.ws / "pipe")
    agent.put("plain.txt", "inside\n")
    return agent


WAYS = (
    "../outside/key.txt",
    "/etc/passwd",
    "link.txt",
    "dir/key.txt",
    "dir/new.txt",
    "dangling",
    "chain",
    "up/outside/key.txt",
    "proc/etc/passwd",
    "plain.txt/../../outside/key.txt",
    "dir/../outside/key.txt",
    "..",
    "~/x/../../..",
)


@pytest.mark.parametrize("way", WAYS)
def test_a14_no_way_leads_outside(traps, way):
    before = traps.tree()
    assert "it lies outside the workspace" in traps.fails("Read", file_path=way)
    assert "outside" in traps.fails("Edit", file_path=way, old_string="outside", new_string="x")
    assert "outside" in traps.fails("Write", file_path=way, content="x")
    assert "outside" in traps.fails("Grep", pattern=".", path=way)
    assert "outside" in traps.fails("Glob", pattern="*", path=way)
    assert traps.tree() == before


def test_a14_a_search_follows_no_link(traps):
    (traps.ws / "src").mkdir()
    (traps.ws / "src" / "out").symlink_to(traps.outside)
    assert traps.does("Grep", pattern="words|inside") == "plain.txt:1:inside"
    assert traps.does("Glob", pattern="**/*.txt") == "plain.txt"


@pytest.fixture
def listener(agent):
    """Put a socket into the workspace; its path is too long to bind it directly."""
    here = os.open(agent.ws, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(f"/proc/self/fd/{here}/socket")
        yield
    os.close(here)


@pytest.mark.usefixtures("listener")
@pytest.mark.parametrize(
    ("way", "reason"),
    [
        ("pipe", "it is no regular file"),
        ("socket", "it is no regular file"),
        ("loop", "it is a link that leads nowhere"),
    ],
)
def test_a14_only_regular_files_are_opened_and_nothing_waits(traps, way, reason):
    assert reason in traps.fails("Read", file_path=way)
    assert reason in traps.fails("Edit", file_path=way, old_string="x", new_string="y")
    assert reason in traps.fails("Write", file_path=way, content="x")


def test_a_folder_is_not_written(agent):
    (agent.ws / "folder").mkdir()
    assert "it is a folder" in agent.fails("Write", file_path="folder", content="x")
    assert "it is a folder" in agent.fails("Write", file_path=".", content="x")


def test_a_link_inside_is_read_but_changed_only_by_its_real_name(agent):
    agent.put("real/a.txt", "one\n")
    (agent.ws / "way").symlink_to("real")
    assert agent.does("Read", file_path="way/a.txt") == "     1\tone"
    said = agent.fails("Edit", file_path="way/a.txt", old_string="one", new_string="two")
    assert said == "way/a.txt: a link leads from there to real/a.txt; use that path"
    agent.does("Edit", file_path="real/a.txt", old_string="one", new_string="two")
    assert agent.does("Read", file_path="way/a.txt") == "     1\ttwo"


def test_a14_a_dangling_link_inside_is_not_written_through(agent):
    (agent.ws / "way").symlink_to("new.txt")
    assert "use that path" in agent.fails("Write", file_path="way", content="x")
    assert not (agent.ws / "new.txt").exists()


def test_a_workspace_that_is_itself_reached_by_a_link_is_fine(agent, tmp_path):
    agent.put("a.txt", "one")
    (tmp_path / "alias").symlink_to(agent.ws)
    agent.context._workspace = Workspace(tmp_path / "alias")
    for path in ("a.txt", str(tmp_path / "alias/a.txt"), str(agent.ws / "a.txt")):
        assert agent.does("Read", file_path=path) == "     1\tone"
        agent.does("Edit", file_path=path, old_string="one", new_string="one!")
        agent.does("Edit", file_path=path, old_string="one!", new_string="one")


def test_a14_a_hard_link_may_be_read_and_its_twin_never_changes(agent):
    os.link(agent.outside / "key.txt", agent.ws / "twin")
    before = agent.tree()
    assert agent.does("Read", file_path="twin") == "     1\toutside words"
    agent.does("Edit", file_path="twin", old_string="outside", new_string="new")
    agent.does("Write", file_path="twin", content="other")
    assert ((agent.ws / "twin").read_text(), agent.tree()) == ("other", before)


def test_a_root_is_read_and_never_written(agent):
    (agent.root / "a.txt").write_text("one")
    path = str(agent.root / "a.txt")
    said = agent.fails("Edit", file_path=path, old_string="one", new_string="two")
    assert said == f"{path}: it lies in a folder that is read-only"
    assert "read-only" in agent.fails("Write", file_path=str(agent.root / "b"), content="x")


def test_a_link_from_a_root_to_the_outside_leads_nowhere(agent):
    (agent.root / "link").symlink_to(agent.outside / "key.txt")
    path = str(agent.root / "link")
    assert "it lies outside the workspace" in agent.fails("Read", file_path=path)


def test_a14_a_folder_exchanged_between_looking_and_opening_is_noticed(agent):
    agent.put("dir/key.txt", "inside")
    ground = Confinement(Workspace(agent.ws))
    place = ground.locate("dir/key.txt")
    (agent.ws / "dir").rename(agent.ws / "moved")
    (agent.ws / "dir").symlink_to(agent.outside)
    with pytest.raises(Trouble, match="moved or replaced while it was opened"), ground.file(place):
        pass
    top = ground.locate("moved")
    (agent.ws / "moved").rename(agent.outside / "moved")
    (agent.ws / "moved").symlink_to(agent.outside / "moved")
    with pytest.raises(Trouble, match="a part of its path is no folder"), ground.folder(top):
        pass


def test_a14_a_file_that_became_a_link_is_noticed(agent):
    path = agent.put("a", "inside")
    ground = Confinement(Workspace(agent.ws))
    place = ground.locate("a")
    path.unlink()
    path.symlink_to(agent.outside / "key.txt")
    with pytest.raises(Trouble, match="became one while it was opened"), ground.file(place):
        pass


RACER = """
cd "$1"; exec 2>/dev/null
while [ -e go ]; do
  ln -sfn "$2" swap.new; mv -T dir keep; mv -T swap.new dir
  mv -T dir swap.old; mv -T keep dir; rm -f swap.old
done
"""


@pytest.mark.parametrize("rounds", [30, pytest.param(120, marks=pytest.mark.slow)])
def test_a14_a_shell_that_races_gets_nothing_read_and_nothing_written(agent, rounds):
    for name in ("key.txt", "other.txt"):
        agent.put(f"dir/{name}", "inside words\n")
    agent.put("go")
    before = agent.tree()
    racer = subprocess.Popen(
        ["/bin/bash", "-c", RACER, "race", agent.ws, agent.outside], stderr=subprocess.DEVNULL
    )
    seen: set[str] = set()
    try:
        for number in range(rounds):
            seen.add(agent.output("Read", file_path="dir/key.txt").text.splitlines()[0])
            agent.output("Write", file_path="dir/key.txt", content="inside words\n")
            agent.output("Write", file_path=f"dir/new{number}.txt", content="inside words\n")
            seen |= set(agent.output("Grep", pattern="words").text.splitlines())
    finally:
        (agent.ws / "go").unlink()
        racer.wait(timeout=60)
    assert agent.tree() == before
    assert "     1\tinside words" in seen
    assert not [line for line in seen if "outside words" in line]


def test_what_is_open_is_asked_where_it_is(agent):
    path = agent.put("a")
    with path.open() as file:
        assert confinement.where(file.fileno()) == str(path)


def test_reading_does_not_hold_the_loop(agent):
    """The file work is done in a thread: the loop's own thread opens nothing."""
    agent.put("a", "x")
    opened: list[int] = []

    class Watched(Confinement):
        def file(self, place):
            opened.append(threading.get_ident())
            return super().file(place)

    async def story() -> None:
        desk = Desk(agent.context, Watched(agent.context.workspace), Seen(100))
        await agent.tools["Read"].use(ReadInput(file_path="a"), desk)

    asyncio.run(story())
    assert opened
    assert threading.get_ident() not in opened


@pytest.mark.parametrize("way", [*WAYS, "pipe", "loop", "plain.txt", "missing.txt"])
def test_a14_a_peer_agrees(traps, way):
    """The file tools of the SDK, written by others, let in and keep out the same paths."""
    toolset = pytest.importorskip("anthropic.lib.tools.agent_toolset")
    peer = toolset.AgentToolContext(workdir=traps.ws)

    def allows(tool, **arguments: object) -> bool:
        try:
            asyncio.run(tool(peer).call(arguments))
        except toolset.ToolError:
            return False
        return True

    read = allows(toolset.beta_read_tool, file_path=way)
    assert read == (not traps.output("Read", file_path=way).is_error)
    # It waits for the other end of a pipe, and takes `link/..` by its words, not by its way.
    if way not in {"pipe", "dir/../outside/key.txt"}:
        write = allows(toolset.beta_write_tool, file_path=way, content="x")
        traps.again()
        assert write == (not traps.output("Write", file_path=way, content="x").is_error)
