"""What skills want from other hosts, wherever in a package they lie."""

from __future__ import annotations

import pytest

from hocket.api.ceiling import Ceiling
from hocket.api.protocols import Tree
from hocket.registry.linting.found import found

ANY_PROGRAM = Ceiling(tools=("Bash",), shell=("*",), is_declared=False)  # noqa: S604  a table


def tree(**files):
    names = {"skill": "SKILL.md", "deep": "skills/deep/SKILL.md", "hooks": "hooks/hooks.json"}
    return Tree(tuple(("f", names.get(key, key), text.encode()) for key, text in files.items()))


def skill(front="", body="Hello.\n"):
    return f"---\nname: hello\ndescription: d\n{front}---\n{body}"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (skill(), Ceiling(is_declared=False)),
        (skill("hooks: SessionStart\n"), Ceiling(hooks=True, is_declared=False)),
        (skill(body="!`whoami`\n"), Ceiling(inline_exec=True, is_declared=False)),
        (skill("allowed-tools: Bash\n"), ANY_PROGRAM),
        (skill("allowed-tools: Bash(*)\n"), ANY_PROGRAM),
        ("no front matter", Ceiling(is_declared=False)),
    ],
)
def test_m32_m33_found_and_turned_into_capabilities(text, wanted):
    assert found(tree(skill=text)) == wanted
    assert found(tree(deep=text)) == wanted


def test_all_skills_of_a_tree_are_joined():
    both = found(tree(skill=skill("hooks: x\n"), deep=skill("allowed-tools: Bash\n")))
    assert both == Ceiling(tools=("Bash",), shell=("*",), hooks=True, is_declared=False)  # noqa: S604


def test_a_file_of_hooks_is_one():
    assert found(tree(hooks="{}")).hooks
    assert not found(Tree((("f", "my-hooks/hooks.json", b"{}"),))).hooks
    assert found(Tree((("f", "plugin/hooks/hooks.json", b"{}"),))).hooks
