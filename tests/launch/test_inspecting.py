"""What the script hosts say of a bundle's scripts, without running any of it."""

from __future__ import annotations

import pytest
from authors import edited, put, written

from hocket.api.protocols import Tree
from hocket.host import PluginHost
from hocket.launch.inspecting import inspector
from hocket.registry.bundles.inspection import Inspection

HOST = PluginHost.load()


def look(folder, taken=()):
    """Look into a folder as it is, whatever the rules for trees would say of it."""
    files = sorted(one for one in folder.rglob("*") if one.is_file())
    entries = (("f", one.relative_to(folder).as_posix(), one.read_bytes()) for one in files)
    return inspector(HOST, taken)(Tree(tuple(entries)))


def test_a_good_script_has_a_name_and_no_findings(tmp_path):
    assert look(written(tmp_path)) == Inspection({"workflow.py": "second-opinion"}, ())


def test_a_script_is_looked_at_by_its_place_or_because_a_command_names_it(tmp_path):
    folder = written(tmp_path)
    script = (folder / "workflow.py").read_text("utf-8")
    for path in ("workflows/a.py", "scripts/b.py", "tests/c.py", "d.py"):
        put(folder / path, script)
    assert sorted(look(folder).names) == ["workflow.py", "workflows/a.py"]
    edited(folder / "bundle.toml", '"workflow.py"', '"scripts/b.py"')
    assert sorted(look(folder).names) == ["scripts/b.py", "workflow.py", "workflows/a.py"]


def test_nothing_of_a_script_runs_and_nothing_is_imported(tmp_path):
    folder = written(tmp_path)
    put(folder / "helper.py", f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    put(folder / "workflow.py", f"import helper\nopen({str(tmp_path / 'ran')!r}, 'w')\n")
    told = look(folder)
    assert told.findings
    assert all(one.startswith("workflow.py:") for one in told.findings)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"\0", b"meta = {", b"meta = 1\n", b""])
def test_what_cannot_be_read_is_a_finding_and_has_no_name(tmp_path, raw):
    folder = written(tmp_path)
    put(folder / "workflow.py", raw)
    told = look(folder)
    assert told.names == {}
    assert told.findings


def test_a_language_nobody_speaks_is_told_for_commands_alone(tmp_path):
    folder = written(tmp_path)
    put(folder / "workflow.rb", "puts 1")
    assert look(folder).findings == ()
    edited(folder / "bundle.toml", '"workflow.py"', '"workflow.rb"')
    assert look(folder).findings == ("workflow.rb: no plugin here reads scripts of this kind",)


@pytest.mark.parametrize(
    "manifest",
    [b"", b"\xff", b"x = ", b"commands = 1", b"[commands]\nx = 1\ny = { script = 2 }", b"[" * 5000],
)
def test_any_manifest_will_do(tmp_path, manifest):
    folder = written(tmp_path)
    put(folder / "bundle.toml", manifest)
    assert look(folder).names == {"workflow.py": "second-opinion"}


def test_words_that_are_taken_are_told_however_they_are_spelt(tmp_path):
    folder = written(tmp_path)
    edited(folder / "workflow.py", '"answers": {', '"Max_Agents": {')
    edited(folder / "workflow.py", 'args["answers"]', 'args["Max_Agents"]')
    assert look(folder).findings == ()
    (told,) = look(folder, {"max-agents"}).findings
    assert (
        told
        == "workflow.py: meta.args: 'Max_Agents' is the name of an option of runs (--max-agents)"
    )
