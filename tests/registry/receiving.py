"""Installs bundles as a command would leave them: folder, store and receipt."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from hocket.api.ceiling import Ceiling
from hocket.registry.forms.names import version
from hocket.registry.receipts.receipt import Consent, Placed, Receipt, Target, dump
from hocket.registry.receipts.receipt import Place as Kind
from hocket.registry.scopes import Scope
from hocket.registry.trees.digest import hk1
from hocket.registry.trees.folders import read_folder

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
GIVEN = Ceiling(tools=("Read",), agents=7)
HEAD = 'from hocket.script import agent, args\nmeta = {{"name": "{}", "description": "Of {}."}}\n\n'
BODY = "async def main():\n    return {!r}\n"


def scope_of(project=None):
    data = Path(os.environ["HOCKET_DATA_HOME"])
    real = Path(os.path.realpath(project)) if project else None
    return Scope(data, Path(os.environ["HOME"]), real)


def write(base, name, *commands, more="", says=None):
    """Write a bundle into a folder of workflows; gives its folder."""
    commands = commands or (name,)
    folder = base / name
    folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(f'commands.{one} = {{ script = "{one}.py" }}\n' for one in commands)
    (folder / "bundle.toml").write_text(
        f'schema = 1\nname = "{name}"\nversion = "1.2.0"\ndescription = "Of {name}."\n'
        f"{lines}capabilities = {{ agents = 9 }}\n{more}"
    )
    for one in commands:
        (folder / f"{one}.py").write_text(HEAD.format(one, says or name) + BODY.format(says or one))
    return folder


def receive(scope, name, registry="acme", *, called="", ceiling=GIVEN):
    """Write the receipt of a bundle that lies in its folder."""
    base = scope.base(Kind.WORKFLOWS)
    tree = read_folder(name, base, name)
    made = Receipt(
        name=f"{registry}/{called or name}",
        version=version("1.2.0"),
        digest=hk1(tree),
        source="git+https://git.acme.example/x.git@" + "0" * 40,
        installed_at=NOW,
        hocket="0.1.0",
        consent=Consent(ceiling, (), "tty", NOW),
        targets=(Target(Kind.WORKFLOWS, name, _files(tree)),),
    )
    scope.receipts.mkdir(parents=True, exist_ok=True)
    scope.receipt(made.name).write_bytes(dump(made))
    return made


def install(scope, name, registry="acme", *commands, **more):
    """Put a bundle where an installation would, with its receipt."""
    says = more.pop("says", None)
    folder = write(scope.base(Kind.WORKFLOWS), name, *commands, says=says)
    receive(scope, name, registry, **more)
    return folder


def _files(tree):
    return tuple(
        Placed(path, kind, f"sha256:{sha256(content).hexdigest()}")
        for kind, path, content in tree.entries
    )
