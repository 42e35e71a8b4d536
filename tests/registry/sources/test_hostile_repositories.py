"""Repositories that want something run, written or read elsewhere; and transfers that break off."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
import shops
import watching

from hocket.errors import PackageRefused
from hocket.registry.sources.failing import SourceLost
from hocket.registry.sources.limits import Limits
from hocket.registry.trees.breaches import TreeRefused
from hocket.registry.trees.folders import read_folder

PROGRAMS = []


def _hook(event, given):
    if event == "subprocess.Popen" and PROGRAMS:
        PROGRAMS[-1].append((Path(given[0]).name, list(given[1])))
    elif event in {"os.system", "os.exec", "os.posix_spawn", "os.spawn"} and PROGRAMS:
        PROGRAMS[-1].append((event, []))


sys.addaudithook(_hook)


@pytest.fixture
def programs():
    """List the programs that are started meanwhile."""
    PROGRAMS.append([])
    yield PROGRAMS[-1]
    PROGRAMS.pop()


def everything(folder, without):
    """List every file beneath a folder with its bytes, but for one folder."""
    return {
        str(path): path.read_bytes() if path.is_file() else b""
        for path in sorted(folder.rglob("*"))
        if not path.is_relative_to(without)
    }


def test_nothing_of_a_repository_is_run_and_nothing_is_written_beside_the_cache(
    afar, tmp_path, programs
):
    evil = f'touch "{tmp_path}/evil"'
    root = shops.bundle(tmp_path / "shop", "hello").parent
    (root / "hello/data.bin").write_bytes(b"as\nit is\n")
    (root / "hello/model.bin").write_text(
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n", "utf-8"
    )
    (root / ".gitattributes").write_text("* filter=evil text eol=crlf\n*.bin filter=lfs\n", "utf-8")
    rev = shops.committed(root)
    for name, value in {
        "filter.evil.smudge": evil,
        "filter.lfs.process": evil,
        "core.fsmonitor": evil,
        "core.sshCommand": evil,
        "core.gitProxy": evil,
        "uploadpack.packObjectsHook": evil,
    }.items():
        shops.git(root, "config", name, value)
    for name in ("post-checkout", "post-merge", "reference-transaction", "pre-auto-gc"):
        hook = root / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\n{evil}\n", "utf-8")
        hook.chmod(0o755)
    expected = read_folder("hello", root / "hello")
    env = afar.surroundings(tmp_path)
    before = everything(tmp_path, tmp_path / "cache")
    programs.clear()

    with watching.opened() as opened:
        fetcher = afar.fetcher(tmp_path, env=env)
        for url in (str(root), afar.remote(root)):
            served = fetcher.registry(url)
            assert served.rev == rev
        assert fetcher.tree("hello", afar.source(root, rev, "hello"), "", "") == expected
    assert everything(tmp_path, tmp_path / "cache") == before
    assert {name for name, _ in programs} == {"git"}
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT
    # A number is a pipe that is open already.
    wrote = [str(path) for path, flags in opened if flags & writing and not isinstance(path, int)]
    allowed = (str(tmp_path / "cache"), os.devnull)
    assert wrote
    assert [path for path in wrote if not path.startswith(allowed)] == []
    assert not any("checkout" in word for _, words in programs for word in words)


def test_a_template_and_hooks_of_the_person_are_not_copied_or_run(afar, tmp_path):
    root = shops.bundle(tmp_path, "hello")
    rev = shops.committed(root)
    hooks = tmp_path / "template/hooks"
    hooks.mkdir(parents=True)
    hook = hooks / "reference-transaction"
    hook.write_text(f'#!/bin/sh\ntouch "{tmp_path}/evil"\n', "utf-8")
    hook.chmod(0o755)
    env = afar.surroundings(tmp_path, GIT_TEMPLATE_DIR=str(tmp_path / "template"))
    config = Path(env["GIT_CONFIG_GLOBAL"])
    config.write_text(
        f"[core]\n\thooksPath = {hooks}\n[init]\n\ttemplateDir = {tmp_path}/template\n", "utf-8"
    )
    afar.fetcher(tmp_path, env=env).tree("hello", afar.source(root, rev), "", "")
    assert not (tmp_path / "evil").exists()
    assert not [*(tmp_path / "cache").rglob("reference-transaction")]


def test_a_replaced_object_is_not_what_is_read(afar, tmp_path):
    root = shops.bundle(tmp_path / "shop", "hello").parent
    expected = read_folder("hello", root / "hello")
    rev = shops.committed(root)
    (root / "hello/SKILL.md").write_text("replaced", "utf-8")
    other = shops.committed(root, "two")
    shops.git(root, "replace", rev, other)
    source = afar.source(root, rev, "hello")
    assert afar.fetcher(tmp_path).tree("hello", source, "", "") == expected
    # Not even one that got into the cache.
    (repository,) = (path for path in (tmp_path / "cache/git").iterdir() if path.is_dir())
    blob, evil = (shops.git(root, "rev-parse", f"{one}:hello/SKILL.md") for one in (rev, other))
    (repository / "refs/replace").mkdir(parents=True)
    (repository / "refs/replace" / blob).write_text(evil, "utf-8")
    assert afar.fetcher(tmp_path).tree("hello", source, "", "") == expected


def test_variables_that_name_a_repository_do_not_reach_git(afar, tmp_path):
    root = shops.bundle(tmp_path, "hello")
    rev = shops.committed(root)
    elsewhere = tmp_path / "elsewhere"
    names = ("GIT_DIR", "GIT_OBJECT_DIRECTORY", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_TRACE")
    env = afar.surroundings(tmp_path, **dict.fromkeys(names, str(elsewhere)))
    env |= {"GIT_ALLOW_PROTOCOL": "ext:file", "GIT_CONFIG_PARAMETERS": "'core.bare=maybe'"}
    assert afar.fetcher(tmp_path, env=env).tree("hello", afar.source(root, rev), "", "").entries
    assert not elsewhere.exists()


def test_a_tree_with_a_repository_in_it_is_refused(afar, tmp_path):
    """What git itself does not write: made by hand, object by object."""
    root = shops.bundle(tmp_path, "hello")
    shops.committed(root)
    blob = shops.git(root, "hash-object", "-w", "SKILL.md")
    entry = f"100644 {'config'}".encode() + b"\0" + bytes.fromhex(blob)
    inner = _object(root, "tree", entry)
    outer = _object(root, "tree", b"40000 .git\0" + bytes.fromhex(inner))
    rev = shops.git(root, "commit-tree", outer, "-m", "evil")
    shops.git(root, "update-ref", "refs/heads/main", rev)
    with pytest.raises(PackageRefused) as caught:
        afar.fetcher(tmp_path).tree("hello", afar.source(root, rev), "", "")
    assert (caught.value.code, caught.value.exit_code) == ("source", 3)
    assert "git does not take what came" in caught.value.message
    assert "hasDotgit" in caught.value.message


def test_a_list_without_end_is_read_only_as_far_as_it_may_go(afar, tmp_path):
    """A tree of trees of trees: a few objects that name ten to the tenth files."""
    root = shops.bundle(tmp_path, "hello")
    shops.committed(root)
    blob = shops.git(root, "hash-object", "-w", "SKILL.md")
    mode, name = b"100644", blob
    for _level in range(10):
        row = [mode + f" {at}".encode() + b"\0" + bytes.fromhex(name) for at in range(10)]
        mode, name = b"40000", _object(root, "tree", b"".join(row))
    rev = shops.git(root, "commit-tree", name, "-m", "bomb")
    shops.git(root, "update-ref", "refs/heads/main", rev)
    fetcher = afar.fetcher(tmp_path)
    with pytest.raises(TreeRefused, match="more than 2,000 files"):
        fetcher.tree("hello", afar.source(root, rev), "", "")
    with pytest.raises(PackageRefused, match="100,000 files or more"):
        fetcher.registry(afar.remote(root))


def test_old_modes_are_those_that_git_takes_them_for(afar, tmp_path):
    root = shops.bundle(tmp_path, "hello")
    shops.committed(root)
    blob = bytes.fromhex(shops.git(root, "hash-object", "-w", "SKILL.md"))
    modes = {"a": "100664", "b": "100600", "c": "100775"}
    rows = [f"{mode} {name}".encode() + b"\0" + blob for name, mode in modes.items()]
    rev = shops.git(root, "commit-tree", _object(root, "tree", b"".join(rows)), "-m", "odd")
    shops.git(root, "update-ref", "refs/heads/main", rev)
    found = afar.fetcher(tmp_path).tree("hello", afar.source(root, rev), "", "")
    assert [kind for kind, _path, _content in found.entries] == ["f", "f", "x"]


def test_paths_of_a_repository_keep_the_rules(afar, tmp_path):
    root = shops.bundle(tmp_path, "hello", more={".claude/settings.json": "{}", "a:b.md": "x"})
    (root / "Foo.md").write_text("1", "utf-8")
    (root / "foo.md").write_text("2", "utf-8")
    rev = shops.committed(root)
    with pytest.raises(TreeRefused) as caught:
        afar.fetcher(tmp_path).tree("hello", afar.source(root, rev), "", "")
    said = caught.value.message
    assert "has the reserved part '.claude'" in said
    assert "holds :, which some systems do not allow" in said
    assert "is 'Foo.md' again where case does not count" in said


# --- broken off ----------------------------------------------------------------------------------


def slow(tmp_path, env):
    """Make a server that begins, tells a file, and then waits for ever."""
    ssh = tmp_path / "slow"
    ssh.write_text(
        f'#!/bin/sh\necho $$ > "{tmp_path}/begun.new"\n'
        f'mv "{tmp_path}/begun.new" "{tmp_path}/begun"\nexec sleep 600\n',
        "utf-8",
    )
    ssh.chmod(0o755)
    return {**env, "GIT_SSH_COMMAND": str(ssh)}


FETCH = """\
import json, sys
from pathlib import Path
from hocket.registry.indexes.rows import Source
from hocket.registry.sources.fetching import Fetcher

