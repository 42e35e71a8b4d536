"""Plugins from a registry: Python packages into the running environment, and single files."""

from __future__ import annotations

import json
import os
import subprocess
import sysconfig
from dataclasses import replace
from pathlib import Path

import pytest
from shops import OLD
from wheels import environment, hashed, wheel

from hocket.api.protocols import Tree
from hocket.registry.forms.names import version
from hocket.registry.indexes.rows import Kind, Row, Wheels
from hocket.registry.plugins import requirements
from hocket.registry.trees.digest import hk1

CODE = '''
"""A plugin with one router."""

from hocket.api.markers import hookimpl


@hookimpl
def hocket_register_settings():
    return None
'''
SINGLE = b'''"""Refuses nothing, and is there."""

from hocket.api.markers import hookimpl


@hookimpl
def hocket_event(event):
    pass
'''
UNSIGNED = "--accept=unsigned:quota-policy"


def index(name, package):
    return f"""\
schema = 1
name = "{name}"
description = "Plugins of {name}"
serial = 1
updated = 2026-11-20T09:00:00Z
[[package]]
kind = "plugin"
license = "MIT"
description = "Does something."
{package}"""


def of_wheels(name, *paths):
    """Write the row of a package with its closure."""
    wheels = tuple(
        Wheels("{}=={}".format(*path.name.split("-")[:2]), (hashed(path),)) for path in paths
    )
    row = Row(name, version("1.0.0"), Kind.PLUGIN, OLD, "")
    digest = hk1(requirements.tree(replace(row, wheels=wheels)))
    own, *others = ((one.requirement, f'["{one.hashes[0]}"]') for one in wheels)
    needs = ", ".join(f'{{ requirement = "{req}", hashes = {told} }}' for req, told in others)
    return f"""\
name = "{name}"
[[package.version]]
version = "1.0.0"
published = {OLD:%Y-%m-%dT%H:%M:%SZ}
digest = "{digest}"
requirement = "{own[0]}"
hashes = {own[1]}
needs = [{needs}]
provides = ["routers"]
capabilities = {{ python = true }}
"""


