"""What is kept outlives kills, two commands at once, and caches that somebody emptied."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import shops

from hocket.errors import HocketError, StructureError
from hocket.registry.known import durable, larder
from hocket.registry.known.registries import Known
from hocket.registry.sources.served import Served

URL = "https://git.acme.example/patterns.git"
ADDING = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from hocket.registry.known.registries import Known
from hocket.registry.sources.fetching import Fetcher

home, folder = Path(sys.argv[1]), sys.argv[2]
cache = home / "cache"
known = Known(home / "data", cache, Fetcher(cache))
now = datetime(2026, 11, 21, 12, tzinfo=UTC)
offer = known.offer(folder, now)
print("ready", flush=True)
sys.stdin.readline()
known.add(offer, now)
"""


class Far:
    """A server elsewhere, which can be out of reach; it counts who asks."""

    def __init__(self, folder):
        self.folder, self.asked, self.is_down = folder, 0, False

    def registry(self, url):
        self.asked += 1
        if self.is_down:
            raise HocketError(url, found="no network")
        content = (self.folder / "registry.toml").read_bytes()
        return Served(url, "a" * 40, {"registry.toml": content})


@pytest.fixture
def far(machine, shop):
    """Give a server that the machine knows, and what opens the machine's registries."""
    server = Far(shop.folder)

    def known(**options):
        return Known(machine.data, machine.cache, server, **options)

    first = known()
    first.add(first.offer(URL, machine.now), machine.now)
    server.known, server.asked = known, 0
    return server


def test_for_an_hour_nobody_is_asked_again(machine, far):
    known = far.known()
    assert known.refresh(None, machine.now) == []
    assert known.opened(machine.now).ages["acme"] == timedelta(days=1)
    machine.later(minutes=59)
    known.refresh(None, machine.now)
    assert far.asked == 0
    machine.later(minutes=1)
    known.refresh(None, machine.now)
    assert far.asked == 1
    known.refresh("acme", machine.now, timedelta(0))
    assert far.asked == 2
    # A clock that was set back makes no copy young.
    known.refresh(None, machine.now - timedelta(days=1))
    assert far.asked == 3


def test_offline_the_last_copy_will_do(machine, far):
    far.is_down = True
    machine.later(days=2)
    with pytest.raises(HocketError, match="no network"):
        far.known().refresh(None, machine.now)
    known = far.known(offline=True)
    assert known.refresh(None, machine.now) == [
        "acme: as it was on 2026-11-21T12:00:00Z, since --offline was given"
    ]
    assert "greet" in known.opened(machine.now).indexes["acme"].packages
    assert far.asked == 1


@pytest.mark.parametrize(
    "damage",
    [
        Path.unlink,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"[]"),
        lambda path: path.write_bytes(b'{"files": {"registry.toml": "?"}}'),
        lambda path: path.write_bytes(path.read_bytes().replace(b"patterns", b"elsewhere")),
    ],
)
def test_a_copy_that_is_lost_is_fetched_again(machine, far, damage):
    (path,) = (machine.cache / "registries").iterdir()
    damage(path)
    assert "acme" in far.known().opened(machine.now).indexes
    assert far.asked == 1
    damage(path)
    far.is_down = True
    with pytest.raises(HocketError, match="no network"):
        far.known().opened(machine.now)
    assert list(far.known().opened(machine.now, lenient=True).indexes) == ["core"]


def test_a_copy_is_what_was_kept(tmp_path):
    served = Served("/x", "b" * 40, {"a": b"\x00\xff", "b/c": b""}, tmp_path)
    larder.keep(tmp_path / "one.json", larder.Copy(served, shops.NOW))
    assert larder.load(tmp_path / "one.json", "/x") == larder.Copy(served, shops.NOW)
    assert larder.load(tmp_path / "one.json", "/y") is None
    far = larder.Copy(replace(served, folder=None), shops.NOW, shops.OLD)
    larder.keep(tmp_path / "one.json", far)
    assert larder.load(tmp_path / "one.json", "/x") == far


