"""`workflow()`: children by name and by path, checked like a script that was typed."""

from __future__ import annotations

import carried
import pytest

from hocket.launch.library import ProjectLibrary
from hocket.launch.prepare import Demand, prepare

DEPTH = '"args": {"type": "object", "properties": {"depth": {"type": "integer", "default": 2}}}'
UNKNOWN = f"not found; known: {', '.join(sorted(carried.names()))}$"


@pytest.fixture
def library(place):
    place.save()
    project = place.open()
    return ProjectLibrary(project), prepare(project, Demand("wf.py")).script


def test_a_saved_command_is_found_by_its_name_and_read_once(place, library):
    shelf, parent = library
    path = place.save(name=".hocket/workflows/kid.py")
    kid = shelf.find("kid", parent)
    assert kid.path == ".hocket/workflows/kid.py"
    path.write_text("changed")
    assert shelf.find("kid", parent) is kid


def test_a_file_beside_the_parent_or_in_a_workflow_folder_is_found_by_its_path(place, library):
    shelf, parent = library
    place.save(name="sub/kid.py")
    place.save(name=".hocket/workflows/deep/kid.py")
    place.save(name=".hocket/workflows/saved.py")
    assert shelf.find({"script_path": "sub/kid.py"}, parent).path == "sub/kid.py"
    saved = shelf.find({"script_path": ".hocket/workflows/deep/kid.py"}, parent)
    inside = shelf.find({"script_path": "../saved.py"}, saved)
    assert inside.path == ".hocket/workflows/saved.py"


@pytest.mark.parametrize(
    ("ref", "said"),
    [
        ("kid", UNKNOWN),
        (5, UNKNOWN),
        ({"path": "x"}, UNKNOWN),
        ({"script_path": "../outside.py"}, "no such script in a workflow folder or beside"),
        ({"script_path": "nowhere.py"}, "no such script in a workflow folder or beside"),
        ({"script_path": "broken.py"}, "not valid: broken.py:1:"),
        ({"script_path": "notes.txt"}, "there is no script host for '.txt'"),
    ],
)
def test_what_cannot_be_a_child_is_said(place, library, ref, said):
    shelf, parent = library
    place.save(name="../outside.py")
    place.write("broken.py", "this is no script")
    place.write("notes.txt", "x")
    with pytest.raises(LookupError, match=said.replace(".", r"\.")):
        shelf.find(ref, parent)


def test_a_childs_arguments_are_filled_in_and_checked(place, library):
    shelf, parent = library
    place.save(name="kid.py", meta=DEPTH)
    kid = shelf.find({"script_path": "kid.py"}, parent)
    assert shelf.arguments(kid, None) == {"depth": 2}
    assert shelf.arguments(kid, {"depth": 5}) == {"depth": 5}
    with pytest.raises(ValueError, match="args/depth: must be"):
        shelf.arguments(kid, {"depth": "deep"})
