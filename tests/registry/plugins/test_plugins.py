"""Plugins come in by their hashes and go out whole, with the real pip in a real environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from wheels import environment, hashed, wheel

from hocket.api.ceiling import Ceiling
from hocket.errors import HocketError, NoSolution, PackageRefused, UsageError
from hocket.registry.forms.names import version
from hocket.registry.indexes.rows import Kind, Row, Wheels
from hocket.registry.plugins import clashes, code, requirements
from hocket.registry.plugins.environment import Environment, Installed, look
from hocket.registry.plugins.installer import installer
from hocket.registry.receipts.receipt import Consent, Receipt
from hocket.registry.trees.digest import hk1

AT = datetime(2026, 11, 21, tzinfo=UTC)
ROW = Row("acme-stores", version("1.0.0"), Kind.PLUGIN, AT, "hk1:" + "a" * 64)
A, B = "sha256:" + "a" * 64, "sha256:" + "b" * 64


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """Make one environment for all tests; each cleans up what it brought in."""
    return environment(tmp_path_factory.mktemp("env") / "venv")


@pytest.fixture
def shelf(tmp_path):
    """Make a folder of wheels, and the variables by which pip looks nowhere else."""
    folder = tmp_path / "wheels"
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PIP_")}
    pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder)}
    uv = {"UV_NO_INDEX": "1", "UV_FIND_LINKS": str(folder), "UV_NO_CACHE": "1"}
    return folder, {**clean, **pip, **uv}


UV = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture(params=["pip", "uv"])
def tool(request, fresh, shelf):
    """Take each of the two tools."""
    if request.param == "uv" and UV is None:
        pytest.skip("uv is not here")
    env = {**shelf[1], "PATH": str(Path(UV or "").parent)}
    there = look(fresh)
    return installer(replace(there, has_pip=request.param == "pip"), env)


def row_of(*paths):
    told = []
    for path in paths:
        name, number = path.name.split("-")[:2]
        told.append(Wheels(f"{name}=={number}", (hashed(path),)))
    return replace(ROW, wheels=tuple(told))


def receipt_of(distributions):
    consent = Consent(Ceiling(python=True), ("python:acme-stores",), "tty", AT)
    return Receipt(
        name="acme/acme-stores",
        version=version("1.0.0"),
        digest=ROW.digest,
        source="requirement:acme-stores==1.0.0",
        installed_at=AT,
        hocket="0.1.0",
        consent=consent,
        distributions=distributions,
    )


def test_the_text_is_one_whatever_the_order():
    one = replace(
        ROW,
        wheels=(
            Wheels("Acme.Stores==1.0.0", (B, A)),
            Wheels("acme_objects==4.0.1 ; python_version >= '3.11'", (A,)),
        ),
    )
    assert requirements.lines(one) == (
        f"acme-objects==4.0.1 ; python_version >= '3.11' --hash={A}",
        f"acme-stores==1.0.0 --hash={A} --hash={B}",
    )
    assert requirements.names(one) == ("acme-stores", "acme-objects")
    other = replace(one, wheels=one.wheels[::-1])
    assert hk1(requirements.tree(one)) == hk1(requirements.tree(other))


def test_a_plugin_goes_in_is_verified_and_goes_out(fresh, shelf, tool):
    folder, _ = shelf
    paths = [
        wheel(folder, "acme-stores", plugin=True, needs=["acme-objects>=4"]),
        wheel(folder, "acme-objects", "4.0.1"),
    ]
    row = row_of(*paths)
    assert tool.planned(row) == {"acme-stores": "1.0.0", "acme-objects": "4.0.1"}
    assert "acme-stores" not in look(fresh).distributions
    tool.install(row)
    there = look(fresh)
    assert there.distributions["acme-stores"] == Installed(
        "1.0.0", ("acme-objects>=4",), is_plugin=True
    )
    assert code.unpinned([], there) == ("acme-stores",)
    receipt = receipt_of(code.taken(requirements.names(row), there))
    assert [one.name for one in receipt.distributions] == ["acme-stores", "acme-objects"]
    assert code.unpinned([receipt], there) == ()
    assert code.changes(receipt, there) == ()
    module = Path(there.folders[0]) / "acme_stores.py"
    module.write_text("VERSION = 'another'\n", "utf-8")
    assert code.changes(receipt, there) == (("acme-stores", "acme_stores.py", "changed"),)
    module.unlink()
    assert code.changes(receipt, there) == (("acme-stores", "acme_stores.py", "missing"),)
    again = replace(tool, environment=there)
    again.uninstall(requirements.names(row))
    assert "acme-objects" not in look(fresh).distributions
    assert {one.what for one in code.changes(receipt, look(fresh))} == {"missing"}


def test_another_wheel_under_the_name_is_refused(fresh, shelf, tool):
    folder, _ = shelf
    row = row_of(wheel(folder, "acme-stores"))
    wheel(folder, "acme-stores", code="import os\n")
    # The dry run of uv compares no hashes.
    for act in (tool.install,) if tool.uv else (tool.planned, tool.install):
        with pytest.raises(PackageRefused) as refused:
            act(row)
        assert refused.value.code == "digest"
    assert "acme-stores" not in look(fresh).distributions


def test_what_is_out_of_reach_says_so(fresh, shelf):
    folder, env = shelf
    row = row_of(wheel(folder, "acme-stores"))
    (folder / "acme_stores-1.0.0-py3-none-any.whl").unlink()
    with pytest.raises(HocketError, match="could not be installed"):
        installer(look(fresh), env).planned(row)


def test_a_source_distribution_is_never_built(shelf, tool, tmp_path):
    folder, _ = shelf
    folder.mkdir()
    source = tmp_path / "acme_stores-1.0.0"
    source.mkdir()
    mark = tmp_path / "ran"
    (source / "setup.py").write_text(f"open({str(mark)!r}, 'w')\n", "utf-8")
    (source / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: acme-stores\nVersion: 1.0.0\n")
    path = folder / "acme_stores-1.0.0.tar.gz"
    subprocess.run(["tar", "czf", path, "-C", tmp_path, source.name], check=True)  # noqa: S607
    row = replace(ROW, wheels=(Wheels("acme-stores==1.0.0", (hashed(path),)),))
    with pytest.raises(HocketError, match="could not be installed"):
        tool.install(row)
    assert not mark.exists()


def test_what_does_not_go_together_is_told_with_the_way_out(fresh, shelf):
    folder, env = shelf
    row = row_of(wheel(folder, "acme-stores", needs=["acme-objects>=4"]))
    tool = installer(look(fresh), env)
    with pytest.raises(HocketError, match="does not go with what is there") as told:
        tool.install(row)
    assert "pip uninstall acme-stores" in told.value.hint
    installer(look(fresh), env).uninstall(["acme-stores", "never-there"])
    assert "acme-stores" not in look(fresh).distributions


HOCKET = Environment(
    "python",
    is_managed=False,
    has_pip=True,
    distributions={
        "hocket": Installed("0.1.0", ("click>=8", "not a requirement!")),
        "click": Installed("8.2.0", ("colorama",)),
        "colorama": Installed("0.4.0"),
        "other-plugin": Installed("1.0.0", ("shared~=1.0",), is_plugin=True),
        "shared": Installed("1.0.0"),
        "loose": Installed("1.0.0"),
    },
)


@pytest.mark.parametrize(
    ("planned", "who"),
    [
        ({"click": "9.0.0"}, "hocket needs click as it is"),
        ({"colorama": "0.5.0"}, "hocket needs colorama as it is"),
        ({"acme-stores": "1.0.0", "shared": "1.0.1"}, "other-plugin needs shared as it is"),
    ],
)
def test_nothing_that_others_rest_on_changes(planned, who):
    with pytest.raises(NoSolution) as clash:
        clashes.judge("acme-stores", planned, HOCKET)
    assert clash.value.chains[0] == who


@pytest.mark.parametrize(
    "planned",
    [
        {"acme-stores": "1.0.0", "brand-new": "1.0.0"},
        {"loose": "2.0.0"},
        {"click": "8.2.0"},
        {"other-plugin": "2.0.0", "shared": "2.0.0"},
    ],
)
def test_what_nobody_rests_on_may_change(planned):
    clashes.judge("acme-stores", planned, HOCKET)


def test_the_systems_own_python_is_left_alone():
    with pytest.raises(UsageError, match="the system looks after") as refused:
        installer(replace(HOCKET, is_managed=True), {"PATH": ""})
    assert "venv" in refused.value.hint


def test_without_pip_and_uv_it_says_how_to_get_one():
    with pytest.raises(UsageError, match="neither pip nor uv") as refused:
        installer(replace(HOCKET, has_pip=False), {"PATH": ""})
    assert "ensurepip" in refused.value.hint


def test_uv_is_taken_where_there_is_no_pip(tmp_path):
    uv = tmp_path / "uv"
    uv.write_text("#!/bin/sh\n", "utf-8")
    uv.chmod(0o755)
    tool = installer(replace(HOCKET, has_pip=False), {"PATH": str(tmp_path)})
    assert tool.uv == str(uv)
    assert tool.typed("uninstall", "x") == "uv pip uninstall --python python x"
    assert installer(HOCKET, {"PATH": str(tmp_path)}).uv == ""


def test_an_interpreter_that_is_none_says_so(tmp_path):
    with pytest.raises(HocketError, match="could not say what is installed"):
        look(str(tmp_path / "python"))


def test_the_running_environment_knows_itself():
    there = look(sys.executable)
    assert "click" in there.distributions
    assert there.folders
