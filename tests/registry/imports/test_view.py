"""A repository made for others is seen as a registry: what can be taken, and why not the rest."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from hocket.errors import PackageRefused
from hocket.registry.imports.view import UNDECLARED, view
from hocket.registry.indexes.rows import Source
from hocket.registry.sources.served import Served

AT = datetime(2026, 11, 20, 7, 5, 9, tzinfo=UTC)
URL = "https://git.acme.example/acme/skills.git"
SHA = "1f0c9ab2e41d" + "0" * 28


def skill(name, description="Does it."):
    return f"---\nname: {name}\ndescription: {description}\n---\nDo it.\n".encode()


def seen(files, url=URL):
    return view(Served(url, SHA, files), AT)


def market(*plugins, **more):
    told = {"name": "acme-plugins", "plugins": list(plugins), **more}
    return seen({".claude-plugin/marketplace.json": json.dumps(told).encode()})


def source(told):
    found = market({"name": "pp", "description": "x", "source": told})
    (row,) = found.index.rows("pp") or (None,)
    return row.source if row else found.index.barred["pp"]


def test_a_folder_of_skills_is_a_registry():
    found = seen({"skills/pdf/SKILL.md": skill("pdf"), "skills/docx/SKILL.md": skill("docx")})
    assert found.index.name == "skills"
    assert sorted(found.index.packages) == ["docx", "pdf"]
    (row,) = found.index.rows("pdf")
    assert str(row.version) == "0.20261120.70509"
    assert row.source == Source(path="skills/pdf")
    assert row.digest == ""
    assert row.capabilities == UNDECLARED
    assert found.index.barred == {}


def test_one_skill_at_the_top_is_called_like_the_repository():
    found = seen({"SKILL.md": skill("whatever")}, "https://git.acme.example/acme/pdf-tools.git")
    assert list(found.index.packages) == ["pdf-tools"]


def test_a_name_of_hockets_own_stays_free():
    found = seen({"a1/SKILL.md": skill("a1")}, "https://git.acme.example/acme/core.git")
    assert found.index.name == "imported"


def test_what_calls_itself_like_another_is_barred():
    found = seen({"aa/SKILL.md": skill("aa"), "evil/SKILL.md": skill("aa")})
    assert list(found.index.packages) == ["aa"]
    assert found.index.barred == {"evil": 'it calls itself "aa", as aa does'}


def test_copies_in_folders_of_one_name_are_all_taken():
    found = seen({"de/pdf/SKILL.md": skill("pdf"), "en/pdf/SKILL.md": skill("pdf")})
    assert sorted(found.index.packages) == ["de-pdf", "en-pdf"]
    assert found.index.barred == {}


def test_two_that_share_a_foreign_name_are_both_barred():
    found = seen({"aa/SKILL.md": skill("xx"), "bb/SKILL.md": skill("xx")})
    assert sorted(found.index.barred) == ["aa", "bb"]


def test_what_is_no_skill_is_listed_with_its_reason():
    found = seen({"aa/SKILL.md": b"no front matter", "bb/skill.md": skill("bb")})
    assert list(found.index.packages) == ["bb"]
    assert found.index.barred == {"aa": "SKILL.md: skipped: no front matter"}


def test_alike_folders_get_longer_names_and_deep_ones_are_not_looked_for():
    deep = "/".join("abcdefgh") + "/SKILL.md"
    files = {"x/pdf/SKILL.md": skill("pdf"), "y/pdf/SKILL.md": skill("pdf2"), deep: skill("h")}
    assert sorted(seen(files).index.packages) == ["x-pdf", "y-pdf"]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("./plugins/pp", Source(path="plugins/pp")),
        ("./", Source(path="")),
        (
            {"source": "github", "repo": "acme/pp", "sha": SHA},
            Source(git="https://github.com/acme/pp.git", rev=SHA),
        ),
        ({"source": "url", "url": URL, "ref": "v1"}, Source(git=URL, tag="v1")),
        (
            {"source": "git-subdir", "url": URL, "path": "plugins/pp", "ref": "main", "sha": SHA},
            Source(git=URL, rev=SHA, tag="main", subdir="plugins/pp"),
        ),
        (
            {"source": "archive", "url": "https://acme.example/pp.zip", "sha256": "a" * 64},
            Source(archive="https://acme.example/pp.zip", sha256="a" * 64),
        ),
    ],
)
def test_each_kind_of_source_is_found(told, expected):
    assert source(told) == expected


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("../outside", "is not a path inside its folder"),
        ("/etc", "is not a path inside its folder"),
        ({"source": "npm", "package": "x"}, "an npm package"),
        ({"source": "command", "command": "sh"}, "running a command"),
        ({"source": "url", "url": URL, "headersHelper": "sh"}, "running a command"),
        ({"source": "archive", "url": "https://acme.example/pp.zip"}, "64 hex digits"),
        ({"source": "url", "url": "ext::sh -c id"}, "is not an https or ssh URL"),
        ({"source": "url", "url": "https://me:pw@acme.example/x.git"}, "without credentials"),
        ({"source": "url", "url": "--upload-pack=sh"}, "is not an https or ssh URL"),
        ({"source": "github", "repo": "acme"}, "is not OWNER/NAME"),
        ({"source": "url", "url": URL, "sha": "abc"}, "is not a full commit id"),
        ({"source": "ftp"}, "of a kind nobody here knows"),
        (None, "does not say where it lies"),
    ],
)
def test_what_cannot_be_imported_says_why(told, why):
    assert why in source(told)


def test_a_bad_entry_spoils_no_other():
    found = market(
        {"name": "good", "source": "./good"},
        "nonsense",
        {"name": "日本", "source": "./x"},
        {"name": "bad", "source": {"source": "npm"}},
        {"name": "wordpress.com", "source": "./wp", "colour": "blue"},
    )
    assert sorted(found.index.packages) == ["good", "wordpress-com"]
    assert len(found.index.barred) == 3


def test_two_entries_of_one_name_are_refused_both():
    found = market({"name": "aa", "source": "./a"}, {"name": "AA", "source": "./b"})
    assert list(found.index.packages) == []
    assert found.index.barred == {"aa": "two entries have this name"}


def test_what_other_hosts_take_is_counted():
    found = market({"name": "aa", "source": "./a", "hooks": {"x": 1}, "mcpServers": "./m.json"})
    assert found.ignored == {"aa": ("hooks", "mcpServers")}


def test_the_version_of_the_entry_or_of_its_manifest():
    told = {
        "name": "acme",
        "plugins": [
            {"name": "aa", "source": "./aa", "version": "2.0.0"},
            {"name": "bb", "source": "./bb"},
            {"name": "cc", "source": "./cc", "version": "v1"},
        ],
    }
    files = {
        ".claude-plugin/marketplace.json": json.dumps(told).encode(),
        "bb/.claude-plugin/plugin.json": b'{"version": "1.4.0", "license": "MIT"}',
        "cc/.claude-plugin/plugin.json": b"{",
    }
    index = seen(files).index
    versions = {name: str(one.rows[0].version) for name, one in index.packages.items()}
    assert versions == {"aa": "2.0.0", "bb": "1.4.0", "cc": "0.20261120.70509"}
    assert index.packages["bb"].license == "MIT"


def test_renames_are_followed():
    found = market({"name": "new", "source": "./n"}, renames={"old": "new", "gone": "nowhere"})
    assert found.index.current("old") == "new"
    assert found.index.current("gone") == ""


def test_the_first_of_the_known_files_is_read():
    text = json.dumps({"name": "aa", "plugins": [{"name": "one", "source": "./1"}]}).encode()
    other = json.dumps({"name": "bb", "plugins": [{"name": "two", "source": "./2"}]}).encode()
    files = {".agents/plugins/marketplace.json": other, ".claude-plugin/marketplace.json": text}
    assert list(seen(files).index.packages) == ["one"]
    assert list(seen({".agents/plugins/marketplace.json": other}).index.packages) == ["two"]


@pytest.mark.parametrize("raw", [b"{", b"[]", b'{"plugins": {}}', b"\xff", b"[" * 100_000])
def test_a_broken_marketplace_is_refused(raw):
    with pytest.raises(PackageRefused, match=r"marketplace\.json"):
        seen({".claude-plugin/marketplace.json": raw})


def test_the_same_commit_gives_the_same_index():
    files = {"aa/SKILL.md": skill("aa")}
    assert seen(files) == seen(files)
    assert seen(files).index.serial == int(AT.timestamp())
