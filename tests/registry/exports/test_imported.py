"""Skills that were made for others go back to others, each under the name it has here."""

from __future__ import annotations

import pytest

from hocket.api.ceiling import Ceiling
from hocket.api.protocols import Tree
from hocket.errors import PackageRefused, RefusedError
from hocket.registry.exports.imported import copies
from hocket.registry.receipts.receipt import Place
from hocket.registry.skills import skill_md

BOTH = (Place.AGENTS, Place.CLAUDE, Place.CLAUDE_WORKFLOW)
NOTHING = Ceiling(is_declared=False)


def tree(**files):
    entries = (("f", path, content.encode()) for path, content in files.items())
    return Tree(tuple(sorted(entries, key=lambda entry: entry[1])))


def skill(name, more="", body="Do it.\n"):
    return f"---\nname: {name}\ndescription: Does it.\n{more}---\n{body}"


def test_every_skill_of_a_plugin_gets_a_folder_with_all_its_files():
    plugin = tree(
        **{
            "skills/pdf/SKILL.md": skill("PDF tools", "when_to_use: often\n"),
            "skills/pdf/templates/a.html": "<p>",
            "skills/docx/skill.md": skill("docx"),
            "hooks/hooks.json": "{}",
        }
    )
    told = copies("acme/office", plugin, BOTH, NOTHING)
    assert [(one.place, one.path) for one in told] == [
        (Place.AGENTS, "docx"),
        (Place.CLAUDE, "docx"),
        (Place.AGENTS, "pdf"),
        (Place.CLAUDE, "pdf"),
    ]
    files = {path: content for _kind, path, content in told[-1].tree.entries}
    assert sorted(files) == ["SKILL.md", "templates/a.html"]
    read = skill_md.read(files["SKILL.md"], "pdf")
    assert (read.name, read.body, read.remarks) == ("pdf", "Do it.\n", ())


def test_one_at_the_top_is_called_like_its_package():
    (copy,) = copies("acme/office", tree(**{"SKILL.md": skill("x")}), [Place.AGENTS], NOTHING)
    assert copy.path == "office"


def test_what_a_host_would_run_needs_consent():
    plugin = tree(**{"SKILL.md": skill("office", body="!`id`\n")})
    with pytest.raises(RefusedError, match="inline-exec"):
        copies("acme/office", plugin, BOTH, NOTHING)
    assert copies("acme/office", plugin, BOTH, Ceiling(inline_exec=True))


def test_what_no_strict_host_would_take_is_told():
    plugin = tree(**{"SKILL.md": skill("office", f"metadata:\n  key: {'x' * 2000}\n")})
    with pytest.raises(PackageRefused, match=r"SKILL\.md: metadata"):
        copies("acme/office", plugin, BOTH, NOTHING)
