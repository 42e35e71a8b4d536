"""From what was typed to a script: files, commands, bundles, plugins, and nothing at all."""

from __future__ import annotations

import os
from pathlib import Path

import carried
import pytest
from receiving import scope_of

from hocket.api.markers import hookimpl
from hocket.api.scripts import Manifest, Script
from hocket.errors import ScriptRejected, UsageError
from hocket.launch import languages, locate, renamed
from hocket.launch.commands import commands
from hocket.launch.project import Project

BUNDLE = 'commands.{} = {{ script = "{}" }}\n'


def found(place, text, **more):
    return locate.find(place.open(**more), text)


def test_a_file_a_command_and_a_bundled_one(place):
    place.save(name="wf.py")
    place.save(name=".hocket/workflows/audit.py")
    assert found(place, "wf.py").file == place.root / "wf.py"
    assert found(place, "audit").file == place.root / ".hocket" / "workflows" / "audit.py"
    assert found(place, "/audit").script.path == ".hocket/workflows/audit.py"
    tour = found(place, "/tour")
    assert (tour.script.manifest.name, tour.file) == ("tour", None)


def test_the_projects_own_command_hides_one_of_the_same_name(place, monkeypatch):
    place.save(name=".hocket/workflows/tour.py")
    assert found(place, "tour").script.manifest.name == "case"
    names = [(c.name, c.scope) for c in commands(place.open()) if c.name == "tour"]
    assert names == [("tour", "project"), ("tour", "bundled")]
    data = Path(os.environ["HOCKET_DATA_HOME"]) / "workflows"
    data.mkdir()
    (data / "mine.py").write_bytes((place.root / ".hocket/workflows/tour.py").read_bytes())
    assert [c.scope for c in commands(place.open()) if c.name == "mine"] == ["user"]


def test_a_bundle_answers_to_the_commands_of_its_manifest(place):
    folder = ".hocket/workflows/acme"
    place.save(name=f"{folder}/workflow.py")
    place.save(name="outside.py")
    place.write(
        f"{folder}/bundle.toml",
        BUNDLE.format("port", "workflow.py")
        + BUNDLE.format("gone", "nowhere.py")
        + BUNDLE.format("out", "../../../outside.py")
        + "commands.odd = 5\n",
    )
    place.write(".hocket/workflows/broken/bundle.toml", "not TOML [")
    place.write(".hocket/workflows/bare/bundle.toml", 'commands = "none"\n')
    found = commands(place.open())
    assert [c.name for c in found if not c.broken] == ["port", *carried.names()]
    assert [c.name for c in found if c.broken] == ["gone", "odd", "out", "bare", "broken"]


def test_a_folder_that_cannot_be_read_has_no_commands(place):
    place.write(".hocket/workflows", "a file")
    assert [c.name for c in commands(place.open())] == carried.names()


def test_a_plugin_may_have_a_script_for_plain_words(place):
    made = Script("planned", "", "sha256:0", "python", Manifest(name="plan", description=""))

    class Planner:
        @hookimpl
        def hocket_resolve_script(self, text):
            return made if text.startswith("please") else None

    project = Project.open(place.root, plugins={"planner": Planner()})
    assert locate.find(project, "please port it") == locate.Found(made)
    with pytest.raises(UsageError):
        locate.find(project, "port it")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nowhere.py", "workflow 'nowhere.py': no such file or command"),
        ("sub/nowhere.py", "script 'sub/nowhere.py': No such file or directory"),
        ("folder.py/", "script 'folder.py': Is a directory"),
        (
            "notes.txt",
            "script 'notes.txt': there is no script host for '.txt'; expected one of .py",
        ),
        ("plain", "script 'plain': there is no script host for 'no suffix'"),
        ("x" * 300, "no such file or command"),
        ("a\0b", "no such file or command"),
        ("", "workflow '': no such file or command"),
    ],
)
def test_what_is_no_script_is_said(place, text, said):
    (place.root / "folder.py").mkdir()
    place.write("notes.txt", "x")
    place.write("plain", "x")
    with pytest.raises(UsageError) as caught:
        found(place, text)
    assert said in caught.value.message
    assert caught.value.hint


def test_the_nearest_names_are_meant(place):
    for name in ("port-files", "port-tests", *(f"other{n}" for n in range(20))):
        place.save(name=f".hocket/workflows/{name}.py")
    with pytest.raises(UsageError) as caught:
        found(place, "/port-fils")
    assert caught.value.expected.startswith("a script file or one of port-files, port-tests, ")
    assert caught.value.hint.startswith("Did you mean port-files? All there are: hocket /.")
    with pytest.raises(UsageError) as caught:
        found(place, "zzz")
    assert caught.value.expected.count(",") == 2


def test_an_old_name_tells_the_new_one(place):
    project, user = scope_of(place.root), scope_of()
    told = "not JSON", '["no object"]', '{"research-deep": 5}', '{"research-deep": "tour"}'
    for scope, text in zip((project, user, project, user), told, strict=True):
        file = renamed.place(scope)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        with pytest.raises(UsageError) as caught:
            found(place, "/research-deep")
        is_told = caught.value.hint.startswith("It is called /tour now. ")
        assert is_told == (text == told[-1])


def test_a_script_that_is_not_utf8_is_rejected_with_the_byte(place):
    place.write("wf.py", b"x = '\xff'\n")
    with pytest.raises(ScriptRejected, match="is not UTF-8"):
        found(place, "wf.py")


def test_the_path_a_person_sees_leads_back_to_the_file(place, monkeypatch):
    monkeypatch.setenv("HOME", str(place.root.parent))
    outside = place.root.parent / "else" / "wf.py"
    outside.parent.mkdir()
    outside.write_bytes(place.save().read_bytes())
    for path, shown in ((outside, "~/else/wf.py"), (place.root / "wf.py", "wf.py")):
        script = found(place, str(path)).script
        assert script.path == shown
        assert locate.file_of(place.root, script) == path


def test_languages_are_known_by_suffix_and_by_name(place):
    project = place.open()
    assert languages.by_name(project, "python").suffixes[0] == ".py"
    assert languages.file_name(project, "python") == "script.py"
    with pytest.raises(UsageError, match="the language 'lua'"):
        languages.by_name(project, "lua")
