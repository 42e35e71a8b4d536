"""A branch of a run's own: patches go in three-way and become commits, and nothing else changes."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from hocket.api.branches import Examined, Put
from hocket.api.calls import Check
from hocket.errors import HocketError
from hocket.workspaces.checks import Checks
from hocket.workspaces.preparing import Preparation

LINES = "".join(f"line {n}\n" for n in range(1, 10))


async def examine(command, workspace, tree):
    """Run a command as a check; its text is its name."""
    assert len(tree) in (40, 64)
    ended = await Checks({"PATH": os.environ["PATH"]}).run(
        Check("check", command), workspace, "test"
    )
    return Examined(ended.code == 0, ended.output)


@pytest.fixture
def team(person):
    """Give a repository of three files, and patches that agents made of it."""
    for name in ("a", "b", "c"):
        (person.project / f"{name}.txt").write_text(LINES)
    person.commit("three files")
    (person.project / "app.py").write_text("not committed\n")
    person.owned_before = person.owned()
    return person


def patch(person, changes, number=1, **options):
    """Let an agent write files, or delete them, in a tree of its own; gives its patch."""

    def agent(tree):
        for name, text in changes.items():
            if text is None:
                (tree / name).unlink()
            else:
                (tree / name).write_text(text)

    _, _, made = person.work(agent, asked=person.call(number), run_id="run1", **options)
    return made.patch


def line(number, text):
    return LINES.replace(f"line {number}\n", f"{text}\n")


def on_branch(person, story, *, base="HEAD", name=None, project=None, **more):
    """Tell a story about a branch; gives what it returned."""

    async def told():
        workspaces = person.workspaces("run1", project, **more)

        def load(digest):
            return person.kept.get(digest)

        async with workspaces.branch(base, name, load, examine) as branch:
            return await story(branch)

    return asyncio.run(told())


def log(person, branch):
    return person.line("log", "--format=%s", f"feature..{branch}").splitlines()


def test_patches_become_commits_and_the_persons_tree_stays_as_it_was(team):
    one, two = patch(team, {"a.txt": line(1, "A")}), patch(team, {"b.txt": line(2, "B")}, 2)

    async def story(branch):
        assert branch.obstacle is None
        assert (branch.head, branch.base) == (team.line("rev-parse", "HEAD"),) * 2
        assert await branch.files(one) == ("a.txt",)
        puts = [await branch.put(one), await branch.put(two)]
        commits = await branch.commit(["first", "second\n\nfrom call 2"])
        assert (puts, branch.head) == ([Put(clean=True)] * 2, commits[-1])
        return branch.name, branch.head

    name, head = on_branch(team, story)
    assert (name, head) == ("hocket/run1/integrated", team.line("rev-parse", name))
    assert log(team, name) == ["second", "first"]
    assert team.line("show", "--name-only", "--format=", f"{name}~1") == "a.txt"
    assert team.git("show", f"{name}:b.txt").decode() == line(2, "B")
    assert (team.owned(), team.left()) == (team.owned_before, [])


def test_neighbouring_changes_of_one_file_merge(team):
    one, two = patch(team, {"a.txt": line(1, "A")}), patch(team, {"a.txt": line(9, "Z")}, 2)

    async def story(branch):
        await branch.put(one)
        await branch.commit(["one"])
        assert await branch.put(two) == Put(clean=True)
        await branch.commit(["two"])
        return branch.name

    merged = team.git("show", f"{on_branch(team, story)}:a.txt").decode()
    assert merged == line(1, "A").replace("line 9", "Z")


def test_a_conflict_is_told_by_its_places_and_leaves_nothing_behind(team):
    one = patch(team, {"a.txt": line(3, "mine"), "new.txt": "new\n"})
    two = patch(team, {"a.txt": line(3, "yours"), "new.txt": "other\n", "b.txt": "b\n"}, 2)

    async def story(branch):
        await branch.put(one)
        put = await branch.put(two)
        assert (put.clean, put.changed) == (False, False)
        told = await branch.check("git status --porcelain")
        assert told.output == "M  a.txt\nA  new.txt\n"
        await branch.commit(["one"])
        return put.hunks, branch.name

    hunks, name = on_branch(team, story)
    assert [one.file for one in hunks] == ["a.txt", "new.txt"]
    assert hunks[0].text == "<<<<<<< ours\nmine\n=======\nyours\n>>>>>>> theirs"
    assert team.git("show", f"{name}:new.txt") == b"new\n"
    assert team.git("show", f"{name}:b.txt").decode() == LINES


def bits(person, content, number, *, also=lambda _tree: None):
    """Let an agent write a binary file."""

    def agent(tree):
        (tree / "logo.bin").write_bytes(content)
        also(tree)

    return person.work(agent, asked=person.call(number), run_id="run1")[2].patch


def test_binary_files_conflict_without_marks(team):
    one, two = bits(team, b"\0\1", 1), bits(team, b"\0\2", 2)

    async def story(branch):
        await branch.put(one)
        return await branch.put(two)

    (hunk,) = on_branch(team, story).hunks
    assert (hunk.file, hunk.text.partition(",")[0]) == ("logo.bin", "Both sides changed it")


def test_a_file_that_the_other_deleted_is_told_with_what_was_to_go_in(team):
    """Of a patch that fits nowhere, only the files that git names; all other ones stay as well."""
    one = bits(team, b"\0\1", 1, also=lambda tree: (tree / "old.txt").unlink())
    two = patch(team, {"a.txt": line(1, "A"), "old.txt": "older\n"}, 2)

    async def story(branch):
        await branch.put(one)
        put = await branch.put(two)
        return put, (await branch.check("git diff --quiet HEAD -- a.txt")).passed

    put, is_whole = on_branch(team, story)
    assert ([hunk.file for hunk in put.hunks], put.clean, is_whole) == (["old.txt"], False, True)
    assert "-old\n+older\n" in put.hunks[0].text


def test_a_file_that_is_not_there_is_told_with_what_was_to_go_in(team):
    """Git has no version to merge with: the file came after the base."""
    later = patch(team, {"c.txt": line(5, "C")})

    async def story(branch):
        return await branch.put(later)

    put = on_branch(team, story, base="HEAD~1")
    assert [one.file for one in put.hunks] == ["c.txt"]
    assert put == Put(clean=False, changed=False, hunks=put.hunks)
    assert "+C\n" in put.hunks[0].text


def test_what_is_in_already_what_is_empty_and_what_is_not_kept(team):
    one, empty = patch(team, {"a.txt": line(1, "A")}), team.keep(b"")

    async def story(branch):
        await branch.put(one)
        again, nothing, lost = [await branch.put(which) for which in (one, empty, "f" * 64)]
        assert again == nothing == Put(clean=True, changed=False)
        assert lost == Put(clean=False, changed=False, cause="the run does not keep its patch")
        assert [await branch.files(which) for which in (empty, "f" * 64)] == [(), ()]
        return await branch.commit(["once"])

    assert len(on_branch(team, story)) == 1


def test_undo_takes_out_what_is_not_committed(team):
    one = patch(team, {"a.txt": line(1, "A"), "deep.txt": "x\n"})

    async def story(branch):
        await branch.put(one)
        await branch.undo()
        assert (await branch.check("git diff --exit-code HEAD && test ! -e deep.txt")).passed
        assert await branch.commit([]) == ()
        return branch.name, branch.head == branch.base

    name, is_at_base = on_branch(team, story)
    assert is_at_base
    assert team.line("rev-parse", name) == team.line("rev-parse", "HEAD")


def test_back_and_forward_among_the_commits_of_the_branch(team):
    patches = [patch(team, {f"{name}.txt": line(1, name)}, n) for n, name in enumerate("abc", 1)]

    async def story(branch):
        for one in patches:
            await branch.put(one)
        first, second, third = await branch.commit(["1", "2", "3"])
        seen = []
        for commit in (branch.base, second, third, first):
            await branch.back_to(commit)
            told = await branch.check("head -qn1 a.txt b.txt c.txt | tr '\\n' ' '")
            seen.append(told.output)
        assert seen == ["line 1 line 1 line 1 ", "a b line 1 ", "a b c ", "a line 1 line 1 "]
        with pytest.raises(KeyError):
            await branch.back_to(team.line("rev-parse", "main"))
        assert await branch.put(patches[2]) == Put(clean=True)
        await branch.commit(["3 again"])
        return branch.name

    assert log(team, on_branch(team, story)) == ["3 again", "1"]


def test_a_check_sees_uncommitted_patches_as_changes_and_leaves_nothing(team):
    one = patch(team, {"a.txt": line(1, "A"), "fresh.txt": "x\n"})
    mess = "git diff --name-only HEAD; echo x > b.txt; rm c.txt; mkdir -p d; echo y > d/e; exit 3"

    async def story(branch):
        await branch.put(one)
        told = await branch.check(mess)
        clean = await branch.check("test ! -e d/e && git diff --exit-code -- b.txt c.txt")
        await branch.commit(["one"])
        return told, clean.passed, branch.name

    told, is_clean, name = on_branch(team, story)
    assert (told.passed, told.output) == (False, "a.txt\nfresh.txt\n")
    assert is_clean
    assert team.line("diff", "--name-only", "feature", name).split() == ["a.txt", "fresh.txt"]
    assert team.owned() == team.owned_before


def test_a_check_that_puts_a_link_in_the_place_of_the_tree_gets_nowhere(team, tmp_path):
    """Else git would write through it, into whatever it leads to."""
    away = tmp_path / "precious"
    away.mkdir()
    (away / "a.txt").write_text("precious\n")
    swap = f'here=$PWD; cd ..; mv "$here" "$here.old"; ln -s {away} "$here"'

    async def story(branch):
        await branch.check(swap)

    with pytest.raises(HocketError, match="something else is in its place"):
        on_branch(team, story)
    assert (away / "a.txt").read_text() == "precious\n"
    assert team.branches() == ["feature", "main"]


def test_what_setup_and_links_brought_stays_when_a_check_is_undone(team):
    (team.project / "modules").mkdir()
    (team.project / "modules" / "m").write_text("m\n")
    (team.project / ".gitignore").write_text("cache/\n")
    prepared = Preparation(("modules",), ("echo s > settings",), {"PATH": os.environ["PATH"]})

    async def story(branch):
        await branch.check("mkdir -p cache; git init -q inner; echo x > inner/f; echo x > stray")
        told = await branch.check("cat modules/m settings; ls -d stray inner 2>/dev/null; true")
        return told.output

    assert on_branch(team, story, preparation=prepared) == "m\ns\n"


def test_a_second_branch_takes_the_next_name_and_a_name_becomes_one_word(team):
    async def name_of(branch):
        return branch.name

    names = [on_branch(team, name_of, name=name) for name in (None, None, "Port to/5 ☃", "☃")]
    assert names == [
        "hocket/run1/integrated",
        "hocket/run1/integrated-2",
        "hocket/run1/port-to-5",
        "hocket/run1/integrated-3",
    ]


def test_a_folder_that_somebody_left_is_not_taken(team):
    async def name_of(branch):
        (folder,) = team.cache.glob("worktrees/*/run1")
        (folder / "other").mkdir()
        async with team.workspaces("run1").branch("HEAD", "other", bytes, examine) as other:
            return other.name

    assert on_branch(team, name_of) == "hocket/run1/other-2"


@pytest.mark.parametrize("base", ["nowhere", "--help", "HEAD:a.txt", ""])
def test_a_base_that_is_no_commit_is_said_and_nothing_is_made(team, base):
    async def obstacle(branch):
        return branch.obstacle, branch.name, branch.base, branch.head

    assert on_branch(team, obstacle, base=base) == (f"base {base!r} is no commit here", "", "", "")
    assert team.left() == []


def test_outside_of_git_it_is_said_that_there_can_be_none(plain):
    async def story(branch):
        for asked in (
            branch.files("x"),
            branch.put("x"),
            branch.commit(["x"]),
            branch.undo(),
            branch.back_to("x"),
            branch.check("x"),
        ):
            with pytest.raises(HocketError, match="there is none: the project is in no git"):
                await asked
        return branch.obstacle

    assert on_branch(plain, story) == "the project is in no git repository"


def test_with_a_setup_that_fails_there_is_none(team):
    async def obstacle(branch):
        return branch.obstacle

    fails = Preparation((), ("exit 1",), {"PATH": os.environ["PATH"]})
    assert on_branch(team, obstacle, preparation=fails).startswith("`exit 1` ended with exit 1")
    assert (team.left(), team.branches()) == ([], ["feature", "main"])


def test_a_repository_without_a_commit_has_none(plain):
    async def obstacle(branch):
        return branch.obstacle

    plain.git("init", "-q")
    assert on_branch(plain, obstacle) == "the repository has no commit yet"


def test_an_isolated_call_can_start_from_its_head(team):
    one = patch(team, {"a.txt": line(1, "A")})

    async def story(branch):
        await branch.put(one)
        await branch.commit(["one"])
        opening = team.workspaces("run1").open(team.call(5), base=branch.head)
        async with opening as workspace:
            seen = (workspace.path / "a.txt").read_text()
            (workspace.path / "a.txt").write_text(seen.replace("A", "AA"))
        assert opening.changes.base == branch.head
        assert await branch.put(opening.changes.patch) == Put(clean=True)
        await branch.commit(["again"])
        return branch.name

    assert team.git("show", f"{on_branch(team, story)}:a.txt").decode() == line(1, "AA")


def test_a_project_beneath_the_top_of_its_repository(team):
    docs = team.project / "docs"

    def agent(tree):
        (tree / "guide.md").write_text("# New\n")
        (tree.parent / "a.txt").write_text(line(1, "A"))

    one = team.work(agent, asked=team.call(), run_id="run1", project=docs)[2].patch

    async def story(branch):
        assert await branch.files(one) == ("a.txt", "docs/guide.md")
        await branch.put(one)
        told = await branch.check("cat guide.md; head -qn1 ../a.txt")
        await branch.commit(["one"])
        return told.output, branch.name

    output, name = on_branch(team, story, project=docs)
    assert output == "# New\nA\n"
    assert team.git("show", f"{name}:docs/guide.md") == b"# New\n"
    assert team.owned() == team.owned_before


def test_places_are_few_and_short(team):
    ours = {f"f{n:02d}": f"{'o' * 3000}\n" for n in range(25)}
    one, two = patch(team, ours), patch(team, dict.fromkeys(ours, "t\n"), 2)

    async def story(branch):
        await branch.put(one)
        return (await branch.put(two)).hunks

    hunks = on_branch(team, story)
    assert (len(hunks), {len(hunk.text) for hunk in hunks}) == (20, {2002})


class Stop(Exception):
    """Somebody gives up."""


def test_a_block_that_raises_leaves_neither_tree_nor_branch(team):
    one = patch(team, {"a.txt": line(1, "A")})
    branches = team.branches()

    async def story(branch):
        await branch.put(one)
        await branch.commit(["one"])
        raise Stop

    with pytest.raises(Stop):
        on_branch(team, story)
    assert (team.left(), team.branches()) == ([], branches)


def test_a_process_that_dies_leaves_what_the_next_one_takes_away(team):
    """Half an integration is nobody's work: a resume begins anew from the base."""
    one = patch(team, {"a.txt": line(1, "A")})
    branches = team.branches()

    async def story(branch):
        await branch.put(one)
        await branch.commit(["one"])
        os._exit(9)

    pid = os.fork()
    if pid == 0:
        try:
            on_branch(team, story)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9
    assert "hocket/run1/integrated" in team.branches()
    assert asyncio.run(team.workspaces("next").clean()) == []
    assert (team.left(), team.branches()) == ([], branches)
    assert team.owned() == team.owned_before


