"""The hostile cases that lie in a folder, each refused as it should be, and their benign twins."""

from __future__ import annotations

import bundles as made
import pytest

ALIASES = "description: &a [x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n"
REFUSED = {
    "M01 name leads up": (made.named("../../../evil"), "is not a name"),
    "M02 name is absolute": (made.named("/abs/evil"), "is not a name"),
    "M08 hooks of git": (made.with_file(".git/hooks/post-checkout", "x"), "reserved part"),
    "M08 settings of others": (made.with_file(".claude/settings.json", "{}"), "reserved part"),
    "M09 link to a file": (made.link_to("rubrics/polite.md", "/etc/hostname"), "is a link"),
    "M10 link to a folder": (made.link_to("references", "/etc"), "is a link"),
    "M11 SKILL.md is a link": (made.link_to("SKILL.md", "/etc/hostname"), "is a link"),
    "M15 pipe": (made.pipe, "is a pipe"),
    "M16 sparse file": (made.sparse, "5 MiB allowed"),
    "M18 many files": (made.many(2_001), "more than 2,000 files"),
    "M18 deep": (made.deep, "levels deep"),
    "M19 aliases": (made.with_skill(f"name: demo\n{ALIASES}"), "an alias"),
    "M20 tag": (
        made.with_skill('name: demo\ndescription: !!python/object/apply:os.system ["id"]\n'),
        "a tag",
    ),
    "M21 twice": (made.with_skill("name: demo\ndescription: a\ndescription: b\n"), "stands twice"),
    "M22 not UTF-8": (made.raw_skill(b"---\nname: demo\ndescription: \xff\n---\n"), "UTF-8"),
    "M22 NUL": (made.raw_skill(b"---\nname: demo\ndescription: a\0b\n---\n"), "U+0000"),
    "M23 Cyrillic": (made.named("d\u0435mo"), "is not a name"),
    "M25 bidi": (made.described("Says \u202eolleh."), "direction of text"),
    "M26 tag block": (
        made.with_skill(body="Hello.\U000e0001\U000e0068\U000e0069\n"),
        "a tag that nobody sees",
    ),
    "M28 escape": (made.with_skill(body="Hello \x1b[2J.\n"), "steers a terminal"),
    "M29 cases": (made.with_files(**{"Foo.md": "a", "foo.md": "b"}), "again where case"),
    "M29 accents": (
        made.with_files(**{"caf\u00e9.md": "a", "cafe\u0301.md": "b"}),
        "normal form",
    ),
    "M34 Bash undeclared": (
        made.with_skill("name: demo\ndescription: d\nallowed-tools: Bash(*)\n"),
        "not declared in bundle.toml",
    ),
    "M37 script acts when imported": (made.script('open("/tmp/x", "w")\n'), "workflow.py:"),
}
BENIGN = {
    "B01 joined emoji": made.with_skill(body="\U0001f469\u200d\U0001f4bb works.\n"),
    "B02 comment for a linter": made.with_skill(body="<!-- markdownlint-disable -->\nHi.\n"),
    "B04 CJK names": made.with_file("references/日本語.md", "Hi.\n"),
    "B05 BOM and CRLF": made.raw_skill(
        "\ufeff---\r\nname: demo\r\ndescription: Says hello.\r\n---\r\nHi.\r\n"
    ),
    "B06 colon": made.with_skill("name: demo\ndescription: Use it: always.\n"),
    "B07 flow mapping": made.with_skill('name: demo\ndescription: d\nmetadata: {"a": [1, 2]}\n'),
    "B08 unknown fields": made.with_skill("name: demo\ndescription: d\nwhen_to_use: now\n"),
    "B09 long block": made.with_skill(f"name: demo\ndescription: >\n  {'word ' * 200}\n"),
    "B10 fonts and scripts": made.with_files(
        **{"scripts/run.sh": "#!/bin/sh\n", "assets/font.ttf": bytes(5 * made.MIB)}
    ),
    "M38 package.json": made.with_file("package.json", '{"scripts": {"install": "touch /tmp/x"}}'),
}


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused_and_nothing_is_written_or_run(case, trap):
    make, why = REFUSED[case]
    make(trap.person.project)
    said = trap.types("install", "./demo", "--yes")
    assert (said.code, why in said.err) == (3, True), said
    assert not trap.person.workflows.exists()
    assert not trap.person.lock.exists()


@pytest.mark.parametrize("case", BENIGN)
def test_it_is_accepted(case, trap):
    root = BENIGN[case](trap.person.project)
    before = trap.person.files(root)
    said = trap.types("install", "./demo", "--yes")
    assert said.code == 0, said
    assert trap.person.files(trap.person.workflows / "demo") == before


def test_a_target_that_leads_elsewhere_is_refused(trap):
    """M14."""
    made.demo(trap.person.project)
    trap.person.workflows.symlink_to(trap.outside)
    said = trap.types("install", "./demo", "--yes")
    assert said.code == 3, said
    assert "link" in said.err
