"""What is made to begin with works as it is."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys

import pytest
import yaml
from authors import packed, written

from hocket.errors import PackageRefused
from hocket.host import PluginHost
from hocket.registry.authoring.bundle_template import bundle_files
from hocket.registry.authoring.making import make
from hocket.registry.authoring.plugin_template import plugin_files
from hocket.registry.forms.names import Unfit
from hocket.testing import run_script

SIX = {"name", "description", "license", "compatibility", "metadata", "allowed-tools"}


@pytest.mark.parametrize("name", ["ab", "3d", "deep-research", "a" * 64, "class", "name"])
def test_a_bundle_of_any_name_passes(tmp_path, name):
    made = packed(written(tmp_path, name))
    assert (made.manifest.name, made.warnings) == (name, ())


def test_its_skill_file_has_the_six_fields_and_the_portable_shim():
    _, front, body = bundle_files("second-opinion")["SKILL.md"].decode().split("---\n", 2)
    assert set(yaml.safe_load(front)) <= SIX
    assert '\nhocket run second-opinion -- "$ARGUMENTS"\n' in body


def test_its_comments_name_every_word_that_the_manifest_has():
    text = bundle_files("second-opinion")["bundle.toml"].decode()
    told = ("schema", "license", "requires-hocket", "commands", "dependencies", "capabilities")
    assert all(f"\n{word}" in text for word in told)
    assert "@" not in text


@pytest.mark.parametrize(
    ("best", "answer", "complete"), [(2, "an answer", True), (9, "an answer", False)]
)
def test_its_script_asks_and_lets_a_judge_choose(tmp_path, best, answer, complete):
    folder = written(tmp_path)
    told = run_script(
        (folder / "workflow.py").read_text("utf-8"),
        {"rubric": {"best": best, "reason": "short"}, "Answer": "an answer"},
        project=folder,
        args={"question": "why?"},
    )
    assert told.status == "completed"
    assert told.result["answer"] == answer
    assert told.result["complete"] is complete
    assert len(told.prompts) == 4


def test_a_plugin_package_passes_its_own_tests_and_is_loaded(tmp_path):
    folder = tmp_path / "hocket-acme-poll"
    make("test", folder, plugin_files("acme-poll"))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout
    place = folder / "hocket_acme_poll.py"
    spec = importlib.util.spec_from_file_location("hocket_acme_poll", place)
    module = importlib.util.module_from_spec(spec)
    sys.modules["hocket_acme_poll"] = module
    try:
        spec.loader.exec_module(module)
        assert "acme_poll" in PluginHost.load(extra={"acme_poll": module}).patterns()
    finally:
        del sys.modules["hocket_acme_poll"]


@pytest.mark.parametrize("name", ["3d", "class", "1-2"])
def test_a_name_that_is_no_function_is_refused(name):
    with pytest.raises(Unfit, match="cannot be the name of a function"):
        plugin_files(name)


@pytest.mark.slow
def test_a_strict_host_takes_the_skill_file(tmp_path):
    """Compare with the reference validator, where it can be had."""
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", venv], check=True, capture_output=True)
    got = subprocess.run(
        [venv / "bin" / "pip", "install", "-q", "skills-ref==0.1.1"],
        capture_output=True,
        text=True,
        check=False,
    )
    if got.returncode:
        pytest.skip(f"skills-ref cannot be installed: {got.stderr.strip().splitlines()[-1:]}")
    program = next((venv / "bin").glob("*skills*"))
    for name in ("second-opinion", "3d", "a" * 64):
        folder = written(tmp_path, name)
        words = [program, "validate", folder]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        (folder / "SKILL.md").write_text("---\nname: other\n---\n", "utf-8")
        assert subprocess.run(words, capture_output=True, check=False).returncode != 0
        with pytest.raises(PackageRefused):
            packed(folder)
