"""`hocket publish`: what it says, and how it ends."""

from __future__ import annotations

import json

import pytest
import shops
from authors import ME, edited, index, packed, plain, put, typed, written

from hocket.cli.publish import publish
from hocket.cli.registry.init import init


@pytest.fixture
def shop(tmp_path):
    return plain(tmp_path / "shop")


@pytest.fixture
def bundle(tmp_path):
    return written(tmp_path / "work")


def test_it_publishes_once_and_then_says_so(shop, bundle, capsys):
    digest = packed(bundle).digest
    assert typed(publish, bundle, "--registry", shop) == 0
    assert capsys.readouterr().out.splitlines() == [
        "acme/second-opinion 0.1.0 published, serial 2",
        digest,
    ]
    assert typed(publish, bundle, "--registry", shop) == 0
    assert capsys.readouterr().out.splitlines() == [
        "acme/second-opinion 0.1.0 was published before, as it is",
        digest,
    ]
    put(bundle / "rubrics" / "more.md", "More.\n")
    assert typed(publish, bundle, "--registry", shop) == 3
    told = capsys.readouterr().err
    assert f"hocket: acme/second-opinion 0.1.0: was published with {digest}; the folder has" in told
    assert "A version never changes: raise `version` in bundle.toml." in told


def test_a_dry_run_says_what_would_be(shop, bundle, capsys):
    assert typed(publish, bundle, "--registry", shop, "--dry-run", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["serial"], told["commit"]) == ("would be added", 2, None)
    assert told["written"][:2] == ["registry.toml", "packages/second-opinion.toml"]
    assert index(shop).serial == 1


def test_a_signed_commit_is_told(tmp_path, bundle, capsys, monkeypatch):
    for name, value in ME.items():
        monkeypatch.setenv(name, value)
    key, shop = shops.key(tmp_path / "keys"), tmp_path / "repository"
    assert typed(init, shop, "--name", "acme") == 0
    line = shops.signer(key, "ada@acme.example")
    (shop / "allowed_signers").write_text(line, "utf-8")
    edited(
        shop / "registry.toml", "include =", 'trust = { signers = "allowed_signers" }\ninclude ='
    )
    shops.committed(shop)
    capsys.readouterr()
    assert typed(publish, bundle, "--registry", shop, "--sign", key) == 0
    assert capsys.readouterr().out.splitlines() == [
        "acme/second-opinion 0.1.0 published, serial 2",
        packed(bundle).digest,
        "signed by ada@acme.example",
        f"commit {shops.git(shop, 'rev-parse', 'HEAD')}",
    ]


def test_what_does_not_pass_is_not_published(shop, bundle, capsys):
    edited(bundle / "bundle.toml", '"0.1.0"', '"0.1"')
    assert typed(publish, bundle, "--registry", shop) == 3
    assert 'bundle.toml: version: "0.1" is not X.Y.Z' in capsys.readouterr().err
    assert index(shop).serial == 1


def test_a_need_that_the_registry_does_not_have_is_warned_of(shop, bundle, capsys):
    edited(bundle / "bundle.toml", "dependencies = {}", 'dependencies = { web = "^1.2" }')
    assert typed(publish, bundle, "--registry", shop) == 0
    assert capsys.readouterr().err == (
        "hocket: acme/second-opinion 0.1.0: warning: bundle.toml: dependencies.web: "
        "acme has no ^1.2\n"
    )


def test_a_folder_without_an_index_is_no_registry(tmp_path, bundle, capsys):
    assert typed(publish, bundle, "--registry", tmp_path, "--json") == 1
    error = json.loads(capsys.readouterr().out)["error"]
    assert (error["code"], error["hint"]) == (
        "not-found",
        "Make one: hocket registry init DIR --name NAME",
    )
