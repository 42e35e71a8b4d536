"""Exports lie in folders of other programs, and are listed no second time."""

from __future__ import annotations

import shutil

import pytest
from receiving import write

from hocket.launch.commands import commands

SKILL = "---\nname: deep\ndescription: d\nmetadata:\n  hocket-bundle: {}\n---\nhocket run deep\n"


@pytest.fixture
def exported(place):
    """Give a bundle and its export as a skill, whose SKILL.md has a text of its own."""
    folder = write(place.root / ".hocket/workflows", "deep")
    (folder / "SKILL.md").write_text("---\nname: deep\ndescription: d\n---\n")
    copy = place.root / ".claude/skills/deep"
    shutil.copytree(folder, copy)
    (copy / "SKILL.md").write_text(SKILL.format("deep"))
    return copy


def where(place):
    found = [one for one in commands(place.open()) if one.name == "deep"]
    return [str(one.path.relative_to(place.root)) for one in found]


OWN, COPY = ".hocket/workflows/deep/deep.py", ".claude/skills/deep/deep.py"


def test_an_exported_copy_is_not_listed_twice(place, exported):
    assert where(place) == [OWN]


def test_a_copy_does_not_hide_the_bundle_that_comes_after_it(place, monkeypatch):
    data = place.root.parent / "data"
    monkeypatch.setenv("HOCKET_DATA_HOME", str(data))
    folder = write(data / "workflows", "deep")
    copy = place.root / ".agents/skills/deep"
    shutil.copytree(folder, copy)
    (copy / "SKILL.md").write_text(SKILL.format("deep"))
    (only,) = [one for one in commands(place.open()) if one.name == "deep"]
    assert only.scope == "user"


@pytest.mark.parametrize(
    "change",
    [
        lambda copy: (copy / "deep.py").write_text((copy / "deep.py").read_text() + "# mine\n"),
        lambda copy: (copy / "more.txt").write_text("more"),
        lambda copy: (copy / "SKILL.md").write_text(SKILL.format("other")),
        lambda copy: (copy / "SKILL.md").write_text("no front matter"),
        lambda copy: (copy / "SKILL.md").unlink(),
    ],
)
def test_an_edited_copy_is_its_own(place, exported, change):
    change(exported)
    assert where(place) == [OWN, COPY]


def test_an_exported_script_is_not_listed_twice(place):
    folder = write(place.root / ".hocket/workflows", "deep")
    copy = place.root / ".claude/workflows/deep.py"
    copy.parent.mkdir(parents=True)
    shutil.copy(folder / "deep.py", copy)
    assert where(place) == [OWN]
    copy.write_text(copy.read_text().replace("deep", "peed", 1))
    assert where(place) == [OWN, ".claude/workflows/deep.py"]


def test_a_file_of_a_persons_own_is_no_copy_of_another(place):
    first = place.save(name=".hocket/workflows/deep.py")
    copy = place.root / ".claude/workflows/deep.py"
    copy.parent.mkdir(parents=True)
    shutil.copy(first, copy)
    assert where(place) == [".hocket/workflows/deep.py", ".claude/workflows/deep.py"]
