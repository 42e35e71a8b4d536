"""Workflows of different shapes: how many agents they ask, in which order, depends on answers."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "scripts"
NAMES = sorted(path.stem for path in FOLDER.glob("*.py"))
ARGS = {
    "given_list": {"paths": [f"src/{name}.py" for name in "abcdefgh"]},
    "classify_act": {"tickets": [f"#{n}" for n in range(20)]},
    "retry_failed": {"paths": [f"src/{n}.py" for n in range(10)]},
}


def source(name: str) -> str:
    """Give the script of a shape."""
    return (FOLDER / f"{name}.py").read_text("utf-8")
