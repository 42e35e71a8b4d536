"""A registry is looked at, agreed to, refreshed and removed by hand."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest
import shops

from hocket.cli.registry import registry
from hocket.registry.signatures import signers, signing

WHO = "releases@acme.example"


@pytest.fixture
def shop(tmp_path):
    """Give a registry in a repository that signs its index."""
    folder = shops.shop(tmp_path / "acme", "greet")
    key = shops.key(tmp_path / "keys")
    put(
        folder,
        key,
        "(updated = .*)",
        r'\1\ntrust = { signers = "allowed_signers", index-signature = true }',
    )
    return folder


def put(folder, key, old="", new=""):
    """Change the index of a registry and sign it, as of a new serial."""
    index = folder / "registry.toml"
    text = re.sub(old, new, index.read_text("utf-8")) if old else index.read_text("utf-8")
    serial = int(re.search(r"serial = (\d+)", text)[1]) + 1
    index.write_text(re.sub(r"serial = \d+", f"serial = {serial}", text), "utf-8")
    (folder / "allowed_signers").write_text(shops.signer(key, WHO), "utf-8")
    armoured = signing.sign(key, "hocket-registry@v1", index.read_bytes())
    (folder / "registry.toml.sig").write_text(armoured, "utf-8")
    shops.committed(folder)


def hash_of(folder):
    return signers.hash((folder / "allowed_signers").read_bytes())


def pinned():
    path = Path(os.environ["HOCKET_DATA_HOME"]) / "registries.toml"
    return path.read_text("utf-8") if path.exists() else ""


def test_without_a_yes_it_is_only_shown(desk, shop):
    code, out, err = desk.type("registry", "add", str(shop))
    assert (code, out) == (4, "")
    lines = err.splitlines()
    assert lines[0] == "Registry acme"
    assert re.fullmatch(rf"  address  {shop} @ [0-9a-f]{{12}}", lines[1])
    assert lines[2] == "  serial   2, 1 package, index signed, and verified"
    assert re.fullmatch(rf"  signer   {WHO}  SHA256:\S{{43}}", lines[3])
    assert lines[4] == 'It describes itself (not checked): "Patterns of acme"'
    words = f"hocket registry add {shop} --accept=signers:{hash_of(shop)}"
    nobody = "registry acme: nobody is here to agree to its signers; expected --yes, or --accept"
    assert lines[5:] == [
        f"hocket: {nobody} with the hash of its signers.",
        f"  Compare the fingerprints above, then: {words}",
        "  Nothing was added.",
    ]
    assert pinned() == ""
    code, out, _ = desk.type(*words.split()[1:])
    assert (code, out) == (0, "added acme\n")


def test_it_is_added_listed_and_removed(desk, shop):
    code, told = desk.json("registry", "add", str(shop), "--as", "ours", "--yes")
    assert (code, told["command"], told["name"], told["serial"]) == (0, "registry add", "ours", 2)
    ((signer,), packages) = told["signers"], told["packages"]
    assert (signer["signer"], packages, told["index_signed"], told["was_known"]) == (
        WHO,
        1,
        True,
        False,
    )
    code, out, err = desk.type("registry", "list")
    assert (code, err, out.split("\t")[:3]) == (0, "", ["ours", "2", "yes"])
    (row,) = desk.json("registry", "list")[1]["registries"]
    assert (row["url"], row["signers"]) == (str(shop), hash_of(shop))
    assert desk.type("registry", "add", str(shop))[:2] == (0, "kept ours\n")
    assert desk.type("registry", "remove", "ours")[:2] == (0, "removed ours\n")
    assert desk.json("registry", "list")[1]["registries"] == []
    assert desk.type("registry", "list")[:2] == (0, "")


def test_what_changed_is_fetched(desk, shop, tmp_path):
    desk.type("registry", "add", str(shop), "--yes")
    put(shop, tmp_path / "keys/id", "Says hello", "Says more")
    assert desk.type("registry", "refresh") == (0, "acme\t2\t3\n", "")
    code, told = desk.json("registry", "refresh", "acme")
    assert (code, told["registries"]) == (0, [{"name": "acme", "from": 3, "to": 3}])
    assert desk.json("registry", "refresh", "acne")[1]["error"]["code"] == "not-found"


def test_nothing_to_refresh(desk):
    assert desk.type("registry", "refresh") == (0, "", "")


def test_changed_signers_need_their_hash(desk, shop, tmp_path):
    desk.type("registry", "add", str(shop), "--yes")
    put(shop, shops.key(tmp_path / "keys", "new"))
    code, told = desk.json("registry", "refresh")
    assert (code, told["error"]["code"]) == (4, "consent")
    accept = f"--accept=signers:{hash_of(shop)}"
    assert accept in told["error"]["hint"]
    # --yes is for the first time only.
    assert desk.type("registry", "add", str(shop), "--yes")[0] == 4
    code, _, err = desk.type("registry", "refresh", accept)
    assert (code, err) == (0, "hocket: acme: its signers changed, as was accepted\n")


def test_one_that_is_needed_stays(desk, shop):
    desk.type("registry", "add", str(shop), "--yes")
    rest = f'digest = "hk1:{"a" * 64}"\ncapabilities = "sha256:{"b" * 64}"\n'
    (desk.project / "hocket.lock").write_text(
        f'version = 1\n\n[[registry]]\nname = "acme"\nurl = "{shop}"\nserial = 2\n'
        f'\n[[package]]\nname = "acme/greet"\nkind = "bundle"\nversion = "1.0.0"\n{rest}'
        'source = "path:bundles/greet"\n'
    )
    code, told = desk.json("registry", "remove", "acme")
    assert (code, told["error"]["code"]) == (1, "locked")
    assert "still needed by acme/greet" in told["error"]["message"]
    assert 'name = "acme"' in pinned()


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("https://user:secret@a.example/x",), 3, "without credentials"),
        (("--upload-pack=x",), 2, "no option"),
        (("ext::sh",), 3, "expected https://"),
        (("file:///etc",), 3, "expected https://"),
        (("nowhere",), 3, "is no folder here"),
        ((), 2, "Missing argument"),
    ],
)
def test_an_address_that_is_none(desk, words, code, told):
    found = desk.type("registry", "add", *words, "--yes")
    assert found[0] == code
    assert told in found[2]
    assert pinned() == ""


def test_a_description_cannot_play_tricks(desk, tmp_path):
    folder = shops.shop(tmp_path / "evil", "greet")
    index = folder / "registry.toml"
    index.write_text(index.read_text().replace("Patterns of acme", "x\\u001b[2J\\u202e"))
    code, _, err = desk.type("registry", "add", str(folder), "--yes")
    assert (code, "\x1b" in err, "\u202e" in err) == (3, False, False)


def test_the_help_imports_no_command(desk):
    for name in [*sys.modules]:
        if name.startswith("hocket.cli.registry."):
            sys.modules.pop(name)
    code, out, _ = desk.type("registry", "--help")
    assert code == 0
    assert [line.split()[0] for line in out.split("Commands:")[1].splitlines() if line] == [
        "add",
        "list",
        "refresh",
        "remove",
        "init",
    ]
    with registry.make_context("registry", ["list"]) as context:
        assert "refresh" in registry.list_commands(context)
    assert not [name for name in sys.modules if name.startswith("hocket.cli.registry.")]
    code, _, err = desk.type("registry", "frob")
    assert (code, "No such command 'frob'" in err) == (2, True)


@pytest.mark.parametrize(("typed", "code"), [("y\n", 0), ("\n", 4)])
def test_a_person_is_asked_and_silence_is_a_no(desk, shop, typed, code):
    terminal = desk.sit("registry", "add", str(shop)).see(WHO).see("SHA256:")
    terminal.see("Are these the right signers? Use this registry? [y/N]: ").type(typed)
    assert terminal.see("added acme" if code == 0 else "Nothing was added.").end() == code
    assert ('name = "acme"' in pinned()) is (code == 0)


def test_a_registry_that_settings_name_is_not_used_before_it_is_added(desk, shop):
    user = Path(os.environ["HOCKET_CONFIG_HOME"]) / "config.toml"
    user.write_text(f'[registries]\nours = "{shop}"\n')
    code, told = desk.json("registry", "list")
    assert (code, told["registries"]) == (0, [])
    assert told["not_added"] == [{"name": "ours", "url": str(shop)}]
    assert desk.type("registry", "list")[1] == f"ours\t\t\tnot added\t{shop}\n"
    assert desk.json("search", "greet")[1]["packages"] == []
    assert desk.type("registry", "add", "ours", "--yes")[:2] == (0, "added ours\n")
    assert desk.json("registry", "list")[1]["not_added"] == []


def test_settings_say_which_may_be_added(desk, shop):
    user = Path(os.environ["HOCKET_CONFIG_HOME"]) / "config.toml"
    user.write_text('allowed_registries = ["https://git.acme.example/"]\n')
    code, told = desk.json("registry", "add", str(shop), "--yes", "--accept=signers:none")
    assert (code, told["error"]["code"]) == (4, "policy")
    assert "allowed_registries" in told["error"]["message"]


def test_a_terminal_shows_tables(desk, shop, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    desk.type("registry", "add", str(shop), "--yes")
    assert desk.sit("registry", "list").see("name  serial  signed  fetched").see("acme").end() == 0
    terminal = desk.sit("search", "greet").see("acme/greet  1.0.0  30 d  unsigned\n    Says hello.")
    assert terminal.see("hocket info PACKAGE").end() == 0