def test_a_line_that_a_killed_process_left_is_cut_off(machine, shop):
    machine.add(shop.folder)
    (log,) = machine.data.glob("seen/*.jsonl")
    whole = log.read_bytes()
    log.write_bytes(whole + b'{"at":"2026-11')
    machine.opened()
    assert machine.later().refresh() == []
    lines = log.read_bytes()
    assert lines.startswith(whole)
    assert lines[len(whole) :].startswith(b'{"at":"2026-11-21T14:00:00Z","serial":1')
    assert lines.endswith(b"}\n")


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("registries.toml", b"version = 9\n", "registries.toml: version: 9 is not 1"),
        ("registries.toml", b"\xff", "registries.toml:1: not UTF-8"),
        ("seen/*.jsonl", b"nonsense\n", ".jsonl:1: not canonical JSON"),
        ("keys/*.json", b"nonsense", ".json: not canonical JSON"),
        ("keys/*.json", b"[]", ".json: signers: is missing"),
        (
            "keys/*.json",
            b'{"krl":"","signers":"?","signs-index":false}',
            ".json: signers: is not base64",
        ),
    ],
)
def test_what_somebody_edited_is_not_believed(machine, shop, file, content, told):
    machine.add(shop.folder)
    (path,) = machine.data.glob(file)
    path.write_bytes(content)
    for action in (machine.opened, machine.later().refresh):
        with pytest.raises(StructureError) as caught:
            action()
        assert told in caught.value.message
    assert path.read_bytes() == content


def test_two_commands_add_at_once(machine, tmp_path):
    """Both had looked before either wrote: both pins are there, and both logs are whole."""
    folders = [shops.shop(tmp_path / name, "greet", name=name) for name in ("one", "two")]
    for folder in (*folders, folders[0]):
        shops.committed(folder)
    words = [sys.executable, "-c", ADDING, str(machine.data.parent)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    adding = [subprocess.Popen([*words, str(f)], **pipes) for f in (*folders, folders[0])]
    for one in adding:
        assert one.stdout.readline() == "ready\n"
    for one in adding:
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in adding:
        one.communicate(timeout=60)
        assert one.returncode == 0
    assert sorted(machine.known().pins) == ["one", "two"]
    assert sorted(machine.opened().indexes) == ["core", "one", "two"]
    counts = [log.read_bytes().count(b"\n") for log in machine.data.glob("seen/*.jsonl")]
    assert sorted(counts) == [2, 3]


def test_a_file_is_replaced_as_a_whole_or_not_at_all(tmp_path):
    path = tmp_path / "deep" / "file"
    assert durable.read(path) == b""
    durable.put(path, b"one")
    path.parent.joinpath("folder").mkdir()
    with pytest.raises(durable.NotKept, match="deep/folder: Is a directory"):
        durable.put(path.parent / "folder", b"two")
    assert durable.read(path) == b"one"
    assert sorted(one.name for one in path.parent.iterdir()) == ["file", "folder"]


def test_what_is_private_stays_so(machine, shop):
    machine.add(shop.folder)
    made = [machine.data, *machine.data.rglob("*")]
    assert {path.stat().st_mode & 0o077 for path in made} == {0}


@pytest.mark.parametrize("what", ["registries.toml", "seen", "keys", ".registries.lock"])
def test_a_data_folder_that_is_in_the_way(machine, shop, what):
    """A folder where a file belongs, or a file where a folder does: two lines, no traceback."""
    machine.data.mkdir(parents=True)
    blocked = machine.data / what
    blocked.mkdir() if "." in what else blocked.touch()
    with pytest.raises(durable.NotKept) as caught:
        machine.add(shop.folder)
    assert (caught.value.code, caught.value.exit_code) == ("io", 1)