def test_a_living_branch_is_not_cleaned_away(team):
    team.alive.add("run1")

    async def story(branch):
        assert await team.workspaces("next").clean() == []
        return await branch.check("git rev-parse --abbrev-ref HEAD")

    assert on_branch(team, story).output == "hocket/run1/integrated\n"


@pytest.mark.parametrize("how", ["before", pytest.param("after", marks=pytest.mark.slow)])
@pytest.mark.parametrize("every", [3, pytest.param(1, marks=pytest.mark.slow)])
def test_a_kill_at_any_command_of_git_leaves_all_or_nothing(team, trap, how, every):
    one, owned = patch(team, {"a.txt": line(1, "A")}), team.owned()
    branches = team.branches()

    async def story(branch):
        await branch.put(one)
        await branch.commit(["one"])
        assert (await branch.check("true")).passed

    def lived():
        pid = os.fork()
        if pid == 0:
            try:
                on_branch(team, story)
            finally:
                os._exit(0)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def left():
        assert [one.trouble for one in asyncio.run(team.workspaces("next").clean())] in ([], [None])
        assert (team.left(), team.owned()) == ([], owned)
        new = set(team.branches()) - set(branches)
        for name in new:
            assert team.git("show", f"{name}:a.txt").decode() == line(1, "A")
            team.git("branch", "-D", name)
        return len(new)

    with trap.laid():
        trap.set(0)
        assert lived() == 0
        number = len(trap.commands)
        assert left() == 1
        for when in range(number, 0, -every):
            trap.set(when, "KILL", how)
            assert lived() == -signal.SIGKILL
            trap.set(0)
            left()


def test_a_worktree_that_cannot_be_made_leaves_nothing(team):
    """A repository that takes no branch: its refs are files where a folder must be."""
    (team.project / ".git" / "refs" / "heads" / "hocket").write_text("")

    async def obstacle(branch):
        return branch.obstacle

    assert "hocket" in on_branch(team, obstacle)
    assert team.left() == []
