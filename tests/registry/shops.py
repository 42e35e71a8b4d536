"""Bundles and registries for tests, written into folders as people have them."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime, timedelta

from hocket.registry.bundles import bundle as bundles
from hocket.registry.bundles.bundle import Bundle
from hocket.registry.bundles.inspection import Inspection
from hocket.registry.trees.digest import hk1
from hocket.registry.trees.folders import read_folder

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
OLD = NOW - timedelta(days=30)
SCRIPT = '''"""Say hello."""
from hocket.script import agent

meta = {{"name": "{name}", "description": "Says hello", "phases": ["Greet"]}}


async def main():
    return await agent("Say hello.", phase="Greet")
'''
QUIET = 'tools = ["Read"], read = ["docs/**"], agents = 5'
"""A capability table that `--yes` accepts anywhere."""


def bundle(folder, name, version="1.0.0", *, needs="", capabilities=QUIET, more=None):
    """Write a bundle with one command of its own name to `folder/name`; give its folder."""
    root = folder / name
    files = {
        "bundle.toml": f"""\
schema = 1
name = "{name}"
version = "{version}"
description = "Says hello."
license = "MIT"
requires-hocket = ">=0.1,<1"
commands.{name} = {{ script = "workflow.py" }}
dependencies = {{ {needs} }}
capabilities = {{ {capabilities} }}
""",
        "SKILL.md": f"---\nname: {name}\ndescription: Says hello.\nlicense: MIT\n---\nHello.\n",
        "workflow.py": SCRIPT.format(name=name),
        "rubrics/polite.md": "Be polite.\n",
        **(more or {}),
    }
    for path, text in files.items():
        where = root / path
        where.parent.mkdir(parents=True, exist_ok=True)
        where.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def read(root):
    """Read a bundle in a folder: what it says, and its tree."""
    tree = read_folder("test", root)
    made = bundles.read(tree, root.name, lambda _tree: Inspection())
    assert isinstance(made, Bundle), made
    return made, tree


def row(root, source, *, published=OLD, more=""):
    """Write the version row for a bundle in a folder, as `publish` would."""
    made, tree = read(root)
    told = made.manifest
    commands = ", ".join(f'"{one.name}"' for one in told.commands)
    needs = ", ".join(f'"{key}" = "{value}"' for key, value in told.dependencies.items())
    table = ", ".join(f"{key} = {_toml(value)}" for key, value in told.ceiling.table().items())
    return f"""\
[[package.version]]
version = "{told.version}"
published = {published:%Y-%m-%dT%H:%M:%SZ}
digest = "{hk1(tree)}"
size = {sum(len(content) for _kind, _path, content in tree.entries)}
files = {len(tree.entries)}
requires-hocket = "{told.requires_hocket}"
commands = [{commands}]
dependencies = {{ {needs} }}
capabilities = {{ {table} }}
source = {source}
{more}"""


def registry(folder, name="acme", packages=None, *, serial=1, top=""):
    """Write registry.toml with rows by package name."""
    text = f"""\
schema = 1
name = "{name}"
description = "Patterns of {name}"
serial = {serial}
updated = 2026-11-20T09:00:00Z
{top}
"""
    for package, rows in (packages or {}).items():
        text += f"""
[[package]]
name = "{package}"
kind = "bundle"
description = "Says hello."
license = "MIT"
{"".join(rows)}"""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "registry.toml").write_text(text, "utf-8")
    return folder


def shop(folder, *names, name="acme", **options):
    """Make a registry in a folder whose bundles lie beside it, one version each."""
    rows = {}
    for one in names:
        root = bundle(folder / "bundles", one, **options)
        rows[one] = [row(root, f'{{ path = "bundles/{one}" }}')]
    return registry(folder, name, rows)


def git(folder, *words, **env):
    """Run git in a folder, as nobody in particular."""
    told = {
        "GIT_AUTHOR_NAME": "Test",
        "GIT_AUTHOR_EMAIL": "test@acme.example",
        "GIT_COMMITTER_NAME": "Test",
        "GIT_COMMITTER_EMAIL": "test@acme.example",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
    }
    done = subprocess.run(
        ["git", *words],  # noqa: S607
        cwd=folder,
        env={**os.environ, **told, **env},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def committed(folder, message="one"):
    """Make a folder a git repository if it is none, and commit all of it; give the commit."""
    if not (folder / ".git").exists():
        git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD")


def key(folder, name="id"):
    """Make an Ed25519 key without a passphrase; give the private file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(path)]
    subprocess.run(words, check=True, capture_output=True)
    return path


def signer(private, who, *, namespaces="hocket-bundle@v1,hocket-registry@v1"):
    """Write the line of a file of signers for a key."""
    public = private.with_suffix(".pub").read_text("utf-8").split()
    return f'{who} namespaces="{namespaces}" {public[0]} {public[1]}\n'


def _toml(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(f'"{one}"' for one in value) + "]"
    return str(value)
