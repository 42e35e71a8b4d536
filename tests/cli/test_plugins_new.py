"""`hocket plugins new`: a plugin package in a folder of its own."""

from __future__ import annotations

import json
import tomllib

import pytest
from authors import put

from hocket.cli import main


def test_it_makes_a_package_whose_entry_point_is_its_module(tmp_path, capsys):
    assert main(["plugins", "new", "acme-poll", "--dir", str(tmp_path)]) == 0
    folder = tmp_path / "hocket-acme-poll"
    assert capsys.readouterr().out.splitlines() == [
        f"{folder}/{path}"
        for path in (
            "README.md",
            "hocket_acme_poll.py",
            "pyproject.toml",
            "tests/test_acme_poll.py",
        )
    ]
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["name"] == "hocket-acme-poll"
    assert project["entry-points"]["hocket"] == {"acme_poll": "hocket_acme_poll"}


def test_json_names_the_folder(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["plugins", "new", "acme-poll", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["command"], told["name"]) == ("plugins new", "acme-poll")
    assert told["folder"] == str(tmp_path / "hocket-acme-poll")


def test_what_is_there_is_never_touched(tmp_path, capsys):
    mine = put(tmp_path / "hocket-acme-poll" / "README.md", "mine")
    assert main(["plugins", "new", "acme-poll", "--dir", str(tmp_path)]) == 2
    assert "hocket-acme-poll is there already" in capsys.readouterr().err
    assert mine.read_text("utf-8") == "mine"


@pytest.mark.parametrize("name", ["Acme", "../x", "class", "3d", "x"])
def test_a_name_that_is_none_is_told_with_its_field(tmp_path, capsys, name):
    assert main(["plugins", "new", name, "--dir", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("hocket: plugins new: name: ")
    assert [*tmp_path.iterdir()] == []
