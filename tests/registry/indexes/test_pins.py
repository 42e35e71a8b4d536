"""A registry is what it was when a person agreed to it."""

from __future__ import annotations

import pytest

from hocket.errors import StructureError
from hocket.registry.indexes import pins
from hocket.registry.indexes.pins import Pin

KEYS = "sha256:" + "c" * 64
ACME = Pin("acme", "git+https://git.acme.example/p.git", 42, KEYS)
LOCAL = Pin("mine", "path:/home/me/registry", 1)


def test_pins_are_written_in_one_way_and_read_again():
    text = pins.dump([LOCAL, ACME])
    assert text == pins.dump([ACME, LOCAL])
    assert pins.read(text) == {"acme": ACME, "mine": LOCAL}
    assert pins.read(pins.dump([])) == {}
    assert text.decode().splitlines()[:3] == ["version = 1", "", "[[registry]]"]


def test_a_name_means_one_url():
    held = pins.added({}, ACME)
    assert pins.added(held, Pin("acme", ACME.url, 41, KEYS))["acme"].serial == 42
    assert pins.added(held, Pin("acme", ACME.url, 43, KEYS))["acme"].serial == 43
    with pytest.raises(StructureError) as caught:
        pins.added(held, Pin("acme", "git+https://evil.example/p.git", 1))
    assert str(caught.value) == (
        "registry acme: the name is pinned to git+https://git.acme.example/p.git;"
        " expected git+https://evil.example/p.git."
    )
    assert "--as NAME" in caught.value.hint


def test_signers_are_those_that_were_agreed_to():
    pins.same_signers("acme", KEYS, KEYS)
    for expected, served in ((KEYS, ""), ("", KEYS), (KEYS, "sha256:" + "d" * 64)):
        with pytest.raises(StructureError) as caught:
            pins.same_signers("acme", expected, served)
        assert caught.value.hint == (f"If the change is meant: --accept=signers:{served or 'none'}")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("version = 1", "version = 2", "version: 2 is not 1"),
        ('"acme"', '"Acme"', "registry 1: name: "),
        ('"mine"', '"acme"', "a name is there twice"),
        ("serial = 42", "serial = 4.2", "serial: "),
        (KEYS, "sha1:x", "signers: "),
        ("serial = 1", "serial = 1\ncolour = 1", 'registry 2: unknown key "colour"'),
    ],
)
def test_a_damaged_file_pins_nothing(old, new, told):
    text = pins.dump([ACME, LOCAL]).decode()
    assert old in text
    with pytest.raises(StructureError) as caught:
        pins.read(text.replace(old, new, 1).encode())
    assert told in str(caught.value)
