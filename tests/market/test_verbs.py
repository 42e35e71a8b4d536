"""What a person asks about what is installed, and what other agents get of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from shops import bundle, registry, row, shop

UNSIGNED = "--accept=unsigned:demo"


@pytest.fixture
def acme(bob, tmp_path):
    """Let Bob have a bundle of a registry; give its folder."""
    folder = shop(tmp_path / "acme", "demo")
    bob.does("registry", "add", folder, "--yes")
    bob.does("install", "demo", "--yes", UNSIGNED)
    return folder


def newer(folder, **more):
    """Publish another version, and perhaps say something of the first."""
    new = bundle(folder / "bundles/2", "demo", "1.1.0", more={"rubrics/kind.md": "Be kind.\n"})
    (new / "rubrics" / "polite.md").write_text("Be very polite.\n", "utf-8")
    rows = [
        row(folder / "bundles/demo", '{ path = "bundles/demo" }', **more),
        row(new, '{ path = "bundles/2/demo" }', published=datetime.now(UTC)),
    ]
    registry(folder, "acme", {"demo": rows}, serial=2)


def test_outdated_names_what_there_is_besides(bob, acme):
    assert bob.does("outdated", "--json").data["packages"] == []
    newer(acme, more='yanked = "wrong"\n')
    (told,) = bob.does("outdated", "--json").data["packages"]
    assert told == {
        "package": "acme/demo",
        "installed": "1.0.0",
        "wanted": "1.1.0",
        "latest": "1.1.0",
        "held": None,
        "yanked": "wrong",
        "renamed": None,
        "withdrawn": False,
    }
    assert "acme/demo\t1.0.0\t1.1.0\t1.1.0\tyanked: wrong" in bob.does("outdated").out
    (listed,) = bob.does("list", "--json").data["commands"]
    assert listed["yanked"] == "wrong"


def test_update_shows_what_changes_line_by_line(bob, acme):
    newer(acme)
    said = bob.does("update", "--diff", "--dry-run", "--yes", UNSIGNED)
    assert "acme/demo 1.0.0 → 1.1.0" in said.out
    assert "  + rubrics/kind.md" in said.out
    assert "  ~ rubrics/polite.md" in said.out
    assert "-Be polite.\n+Be very polite." in said.out
    assert "1.0.0" in bob.lock.read_text("utf-8")
    assert bob.does("update", "-q", "--yes", UNSIGNED).out == ""
    assert bob.does("update", "--yes").out == "There is nothing to do.\n"


def test_an_old_name_gives_a_hint(bob, acme):
    new = bundle(acme / "bundles", "show")
    rows = [row(new, '{ path = "bundles/show" }', published=datetime.now(UTC))]
    registry(acme, "acme", {"show": rows}, serial=2, top='renames = { demo = "show" }')
    bob.does("update", "--yes", "--accept=unsigned:show")
    said = bob.types("/demo", "x")
    assert (said.code, "show" in said.err) == (2, True), said
    assert bob.types("/show", "--simulate", "seed=1", "--yes").code == 0


def test_audit_tells_what_a_person_should_know(bob, acme):
    (acme / "advisories.toml").write_text(
        '[[advisory]]\nid = "ACME-1"\npackage = "demo"\nversions = "<1.1"\n'
        'severity = "high"\ntext = "answers too much"\nfixed = "1.1.0"\n',
        "utf-8",
    )
    said = bob.types("audit", "--json")
    assert said.code == 1
    told = {one["id"]: one for one in said.data["findings"]}
    assert told["ACME-1"]["text"] == "answers too much; fixed in 1.1.0"
    assert told["unsigned"]["level"] == "note"
    table = bob.types("audit")
    assert (table.code, "ACME-1" in table.out) == (1, True)
    sarif = json.loads(bob.types("audit", "--sarif").out)
    assert "ACME-1" in {one["ruleId"] for one in sarif["runs"][0]["results"]}


def test_verify_can_be_asked_about_one_and_needs_no_index(bob, acme):
    (told,) = bob.does("verify", "demo", "--frozen", "--json").data["packages"]
    assert (told["package"], told["ok"]) == ("acme/demo", True)
    assert bob.types("verify", "other").code == 1
    (acme / "registry.toml").unlink()
    bob.does("verify", "--frozen")


def test_the_store_drops_what_nobody_has(bob, acme):
    assert bob.does("store", "gc", "--json").data["dropped"] == []
    bob.does("remove", "demo", "--yes")
    (dropped,) = bob.does("store", "gc", "--json").data["dropped"]
    assert dropped.startswith("hk1")
    assert bob.does("store", "gc").out == "dropped 0\n"


def test_other_agents_get_the_command_and_lose_it_again(bob, acme):
    said = bob.does("export", "demo", "--to", "agents,claude", "--yes", UNSIGNED)
    assert said.code == 0
    for folder in (".agents/skills/demo", ".claude/skills/demo"):
        text = (bob.project / folder / "SKILL.md").read_text("utf-8")
        assert 'hocket run demo -- "$ARGUMENTS"' in text
    bob.does("verify")
    (listed,) = bob.does("list", "--json").data["commands"]
    assert listed["form"] == "/demo"
    bob.does("remove", "demo", "--yes")
    assert not (bob.project / ".agents/skills/demo").exists()


def test_a_skill_that_is_not_ours_is_never_touched(bob, acme):
    own = bob.project / ".claude" / "skills" / "demo"
    own.mkdir(parents=True)
    (own / "SKILL.md").write_text("Mine.\n", "utf-8")
    said = bob.types("export", "demo", "--to", "claude", "--yes", UNSIGNED)
    assert said.code == 3, said
    assert (own / "SKILL.md").read_text("utf-8") == "Mine.\n"


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("claude", ".claude-plugin/marketplace.json"),
        ("codex", ".agents/plugins/marketplace.json"),
        ("well-known", ".well-known/agent-skills/index.json"),
    ],
)
def test_other_marketplaces_get_a_catalogue(bob, acme, kind, file):
    said = bob.does("export", "--catalog", kind, "--registry", acme, "--json")
    assert file in [one["path"] for one in said.data["files"]]
    assert "demo" in (acme / file).read_text("utf-8")
    again = bob.does("export", "--catalog", kind, "--registry", acme, "--json")
    assert {one["state"] for one in again.data["files"]} == {"kept"}


def test_a_catalogue_of_what_is_not_as_it_is_listed(bob, acme):
    (acme / "bundles/demo/rubrics/polite.md").write_text("Be rude.\n", "utf-8")
    said = bob.types("export", "--catalog", "well-known", "--registry", acme)
    assert (said.code, "registry.toml says" in said.err) == (3, True), said


@pytest.mark.parametrize(
    "words",
    [
        ("export",),
        ("export", "demo"),
        ("export", "demo", "--catalog", "claude"),
        ("export", "demo", "--to", "nobody"),
        ("install", "--as", "Not A Name", "demo"),
        ("install", "demo", "--accept=everything"),
        ("install", "--frozen", "demo"),
    ],
)
def test_what_cannot_be_meant_is_a_mistake_to_explain(bob, acme, words):
    before = bob.files()
    said = bob.types(*words)
    assert said.code == 2, said
    assert bob.files() == before


def test_where_there_is_no_registry_there_is_no_catalogue(bob):
    assert bob.types("export", "--catalog", "claude").code == 1


def test_what_came_with_hocket_does_not_hide_itself(bob):
    said = bob.does("install", "core/tour", "--user", "--yes", "--dry-run", "--json")
    assert not [one for one in said.data["consent"]["needed"] if one.startswith("shadow:")]
