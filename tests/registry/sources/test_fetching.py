"""Registries and packages out of git, folders and archives, each read by real means."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest
import shops
import watching
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_trees import TREES, planted

from hocket.errors import PackageRefused
from hocket.registry.indexes.rows import Source
from hocket.registry.sources import local
from hocket.registry.sources.failing import SourceLost
from hocket.registry.trees.breaches import TreeRefused
from hocket.registry.trees.digest import hk1
from hocket.registry.trees.folders import read_folder

NEVER = "0" * 40


# --- registries ----------------------------------------------------------------------------------


def test_a_registry_is_served_alike_from_git_from_a_folder_and_from_afar(afar, tmp_path):
    root = shops.shop(tmp_path / "shop", "hello", "world")
    (root / "allowed_signers").write_text("signers\n", "utf-8")
    (root / "advisories.toml").write_text("", "utf-8")
    (root / "notes.md").write_text("not served", "utf-8")
    plain = afar.fetcher(tmp_path).registry(str(root))
    rev = shops.committed(root)
    (root / "registry.toml").write_text("edited, not committed", "utf-8")
    own = afar.fetcher(tmp_path).registry(f"{root}/../shop")
    far = afar.fetcher(tmp_path).registry(afar.remote(root))

    assert {"registry.toml", "allowed_signers", "advisories.toml"} < set(plain.files)
    assert "notes.md" not in plain.files
    assert plain.files == own.files == far.files
    assert (plain.url, plain.rev, plain.folder) == (str(root), "", root)
    assert (own.url, own.rev, own.folder) == (str(root), rev, root)
    assert (far.url, far.rev, far.folder) == (afar.remote(root), rev, None)


def test_a_registry_is_read_from_a_bare_repository_too(afar, tmp_path):
    root = shops.shop(tmp_path / "shop", "hello")
    rev = shops.committed(root)
    shops.git(tmp_path, "clone", "-q", "--bare", str(root), "bare")
    assert afar.fetcher(tmp_path).registry(str(tmp_path / "bare")).rev == rev


@pytest.mark.parametrize("protocol", [0, 2])
def test_a_registry_may_name_its_objects_by_sha256(afar, tmp_path, protocol):
    env = afar.surroundings(tmp_path, protocol=protocol)
    root = shops.shop(tmp_path / "shop", "hello")
    shops.git(root, "init", "-q", "-b", "main", "--object-format=sha256")
    rev = shops.committed(root)
    served = afar.fetcher(tmp_path, env=env).registry(afar.remote(root))
    assert served.rev == rev
    assert len(rev) == 64
    tree = afar.fetcher(tmp_path).tree("hello", afar.source(root, rev, "bundles/hello"), "", "")
    assert hk1(tree) == hk1(read_folder("hello", root / "bundles/hello"))
    away = afar.fetcher(tmp_path, offline=True).registry(afar.remote(root))
    assert away == served


def test_offline_the_last_index_is_served_and_nothing_else(afar, tmp_path):
    root = shops.shop(tmp_path / "shop", "hello")
    rev = shops.committed(root)
    with pytest.raises(SourceLost, match="it is not here, and it is offline") as caught:
        afar.fetcher(tmp_path, offline=True).registry(afar.remote(root))
    assert (caught.value.code, caught.value.exit_code) == ("network", 1)
    afar.fetcher(tmp_path).registry(afar.remote(root))
    (root / "more.toml").write_text("", "utf-8")
    new = shops.committed(root, "two")
    assert afar.fetcher(tmp_path, offline=True).registry(afar.remote(root)).rev == rev
    with pytest.raises(SourceLost, match=f"commit {new} is not here"):
        afar.fetcher(tmp_path, offline=True).tree("hello", afar.source(root, new), "", "")
    assert afar.fetcher(tmp_path).registry(afar.remote(root)).rev == new


def test_a_repository_without_an_index_serves_what_an_import_reads(afar, tmp_path):
    root = tmp_path / "plugins"
    files = {
        ".claude-plugin/marketplace.json": "{}",
        ".agents/plugins/marketplace.json": "{}",
        "one/.claude-plugin/plugin.json": "{}",
        "one/skills/a/SKILL.md": "a",
        "one/skills/b/skill.md": "b",
        "one/workflows/go.js": "1",
        "one/agents/x.md": "x",
        "one/commands/deep/y.md": "y",
        "one/hooks/hooks.json": "{}",
    }
    others = {"README.md": "r", "one/src/main.js": "1", "a/b/c/d/e/f/g/h/SKILL.md": "too deep"}
    large = {"big/SKILL.md": "x" * ((1 << 20) + 1)}
    for path, text in {**files, **others, **large}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    (root / "linked").mkdir()
    (root / "linked/SKILL.md").symlink_to("../one/skills/a/SKILL.md")
    (root / "also").symlink_to("one", target_is_directory=True)
    plain = afar.fetcher(tmp_path).registry(str(root))
    shops.committed(root)
    own = afar.fetcher(tmp_path).registry(str(root))
    assert set(plain.files) == set(files)
    assert plain.files == own.files


# --- packages ------------------------------------------------------------------------------------


def test_a_path_is_that_of_the_commit_the_registry_was_read_at(afar, tmp_path):
    root = shops.shop(tmp_path / "shop", "hello")
    digest = hk1(read_folder("hello", root / "bundles/hello"))
    rev = shops.committed(root)
    (root / "bundles/hello/workflow.py").write_text("changed", "utf-8")
    shops.committed(root, "two")
    for url in (str(root), afar.remote(root)):
        served = afar.fetcher(tmp_path).registry(url)
        source = Source(path="bundles/hello")
        assert hk1(afar.fetcher(tmp_path).tree("hello", source, served.url, rev)) == digest
        assert hk1(afar.fetcher(tmp_path).tree("hello", source, served.url, served.rev)) != digest


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(tree=TREES, number=st.integers(0, 1 << 60))
def test_git_and_a_folder_give_the_same_digest(afar, tmp_path_factory, tree, number):
    tmp_path = tmp_path_factory.mktemp("random")
    root = planted(tmp_path / "package", tree)
    shops.git(root, "init", "-q", "-b", "main")
    # What a person's own git would change on its way in is theirs; here nothing is.
    shops.git(root, "config", "core.autocrlf", "false")
    rev = shops.committed(root)
    found = afar.fetcher(tmp_path).tree("package", afar.source(root, rev), "", "")
    assert found == tree
    assert hk1(found) == hk1(tree)


def test_a_server_that_gives_no_bare_commit_is_asked_for_the_tag_and_then_for_all(afar, tmp_path):
    root = shops.bundle(tmp_path, "hello")
    first = shops.committed(root)
    shops.git(root, "tag", "v1")
    (root / "SKILL.md").write_text("---\nname: hello\ndescription: d\n---\n", "utf-8")
    second = shops.committed(root, "two")
    (root / "more.md").write_text("more", "utf-8")
    shops.committed(root, "three")
    old = afar.surroundings(tmp_path, protocol=0)
    by_tag = afar.fetcher(tmp_path, env=old).tree(
        "hello", afar.source(root, first, tag="v1"), "", ""
    )
    in_full = afar.fetcher(tmp_path, env=old).tree(
        "hello", afar.source(root, second, tag="v9"), "", ""
    )
    assert "SKILL.md" in {path for _, path, _ in by_tag.entries}
    assert by_tag != in_full


@pytest.mark.parametrize("protocol", [0, 2])
def test_a_tag_that_was_moved_is_not_the_commit(afar, tmp_path, protocol):
    root = shops.bundle(tmp_path, "hello")
    shops.committed(root)
    shops.git(root, "tag", "v1")
    env = afar.surroundings(tmp_path, protocol=protocol)
    with pytest.raises(PackageRefused, match="has no commit 000") as caught:
        afar.fetcher(tmp_path, env=env).tree("hello", afar.source(root, NEVER, tag="v1"), "", "")
    assert (caught.value.code, caught.value.exit_code) == ("source", 3)
    assert "A tag that was moved" in caught.value.hint


def test_a_commit_that_is_here_needs_no_server(afar, tmp_path):
    root = shops.bundle(tmp_path, "hello")
    rev = shops.committed(root)
    shops.git(root, "tag", "-a", "v1", "-m", "one")
    source = afar.source(root, rev)
    first = afar.fetcher(tmp_path).tree("hello", source, "", "")
    when = afar.fetcher(tmp_path).commit_time(afar.remote(root), rev)
    assert when == datetime.fromtimestamp(int(shops.git(root, "show", "-s", "--format=%ct")), UTC)
    assert afar.fetcher(tmp_path).tags(afar.remote(root)) == {"v1": rev}
    root.rename(tmp_path / "gone")
    assert afar.fetcher(tmp_path, offline=True).tree("hello", source, "", "") == first
    assert afar.fetcher(tmp_path, offline=True).commit_time(afar.remote(root), rev) == when
    assert afar.fetcher(tmp_path).tree("hello", source, "", "") == first
    with pytest.raises(SourceLost, match="the list of its tags is not here"):
        afar.fetcher(tmp_path, offline=True).tags(afar.remote(root))
    for ask in (afar.fetcher(tmp_path).tags, afar.fetcher(tmp_path).registry):
        with pytest.raises(SourceLost, match="could not be fetched") as caught:
            ask(afar.remote(root))
        assert (caught.value.code, caught.value.exit_code) == ("network", 1)


def test_a_folder_that_the_commit_has_not_is_refused(afar, tmp_path):
    root = shops.bundle(tmp_path, "hello")
    rev = shops.committed(root)
    with pytest.raises(PackageRefused, match="has no folder 'nowhere'"):
        afar.fetcher(tmp_path).tree("hello", afar.source(root, rev, "nowhere"), "", "")
    with pytest.raises(PackageRefused, match=r"'SKILL\.md' is no folder"):
        afar.fetcher(tmp_path).tree("hello", afar.source(root, rev, "SKILL.md"), "", "")


def test_a_person_at_a_terminal_may_be_asked(afar, tmp_path):
    root = shops.bundle(tmp_path, "hello")
    rev = shops.committed(root)
    log = tmp_path / "asked"
    ssh = tmp_path / "shows"
    ssh.write_text(
        f'#!/bin/sh\necho "$GIT_TERMINAL_PROMPT" >> "{log}"\nexec "{tmp_path}/ssh" "$@"\n', "utf-8"
    )
    ssh.chmod(0o755)
    env = {**afar.surroundings(tmp_path), "GIT_SSH_COMMAND": str(ssh)}
    for interactive in (True, False):
        fetcher = afar.fetcher(tmp_path, env=env, interactive=interactive)
        assert fetcher.registry(afar.remote(root)).rev == rev
    assert log.read_text("utf-8").split() == ["1", "0"]


def test_a_source_is_what_its_address_says(afar, tmp_path):
    root = shops.shop(tmp_path / "shop", "hello")
    rev, fetcher = shops.committed(root), afar.fetcher(tmp_path)
    with pytest.raises(PackageRefused, match="is no git repository"):
        fetcher.tree("x", Source(git="https://acme.example/x.zip", rev=rev), "", "")
    with pytest.raises(PackageRefused, match="needs its commit"):
        fetcher.tree("x", Source(path="bundles/hello"), afar.remote(root), "")
    # Without a commit a folder is what lies there.
    here = fetcher.tree("x", Source(path="bundles/hello"), str(root), "")
    assert here == read_folder("x", root / "bundles/hello")
    (root / "bundles/away").symlink_to(tmp_path)
    with pytest.raises(TreeRefused, match="is no folder at 'away'"):
        fetcher.tree("x", Source(path="bundles/away/ssh"), str(root), "")


# --- what is served ------------------------------------------------------------------------------


def test_the_signers_that_an_index_names_are_served_with_what_is_beside_them(afar, tmp_path):
    trust = 'trust = { signers = "a/b/c/who", index-signature = true }'
    root = shops.registry(tmp_path / "shop", top=trust)
    (root / "a/b/c").mkdir(parents=True)
    for name in ("who", "who.sig", "revoked.krl", "other"):
        (root / "a/b/c" / name).write_text(name, "utf-8")
    (root / "registry.toml.sig").write_text("sig", "utf-8")
    (root / "packages").mkdir()
    (root / "packages/one.toml").write_text("", "utf-8")
    served = afar.fetcher(tmp_path).registry(str(root)).files
    assert set(served) == {
        "a/b/c/revoked.krl",
        "a/b/c/who",
        "a/b/c/who.sig",
        "packages/one.toml",
        "registry.toml",
        "registry.toml.sig",
    }
    for text in ("not toml [", "trust = 1", "trust = { signers = 1 }", "trust = { signers = '' }"):
        (root / "registry.toml").write_text(text, "utf-8")
        assert set(afar.fetcher(tmp_path).registry(str(root)).files) == {
            "packages/one.toml",
            "registry.toml",
            "registry.toml.sig",
        }


def test_an_index_of_too_much_is_refused(afar, tmp_path):
    root = tmp_path / "shop"
    root.mkdir()
    large = 5 << 20
    (root / "registry.toml").touch()
    os.truncate(root / "registry.toml", large + 1)
    fetcher = afar.fetcher(tmp_path)
    with pytest.raises(PackageRefused, match="5,242,881 bytes, 5,242,880 allowed"):
        fetcher.registry(str(root))
    (root / "registry.toml").write_text("", "utf-8")
    for number in range(13):
        (root / f"{number}.toml").touch()
        os.truncate(root / f"{number}.toml", large)
    with pytest.raises(PackageRefused, match="an index of more than 10,000 files and 64 MiB"):
        fetcher.registry(str(root))


def test_a_folder_of_too_many_files_is_refused(tmp_path):
    root = shops.shop(tmp_path / "shop", "hello")
    assert len([*local.offers("shop", root, most=8)]) == 5
    with pytest.raises(PackageRefused, match="more than 7 files and folders"):
        [*local.offers("shop", root, most=7)]


def test_a_file_that_is_exchanged_while_it_is_read_is_refused(afar, tmp_path):
    root = shops.shop(tmp_path / "shop", "hello")
    index = root / "registry.toml"

    def exchange():
        index.unlink()
        os.mkfifo(index)

    with (
        watching.before_opening("registry.toml", exchange),
        pytest.raises(PackageRefused, match="was exchanged while it was read"),
    ):
        afar.fetcher(tmp_path).registry(str(root))

    index.unlink()
    index.write_text("", "utf-8")

    def link():
        index.unlink()
        index.symlink_to("/etc/passwd")

    with (
        watching.before_opening("registry.toml", link),
        pytest.raises(SourceLost, match="it cannot be read or kept here"),
    ):
        afar.fetcher(tmp_path).registry(str(root))


# --- hostile repositories ------------------------------------------------------------------------


def test_links_and_submodules_are_named_and_refused(afar, tmp_path):
    root = shops.bundle(tmp_path, "hello")
    (root / "passwd").symlink_to("/etc/passwd")
    rev = shops.committed(root)
    shops.git(root, "update-index", "--add", "--cacheinfo", f"160000,{rev},module")
    shops.git(root, "commit", "-q", "-m", "two")
    rev = shops.git(root, "rev-parse", "HEAD")
    with pytest.raises(TreeRefused) as caught:
        afar.fetcher(tmp_path).tree("hello", afar.source(root, rev), "", "")
    assert [str(one) for one in caught.value.breaches] == [
        "'module': is a submodule: only plain regular files are taken",
        "'passwd': is a link: only plain regular files are taken",
    ]


def test_missing_blobs_are_an_incomplete_source(afar, tmp_path):
    root = shops.bundle(tmp_path, "hello")
    rev = shops.committed(root)
    lost = shops.git(root, "rev-parse", "HEAD:SKILL.md")
    (root / ".git/objects" / lost[:2] / lost[2:]).unlink()
    with pytest.raises(SourceLost, match="incomplete source") as caught:
        afar.fetcher(tmp_path).tree("hello", afar.source(root, rev), "", "")
    assert (caught.value.code, caught.value.exit_code) == ("io", 1)
