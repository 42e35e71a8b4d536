"""Plugins on disk, entry points and the independence contract name the same; none looks inside."""

from __future__ import annotations

import ast

ALLOWED = ("hocket.api", "hocket.errors")


def entry_points(checkout):
    return checkout.pyproject["project"]["entry-points"]["hocket"]


def independent(checkout):
    contracts = checkout.pyproject["tool"]["importlinter"]["contracts"]
    (contract,) = [one for one in contracts if one["type"] == "independence"]
    return set(contract["modules"])


def modules(folder):
    """List what is a module in a folder: files, and folders with an `__init__.py`."""
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    return files | {path.parent.name for path in folder.glob("*/__init__.py")}


def on_disk(checkout):
    """List the plugins: in the folder of their kind, or beside it when the kind has one."""
    home = checkout.root / "plugins" / "hocket_plugins"
    kinds = {name for name in modules(home) if f"hocket_plugins.{name}.*" in independent(checkout)}
    single = {f"hocket_plugins.{name}" for name in modules(home) - kinds}
    return single | {
        f"hocket_plugins.{kind}.{one}" for kind in kinds for one in modules(home / kind)
    }


def test_every_plugin_on_disk_has_an_entry_point_and_the_other_way_round(checkout):
    points = {value for value in entry_points(checkout).values() if "hocket_plugins" in value}
    assert points == on_disk(checkout)


def test_an_entry_point_is_called_like_its_module(checkout):
    for name, value in entry_points(checkout).items():
        assert value.partition(".")[2] == name


def test_an_entry_point_into_the_core_is_a_module_there(checkout):
    own = [value for value in entry_points(checkout).values() if value.startswith("hocket.")]
    for value in own:
        path = checkout.root / "core" / value.replace(".", "/")
        assert path.with_suffix(".py").is_file() or (path / "__init__.py").is_file(), value


def test_the_independence_contract_covers_every_kind(checkout):
    kinds = {name.removesuffix(".*") for name in independent(checkout)}
    home = checkout.root / "plugins" / "hocket_plugins"
    assert kinds == {f"hocket_plugins.{name}" for name in modules(home)}


def test_a_plugin_names_the_contract_and_itself_only(checkout):
    """Imports for types included: import-linter does not see those."""
    own = on_disk(checkout)
    for path, (_, tree) in checkout.python("plugins").items():
        module = path.removeprefix("plugins/").removesuffix(".py").replace("/", ".")
        mine = [name for name in own if f"{module}.".startswith(f"{name}.")]
        for name in named(tree):
            if name.startswith("hocket"):
                fits = any(f"{name}.".startswith(f"{one}.") for one in (*ALLOWED, *mine))
                assert fits, f"{path} imports {name}"


def test_the_core_names_no_plugin(checkout):
    for path, (_, tree) in checkout.python("core").items():
        for name in named(tree):
            assert not name.startswith("hocket_plugins"), f"{path} imports {name}"


def named(tree):
    """List the modules that a file imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            # `from hocket import api` names hocket.api.
            whole = node.module in {"hocket", "hocket_plugins"}
            yield from (f"{node.module}.{one.name}" if whole else node.module for one in node.names)
