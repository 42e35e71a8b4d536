"""What a person types for a package that no registry lists."""

from __future__ import annotations

import pytest
import shops

from hocket.errors import HocketError, PackageRefused, UsageError
from hocket.registry.forms import values as forms
from hocket.registry.indexes.rows import Source
from hocket.registry.sources import typed
from hocket.registry.trees.folders import read_folder


def test_a_folder_of_the_project_is_kept_by_its_path_in_it(afar, tmp_path, monkeypatch):
    project = tmp_path / "project"
    root = shops.bundle(project / "bundles", "hello")
    monkeypatch.chdir(project / "bundles")
    found = afar.fetcher(tmp_path).typed("./hello", project)
    assert (found.name, found.reference) == ("hello", "path:bundles/hello")
    assert forms.reference(found.reference) == found.reference
    assert found.source == Source(path="bundles/hello")
    assert found.tree == read_folder("hello", root)


def test_a_folder_outside_the_project_is_for_the_person_only(afar, tmp_path):
    project = tmp_path / "project"
    project.mkdir()
    root = shops.bundle(tmp_path, "hello")
    (project / "link").symlink_to(root)
    fetcher = afar.fetcher(tmp_path)
    for text in (str(root), str(project / "link"), str(project), f"{project}/../hello"):
        with pytest.raises(PackageRefused, match="is outside the project") as caught:
            fetcher.typed(text, project)
        assert caught.value.code == "source"
    found = fetcher.typed(str(project / "link"), None)
    assert (found.name, found.reference) == ("hello", f"path:{root}")
    for text in ("./nowhere", "~nobody-of-this-name", "a\0b", ""):
        with pytest.raises(UsageError, match="is no folder here"):
            fetcher.typed(text or "gone", project)


def test_a_commit_is_typed_in_full(afar, tmp_path):
    root = shops.bundle(tmp_path / "shop", "hello").parent
    rev = shops.committed(root)
    fetcher = afar.fetcher(tmp_path)
    # ssh is for registries; what is typed has the same grammar as a row.
    found = fetcher.typed(f"git+{afar.remote(root)}@{rev}#hello", None)
    assert found.name == "hello"
    assert found.source == afar.source(root, rev, "hello")
    assert forms.reference(found.reference) == found.reference
    assert found.tree == read_folder("hello", root / "hello")
    for text in (f"git+{afar.remote(root)}@main", f"git+{afar.remote(root)}", "git+file:///x@a"):
        with pytest.raises(PackageRefused) as caught:
            fetcher.typed(text, None)
        assert caught.value.code == "source"


@pytest.mark.parametrize("ending", [".zip", ".tar.gz", ".tgz"])
def test_an_archive_is_typed_with_its_hash(ending):
    url = f"https://acme.example/deep-research{ending}"
    read = typed.read(f"{url}#sha256={'a' * 64}", None)
    assert read.name == "deep-research"
    assert read.source == Source(archive=url, sha256="a" * 64)
    with pytest.raises(HocketError, match="is not 64 hex digits"):
        typed.read(url, None)
