"""Compiled files in hocket's own folder are passed over; in anybody else's they are files."""

from __future__ import annotations

from hocket.registry.trees.digest import hk1
from hocket.registry.trees.folders import read_folder


def test_only_what_is_named_is_passed_over(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.py").write_text("1", "utf-8")
    (tmp_path / "sub" / "b.py").write_text("2", "utf-8")
    clean = read_folder("demo", tmp_path)
    for folder in (tmp_path, tmp_path / "sub"):
        (folder / "__pycache__").mkdir()
        (folder / "__pycache__" / "a.pyc").write_bytes(b"x")
    assert hk1(read_folder("demo", tmp_path)) != hk1(clean)
    litter = frozenset({"__pycache__"})
    assert hk1(read_folder("demo", tmp_path, litter=litter)) == hk1(clean)
