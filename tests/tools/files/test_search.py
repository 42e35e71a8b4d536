"""Glob and Grep: bounded in number, size and time; with and without ripgrep the same."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading

import pytest

from hocket.api.tools import Label
from hocket_plugins.tools.files.confinement import Confinement

RG = shutil.which("rg")
WAYS = [
    pytest.param(False, id="walk"),
    pytest.param(True, id="rg", marks=pytest.mark.skipif(not RG, reason="no ripgrep (rg)")),
]


@pytest.fixture(params=WAYS)
def seeker(request, agent):
    """Give an agent that searches with ripgrep, and one without."""
    path = os.path.dirname(RG) if request.param else "/nowhere"  # noqa: PTH120
    agent.path = path
    agent.again(path=path)
    return agent


@pytest.fixture
def project(seeker):
    for name in ("a.py", "b.txt", "src/c.py", "src/deep/d.py", "src/deep/e.js", ".github/f.py"):
        seeker.put(name, f"name {name}\nneedle\n")
    return seeker


def test_files_are_found_by_name_at_any_depth(project):
    assert project.does("Glob", pattern="*.py").splitlines() == [
        "a.py",
        ".github/f.py",
        "src/c.py",
        "src/deep/d.py",
    ]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("src/*.py", ["src/c.py"]),
        ("src/**/*.py", ["src/c.py", "src/deep/d.py"]),
        ("/*.py", ["a.py"]),
        ("*.{js,txt}", ["b.txt", "src/deep/e.js"]),
        ("src/**", ["src/c.py", "src/deep/d.py", "src/deep/e.js"]),
        ("?.txt", ["b.txt"]),
        ("[a-b].*", ["a.py", "b.txt"]),
        ("nothing*", ["[nothing was found]"]),
    ],
)
def test_globs(project, pattern, found):
    assert project.does("Glob", pattern=pattern).splitlines() == found


def test_a_folder_to_look_in(project):
    assert project.does("Glob", pattern="*.py", path="src").splitlines() == [
        "src/c.py",
        "src/deep/d.py",
    ]
    assert project.does("Glob", pattern="deep/*", path="src").splitlines() == [
        "src/deep/d.py",
        "src/deep/e.js",
    ]


def test_lines_are_found_with_their_numbers(project):
    assert project.does("Grep", pattern="need.e", glob="src/**/*.py").splitlines() == [
        "src/c.py:2:needle",
        "src/deep/d.py:2:needle",
    ]


def test_in_one_file_and_in_one_folder(project):
    assert project.does("Grep", pattern="needle", path="src/c.py") == "src/c.py:2:needle"
    found = project.does("Grep", pattern="needle", path="src/deep")
    assert found.splitlines() == ["src/deep/d.py:2:needle", "src/deep/e.js:2:needle"]


def test_files_only_and_counts(project):
    project.put("many", "needle\nneedle\n")
    files = project.does("Grep", pattern="needle", output_mode="files_with_matches")
    assert files.splitlines()[:3] == ["a.py", "b.txt", "many"]
    counts = project.does("Grep", pattern="needle", output_mode="count", glob="{a.py,many}")
    assert counts.splitlines() == ["a.py:1", "many:2"]


@pytest.mark.parametrize(
    ("pattern", "more", "lines"),
    [
        ("NEEDLE", {}, []),
        ("NEEDLE", {"ignore_case": True}, ["n:2"]),
        ("^needle$", {}, ["n:2"]),
        (r"\bone\b", {}, ["n:1"]),
        ("^$", {}, ["n:3"]),
        ("(?i)ONE", {}, ["n:1"]),
        ("é+", {}, ["n:4"]),
        (r"end\z", {}, ["n:5"]),
        (r"\Aend", {}, ["n:5"]),
        ("one.needle", {}, []),
        ("-e", {}, []),
    ],
)
def test_patterns(seeker, pattern, more, lines):
    seeker.put("n", "one two\nneedle\r\n\nééé\nend")
    found = seeker.does("Grep", pattern=pattern, **more)
    got = [line.rpartition(":")[0] for line in found.splitlines() if line.startswith("n:")]
    assert got == lines


@pytest.mark.parametrize("pattern", ["(", "(?=x)", r"(a)\1", "[z-a]", "(a{999}){999}"])
def test_a_pattern_that_cannot_be_used_is_said(seeker, pattern):
    assert "the pattern cannot be used: " in seeker.fails("Grep", pattern=pattern)


def test_no_pattern_hangs(seeker):
    seeker.put("a", "a" * 50_000 + "b")
    assert "[nothing was found]" in seeker.does("Grep", pattern="^(a+)+$")
    assert "[nothing was found]" in seeker.does("Glob", pattern="*a*" * 50 + "b")


def test_what_is_ignored_is_left_out(project):
    project.put(".gitignore", "# words\n\n*.log\n/build/\ndeep/e.js\n!keep.log\n[\n")
    project.put("src/.gitignore", "local\n!*.log\n")
    for name in ("x.log", "keep.log", "build/x", "src/build/x", "src/local", "local", "src/y.log"):
        project.put(name, "needle")
    project.put(".git/objects/x", "needle")
    found = project.does("Glob", pattern="**").splitlines()
    assert found == [
        *(".gitignore", "a.py", "b.txt", "keep.log", "local", ".github/f.py"),
        *("src/.gitignore", "src/c.py", "src/y.log", "src/build/x"),
        *("src/deep/d.py", "src/deep/e.js"),
    ]
    grep = project.does("Grep", pattern="needle", output_mode="files_with_matches").splitlines()
    assert grep == [name for name in found if "gitignore" not in name]
    inner = project.does("Glob", pattern="**", path="src/deep").splitlines()
    assert inner == ["src/deep/d.py", "src/deep/e.js"]
    project.put("src/deep/.gitignore", "e.js")
    assert "e.js" not in project.does("Glob", pattern="*.js", path="src/deep")


def test_ignore_files_above_the_workspace_do_not_count(seeker, tmp_path):
    (tmp_path / ".gitignore").write_text("*\n")
    (tmp_path / ".git").mkdir()
    seeker.put("a", "needle")
    assert seeker.does("Glob", pattern="*") == "a"
    assert seeker.does("Grep", pattern="needle") == "a:1:needle"


def test_at_most_200_paths(seeker):
    for number in range(250):
        seeker.put(f"{number:03}", "needle\n")
    found = seeker.does("Glob", pattern="*").splitlines()
    assert (found[:2], found[199:]) == (
        ["000", "001"],
        ["199", "[there is more; narrow the path or the pattern]"],
    )
    grep = seeker.does("Grep", pattern="needle", output_mode="files_with_matches").splitlines()
    assert grep == found


def test_at_most_100_kib(seeker):
    seeker.put("a", "".join(f"needle {n:092}\n" for n in range(2000)))
    text = seeker.does("Grep", pattern="needle")
    *lines, note = text.splitlines()
    assert note == "[there is more; narrow the path or the pattern]"
    assert 100 * 1024 - 110 < sum(len(line) + 1 for line in lines) <= 100 * 1024


def test_a_wide_line_is_cut_and_escapes_are_taken_out(seeker):
    seeker.put("a", "x" * 1000 + "needle")
    seeker.put("b", "\x1b[31mneedle\x1b[0m\x07")
    assert seeker.does("Grep", pattern="needle") == f"a:1:{'x' * 500}\nb:1:needle"


def test_a_line_without_an_end_is_looked_at_in_pieces(seeker):
    seeker.put("a", b"x" * (5 * 1024 * 1024) + b"needle\nneedle\n")
    found = seeker.does("Grep", pattern="needle$").splitlines()
    assert [line[:10] for line in found] == ["a:1:xxxxxx", "a:2:needle"]


def test_lines_are_counted_across_blocks(seeker):
    seeker.put("a", "filler filler\n" * 200_000 + "needle\n")
    assert seeker.does("Grep", pattern="needle") == "a:200001:needle"


def test_binary_files_are_left_out_and_said_when_asked_for(seeker):
    seeker.put("a.bin", b"needle\0")
    assert seeker.does("Grep", pattern="needle") == "[nothing was found]"
    said = seeker.does("Grep", pattern="needle", path="a.bin")
    assert said == "[nothing was found]\n[1 not searched: it is binary]"


def test_odd_names(seeker):
    names = [os.fsdecode(b"caf\xe9"), "a b", "new\nline", "-dash", "ümlaut", "star*"]
    for name in names:
        seeker.put(name, "needle")
    found = sorted(seeker.does("Glob", pattern="*").splitlines())
    assert found == sorted(["caf\\xe9", "a b", "new\\x0aline", "-dash", "ümlaut", "star*"])
    assert len(seeker.does("Grep", pattern="needle").splitlines()) == len(names)


def test_what_cannot_be_searched_is_said(seeker):
    seeker.put("file", "x")
    assert "no such file" in seeker.fails("Grep", pattern="x", path="missing")
    assert "no such file" in seeker.fails("Glob", pattern="x", path="missing")
    assert "no folder" in seeker.fails("Glob", pattern="x", path="file")


def test_what_is_found_in_a_root_is_outside(seeker):
    (seeker.root / "a.txt").write_text("needle")
    for tool in ("Glob", "Grep"):
        output = seeker.output(
            tool, pattern="needle" if tool == "Grep" else "*", path=str(seeker.root)
        )
        assert output.text.startswith(f"{seeker.root}/a.txt")
        assert output.label == Label(outside=True, sources=frozenset({str(seeker.root)}))


def test_a_search_ends_in_time_with_what_it_has(seeker):
    for number in range(20):
        seeker.put(f"f{number:02}", "needle\n" + "x\n" * 2_000_000)
    seeker.again(path=seeker.path, search_s=0.2)
    text = seeker.does("Grep", pattern="needle|^y", output_mode="count")
    assert text.splitlines()[-1] == "[stopped after 0.2 s; narrow the path]"


def test_a_search_that_is_cancelled_leaves_no_thread_at_work(seeker):
    for number in range(20):
        seeker.put(f"f{number:02}", "x\n" * 2_000_000)

    async def story() -> None:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(
                seeker.tools["Grep"].run({"pattern": "needle|^y"}, seeker.context)
            )
            await asyncio.sleep(0.1)
            task.cancel()

    asyncio.run(story())
    assert not [one for one in threading.enumerate() if one.name.startswith("asyncio_")]


def test_a_folder_that_may_not_be_read_is_as_if_it_were_empty(seeker):
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    seeker.put("closed/a", "needle")
    (seeker.ws / "closed").chmod(0)
    try:
        assert seeker.does("Grep", pattern="needle") == "[nothing was found]"
    finally:
        (seeker.ws / "closed").chmod(0o755)


def test_a_deep_tree_is_walked(seeker):
    folder = "/".join(["d"] * 500)
    seeker.put(f"{folder}/a", "needle")
    assert seeker.does("Glob", pattern="a") == f"{folder}/a"


@pytest.fixture
def fake(agent):
    """Give a way to put a ripgrep beside the workspace that does what it is told."""
    programs = agent.ws.parent / "programs"
    programs.mkdir()

    def make(words: str, home=programs) -> None:
        (home / "rg").write_text(f"#!/bin/sh\n{words}\n")
        (home / "rg").chmod(0o755)
        agent.again(path=str(home))

    return make


def test_a_ripgrep_that_fails_is_done_without(agent, fake):
    agent.put("a", "needle")
    fake("exit 2")
    assert agent.does("Grep", pattern="needle") == "a:1:needle"


def test_what_ripgrep_names_is_looked_at_again(agent, fake):
    """It may have been led outside by a race, or lie: it is only a quick eye."""
    agent.put("a", "needle")
    agent.put("b", "hay")
    (agent.ws / "dir").symlink_to(agent.outside)
    fake(r"printf './a\0./b\0./dir/key.txt\0./../outside/key.txt\0./gone\0'")
    assert agent.does("Grep", pattern="needle|words").splitlines()[0] == "a:1:needle"
    assert "words" not in agent.does("Grep", pattern="needle|words")
    assert agent.does("Glob", pattern="**").splitlines()[:2] == ["a", "b"]
    assert "key" not in agent.does("Glob", pattern="**")


def test_a_ripgrep_inside_the_workspace_is_not_ours_to_run(agent, fake):
    agent.put("a", "needle")
    fake("touch ran; exit 1", agent.ws)
    assert agent.does("Grep", pattern="needle") == "a:1:needle"
    assert not (agent.ws / "ran").exists()


def test_a_ripgrep_that_hangs_is_ended_in_time(agent, fake):
    fake("echo $$ > $(dirname $0)/pid; exec /bin/sleep inf")
    agent.tools["Grep"].limits = agent.tools["Grep"].limits.model_copy(update={"search_s": 0.5})
    assert "[stopped after 0.5 s" in agent.does("Grep", pattern="needle")
    pid = int((agent.ws.parent / "programs" / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_link_on_the_path_into_the_workspace_is_seen_through(agent, tmp_path):
    (tmp_path / "bin").mkdir()
    agent.put("rg")
    (tmp_path / "bin" / "rg").symlink_to(agent.ws / "rg")
    assert Confinement(agent.context.workspace).holds(str(tmp_path / "bin" / "rg"))
