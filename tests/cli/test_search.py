"""What the registries at hand offer, as people and programs see it."""

from __future__ import annotations

import pytest
import shops

LOUD = 'tools = ["Bash"], network = ["*"], shell = ["git"], agents = 3'


@pytest.fixture
def market(desk, tmp_path):
    """Give a desk with one registry."""
    folder = shops.shop(tmp_path / "acme", "greet", capabilities=LOUD)
    desk.type("registry", "add", str(folder), "--yes")
    return desk


def test_a_pipe_gets_a_row_each(market):
    code, out, err = market.type("search", "greet")
    assert (code, err) == (0, "")
    (row,) = out.splitlines()
    key, version, age, signer, can, description = row.split("\t")
    assert (key, version, signer, can) == ("acme/greet", "1.0.0", "unsigned", "net shell")
    assert age.endswith(" d")
    assert description == "Says hello."


def test_programs_get_everything(market):
    code, told = market.json("search", "--registry", "acme")
    assert (code, told["command"], told["words"], told["notes"]) == (0, "search", [], [])
    assert told["packages"] == [
        {
            "package": "acme/greet",
            "kind": "bundle",
            "version": "1.0.0",
            "published": "2026-10-22T12:00:00Z",
            "signer": None,
            "badges": ["net", "shell"],
            "description": "Says hello.",
        }
    ]


def test_hocket_s_own_are_among_them(market):
    keys = [one["package"] for one in market.json("search")[1]["packages"]]
    assert "acme/greet" in keys
    assert all(key.partition("/")[0] in {"acme", "core"} for key in keys)


def test_nothing_is_found(market):
    assert market.type("search", "nothing-like-it") == (0, "", "")
    assert market.json("search", "--kind", "plugin")[1]["packages"] == []
    code, told = market.json("search", "--registry", "elsewhere")
    assert (code, told["error"]["code"]) == (1, "not-found")
    assert market.type("search", "--kind", "food")[0] == 2


def test_a_registry_that_is_gone_spoils_nothing(market, tmp_path):
    (cache,) = tmp_path.rglob("registries/*.json")
    cache.unlink()
    (tmp_path / "acme").rename(tmp_path / "moved")
    code, out, err = market.type("search", "greet")
    assert (code, out) == (0, "")
    assert "is no folder here" in err