cache, env, git, rev = json.loads(sys.argv[1])
Fetcher(Path(cache), env=env).tree("hello", Source(git=git, rev=rev), "", "")
"""


def fetching(tmp_path, env, source):
    """Fetch in a process of its own."""
    told = json.dumps([str(tmp_path / "cache"), env, source.git, source.rev])
    return subprocess.Popen([sys.executable, "-c", FETCH, told])


def test_a_killed_fetch_leaves_a_cache_that_works(afar, tmp_path):
    root = shops.bundle(tmp_path, "hello")
    rev = shops.committed(root)
    env = afar.surroundings(tmp_path)
    source = afar.source(root, rev)
    child = fetching(tmp_path, slow(tmp_path, env), source)
    while not (tmp_path / "begun").exists():
        assert child.poll() is None
        with suppress(subprocess.TimeoutExpired):
            child.wait(0.02)
    child.kill()
    child.wait()
    (repository,) = (path for path in (tmp_path / "cache/git").iterdir() if path.is_dir())
    assert (repository / "hocket-fetching").exists()
    # As a killed git leaves it.
    (repository / "shallow.lock").write_text("", "utf-8")
    (repository / "objects/pack").mkdir(exist_ok=True)
    (repository / "objects/pack/tmp_pack_x").write_text("half", "utf-8")

    found = afar.fetcher(tmp_path, env=env).tree("hello", source, "", "")
    assert found.entries
    assert not (repository / "hocket-fetching").exists()
    assert not (repository / "shallow.lock").exists()
    os.kill(int((tmp_path / "begun").read_text("utf-8")), 9)


def test_a_transfer_that_takes_too_long_is_stopped(afar, tmp_path):
    root = shops.bundle(tmp_path, "hello")
    rev = shops.committed(root)
    env = afar.surroundings(tmp_path)
    source = afar.source(root, rev)
    limits = Limits(seconds=0.3)
    with pytest.raises(SourceLost, match=r"nothing whole came in 0\.3 s") as caught:
        afar.fetcher(tmp_path, env=slow(tmp_path, env), limits=limits).tree("h", source, "", "")
    assert (caught.value.code, caught.value.exit_code) == ("network", 1)
    with pytest.raises(ProcessLookupError):
        _gone(int((tmp_path / "begun").read_text("utf-8")))
    assert afar.fetcher(tmp_path, env=env).tree("hello", source, "", "").entries


@pytest.mark.parametrize("form", ["yes lots >&2", "exec yes lots >&2"], ids=["held", "left"])
def test_a_transfer_of_too_much_is_stopped(afar, tmp_path, form):
    """Also where git has given up already, and what it started writes on."""
    ssh = tmp_path / "talks"
    ssh.write_text(f'#!/bin/sh\necho $$ > "{tmp_path}/begun"\n{form}\n', "utf-8")
    ssh.chmod(0o755)
    env = {**afar.surroundings(tmp_path), "GIT_SSH_COMMAND": str(ssh)}
    fetcher = afar.fetcher(tmp_path, env=env, limits=Limits(most_bytes=1 << 16))
    with pytest.raises((PackageRefused, SourceLost), match=r"65,536 bytes came|be fetched"):
        fetcher.tags("ssh://acme.example/x")
    with pytest.raises(ProcessLookupError):
        _gone(int((tmp_path / "begun").read_text("utf-8")))


def test_two_processes_do_not_break_each_other(afar, tmp_path):
    root = shops.bundle(tmp_path, "hello")
    revs = [shops.committed(root, f"{number}") for number in range(4)]
    env = afar.surroundings(tmp_path)
    children = [fetching(tmp_path, env, afar.source(root, rev)) for rev in revs]
    assert [one.wait() for one in children] == [0] * 4


def test_without_git_it_is_said(afar, tmp_path):
    env = {**afar.surroundings(tmp_path), "PATH": str(tmp_path)}
    with pytest.raises(SourceLost, match="there is no program 'git' on PATH") as caught:
        afar.fetcher(tmp_path, env=env).registry("https://git.acme.example/x.git")
    assert caught.value.code == "failed"


def test_a_git_that_makes_no_repository_is_told_of(afar, tmp_path):
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin/git"
    program.write_text("#!/bin/sh\nprintf 'fatal: no\\033[2J space\\n' >&2\nexit 128\n", "utf-8")
    program.chmod(0o755)
    env = {**afar.surroundings(tmp_path), "PATH": str(program.parent)}
    with pytest.raises(SourceLost, match=r"fatal: no") as caught:
        afar.fetcher(tmp_path, env=env).registry("https://git.acme.example/x.git")
    assert caught.value.code == "io"
    assert "\x1b" not in caught.value.message


def test_a_cache_that_cannot_be_written_is_told_of(afar, tmp_path):
    (tmp_path / "cache").write_text("a file", "utf-8")
    with pytest.raises(
        SourceLost, match="it cannot be read or kept here: Not a directory"
    ) as caught:
        afar.fetcher(tmp_path).registry("https://git.acme.example/x.git")
    assert (caught.value.code, caught.value.exit_code) == ("io", 1)


def cached(tmp_path):
    """Find the repository in the cache, with everything in it as loose objects."""
    (repository,) = (path for path in (tmp_path / "cache/git").iterdir() if path.is_dir())
    for pack in [*repository.glob("objects/pack/*.pack")]:
        moved = pack.rename(repository / pack.name)
        command = ["git", f"--git-dir={repository}", "unpack-objects", "-q"]
        with moved.open("rb") as content:
            subprocess.run(command, stdin=content, check=True)
        moved.unlink()
    return repository


@pytest.mark.parametrize(
    "lost", ["HEAD:hello/SKILL.md", "HEAD:hello/rubrics", "HEAD:hello", "HEAD"]
)
def test_a_damaged_cache_is_an_incomplete_source_and_then_begun_anew(afar, tmp_path, lost):
    root = shops.bundle(tmp_path / "shop", "hello").parent
    rev = shops.committed(root)
    source = afar.source(root, rev, "hello")
    whole = afar.fetcher(tmp_path).tree("hello", source, "", "")
    name = shops.git(root, "rev-parse", lost)
    (cached(tmp_path) / "objects" / name[:2] / name[2:]).unlink()
    for offline in (True, False):
        with pytest.raises(SourceLost, match="incomplete source") as caught:
            afar.fetcher(tmp_path, offline=offline).tree("hello", source, "", "")
        assert (caught.value.code, caught.value.exit_code) == ("io", 1)
    assert afar.fetcher(tmp_path).tree("hello", source, "", "") == whole


def test_a_commit_that_is_lost_has_no_time(afar, tmp_path):
    root = shops.bundle(tmp_path, "hello")
    rev = shops.committed(root)
    when = afar.fetcher(tmp_path).commit_time(afar.remote(root), rev)
    (cached(tmp_path) / "objects" / rev[:2] / rev[2:]).unlink()
    with pytest.raises(SourceLost, match=f"the commit {rev} is not in the repository"):
        afar.fetcher(tmp_path).commit_time(afar.remote(root), rev)
    assert afar.fetcher(tmp_path).commit_time(afar.remote(root), rev) == when


def test_bytes_that_are_no_object_are_an_incomplete_source(afar, tmp_path):
    root = shops.bundle(tmp_path / "shop", "hello").parent
    rev = shops.committed(root)
    source = afar.source(root, rev, "hello")
    afar.fetcher(tmp_path).tree("hello", source, "", "")
    name = shops.git(root, "rev-parse", "HEAD:hello/SKILL.md")
    blob = cached(tmp_path) / "objects" / name[:2] / name[2:]
    blob.chmod(0o600)
    blob.write_bytes(blob.read_bytes()[:20])
    with pytest.raises(SourceLost, match="incomplete source"):
        afar.fetcher(tmp_path).tree("hello", source, "", "")


def test_a_commit_without_a_time_is_refused(afar, tmp_path):
    root = shops.bundle(tmp_path, "hello")
    rev = shops.committed(root)
    afar.fetcher(tmp_path).tree("hello", afar.source(root, rev), "", "")
    evil = _object(cached(tmp_path), "commit", b"tree 0\n\ncommitter x 1 +0000\n")
    (cached(tmp_path) / "refs/hocket/revs" / evil).write_text(evil, "utf-8")
    with pytest.raises(PackageRefused, match="a commit without a time"):
        afar.fetcher(tmp_path).commit_time(afar.remote(root), evil)


def test_names_of_tags_that_no_row_could_have_are_left_out(afar, tmp_path):
    root = shops.bundle(tmp_path, "hello")
    rev = shops.committed(root)
    for name in ("hello--v1.0.0", "-evil", "a\u202eb", "a\u00e9"):
        (root / ".git/refs/tags" / name).write_text(rev, "utf-8")
    assert afar.fetcher(tmp_path).tags(afar.remote(root)) == {"hello--v1.0.0": rev}


def _object(root, kind, content):
    done = subprocess.run(
        ["git", "hash-object", "-w", "-t", kind, "--literally", "--stdin"],  # noqa: S607
        cwd=root,
        input=content,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().strip()


def _gone(process):
    """Wait until a killed process is gone; raises ProcessLookupError then."""
    for _turn in range(100_000):
        os.kill(process, 0)
        if Path(f"/proc/{process}/stat").read_text("utf-8").split()[2] == "Z":
            raise ProcessLookupError
