"""Bundles that are not to be trusted, made in a folder; nothing in them does anything."""

from __future__ import annotations

import os
import socket
from contextlib import suppress

from shops import bundle

MIB = 1 << 20
QUIET = 'tools = ["Read"], read = ["docs/**"], agents = 5'


def skill(front="name: demo\ndescription: Says hello.\n", body="Hello.\n"):
    return f"---\n{front}---\n{body}"


def demo(folder, **more):
    return bundle(folder, "demo", **more)


def named(text):
    """Make a bundle that calls itself something."""
    return lambda folder: _edited(demo(folder), "bundle.toml", 'name = "demo"', f'name = "{text}"')


def described(text):
    def make(folder):
        return _edited(demo(folder), "bundle.toml", '"Says hello."', f'"{text}"')

    return make


def with_files(**files):
    return lambda folder: demo(folder, more=files)


def with_file(path, content):
    return lambda folder: demo(folder, more={path: content})


def with_skill(front=None, body="Hello.\n"):
    text = skill(body=body) if front is None else skill(front, body)
    return with_file("SKILL.md", text)


def raw_skill(content):
    return with_file("SKILL.md", content)


def link_to(path, target):
    def make(folder):
        root = demo(folder)
        where = root / path
        where.parent.mkdir(parents=True, exist_ok=True)
        where.unlink(missing_ok=True)
        where.symlink_to(target)
        return root

    return make


def pipe(folder):
    root = demo(folder)
    os.mkfifo(root / "rubrics" / "pipe.md")
    return root


def ear(folder):
    """Put a socket into it, by a short path: its name has little room."""
    root = demo(folder)
    with socket.socket(socket.AF_UNIX) as one, suppress(OSError):
        one.bind(os.path.relpath(root / "s"))
    return root


def sparse(folder):
    root = demo(folder)
    with (root / "huge.bin").open("wb") as file:
        file.truncate(300 * MIB)
    return root


def many(count):
    def make(folder):
        root = demo(folder)
        (root / "many").mkdir()
        for number in range(count):
            (root / "many" / f"{number}.txt").touch()
        return root

    return make


def deep(folder):
    return demo(folder, more={"/".join("d" * 60) + "/x.txt": "deep"})


def script(text):
    """Give it a script of one's own."""
    head = '"""Say hello."""\nfrom hocket.script import agent\n\n'
    meta = 'meta = {"name": "demo", "description": "Says hello", "phases": ["Greet"]}\n'
    main = '\n\nasync def main():\n    return await agent("Hello.", phase="Greet")\n'
    return with_file("workflow.py", f"{head}{meta}{text}{main}")


def _edited(root, file, old, new):
    path = root / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return root
