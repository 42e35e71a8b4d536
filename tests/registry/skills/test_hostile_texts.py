"""The hostile and benign cases of the specification that a manifest or a SKILL.md has to stop."""

from __future__ import annotations

import pytest

from hocket.api.protocols import Tree
from hocket.registry.bundles import bundle
from hocket.registry.bundles.bundle import Bundle
from hocket.registry.bundles.inspection import Inspection
from hocket.registry.bundles.manifest import Around, Manifest
from hocket.registry.bundles.manifest import read as read_manifest
from hocket.registry.capabilities.difference import difference
from hocket.registry.capabilities.wishes import wished
from hocket.registry.skills import skill_md
from hocket.registry.skills.skill_md import Skill

MANIFEST = 'schema = 1\nname = "{name}"\nversion = "1.0.0"\ndescription = "{description}"\n{more}'
FRONT = "---\nname: demo\ndescription: {description}\n{more}---\n{body}"


def problems(name="demo", description="d", more=""):
    raw = MANIFEST.format(name=name, description=description, more=more).encode()
    found = read_manifest(raw, Around())
    return [] if isinstance(found, Manifest) else [str(one) for one in found]


def skill(description="d", more="", body=""):
    raw = FRONT.replace("{description}", description).replace("{more}", more)
    return skill_md.read(raw.replace("{body}", body).encode(), "demo")


@pytest.mark.parametrize(
    ("case", "told"),
    [
        ("M01", problems(name="../../../evil")),
        ("M02", problems(name="/abs/evil")),
        ("M23", problems(name="d\u0435ep-research")),
        ("M25", problems(description="safe \\u202etxt.exe")),
        ("M26", problems(description="safe \\U000E0041")),
        ("M28", problems(description="\\u001b]0;x\\u0007")),
    ],
)
def test_a_hostile_manifest_is_refused(case, told):
    assert len(told) == 1, case
    assert told[0].isprintable()
    assert told[0].isascii()


@pytest.mark.parametrize(
    ("case", "found"),
    [
        (
            "M19",
            skill(more="a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(9))),
        ),
        ("M20", skill('!!python/object/apply:os.system ["id"]')),
        ("M21", skill(more="description: the other\n")),
        ("M22", skill_md.read(b"---\nname: demo\ndescription: \xff\n---\n", "demo")),
        ("M22, NUL", skill("a\0b")),
        ("M25", skill('"safe \\u202etxt.exe"')),
        ("M26", skill('"safe \\U000E0041"')),
        ("M28", skill('"\\e]0;x\\a"')),
        ("M01", skill_md.read(b"---\nname: ../../evil\ndescription: d\n---\n", "demo")),
        ("M02", skill_md.read(b"---\nname: /abs/evil\ndescription: d\n---\n", "demo")),
        ("M23", skill_md.read("---\nname: d\u0435mo\ndescription: d\n---\n".encode(), "demo")),
    ],
)
def test_a_hostile_skill_is_refused(case, found):
    assert not isinstance(found, Skill), case
    assert found.verdict == "refused", case
    assert found.reason.isascii()


@pytest.mark.parametrize(
    ("case", "found", "asked"),
    [
        (
            "M32",
            skill(more="hooks:\n  SessionStart:\n  - hooks:\n    - {type: command, command: x}\n"),
            ("hooks",),
        ),
        ("M33", skill(body="State: !`git status`\n"), ("inline-exec",)),
        ("M34", skill(more="allowed-tools: Bash(*)\n"), ("shell:*", "tools:Bash")),
    ],
)
def test_what_runs_elsewhere_is_found_and_asked(case, found, asked):
    declared = read_manifest(
        MANIFEST.format(name="demo", description="d", more="").encode(), Around()
    )
    assert difference(declared.ceiling, wished(found)).widened == asked, case


def test_m34_a_bundle_that_wishes_for_a_shell_it_does_not_declare_is_refused():
    files = {
        "SKILL.md": FRONT.format(description="d", more="allowed-tools: Bash(*)\n", body=""),
        "bundle.toml": MANIFEST.format(name="demo", description="d", more=""),
    }
    tree = Tree(tuple(("f", path, text.encode()) for path, text in sorted(files.items())))
    assert not isinstance(bundle.read(tree, "demo", lambda _tree: Inspection()), Bundle)


def test_m46_an_update_that_adds_a_host_is_asked_for_that_host():
    old, new = (
        read_manifest(
            MANIFEST.format(
                name="demo", description="d", more=f"capabilities.network = {hosts}\n"
            ).encode(),
            Around(),
        ).ceiling
        for hosts in ('["x.org"]', '["x.org", "evil.example"]')
    )
    assert difference(old, new).widened == ("network:evil.example",)
    assert not difference(new, old).widened


def test_m50_two_skills_of_one_name_are_known_by_their_folders():
    raw = b"---\nname: deploy\ndescription: d\n---\n"
    assert [skill_md.read(raw, folder).key for folder in ("one", "two")] == ["one", "two"]


@pytest.mark.parametrize(
    ("case", "found", "levels"),
    [
        (
            "B01",
            skill(
                "For a \U0001f469\u200d\U0001f4bb and \U0001f3f4\U000e0067\U000e0062"
                "\U000e0065\U000e006e\U000e0067\U000e007f"
            ),
            [],
        ),
        ("B02", skill(body="<!-- markdownlint-disable -->\n"), []),
        (
            "B05",
            skill_md.read(b"\xef\xbb\xbf---\r\nname: demo\r\ndescription: d\r\n---\r\n", "demo"),
            [],
        ),
        ("B06", skill("Use when: the tests are slow"), ["note"]),
        ("B07", skill(more='metadata: {"a": {"b": 1}, "c": "d"}\n'), ["note"]),
        ("B08", skill(more="model: opus\nversion: 2\n"), ["note"]),
        ("B09", skill(">\n" + "  words of it\n" * 80), []),
    ],
)
def test_a_benign_skill_is_accepted(case, found, levels):
    assert isinstance(found, Skill), case
    assert [one.level for one in found.remarks] == levels
