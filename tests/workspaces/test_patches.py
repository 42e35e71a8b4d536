"""A patch counts only when it provably gives the tree that the agent left."""

from __future__ import annotations

import asyncio
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hocket.errors import HocketError
from hocket.workspaces import git, patches
from hocket.workspaces.repository import Repository

NAMES = st.lists(
    st.binary(min_size=1, max_size=6).filter(
        lambda name: not set(name) & set(b"/\0") and name.lower() not in {b".", b"..", b".git"}
    ),
    min_size=1,
    max_size=3,
).map(b"/".join)
FILES = st.dictionaries(NAMES, st.tuples(st.binary(max_size=30), st.booleans()), max_size=5)


def test_a_patch_that_gives_another_tree_is_no_proof(person, tmp_path):
    changes = person.work(person.change)[2]
    patch = person.kept[changes.patch]

    async def prove(tree, given):
        repository = await Repository.of(person.project, git.program())
        scratch = repository.git.on(person.project, tmp_path / "scratch")
        await patches.prove(scratch, changes.base, tree, given)

    tree = person.line("rev-parse", f"{changes.branch}^{{tree}}")
    asyncio.run(prove(tree, patch))
    with pytest.raises(HocketError, match="its patch gives the tree") as refused:
        asyncio.run(prove(tree, patch.replace(b"+2\n", b"+3\n")))
    assert "Nothing was deleted" in refused.value.hint


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(left=FILES)
def test_whatever_files_an_agent_leaves_come_home_in_the_patch(person, left):
    def agent(tree):
        for path in tree.iterdir():
            if path.name != ".git" and path.is_file():
                path.unlink()
        for name, (content, runs) in left.items():
            path = tree / os.fsdecode(name)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            except OSError:
                continue  # a file is where this one wants a folder
            path.chmod(0o755 if runs else 0o644)
        seen = person.files(tree)
        seen.pop(b".git")
        return seen

    _, seen, changes = person.work(agent)
    person.git("worktree", "add", "-q", "--detach", str(person.cache / "seen"), changes.base)
    try:
        (person.cache / "patch").write_bytes(person.kept[changes.patch])
        person.at(person.cache / "seen", "apply", "--index", str(person.cache / "patch"))
        found = person.files(person.cache / "seen")
        found.pop(b".git")
        assert found == seen
    finally:
        person.git("worktree", "remove", "-f", str(person.cache / "seen"))
    assert person.left() == []
