"""A registry is offered to other marketplaces, the same bytes each time."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from shops import bundle, read, registry, row

from hocket.registry.exports import catalogs
from hocket.registry.exports.skills import skill
from hocket.registry.indexes import index
from hocket.registry.skills import skill_md

REV = "1f0c9ab2e41d" + "0" * 28


@pytest.fixture
def shop(tmp_path):
    """Make a registry with two versions of one bundle, one of them withdrawn, and one from git."""
    old = bundle(tmp_path / "bundles/1.0.0", "greet")
    new = bundle(tmp_path / "bundles/1.1.0", "greet", "1.1.0")
    bad = bundle(tmp_path / "bundles/1.2.0", "greet", "1.2.0")
    far = bundle(tmp_path / "far", "wave")
    git = f'{{ git = "https://git.acme.example/w.git", rev = "{REV}", subdir = "wave" }}'
    rows = {
        "greet": [
            row(old, '{ path = "bundles/1.0.0/greet" }'),
            row(new, '{ path = "bundles/1.1.0/greet" }'),
            row(bad, '{ path = "bundles/1.2.0/greet" }', more='yanked = "wrong"\n'),
        ],
        "wave": [row(far, git)],
    }
    registry(tmp_path, "acme", rows)
    told = index.read((tmp_path / "registry.toml").read_bytes())
    trees = {"greet": read(new), "wave": read(far)}
    return told, lambda one: skill(*trees[one.name])


def test_claude_gets_each_bundle_pinned(shop):
    (text,) = catalogs.claude(shop[0]).values()
    told = json.loads(text)
    assert [(one["name"], one["version"], one["strict"]) for one in told["plugins"]] == [
        ("greet", "1.1.0", False),
        ("wave", "1.0.0", False),
    ]
    assert told["plugins"][0]["source"] == "./bundles/1.1.0/greet"
    assert told["plugins"][1]["source"] == {
        "source": "git-subdir",
        "url": "https://git.acme.example/w.git",
        "path": "wave",
        "sha": REV,
    }


def test_a_registry_that_knows_its_commit_pins_its_own_folders(shop):
    files = catalogs.claude(shop[0], "2" * 40, "https://git.acme.example/p.git")
    told = json.loads(files[".claude-plugin/marketplace.json"])
    assert told["plugins"][0]["source"]["sha"] == "2" * 40
    assert told["plugins"][0]["source"]["path"] == "bundles/1.1.0/greet"


def test_codex_gets_what_lies_in_the_registry(shop):
    (text,) = catalogs.codex(shop[0]).values()
    told = json.loads(text)
    assert [one["source"]["path"] for one in told["plugins"]] == ["./bundles/1.1.0/greet"]


def test_the_well_known_index_names_the_hash_of_each_skill(shop):
    files = catalogs.well_known(*shop)
    told = json.loads(files[".well-known/agent-skills/index.json"])
    assert [one["name"] for one in told["skills"]] == ["greet", "wave"]
    for one in told["skills"]:
        content = files[one["url"].removeprefix("/")]
        assert one["digest"] == f"sha256:{sha256(content).hexdigest()}"
        assert skill_md.read(content, one["name"]).remarks == ()


def test_equal_registries_give_equal_bytes(shop):
    assert catalogs.claude(shop[0]) == catalogs.claude(shop[0])
    assert catalogs.well_known(*shop) == catalogs.well_known(*shop)
