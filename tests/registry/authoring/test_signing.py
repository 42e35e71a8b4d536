"""A signed row is verified by ssh itself, and a key that is nobody's signs nothing."""

from __future__ import annotations

import subprocess

import pytest
import shops
from authors import NOW, edited, index, packed, plain, written

from hocket.errors import HocketError, PackageRefused, UsageError
from hocket.registry.authoring.grounds import opened
from hocket.registry.authoring.publishing import publish
from hocket.registry.authoring.withdrawing import Wish, yank
from hocket.registry.forms import names
from hocket.registry.indexes.statement import INDEX_NAMESPACE, NAMESPACE, statement

WHO = "releases@acme.example"


@pytest.fixture
def key(tmp_path):
    return shops.key(tmp_path / "keys")


def signing(folder, line, *, index_too=False):
    """Make a registry of signers."""
    root = plain(folder)
    (root / "allowed_signers").write_text(line, "utf-8")
    trust = f'trust = {{ signers = "allowed_signers", index-signature = {str(index_too).lower()} }}'
    edited(root / "registry.toml", "include =", f"{trust}\ninclude =")
    return root


def put_up(folder, root, key=None):
    with opened(root) as ground:
        return publish(packed(folder), ground, NOW, key)


def verified(root, namespace, value, message, tmp_path):
    """Ask ssh itself; gives whether it says yes."""
    (tmp_path / "value.sig").write_text(value, "utf-8")
    words = ["-f", str(root / "allowed_signers"), "-I", WHO, "-n", namespace]
    done = subprocess.run(
        ["ssh-keygen", "-Y", "verify", *words, "-s", str(tmp_path / "value.sig")],  # noqa: S607
        input=message,
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def test_ssh_verifies_what_was_published(tmp_path, key):
    root, folder = signing(tmp_path / "shop", shops.signer(key, WHO)), written(tmp_path)
    done = put_up(folder, root, key)
    (row,) = index(root).rows("second-opinion")
    assert row == done.row
    (one,) = row.signatures
    assert one.signer == WHO
    assert verified(root, NAMESPACE, one.value, statement("acme", row), tmp_path)
    assert not verified(root, NAMESPACE, one.value, statement("other", row), tmp_path)
    assert not (root / "registry.toml.sig").exists()


def test_a_signed_index_is_signed_again_by_every_edit(tmp_path, key):
    root = signing(tmp_path / "shop", shops.signer(key, WHO), index_too=True)
    put_up(written(tmp_path), root, key)
    for _ in range(2):
        value = (root / "registry.toml.sig").read_text("utf-8")
        content = (root / "registry.toml").read_bytes()
        assert verified(root, INDEX_NAMESPACE, value, content, tmp_path)
        with opened(root) as ground:
            yank(Wish("second-opinion", names.version("0.1.0"), "x"), ground, NOW, key)
    assert index(root).serial == 3
    with pytest.raises(UsageError, match="its index is signed; expected --sign KEY"):
        put_up(written(tmp_path, "other-one"), root)


def test_a_killed_edit_of_a_signed_index_is_finished_with_its_signature(tmp_path, key):
    root = signing(tmp_path / "shop", shops.signer(key, WHO), index_too=True)
    first = {one: one.read_bytes() for one in root.glob("registry.toml*")}
    put_up(written(tmp_path), root, key)
    new = {one: one.read_bytes() for one in root.glob("registry.toml*")}
    for one in new:
        one.rename(f"{one}.next")
    for one, content in first.items():
        one.write_bytes(content)
    with opened(root):
        assert {one: one.read_bytes() for one in root.glob("registry.toml*")} == new


def test_an_unsigned_row_in_a_registry_of_signers_is_warned_of(tmp_path, key):
    root = signing(tmp_path / "shop", shops.signer(key, WHO))
    done = put_up(written(tmp_path), root)
    assert done.warnings == (
        "unsigned, in a registry of signers: who installs it is asked (publish with --sign)",
    )


@pytest.mark.parametrize(
    "line",
    [
        lambda _key, other: shops.signer(other, WHO),
        lambda key, _other: shops.signer(key, WHO, namespaces=INDEX_NAMESPACE),
        lambda key, _other: shops.signer(key, WHO).replace(
            'namespaces="', 'valid-before="20200101",namespaces="'
        ),
    ],
    ids=["of nobody", "for something else", "expired"],
)
def test_a_key_that_may_not_sign_it_signs_nothing(tmp_path, key, line):
    other = shops.key(tmp_path / "keys", "other")
    root, folder = signing(tmp_path / "shop", line(key, other)), written(tmp_path)
    with pytest.raises(PackageRefused) as told:
        put_up(folder, root, key)
    assert told.value.code == "signature"
    assert index(root).serial == 1


def test_a_registry_without_signers_takes_no_signature(tmp_path, key):
    root, folder = plain(tmp_path / "shop"), written(tmp_path)
    with pytest.raises(UsageError, match="registry acme names no signers"):
        put_up(folder, root, key)
    with pytest.raises(HocketError, match="there is no such file"):
        put_up(folder, signing(tmp_path / "two", shops.signer(key, WHO)), tmp_path / "nothing")
