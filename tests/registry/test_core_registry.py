"""The repository's own registry says of its bundles what they are, in a wheel too."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import core_registry
import pytest
from authors import NOW, packed, put, written

from hocket.api.protocols import Tree
from hocket.registry.bundles.agreement import row_problems
from hocket.registry.indexes import index as indexes
from hocket.registry.trees.digest import hk1

ROOT = Path(__file__).parents[2]
INDEX = indexes.read((ROOT / "registry.toml").read_bytes())
ROWS = [row for package in INDEX.packages.values() for row in package.rows]


def test_it_is_what_the_bundles_are():
    content = (ROOT / "registry.toml").read_bytes()
    assert core_registry.written(ROOT, NOW) == content, f"run: {core_registry.COMMAND}"


def test_it_lists_every_bundle_that_comes_along():
    folders = sorted(one.parent.name for one in (ROOT / "skills").glob("*/bundle.toml"))
    assert INDEX.name == "core"
    assert [*INDEX.packages] == folders
    assert "tour" in folders


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_row_and_its_bundle_agree(row):
    made = packed(ROOT / row.source.path)
    assert row.digest == made.digest
    assert row.source.path == f"skills/{row.name}"
    rights = INDEX.packages[row.name].license
    assert row_problems(row, rights, made.manifest, made.tree) == ()


def test_a_changed_bundle_gets_its_row_and_a_serial(tmp_path):
    shutil.copytree(ROOT / "skills", tmp_path / "skills")
    shutil.copy(ROOT / "registry.toml", tmp_path)
    assert core_registry.written(tmp_path, NOW) == (ROOT / "registry.toml").read_bytes()
    put(tmp_path / "skills" / "tour" / "references" / "more.md", "More.\n")
    written(tmp_path / "skills")
    later = NOW + timedelta(days=9)
    new = indexes.read(core_registry.written(tmp_path, later))
    assert (new.serial, new.updated) == (INDEX.serial + 1, later)
    assert {row.name for one in new.packages.values() for row in one.rows if row.published == later}
    assert new.rows("tour")[0].digest != INDEX.rows("tour")[0].digest
    unchanged = [one for one in INDEX.packages if one != "tour"]
    assert all(new.rows(one) == INDEX.rows(one) for one in unchanged)
    assert "second-opinion" in new.packages


@pytest.mark.slow
def test_a_wheel_carries_the_same_bytes(tmp_path):
    pytest.importorskip(
        "hatchling", reason="a wheel is built with hatchling: pip install hatchling"
    )
    words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    archive, inside = ZipFile(BytesIO(wheel.read_bytes())), "hocket/_bundled/"
    index = indexes.read(archive.read(f"{inside}registry.toml"))
    assert index == INDEX
    for row in ROWS:
        start = f"{inside}{row.source.path}/"
        members = [one for one in archive.infolist() if one.filename.startswith(start)]
        entries = (
            (
                "x" if one.external_attr >> 16 & 0o100 else "f",
                one.filename.removeprefix(start),
                archive.read(one),
            )
            for one in members
        )
        assert hk1(Tree(tuple(entries))) == row.digest
