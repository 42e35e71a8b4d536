"""`hocket pack`: what a bundle is, or all that is wrong with it."""

from __future__ import annotations

import json

from authors import edited, packed, put, typed, written

from hocket.cli.pack import pack
from hocket.registry.trees.archives import read_archive
from hocket.registry.trees.digest import hk1


def test_it_says_what_a_bundle_is_and_writes_it(tmp_path, capsys):
    folder = written(tmp_path)
    made = packed(folder)
    assert typed(pack, folder, "-o", tmp_path / "out.zip") == 0
    assert capsys.readouterr().out.splitlines() == [
        "bundle\tsecond-opinion 0.1.0",
        f"digest\t{made.digest}",
        f"capabilities\t{made.capabilities}",
        f"size\t{made.size:,} bytes in 5 files",
        "commands\t/second-opinion",
        f"file\t{tmp_path}/out.zip",
    ]
    raw = (tmp_path / "out.zip").read_bytes()
    assert hk1(read_archive("test", raw)) == made.digest
    assert typed(pack, folder, "-o", tmp_path / "out.zip") == 0
    assert (tmp_path / "out.zip").read_bytes() == raw


def test_json_has_the_same_and_the_warnings(tmp_path, capsys):
    folder = written(tmp_path)
    edited(folder / "bundle.toml", 'tools = ["Read"]', 'tools = ["Read"], env = ["TOKEN"]')
    assert typed(pack, folder, "--json") == 0
    made, told = packed(folder), json.loads(capsys.readouterr().out)
    assert told == {
        "schema": 1,
        "command": "pack",
        "name": "second-opinion",
        "version": "0.1.0",
        "digest": made.digest,
        "capabilities": made.capabilities,
        "size": made.size,
        "files": 5,
        "commands": ["/second-opinion"],
        "warnings": ['bundle.toml: capabilities: "env:TOKEN" is named by no script or agent file'],
        "file": None,
    }


def test_a_warning_is_told_on_stderr(tmp_path, capsys):
    folder = written(tmp_path)
    edited(folder / "bundle.toml", 'tools = ["Read"]', 'tools = ["Read"], reveal = true')
    assert typed(pack, folder) == 0
    assert capsys.readouterr().err == (
        'hocket: second-opinion: warning: bundle.toml: capabilities: "reveal" is named by no '
        "script or agent file\n"
    )


def test_everything_that_is_wrong_is_a_line_and_the_exit_is_3(tmp_path, capsys):
    folder = written(tmp_path)
    edited(folder / "bundle.toml", '"0.1.0"', '"0.1"')
    put(folder / ".DS_Store", b"\0")
    assert typed(pack, folder, "-o", tmp_path / "out.zip") == 3
    told = capsys.readouterr().err
    for line in (
        "hocket: second-opinion: .DS_Store: is what a file browser noted; delete it",
        'second-opinion: bundle.toml: version: "0.1" is not X.Y.Z',
        "\n  Nothing was written. Mend these, then once more: hocket pack\n",
    ):
        assert line in told
    assert not (tmp_path / "out.zip").exists()
    assert typed(pack, folder, "--json") == 3
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "manifest"


def test_a_path_cannot_steer_the_terminal(tmp_path, capsys):
    folder = written(tmp_path)
    put(folder / "a\x1b[2J.pyc", b"\0")
    assert typed(pack, folder) == 3
    assert "\x1b" not in capsys.readouterr().err


def test_the_zip_goes_outside_the_bundle_into_a_folder_that_exists(tmp_path, capsys):
    folder = written(tmp_path)
    assert typed(pack, folder, "-o", folder / "out.zip") == 2
    assert "lies in the bundle" in capsys.readouterr().err
    assert typed(pack, folder, "-o", tmp_path / "nowhere" / "out.zip") == 1
    assert "cannot be written (No such file or directory)" in capsys.readouterr().err
    assert not (folder / "out.zip").exists()


def test_a_folder_that_is_not_there_is_a_mistake_in_typing(tmp_path, capsys):
    assert typed(pack, tmp_path / "nowhere") == 2
    assert "does not exist" in capsys.readouterr().err
