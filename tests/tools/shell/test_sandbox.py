"""The sandbox: the workspace, the system to be read, and nothing else (AGENT 4.4)."""

from __future__ import annotations

import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from hocket.api.tools import Label
from hocket_plugins.tools.shell import sandbox, shield

GIT = shutil.which("git")
needs_git = pytest.mark.skipif(GIT is None, reason="git is not installed")


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run([GIT or "git", *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(boxed):
    """Make the workspace a repository with one commit."""
    git(boxed.ws, "init", "-q", "-b", "main")
    (boxed.ws / "a.txt").write_text("one\n")
    git(boxed.ws, "add", ".")
    git(boxed.ws, "commit", "-q", "-m", "first")
    return boxed


def test_the_workspace_is_written_and_all_else_is_not(boxed):
    (boxed.home / "secret").write_text("canary")
    boxed.does("echo made > a.txt")
    assert (boxed.ws / "a.txt").read_text() == "made\n"
    assert "No such file" in boxed.output(f"cat {boxed.home}/secret").text
    for path in ("/usr/x", "/bin/x", "/etc/x", "/lib/x"):
        boxed.output(f"echo x > {path}")
        assert not Path(path).exists()
    assert boxed.does("ls /") == "\n".join(sorted(boxed.does("ls /").split()))
    assert not {"home", "root", "var", "run", "mnt"} & set(boxed.does("ls /").split()) - {
        boxed.home.parts[1]
    }


def test_home_and_temporary_files_are_empty_and_its_own(boxed):
    boxed.again({"TMPDIR": "/var/tmp"})  # noqa: S108
    assert boxed.does("echo x > ~/x; ls -A ~") == "ws\nx"
    assert not (boxed.home / "x").exists()
    boxed.does("echo x > $TMPDIR/left")
    assert boxed.does("ls -A $TMPDIR") == ""


def test_it_has_no_capabilities_and_no_network(boxed):
    lines = boxed.does("grep -E 'Cap(Eff|Prm|Bnd)' /proc/self/status").split()
    assert set(lines[1::2]) == {"0" * 16}
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        output = boxed.output(f"exec 5<>/dev/tcp/127.0.0.1/{port} && echo reached")
    assert "reached" not in output.text
    assert output.label == Label()


def test_the_network_is_there_when_a_persons_rule_names_the_command(boxed):
    """What came from there is outside, whatever it says."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        command = f"exec 5<>/dev/tcp/127.0.0.1/{server.getsockname()[1]} && echo reached"
        boxed.context._grants = frozenset({f"Network({command})"})
        output = boxed.output(command)
    assert output.text == "[exit code 0]\nreached\n"
    assert output.label == Label(outside=True, sources=frozenset({"network"}))


@needs_git
def test_git_can_be_read_and_not_be_written(repository):
    (repository.ws / "a.txt").write_text("two\n")
    before = {path: path.read_bytes() for path in repository.ws.glob(".git/**/*") if path.is_file()}
    assert repository.does(
        "git status --short; git log --format=%s; git diff --stat | tail -1"
    ) == (" M a.txt\nfirst\n 1 file changed, 1 insertion(+), 1 deletion(-)")
    assert repository.output("git commit -qam second").is_error
    for attack in (
        "echo '[core] fsmonitor = touch /tmp/x' >> .git/config",
        "echo evil > .git/hooks/post-checkout",
        "rm -rf .git",
        "mv .git other",
        "mount -o remount,rw .git",
    ):
        assert repository.output(attack).is_error, attack
    after = {path: path.read_bytes() for path in repository.ws.glob(".git/**/*") if path.is_file()}
    assert after == before


@needs_git
def test_a_worktree_reads_its_repository_and_writes_neither_that_nor_its_link(boxed, tmp_path):
    home = tmp_path / "repository"
    home.mkdir()
    git(home, "init", "-q", "-b", "main")
    (home / "a.txt").write_text("one\n")
    git(home, "add", ".")
    git(home, "commit", "-q", "-m", "first")
    boxed.ws.rmdir()
    git(home, "worktree", "add", "-q", str(boxed.ws))
    assert shield.repository(str(boxed.ws)) == [str(home / ".git")]
    assert boxed.does("git log --format=%s; cat a.txt") == "first\none"
    link = (boxed.ws / ".git").read_text()
    for attack in ("echo x > .git", "rm .git", f"touch {home}/.git/x", f"cat {home}/a.txt"):
        assert boxed.output(attack).is_error, attack
    assert (boxed.ws / ".git").read_text() == link


@pytest.mark.parametrize(
    "words", ["gitdir: {0}", "gitdir: {0}/worktrees/x", "{0}", "gitdir: a\0b", "\udcff", ""]
)
def test_a_forged_link_shows_nothing(boxed, tmp_path, words):
    private = tmp_path / "private"
    (private / "worktrees" / "x").mkdir(parents=True)
    (private / "key").write_text("canary")
    (private / "worktrees" / "x" / "gitdir").write_text("/somewhere/else/.git\n")
    link = words.format(private).encode("utf-8", "surrogateescape")
    (boxed.ws / ".git").write_bytes(link)
    assert shield.repository(str(boxed.ws)) == []
    assert "canary" not in boxed.output(f"cat {private}/key").text


def test_what_steers_something_later_is_read_only(boxed):
    for name in shield.STEERING:
        path = boxed.ws / name
        if "." in name[1:] or name[0] != ".":
            path.write_text("as it was")
        else:
            path.mkdir()
            (path / "inside").write_text("as it was")
    for name in shield.STEERING:
        path = boxed.ws / name
        target = f"{name}/inside" if path.is_dir() else name
        assert boxed.does(f"cat {target}") == "as it was"
        assert boxed.output(f"echo x > {target}").is_error
        assert boxed.output(f"rm -rf {name}").is_error
        assert boxed.output(f"mv {name} elsewhere").is_error
        assert (boxed.ws / target).read_text() == "as it was"


def test_links_of_such_names_are_followed_inside_and_ignored_outside(boxed, tmp_path):
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "key").write_text("canary")
    (boxed.ws / "AGENTS.md").write_text("rules")
    (boxed.ws / "CLAUDE.md").symlink_to("AGENTS.md")
    (boxed.ws / ".vscode").symlink_to(tmp_path / "private")
    (boxed.ws / ".claude").symlink_to(".claude")
    (boxed.ws / ".agents").symlink_to(".")
    assert shield.steering(str(boxed.ws)) == [str(boxed.ws / "AGENTS.md")]
    assert boxed.output("echo x > CLAUDE.md").is_error
    assert "canary" not in boxed.output("cat .vscode/key").text


def test_case_101_runs_are_neither_seen_nor_written(boxed):
    """Nor can a command answer a run's questions through its socket."""
    run = boxed.ws / ".hocket" / "runs" / "4f2a"
    run.mkdir(parents=True)
    (run / "journal.jsonl").write_text("canary")
    assert boxed.does("ls -A .hocket; ls -A .hocket/runs") == "runs"
    assert boxed.output("echo x > .hocket/runs/x").is_error
    assert boxed.output("umount .hocket/runs").is_error
    assert [one.name for one in run.iterdir()] == ["journal.jsonl"]


def test_runs_that_are_a_link_are_not_followed(boxed, tmp_path):
    (boxed.ws / ".hocket").mkdir()
    (boxed.ws / ".hocket" / "runs").symlink_to(tmp_path)
    assert shield.hidden(str(boxed.ws)) == []
    assert boxed.does("echo fine") == "fine"


def test_more_folders_are_shown_when_a_person_says_so(boxed, tmp_path):
    (tmp_path / "toolchain").mkdir()
    (tmp_path / "toolchain" / "x").write_text("tool")
    assert boxed.output(f"cat {tmp_path}/toolchain/x").is_error
    boxed.again(readable=[str(tmp_path / "toolchain"), str(tmp_path / "missing")])
    assert boxed.does(f"cat {tmp_path}/toolchain/x") == "tool"
    assert boxed.output(f"echo x > {tmp_path}/toolchain/x").is_error


def test_options_come_from_no_argument_and_stay_open_for_nobody(boxed):
    assert boxed.does("ls /proc/self/fd").split() == ["0", "1", "2", "3", "4"]
    assert boxed.does("readlink /proc/self/fd/4 || echo closed") == "closed"


@pytest.fixture
def fake(tmp_path):
    """Give a folder of programs with a bubblewrap that does as it is told."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "bash").symlink_to(shutil.which("bash") or "/bin/bash")

    def make(words: str) -> str:
        (programs / "bwrap").write_text(f"#!/bin/sh\n{words}\n")
        (programs / "bwrap").chmod(0o755)
        return str(programs)

    return make


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("echo 'bwrap: No permissions to create new namespace' >&2; exit 1", "No permissions"),
        ("exit 7", "bubblewrap fails: 7"),
    ],
)
def test_a_sandbox_that_does_not_work_is_said_in_every_header(bare, fake, words, why):
    path = f"{fake(words)}:/usr/bin:/bin"
    bare.mode = "auto"
    bare.again({"PATH": path})
    output = bare.output("echo hi")
    assert output.text.startswith("[exit code 0; shell: not sandboxed: bubblewrap fails: ")
    assert why in output.text
    assert output.text.endswith("]\nhi\n")


def test_where_a_sandbox_is_required_nothing_runs_without(bare, fake):
    bare.mode = "require"
    bare.again({"PATH": fake("exit 7")})
    assert bare.output("touch made").text == (
        "the settings require a sandbox, and there is none: bubblewrap fails: 7"
    )
    assert list(bare.ws.iterdir()) == []


def test_the_probe_is_run_once(fake, tmp_path):
    path = f"{fake(f'echo x >> {tmp_path}/probed; exit 0')}/bwrap"
    assert [sandbox.probe(path, "/bin/bash") for _ in range(3)] == ["", "", ""]
    assert (tmp_path / "probed").read_text() == "x\n"


def test_a_bubblewrap_that_cannot_be_started_or_is_not_there(tmp_path):
    (tmp_path / "bwrap").write_text("")
    assert "does not start: PermissionError" in sandbox.probe(str(tmp_path / "bwrap"), "/bin/bash")
    assert sandbox.probe(None, "/bin/bash") == "bubblewrap (bwrap) is not installed"


def test_a_bubblewrap_inside_the_workspace_is_not_ours_to_run(bare):
    (bare.ws / "bwrap").write_text("#!/bin/sh\ntouch ran\n")
    (bare.ws / "bwrap").chmod(0o755)
    bare.mode = "require"
    bare.again({"PATH": f"{bare.ws}:{Path(shutil.which('bash') or '/bin').parent}"})
    found = sandbox.program("bwrap", bare.context.environment, not_in=str(bare.ws))
    assert found != str(bare.ws / "bwrap")
    bare.output("true")
    assert not (bare.ws / "ran").exists()


def test_the_options_are_those_of_the_specification():
    options = sandbox.machine(network=False)
    alone = ["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    assert options[:5] == alone
    assert "--share-net" not in options
    assert "--share-net" in sandbox.machine(network=True)
    assert sandbox.private({"HOME": "/", "TMPDIR": "relative"}) == ["--tmpfs", "/tmp"]  # noqa: S108
