"""Whose word counts: the signers that were agreed to, and who they name after them."""

from __future__ import annotations

import base64
import json
import subprocess

import pytest
import shops

from hocket.errors import PackageRefused, RefusedError
from hocket.registry.known.policy import NotAllowed
from hocket.registry.signatures import signers

WHO = "releases@acme.example"


@pytest.fixture
def signed(shop, keys):
    """Give a registry that signs its index with the old key."""
    shop.trust(shops.signer(keys["old"], WHO), signed_by=keys["old"], index=True)
    return shop


def change(shop, keys, *, vouched_by=None, signed_by="new"):
    """Put the new key in the place of the old one, perhaps vouched for by a key."""
    shop.edit("Says hello", "Says more")
    shop.trust(shops.signer(keys["new"], WHO), signed_by=keys[signed_by])
    if vouched_by:
        shop.sign(keys[vouched_by], "allowed_signers")


def hash_of(shop):
    return signers.hash((shop.folder / "allowed_signers").read_bytes())


def test_the_signers_are_shown_and_pinned(machine, signed, keys):
    offer = machine.known().offer(str(signed.folder), machine.now)
    ((who, key),) = offer.signers
    assert (who, offer.signs_index) == (WHO, True)
    shown = subprocess.run(
        ["ssh-keygen", "-lf", str(keys["old"])],  # noqa: S607
        check=True,
        capture_output=True,
        text=True,
    )
    assert key in shown.stdout.split()
    assert machine.add(signed.folder).signers == hash_of(signed)
    opened = machine.opened()
    assert opened.signers("acme") == (signed.folder / "allowed_signers").read_bytes()
    assert opened.trusts("acme").index_signature
    assert opened.registries["acme"].signers == hash_of(signed)
    assert opened.fingerprints("acme", WHO) == (key,)
    assert opened.fingerprints("acme", "nobody") == ()


def test_others_in_their_place_need_a_yes(machine, signed, keys):
    machine.add(signed.folder)
    old = machine.known().pins
    change(signed, keys)
    before = machine.files()
    with pytest.raises(RefusedError) as caught:
        machine.later().refresh()
    assert (caught.value.code, caught.value.exit_code) == ("consent", 4)
    assert caught.value.message == "registry acme: its signers are not those you agreed to."
    lines = caught.value.hint.splitlines()
    assert [line.split()[:2] for line in lines[:2]] == [["-", WHO], ["+", WHO]]
    accept = f"--accept=signers:{hash_of(signed)}"
    assert accept in caught.value.hint
    assert machine.files() == before
    assert machine.opened().registries["acme"].signers == old["acme"].signers
    with pytest.raises(RefusedError):
        machine.refresh("signers:sha256:" + "0" * 64)
    (note,) = machine.refresh(accept.removeprefix("--accept="))
    assert note == "acme: its signers changed, as was accepted"
    assert machine.known().pins["acme"].signers == hash_of(signed)
    assert machine.later().refresh() == []


def test_adding_it_again_asks_for_the_same_yes(machine, signed, keys):
    machine.add(signed.folder)
    change(signed, keys)
    known = machine.known()
    with pytest.raises(RefusedError, match="not those you agreed to"):
        known.offer(str(signed.folder), machine.now)
    offer = known.offer(str(signed.folder), machine.now, accepted=[f"signers:{hash_of(signed)}"])
    assert known.add(offer, machine.now).signers == hash_of(signed)


def test_one_of_those_before_may_name_others(machine, signed, keys):
    machine.add(signed.folder)
    change(signed, keys, vouched_by="old")
    told = "acme: its signers changed, and one of those before signed the change"
    assert machine.later().refresh() == [told]
    assert machine.known().pins["acme"].signers == hash_of(signed)
    assert machine.opened().signers("acme") == (signed.folder / "allowed_signers").read_bytes()


def test_the_same_keys_under_other_rules_need_a_yes_too(machine, signed, keys):
    machine.add(signed.folder)
    signed.edit("Says hello", "Says more")
    line = shops.signer(keys["old"], WHO, namespaces="hocket-registry@v1")
    signed.trust(line, signed_by=keys["old"])
    with pytest.raises(RefusedError) as caught:
        machine.later().refresh()
    assert caught.value.hint.startswith("the same keys, under other rules\nIf the change is meant")


@pytest.mark.parametrize("by", ["new", "stranger"])
def test_nobody_vouches_for_themselves(machine, signed, keys, by):
    machine.add(signed.folder)
    change(signed, keys, vouched_by=by)
    with pytest.raises(RefusedError):
        machine.later().refresh()


