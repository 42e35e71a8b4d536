"""The checkout as data: sources, trees, pyproject and the texts that have to stay true."""

from __future__ import annotations

import ast
import importlib.util
import tomllib
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[2]


@cache
def python(*folders):
    """Read every Python file under some folders: its path in the checkout, text and tree."""
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    texts = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in paths}
    return {name: (text, ast.parse(text)) for name, text in texts.items()}


@pytest.fixture(scope="session")
def checkout():
    """Give the root, a reader of Python files, pyproject, and tests/docs.py as a module."""
    spec = importlib.util.spec_from_file_location("hocket_docs", ROOT / "tests" / "docs.py")
    docs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(docs)
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return SimpleNamespace(root=ROOT, python=python, pyproject=pyproject, docs=docs)
