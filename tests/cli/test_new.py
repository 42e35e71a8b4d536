"""`hocket new`: a bundle in a folder of its own, and what to type next."""

from __future__ import annotations

import json

import pytest
from authors import packed, put, typed

from hocket.cli.new import new


def test_it_makes_a_bundle_that_passes(tmp_path, capsys):
    assert typed(new, "second-opinion", "--dir", tmp_path) == 0
    told = capsys.readouterr()
    assert f"{tmp_path}/second-opinion/workflow.py\tthe script\n" in told.out
    assert told.err == ""
    assert packed(tmp_path / "second-opinion").warnings == ()


def test_without_a_folder_it_is_made_here(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert typed(new, "second-opinion", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["folder"] == str(tmp_path / "second-opinion")
    made = (one for one in (tmp_path / "second-opinion").rglob("*") if one.is_file())
    assert told["files"] == sorted(
        one.relative_to(tmp_path / "second-opinion").as_posix() for one in made
    )


@pytest.mark.parametrize("file", ["second-opinion", "second-opinion/SKILL.md"])
def test_what_is_there_is_never_touched(tmp_path, capsys, file):
    put(tmp_path / file, "mine")
    assert typed(new, "second-opinion", "--dir", tmp_path) == 2
    assert capsys.readouterr().err == (
        "hocket: new: second-opinion is there already; expected a new folder, or an empty one.\n"
        "  Nothing was written.\n"
    )
    assert (tmp_path / file).read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Second_Opinion", '"Second_Opinion" is not a name (a-z, 0-9, single hyphens)'),
        ("../evil", '"../evil" is not a name (a-z, 0-9, single hyphens)'),
        ("/abs", '"/abs" is not a name (a-z, 0-9, single hyphens)'),
        ("\x1b[2J", r'"\u001b[2J" is not a name (a-z, 0-9, single hyphens)'),
        ("d\u0435ep", r'"d\u0435ep" is not a name (a-z, 0-9, single hyphens)'),
        ("x", '"x" has 1 characters, 2 to 64 allowed'),
        ("core", '"core" is reserved'),
        ("nul", '"nul" is reserved'),
    ],
)
def test_a_name_that_is_none_is_told_with_its_field(tmp_path, capsys, name, why):
    assert typed(new, "--dir", tmp_path / "made", "--", name) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"hocket: new: name: {why}; expected a name such as deep-research.\n")
    assert [*tmp_path.iterdir()] == []
