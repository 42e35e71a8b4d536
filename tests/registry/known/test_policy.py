"""What the machine's owner forbids stays forbidden."""

from __future__ import annotations

import pytest

from hocket.registry.known.policy import NotAllowed, Policy


@pytest.mark.parametrize(
    ("allowed", "url", "fits"),
    [
        (None, "https://any.example/x", True),
        ((), "https://any.example/x", False),
        (("https://a.example/p.git",), "https://a.example/p.git", True),
        (("https://a.example/p.git",), "https://a.example/p.git2", False),
        (("https://a.example/",), "https://a.example/team/p.git", True),
        (("https://a.example/",), "https://a.example.evil.example/p.git", False),
        (("https://.a.example/p",), "https://evil.example/.a.example/p", False),
        (("https://a.example/",), "https://a.example/../b", False),
        (("/srv/registries/",), "/srv/registries/one", True),
    ],
)
def test_an_address_is_allowed_as_a_whole_or_by_what_it_lies_beneath(allowed, url, fits):
    assert Policy(allowed).allows(url) is fits


def test_another_registry_is_neither_offered_nor_used(machine, shop, tmp_path):
    elsewhere = {"allowed": ("https://a.example/",)}
    with pytest.raises(NotAllowed) as caught:
        machine.add(shop.folder, **elsewhere)
    assert (caught.value.code, caught.value.exit_code) == ("policy", 4)
    assert caught.value.hint == "Allowed are: https://a.example/"
    machine.add(shop.folder, allowed=(str(shop.folder),))
    assert machine.later().refresh(**elsewhere) == []
    with pytest.raises(NotAllowed):
        machine.known(**elsewhere).refresh("acme", machine.now)
    opened = machine.opened(**elsewhere)
    assert list(opened.indexes) == ["core"]
    assert opened.notes == ("acme: not in allowed_registries, so it is not used",)