def test_a_signature_for_something_else_vouches_for_nothing(machine, signed, keys):
    machine.add(signed.folder)
    change(signed, keys)
    signed.sign(keys["old"], "allowed_signers", "hocket-bundle@v1")
    with pytest.raises(RefusedError):
        machine.later().refresh()


def test_a_revoked_key_vouches_for_nothing_even_where_its_revocation_is_gone(machine, signed, keys):
    both = shops.signer(keys["old"], WHO), shops.signer(keys["stranger"], "two@acme.example")
    signed.trust(*both, signed_by=keys["old"])
    krl = signed.folder / "revoked.krl"
    words = ["ssh-keygen", "-kf", str(krl), str(keys["stranger"].with_suffix(".pub"))]
    subprocess.run(words, check=True, capture_output=True)
    machine.add(signed.folder)
    assert machine.opened().krl("acme") == krl.read_bytes()
    krl.unlink()
    change(signed, keys, vouched_by="stranger")
    with pytest.raises(RefusedError):
        machine.later().refresh()
    machine.refresh(f"signers:{hash_of(signed)}")
    assert machine.opened().krl("acme")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda one, keys: (one.folder / "registry.toml.sig").unlink(), "is not there"),
        (lambda one, keys: one.sign(keys["stranger"]), "registry.toml.sig: is by none"),
        (lambda one, keys: one.edit("hello", "yes"), "registry.toml.sig: does not hold"),
        (
            lambda one, keys: one.sign(keys["old"], namespace="hocket-bundle@v1"),
            "not 'hocket-registry@v1'",
        ),
        (lambda one, keys: (one.folder / "revoked.krl").touch(), "revoked.krl is empty"),
        (lambda one, keys: (one.folder / "allowed_signers").unlink(), "allowed_signers is not"),
        (
            lambda one, keys: (one.folder / "allowed_signers").write_text("* ssh-ed25519 AAAA\n"),
            "acme: allowed_signers: line 1: ",
        ),
    ],
)
def test_an_index_that_is_not_signed_as_it_says(machine, signed, keys, spoil, told):
    spoil(signed, keys)
    with pytest.raises(PackageRefused) as caught:
        machine.add(signed.folder)
    assert (caught.value.code, caught.value.exit_code) == ("signature", 3)
    assert told in caught.value.message
    assert machine.files() == {}


def test_an_index_that_was_signed_stays_signed(machine, signed):
    machine.add(signed.folder)
    signed.edit("index-signature = true", "index-signature = false")
    with pytest.raises(PackageRefused) as caught:
        machine.later().refresh()
    assert caught.value.code == "signature"
    assert "its index was signed, and says now that it is not" in caught.value.message


def test_signers_that_are_gone_need_a_yes_as_well(machine, signed):
    machine.add(signed.folder)
    signed.edit("trust = .*", "")
    with pytest.raises(RefusedError) as caught:
        machine.later().refresh()
    assert caught.value.hint.splitlines()[1] == "it has no signers any more"
    assert "--accept=signers:none" in caught.value.hint
    assert machine.refresh("signers:none") == ["acme: its signers changed, as was accepted"]
    assert machine.known().pins["acme"].signers == ""


def test_signers_that_come_later_need_one_too(machine, shop, keys):
    machine.add(shop.folder)
    shop.trust(shops.signer(keys["new"], WHO))
    with pytest.raises(RefusedError) as caught:
        machine.later().refresh()
    assert f"+ {WHO}" in caught.value.hint


def test_a_copy_in_the_cache_that_was_edited_is_not_believed(machine, signed):
    machine.add(signed.folder)
    (path,) = (machine.cache / "registries").iterdir()
    told = json.loads(path.read_bytes())
    text = base64.b64decode(told["files"]["registry.toml"]).replace(b"serial = 2", b"serial = 9")
    told["files"]["registry.toml"] = base64.b64encode(text).decode()
    path.write_text(json.dumps(told))
    with pytest.raises(PackageRefused) as caught:
        machine.opened()
    assert caught.value.code == "signature"


def test_lost_keys_are_found_again(machine, signed):
    """The pin's hash says whether what is served is what was agreed to."""
    machine.add(signed.folder)
    (path,) = (machine.data / "keys").iterdir()
    path.unlink()
    assert machine.opened().signers("acme")
    assert machine.later().refresh() == []
    assert path.exists()


def test_the_owner_of_the_machine_wants_signatures(machine, shop, signed):
    pin = machine.add(signed.folder, require_signatures=True)
    assert pin.signers
    signed.edit("trust = .*", "")
    machine.known().remove("acme")
    with pytest.raises(NotAllowed) as caught:
        machine.add(signed.folder, require_signatures=True)
    assert (caught.value.code, caught.value.exit_code) == ("policy", 4)
