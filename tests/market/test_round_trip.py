"""Ann writes a command, Bob uses it: from `new` to an update that keeps what Bob edited."""

from __future__ import annotations

import re

import pytest

YES = ("--accept=agents:12", "--accept=tools:Read", "--accept=unsigned:greet", "--yes")


@pytest.fixture
def acme(ann, tmp_path):
    """Publish Ann's first version into a git registry of hers; give its folder."""
    registry = tmp_path / "acme"
    ann.does("new", "greet")
    ann.does("pack", "greet")
    ann.does("registry", "init", registry, "--name", "acme")
    ann.does("publish", "greet", "--registry", registry)
    return registry


def bump(person, version, old="0.1.0"):
    """Write another version of Ann's bundle."""
    manifest = person.project / "greet" / "bundle.toml"
    text = manifest.read_text("utf-8")
    assert f'version = "{old}"' in text
    manifest.write_text(text.replace(f'version = "{old}"', f'version = "{version}"'), "utf-8")
    rubric = person.project / "greet" / "rubrics" / "good-answer.md"
    rubric.write_text(rubric.read_text("utf-8") + "\nBe brief.\n", "utf-8")


def runs(person):
    """Run the installed command, with answers that are made up."""
    said = person.types("/greet", "the world", "--simulate", "seed=1", "--yes", "--json")
    return said.data["status"] if said.code == 0 else said


def test_the_way_of_a_command_from_one_person_to_another(ann, bob, acme):
    bob.does("registry", "add", acme, "--yes")
    (hit,) = bob.does("search", "greet", "--json").data["packages"]
    assert (hit["package"], hit["version"]) == ("acme/greet", "0.1.0")
    said = bob.does("install", "greet", *YES)
    assert "/greet" in said.out
    bundle = bob.workflows / "greet"
    assert sorted(bob.files(bundle)) == sorted(ann.files(ann.project / "greet"))
    assert runs(bob) == "completed"
    bob.does("remove", "greet", "--yes")
    assert not bundle.exists()
    assert bob.types("/greet", "x").code == 2


def test_what_a_person_edited_is_told_and_kept(ann, bob, acme):
    bob.does("registry", "add", acme, "--yes")
    bob.does("install", "greet", *YES)
    rubric = bob.workflows / "greet" / "rubrics" / "good-answer.md"
    rubric.write_text("My own rubric.\n", "utf-8")
    said = bob.types("verify")
    assert (said.code, "rubrics/good-answer.md: changed" in said.err) == (3, True), said
    ran = runs(bob)
    assert (ran.code, "edited" in ran.err) == (3, True), ran

    bump(ann, "0.2.0")
    ann.does("publish", "greet", "--registry", acme)
    said = bob.does("update", *YES)
    assert "0.2.0" in said.out
    assert "greet.edited-0.1.0: rubrics/good-answer.md" in said.out
    assert rubric.read_text("utf-8").endswith("Be brief.\n")
    (kept,) = bob.workflows.glob("*.edited-*/**/*.md")
    assert kept.read_text("utf-8") == "My own rubric.\n"
    (told,) = bob.does("verify", "--json").data["packages"]
    assert (told["version"], told["ok"]) == ("0.2.0", True)
    assert runs(bob) == "completed"
    bob.does("remove", "greet", "--yes")
    assert kept.exists()


def test_a_colleague_installs_what_the_lock_says_and_nothing_else(ann, bob, people, acme):
    bob.does("registry", "add", acme, "--yes")
    bob.does("install", "greet", *YES)
    lock = bob.lock.read_bytes()
    bump(ann, "0.2.0")
    ann.does("publish", "greet", "--registry", acme)
    eve = people("eve")
    eve.lock.write_bytes(lock)
    said = eve.types("install", "--frozen")
    assert said.code == 4
    assert "--accept=" in said.err
    eve.does("install", "--frozen", *YES)
    assert eve.lock.read_bytes() == lock
    assert eve.files(eve.workflows) == bob.files(bob.workflows)


def test_the_same_wishes_give_the_same_lock(bob, people, acme):
    locks = []
    for person in (bob, people("eve")):
        person.does("registry", "add", acme, "--yes")
        person.does("install", "greet", *YES)
        locks.append(person.lock.read_bytes())
    assert locks[0] == locks[1]


def test_the_refusal_says_what_to_type(bob, acme):
    bob.does("registry", "add", acme, "--yes")
    said = bob.types("install", "greet")
    assert said.code == 4
    assert not bob.workflows.exists()
    assert not bob.lock.exists()
    ids = re.findall(r"--accept=\S+|--yes", said.err.partition("All capabilities")[0])
    bob.does("install", "greet", *dict.fromkeys(ids))


def test_looking_changes_nothing(bob, acme):
    bob.does("registry", "add", acme, "--yes")
    before = bob.files()
    plan = bob.does("install", "greet", "--dry-run", "--json").data["plan"]
    assert [(one["action"], one["package"], one["to"]) for one in plan] == [
        ("add", "acme/greet", "0.1.0")
    ]
    assert bob.files() == before
    bob.does("install", "greet", *YES)
    before = bob.files()
    for words in (("list",), ("outdated",), ("verify",), ("info", "greet"), ("search",)):
        bob.does(*words, "--json")
    assert bob.files() == before


def test_for_the_person_it_lies_in_their_own_folder(bob, acme):
    bob.does("registry", "add", acme, "--yes")
    bob.does("install", "greet", "--user", *YES)
    assert not bob.workflows.exists()
    assert (bob.folder / "data" / "workflows" / "greet" / "workflow.py").is_file()
    ran = bob.does("run", "greet", "x", "--simulate", "seed=1", "--yes", "--json", at=bob.home)
    assert ran.data["status"] == "completed"
