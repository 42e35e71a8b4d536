"""`hocket yank`: a version is withdrawn by a line."""

from __future__ import annotations

import json

import pytest
import shops
from authors import ME, index, typed

from hocket.cli.yank import yank


@pytest.fixture
def shop(tmp_path):
    return shops.shop(tmp_path / "shop", "hello")


def test_it_says_what_it_did_and_that_it_was_done_before(shop, capsys):
    words = ("hello@1.0.0", "--reason", "wrong citations", "--registry", shop)
    assert typed(yank, *words) == 0
    assert capsys.readouterr().out == "acme/hello 1.0.0 yanked, serial 2\n"
    assert index(shop).rows("hello")[0].yanked == "wrong citations"
    assert typed(yank, *words) == 0
    assert capsys.readouterr().out == "acme/hello 1.0.0 was yanked before, for that reason\n"
    assert typed(yank, *words, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["serial"], told["reason"]) == ("was there", 2, "wrong citations")


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("hello", '"" is not X.Y.Z'),
        ("hello@1.0", '"1.0" is not X.Y.Z'),
        ("Hello@1.0.0", '"Hello" is not a name'),
        ("acme/hello@1.0.0", '"acme/hello" is not a name'),
    ],
)
def test_what_names_no_version_is_a_mistake_in_typing(shop, capsys, what, why):
    assert typed(yank, what, "--reason", "x", "--registry", shop) == 2
    told = capsys.readouterr().err
    assert why in told
    assert "expected NAME@VERSION, as in deep-research@1.4.0" in told


@pytest.mark.parametrize("reason", ["", "two\nlines", "\x1b[2J", "x" * 1025])
def test_a_reason_is_one_plain_line(shop, capsys, reason):
    assert typed(yank, "hello@1.0.0", "--reason", reason, "--registry", shop) == 2
    told = capsys.readouterr().err
    assert "hocket: --reason: " in told
    assert "\x1b" not in told


def test_a_version_that_is_not_there(shop, capsys):
    assert typed(yank, "hello@2.0.0", "--reason", "x", "--registry", shop) == 1
    assert capsys.readouterr().err == (
        "hocket: acme/hello 2.0.0: there is no such version; expected one of 1.0.0.\n"
        "  Nothing was changed.\n"
    )


def test_the_commit_is_told(shop, capsys, monkeypatch):
    for name, value in ME.items():
        monkeypatch.setenv(name, value)
    shops.committed(shop)
    assert typed(yank, "hello@1.0.0", "--reason", "x", "--registry", shop) == 0
    commit = shops.git(shop, "rev-parse", "HEAD")
    assert capsys.readouterr().out == f"acme/hello 1.0.0 yanked, serial 2\ncommit {commit}\n"
