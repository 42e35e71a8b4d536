"""The bundles that come along, from a wheel and from a checkout."""

from __future__ import annotations

import pytest

from hocket import bundled
from hocket.errors import StructureError


def package(folder):
    made = folder / "core" / "hocket"
    made.mkdir(parents=True)
    return made


def test_this_installation_has_them():
    root = bundled.root()
    assert (root / "registry.toml").is_file()
    assert (root / "skills").is_dir()


def test_a_wheel_carries_them_in_the_package(tmp_path):
    made = package(tmp_path)
    (made / "_bundled").mkdir()
    (made / "_bundled" / "registry.toml").write_text("")
    (tmp_path / "registry.toml").write_text("")
    assert bundled.root(made) == made / "_bundled"


def test_a_checkout_has_them_at_its_root(tmp_path):
    (tmp_path / "registry.toml").write_text("")
    assert bundled.root(package(tmp_path)) == tmp_path


def test_a_broken_installation_says_so(tmp_path):
    with pytest.raises(StructureError, match="the bundled workflows are not where they were"):
        bundled.root(package(tmp_path))
