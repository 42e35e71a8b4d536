"""Attached files from outside: said of them, by a glob, by a folder."""

from __future__ import annotations

import pytest

from hocket.api.calls import Attached
from hocket.api.settings import PluginSettings
from hocket_plugins.policies.quarantine.outside_files import OutsideFiles


@pytest.fixture
def holds(tmp_path):
    """Say whether a path is outside by one glob; the folder has a few files and a link."""
    for name in ("vendor/a/x.md", "src/app.py", "docs/in.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("text")
    (tmp_path / "shelf").symlink_to(tmp_path / "vendor")

    def asked(path, *globs, trusted=True, untrusted=False):
        settings = PluginSettings(tmp_path, outside=globs, is_trusted=trusted)
        return OutsideFiles(settings).holds(Attached(path, "d", untrusted=untrusted))

    return asked


@pytest.mark.parametrize(
    ("glob", "path", "is_outside"),
    [
        ("vendor/**", "vendor/a/x.md", True),
        ("vendor/**", "src/app.py", False),
        ("vendor", "vendor/a/x.md", True),
        ("vendor/", "vendor/a/x.md", True),
        ("/vendor", "vendor/a/x.md", True),
        ("*.md", "vendor/a/x.md", True),
        ("*.md", "src/app.py", False),
        ("vendor/*.md", "vendor/a/x.md", False),
        ("vendor/*/x.md", "vendor/a/x.md", True),
        ("vendor/**/x.md", "vendor/a/x.md", True),
        ("**/a/*.md", "vendor/a/x.md", True),
        ("**", "src/app.py", True),
        ("src/app.p?", "src/app.py", True),
        ("SRC/**", "src/app.py", True),
        ("**/X.MD", "vendor/a/x.md", True),
        ("src/app.[!p]*", "src/app.py", False),
        ("src/app.[^j]*", "src/app.py", True),
        ("{src,vendor/a}/*.{md,txt}", "vendor/a/x.md", True),
        ("{src,vendor/a}/*.{md,txt}", "src/app.py", False),
        ("*.{p{y,l},rb}", "src/app.py", True),
        ("src/{app.py", "src/app.py", False),
        ("src/a\\pp.py", "src/app.py", True),
        ("src/\\*.py", "src/app.py", False),
        ("{a,b}" * 12, "src/app.py", True),
        ("", "src/app.py", True),
        (".", "src/app.py", True),
        ("./src", "src/app.py", True),
    ],
)
def test_a_glob_reads_as_in_a_gitignore(holds, glob, path, is_outside):
    assert holds(path, glob) is is_outside
    assert holds(path, "nothing/**", glob) is is_outside


@pytest.mark.parametrize("path", ["./vendor/a/x.md", "src/../vendor/a/x.md", "shelf/a/x.md"])
def test_another_way_to_write_a_path_leads_around_nothing(holds, path):
    assert holds(path, "vendor/**")


def test_a_link_is_meant_by_its_own_name_too(holds):
    assert holds("shelf/a/x.md", "shelf/**")
    assert not holds("vendor/a/x.md", "shelf/**")


@pytest.mark.parametrize(
    ("glob", "is_outside"),
    [
        ("vendor/a/*.md", True),
        ("vendor/**/deep/x", True),
        ("*.md", True),
        ("src/*", False),
        ("vendor/a", True),
        ("ven", True),
    ],
)
def test_a_folder_is_outside_where_anything_in_it_may_be(holds, glob, is_outside):
    """A name without a slash may stand at any depth, and nobody looks what is in there."""
    assert holds("vendor", glob) is is_outside


def test_braces_may_stand_in_a_name(holds):
    assert holds("docs/{a,b}.txt", "docs/{a,b}.txt")
    assert holds("docs/a.txt", "docs/{a,b}.txt")


def test_a_name_counts_however_it_is_composed(holds):
    assert holds("docs/re\u0301sume\u0301.txt", "docs/r\u00e9sum\u00e9.txt")


def test_what_agents_left_in_the_folder_of_runs_is_outside_without_any_glob(holds):
    assert holds(".hocket/runs/4f2a/artifacts/x")
    assert holds(".hocket/runs")
    assert not holds(".hocket/workflows/triage.py")
    assert not holds(".")


def test_the_whole_project_is_a_folder_too(holds):
    assert holds(".", "vendor/**")


def test_without_trust_all_is_outside_but_what_a_bundle_brought(holds):
    assert holds("src/app.py", trusted=False)
    assert not holds("bundle:rubric.md", "**", trusted=False)
    assert holds("bundle:rubric.md", untrusted=True)


def test_said_of_a_file_it_holds_whatever_the_settings_say(holds):
    assert holds("src/app.py", untrusted=True)
    assert not holds("src/app.py")
