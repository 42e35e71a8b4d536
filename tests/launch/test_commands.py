"""Which commands there are, in which order, and what is left out."""

from __future__ import annotations

import os
from itertools import combinations
from pathlib import Path

import carried
import pytest
from receiving import write

from hocket.launch import locate
from hocket.launch.commands import commands, places, survey

SCRIPT = 'from hocket.script import args\nmeta = {"name": "go", "description": "d"}\n'
ORDER = (
    "project/sub/.claude/workflows",
    "project/.hocket/workflows",
    "project/.claude/workflows",
    "project/.agents/skills",
    "project/.claude/skills",
    "data/workflows",
    "home/.claude/workflows",
    "home/.agents/skills",
    "home/.claude/skills",
)
"""Strongest first, but for the first two: own folders come before those of other programs."""
STRONGEST = (ORDER[1], ORDER[0], *ORDER[2:])


@pytest.fixture
def around(tmp_path, place, monkeypatch):
    """Give the folders of a person with a project in which they stand one folder down."""
    for name, variable in (("data", "HOCKET_DATA_HOME"), ("home", "HOME")):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(variable, str(tmp_path / name))
    (place.root / "sub").mkdir()
    return tmp_path


def save(around, folder, name="go"):
    target = around / folder / f"{name}.py"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(SCRIPT + f"async def main():\n    return {folder!r}\n")
    return target


def listed(place):
    return commands(place.open(here=place.root / "sub"))


@pytest.mark.parametrize(("strong", "weak"), [*combinations(STRONGEST, 2)])
def test_the_order_of_folders_decides_who_answers(strong, weak, around, place):
    paths = [save(around, folder) for folder in (weak, strong)]
    found = [one for one in listed(place) if one.name == "go"]
    assert [one.path for one in found] == paths[::-1]
    project = place.open(here=place.root / "sub")
    assert strong in locate.find(project, "/go").script.source


def test_a_scope_is_whose_it_is(around, place):
    for folder in STRONGEST:
        save(around, folder)
    scopes = [(one.scope, one.place.is_foreign) for one in listed(place) if one.name == "go"]
    assert scopes == [
        ("project", False),
        *[("project", True)] * 4,
        ("user", False),
        *[("user", True)] * 3,
    ]
    assert listed(place)[-1].scope == "bundled"


def test_a_folder_that_two_links_lead_to_is_listed_once(around, place):
    real = around / "elsewhere"
    save(around, "elsewhere")
    for folder in (".hocket/workflows", ".claude/workflows"):
        link = place.root / folder
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(real)
    assert [one.path for one in listed(place) if one.name == "go"] == [
        place.root / ".hocket/workflows/go.py"
    ]


def test_a_link_to_a_bundle_is_a_bundle(around, place):
    target = write(around / "elsewhere", "linked")
    link = place.root / ".claude" / "skills" / "linked"
    link.parent.mkdir(parents=True)
    link.symlink_to(target)
    assert [one.exact for one in listed(place) if one.folder == link] == ["linked:linked"]


def test_what_is_hidden_or_no_script_is_no_command(around, place):
    save(around, "project/.hocket/workflows", ".hidden")
    save(around, "project/.hocket/workflows", "._shadow")
    write(place.root / ".hocket/workflows", ".stage")
    place.write(".hocket/workflows/readme.md", "x")
    place.write(".hocket/workflows/folder.py/x", "a folder that is called like a script")
    assert [one.name for one in listed(place)] == carried.names()


def test_what_cannot_be_looked_into_breaks_nothing(around, place):
    save(around, "project/.hocket/workflows")
    (place.root / ".claude").symlink_to(place.root / ".claude")
    (around / "home" / ".claude").write_text("no folder")
    (place.root / ".hocket/workflows/loop").symlink_to("loop")
    assert [one.name for one in listed(place)] == ["go", *carried.names()]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_entered_breaks_nothing(around, place):
    save(around, "project/.hocket/workflows")
    closed = place.root / ".claude"
    (closed / "workflows").mkdir(parents=True)
    closed.chmod(0)
    assert [one.name for one in listed(place)] == ["go", *carried.names()]
    closed.chmod(0o700)


def test_a_bundle_answers_by_the_name_of_each_command(place):
    write(place.root / ".hocket/workflows", "acme", "port", "sort")
    found = [one for one in commands(place.open()) if one.bundle == "acme"]
    assert [(one.answers, one.exact) for one in found] == [
        ("port", "acme:port"),
        ("sort", "acme:sort"),
    ]
    assert {one.version for one in found} == {"1.2.0"}


def test_a_bundle_under_another_name_gives_its_short_names_up(place):
    base = place.root / ".hocket/workflows"
    write(base, "acme", "port", "sort").rename(base / "other")
    write(base, "deep").rename(base / "deep-two")
    found = {one.exact: one.answers for one in commands(place.open()) if one.folder}
    assert found == {
        "other:port": "",
        "other:sort": "",
        "deep-two:deep": "deep-two",
        **{f"{bundle}:{name}": name for name, bundle in carried.bundles().items()},
    }


def test_scripts_of_an_import_answer_by_their_exact_names_alone(place):
    place.save(name=".hocket/workflows/plug/workflows/go.py")
    place.save(name=".claude/skills/plug/workflows/go.py")
    found = [one for one in commands(place.open()) if one.bundle == "plug"]
    assert [(one.answers, one.exact) for one in found] == [("", "plug:go")]
    assert locate.find(place.open(), "/plug:go").script.manifest.name == "case"


@pytest.mark.parametrize(
    ("manifest", "name", "said"),
    [
        ("not TOML [", "bad", "bundle.toml: it cannot be read ("),
        (b"\xff", "bad", "bundle.toml: it cannot be read ("),
        ('commands = "none"', "bad", "bundle.toml: commands: it is not a table"),
        ("commands.go = 5", "go", "bundle.toml: commands.go.script: None is no file"),
        ('commands.go.script = "no.py"', "go", "commands.go.script: 'no.py' is no file of"),
        ('commands.go.script = "../out.py"', "go", "commands.go.script: '../out.py' is no"),
        ('commands.go.script = ""', "go", "commands.go.script: '' is no file of the bundle"),
        (f'commands.go.script = "{"x" * 5000}"', "go", "is no file of the bundle"),
    ],
)
def test_a_broken_bundle_is_listed_as_broken(manifest, name, said, place):
    place.save(name=".hocket/workflows/out.py")
    place.write(".hocket/workflows/bad/bundle.toml", manifest)
    first, *others = commands(place.open())
    assert (first.answers, first.bundle) == (name, "bad")
    assert said in first.broken
    assert [one.broken for one in others] == ["", *("" for _ in carried.names())]


def test_the_list_needs_no_plugin(place):
    place.save(name=".hocket/workflows/go.py")
    place.save(name=".hocket/workflows/go.lua")
    found = survey(places(place.root, os.environ), (".py",))
    assert [one.name for one in found] == ["go", *carried.names()]


def test_the_persons_folder_is_theirs_where_their_home_is_the_project(place, monkeypatch):
    monkeypatch.setenv("HOME", str(place.root))
    monkeypatch.setenv("HOCKET_DATA_HOME", str(place.root / "data"))
    place.save(name="data/workflows/mine.py")
    (mine,) = [one for one in commands(place.open()) if one.name == "mine"]
    assert (mine.scope, Path(mine.path).parent.name) == ("user", "workflows")
