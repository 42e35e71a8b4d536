"""Times what a person waits for: the check before a run, an install, the digest, completion.

    python tests/bench/registry/run.py [--rounds N] [--json FILE]

A bundle of 17 files and 48 kB, signed, in a git registry whose files are in the cache already; all
but completion without the start of an interpreter. Goals stand beside the figures.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "registry"))

from shops import bundle, committed, key, registry, row, signer

from hocket.cli import main as hocket
from hocket.registry.forms.names import version
from hocket.registry.indexes import index
from hocket.registry.indexes.statement import NAMESPACE, statement
from hocket.registry.installing.verifying import sealed
from hocket.registry.scopes import Scope
from hocket.registry.signatures.signing import sign
from hocket.registry.trees.digest import hk1
from hocket.registry.trees.folders import read_folder

WHO = "releases@acme.example"
GOALS = {
    "digest": ("hk1 of a tree that was read", None, None),
    "check": ("check before a run", None, 5.0),
    "install": ("install, warm cache, signature included", 60.0, 150.0),
    "completion": ("completion, whole process", None, 60.0),
}
"""What is timed, and the most that P50 and P95 may be, in milliseconds."""


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--rounds", type=int, default=200)
    arguments.add_argument("--json", type=Path)
    typed = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="hocket-bench-") as folder:
        told = measured(Path(folder), typed.rounds)
    for name, (what, most50, most95) in GOALS.items():
        p50, p95 = told[name]["p50"], told[name]["p95"]
        goal = " · ".join(f"{one:g}" if one else "-" for one in (most50, most95))
        sys.stdout.write(f"{what:<42} p50 {p50:8.2f} ms  p95 {p95:8.2f} ms  goal {goal}\n")
    if typed.json:
        typed.json.write_text(json.dumps(told, indent=2) + "\n", "utf-8")


def measured(folder, rounds):
    project = ready(folder)
    scope = Scope(folder / "data", folder / "home", Path(os.path.realpath(project)))
    tree = read_folder("bench", project / ".hocket/workflows/demo")
    return {
        "digest": times(rounds, lambda: hk1(tree)),
        "check": times(rounds, lambda: sealed(scope, "demo")),
        "install": times(rounds, lambda: typed("install", "demo", "--yes"), lambda: away(project)),
        "completion": times(max(rounds // 4, 10), lambda: completed(project)),
    }


def ready(folder):
    """Make a registry with one signed bundle, and a project that has it."""
    for name in ("CONFIG", "DATA", "CACHE"):
        os.environ[f"HOCKET_{name}_HOME"] = str(folder / name.lower())
    os.environ["HOME"] = str(folder / "home")
    os.environ["HOCKET_TRUSTED_FOLDERS"] = str(folder)
    shop, private = folder / "acme", key(folder / "keys")
    more = {f"references/part{number}.md": "words " * 600 for number in range(13)}
    root = bundle(shop / "bundles", "demo", more=more)
    top, source = 'trust = { signers = "allowed_signers" }', '{ path = "bundles/demo" }'
    registry(shop, "acme", {"demo": [row(root, source)]}, top=top)
    told = index.read((shop / "registry.toml").read_bytes()).row("demo", version("1.0.0"))
    value = sign(private, NAMESPACE, statement("acme", told))
    signed = f'signature = [{{ signer = "{WHO}", value = """\n{value}""" }}]\n'
    registry(shop, "acme", {"demo": [row(root, source, more=signed)]}, top=top)
    (shop / "allowed_signers").write_text(signer(private, WHO), "utf-8")
    committed(shop)
    project = folder / "project"
    (project / ".hocket").mkdir(parents=True)
    (folder / "home").mkdir()
    os.chdir(project)
    typed("registry", "add", str(shop), "--yes")
    typed("install", "demo", "--yes")
    return project


def typed(*words):
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = hocket(list(words))
    if code:
        raise SystemExit(f"{words}: {code}\n{said.getvalue()}")


def away(project):
    """Take the bundle away again; what was fetched stays."""
    typed("remove", "demo", "--yes")
    shutil.rmtree(project / ".hocket/workflows", ignore_errors=True)


def completed(project):
    env = {**os.environ, "_HOCKET_COMPLETE": "bash_complete", "COMP_WORDS": "hocket /de"}
    words = [sys.executable, "-m", "hocket"]
    env["COMP_CWORD"] = "1"
    done = subprocess.run(words, cwd=project, env=env, capture_output=True, text=True, check=True)
    if "demo" not in done.stdout:
        raise SystemExit(f"nothing was completed: {done}")


def times(rounds, act, before=lambda: None):
    told = []
    for _ in range(rounds + 3):
        before()
        start = time.perf_counter()
        act()
        told.append((time.perf_counter() - start) * 1000)
    told = sorted(told[3:])
    at = {"p50": told[len(told) // 2], "p95": told[int(len(told) * 0.95)]}
    return {**at, "rounds": rounds, "at": datetime.now(UTC).isoformat(timespec="seconds")}


if __name__ == "__main__":
    main()