class Machine:
    """An environment of its own, in which hocket is at hand and pip finds one folder of wheels."""

    def __init__(self, folder):
        self.folder, self.wheels = folder, folder / "wheels"
        self.python = environment(folder / "venv")
        self.project = folder / "project"
        (self.project / ".hocket").mkdir(parents=True)
        site = Path(sysconfig.get_path("purelib"))
        roots = [str(site), *(str(Path(one).resolve()) for one in ("core", "plugins"))]
        (own,) = (folder / "venv").glob("lib/python*/site-packages")
        (own / "hocket-here.pth").write_text("\n".join(roots), "utf-8")

    def does(self, *words, code=0):
        clean = {key: value for key, value in os.environ.items() if not key.startswith("PIP_")}
        places = {
            f"HOCKET_{one}_HOME": str(self.folder / one) for one in ("CONFIG", "DATA", "CACHE")
        }
        env = {**clean, **places, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels)}
        command = [self.python, "-m", "hocket", *map(str, words)]
        done = subprocess.run(
            command, cwd=self.project, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, done
        return done

    def plugins(self):
        listed = json.loads(self.does("plugins", "list", "--json").stdout)["plugins"]
        return {one["name"]: one["state"] for one in listed}


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


@pytest.mark.slow
def test_a_package_goes_in_and_out_of_the_running_environment(machine):
    paths = [
        wheel(machine.wheels, "acme-stores", code=CODE, plugin=True, needs=["acme-objects"]),
        wheel(machine.wheels, "acme-objects"),
    ]
    shop = machine.folder / "acme"
    shop.mkdir()
    (shop / "registry.toml").write_text(index("acme", of_wheels("acme-stores", *paths)), "utf-8")
    machine.does("registry", "add", shop, "--yes")
    refused = machine.does("install", "acme-stores", "--yes", code=4)
    assert "--accept=python:acme/acme-stores" in refused.stderr
    assert "runs with your rights" in refused.stderr
    assert "acme-stores" not in machine.plugins()
    machine.does("install", "acme-stores", "--yes", "--accept=python:acme-stores")
    assert machine.plugins()["acme-stores"] == "loaded"
    machine.does("verify")
    (module,) = (machine.folder / "venv").glob("lib/python*/site-packages/acme_stores.py")
    (machine.folder / "CONFIG").mkdir()
    (machine.folder / "CONFIG" / "config.toml").write_text("require_pinned_plugins = true\n")
    assert machine.plugins()["acme-stores"] == "loaded"
    module.write_text(f"{CODE}\nMORE = 1\n", "utf-8")
    assert "acme_stores.py: changed" in machine.does("verify", code=3).stderr
    assert machine.plugins()["acme-stores"] == "blocked"
    machine.does("remove", "acme-stores", "--yes")
    assert "acme-stores" not in machine.plugins()
    assert not list((machine.folder / "venv").glob("lib/python*/site-packages/acme_*"))


@pytest.mark.slow
def test_another_wheel_than_the_registry_states_is_refused(machine):
    path = wheel(machine.wheels, "acme-stores", code=CODE, plugin=True)
    shop = machine.folder / "acme"
    shop.mkdir()
    (shop / "registry.toml").write_text(index("acme", of_wheels("acme-stores", path)), "utf-8")
    wheel(machine.wheels, "acme-stores", code="import os\n", plugin=True)
    machine.does("registry", "add", shop, "--yes")
    machine.does("install", "acme-stores", "--yes", "--accept=python:acme-stores", code=3)
    assert "acme-stores" not in machine.plugins()


@pytest.fixture
def policy(bob, tmp_path):
    """Let Bob know a registry with a plugin that is one file."""
    shop = tmp_path / "acme"
    folder = shop / "plugins" / "quota-policy"
    folder.mkdir(parents=True)
    (folder / "quota_policy.py").write_bytes(SINGLE)
    (folder / "README.md").write_text("What it does.\n", "utf-8")
    entries = [("f", "README.md", b"What it does.\n"), ("f", "quota_policy.py", SINGLE)]
    package = f"""\
name = "quota-policy"
[[package.version]]
version = "0.2.0"
published = {OLD:%Y-%m-%dT%H:%M:%SZ}
digest = "{hk1(Tree(tuple(entries)))}"
file = "quota_policy.py"
source = {{ path = "plugins/quota-policy" }}
capabilities = {{ python = true }}
"""
    (shop / "registry.toml").write_text(index("acme", package), "utf-8")
    bob.does("registry", "add", shop, "--yes")
    return bob


def names(person):
    return [one["name"] for one in person.does("plugins", "list", "--json").data["plugins"]]


def test_a_single_file_is_put_into_a_trusted_project(policy):
    policy.does("install", "quota-policy", "--yes", "--accept=python:quota-policy")
    assert (policy.project / ".hocket/plugins/quota_policy.py").read_bytes() == SINGLE
    assert "project.quota_policy" in names(policy)
    policy.does("verify")
    policy.does("remove", "quota-policy", "--yes")
    assert not (policy.project / ".hocket/plugins/quota_policy.py").exists()


def test_a_project_that_nobody_trusts_gets_no_code(policy, monkeypatch):
    monkeypatch.setenv("HOCKET_TRUSTED_FOLDERS", "")
    said = policy.types("install", "quota-policy", "--yes", "--accept=python:quota-policy")
    assert (said.code, "hocket trust" in said.err) == (4, True), said
    assert not (policy.project / ".hocket/plugins").exists()
    policy.does("trust", "--yes")
    policy.does("install", "quota-policy", "--yes", "--accept=python:quota-policy")
    assert "project.quota_policy" in names(policy)
    (policy.project / ".hocket/plugins/quota_policy.py").write_bytes(SINGLE + b"# more\n")
    assert "project.quota_policy" not in names(policy)
