"""Signatures by real keys, checked by ssh-keygen and without it; what fails, fails both ways."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from importlib.util import find_spec

import pytest
import shops

from hocket.errors import HocketError, PackageRefused, UsageError
from hocket.registry.indexes.index import read
from hocket.registry.indexes.statement import INDEX_NAMESPACE, NAMESPACE, statement
from hocket.registry.signatures import signers, sshsig
from hocket.registry.signatures.signing import sign
from hocket.registry.signatures.verifying import find_principal, verify
from hocket.registry.signatures.wire import string

WHO = "releases@acme.example"
MESSAGE = b'{"_type":"hocket/bundle/v1","name":"deep-research"}'
AT = datetime(2026, 11, 18, 10, tzinfo=UTC)
EXTRA = pytest.mark.skipif(
    find_spec("cryptography") is None, reason="needs cryptography: pip install hocket[sshsig]"
)
WAYS = [
    pytest.param(None, id="ssh-keygen"),
    pytest.param("", id="cryptography", marks=EXTRA),
]
both = pytest.mark.parametrize("tool", WAYS)


class Shop:
    """A key with its file of signers, and what it signed."""

    def __init__(self, folder, options="", kind="ed25519"):
        self.key = folder / "id"
        words = ["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "", "-f", str(self.key)]
        subprocess.run(words, check=True, capture_output=True)
        line = shops.signer(self.key, WHO)
        self.signers = line.replace(' namespaces="', f' {options}namespaces="').encode()
        self.signature = sign(self.key, NAMESPACE, MESSAGE)

    @property
    def fingerprint(self):
        words = ["ssh-keygen", "-l", "-f", f"{self.key}.pub"]
        told = subprocess.run(words, check=True, capture_output=True, text=True)
        return told.stdout.split()[1]

    def verify(self, tool=None, **changed):
        given = {"message": MESSAGE, "armoured": self.signature, "signers": self.signers}
        given |= {"who": WHO, "namespace": NAMESPACE, "at": AT, "tool": tool}
        return verify(**{**given, **changed})


@pytest.fixture
def shop(tmp_path):
    return Shop(tmp_path)


def refusal(check):
    with pytest.raises(PackageRefused) as caught:
        check()
    assert (caught.value.code, caught.value.exit_code) == ("signature", 3)
    return caught.value.message


@both
def test_a_signature_that_holds_gives_the_fingerprint_of_its_key(shop, tool):
    assert shop.verify(tool) == shop.fingerprint
    assert signers.read(shop.signers).fingerprints == {WHO: (shop.fingerprint,)}
    assert shop.verify(tool, at=None) == shop.fingerprint


@both
def test_other_bytes_are_not_signed(shop, tool):
    assert "does not hold" in refusal(lambda: shop.verify(tool, message=MESSAGE + b" "))
    other = MESSAGE.replace(b"deep-research", b"other-package")
    assert "does not hold" in refusal(lambda: shop.verify(tool, message=other))


@both
def test_a_signature_of_another_package_is_over_another_statement(tmp_path, tool):
    """M45, with the statements of two packages that differ in nothing but the name."""
    shop = Shop(tmp_path)
    root = shops.shop(tmp_path / "shop", "hello", "world")
    index = read((root / "registry.toml").read_bytes())
    own, other = (statement(index.name, index.rows(name)[0]) for name in ("hello", "world"))
    armoured = sign(shop.key, NAMESPACE, own)
    assert shop.verify(tool, message=own, armoured=armoured) == shop.fingerprint
    assert "does not hold" in refusal(lambda: shop.verify(tool, message=other, armoured=armoured))
    elsewhere = statement("another", index.rows("hello")[0])
    refusal(lambda: shop.verify(tool, message=elsewhere, armoured=armoured))


@both
def test_another_namespace_does_not_count(shop, tool):
    other = sign(shop.key, INDEX_NAMESPACE, MESSAGE)
    said = refusal(lambda: shop.verify(tool, armoured=other))
    assert f"is for '{INDEX_NAMESPACE}', not '{NAMESPACE}'" in said
    narrow = shops.signer(shop.key, WHO, namespaces=INDEX_NAMESPACE).encode()
    refusal(lambda: shop.verify(tool, signers=narrow))
    assert shop.verify(tool, armoured=other, namespace=INDEX_NAMESPACE) == shop.fingerprint


@both
def test_the_key_of_somebody_else_does_not_count(shop, tool, tmp_path):
    other = shops.key(tmp_path / "other")
    both_keys = shop.signers + shops.signer(other, "other@acme.example").encode()
    foreign = sign(other, NAMESPACE, MESSAGE)
    refusal(lambda: shop.verify(tool, armoured=foreign))
    refusal(lambda: shop.verify(tool, armoured=foreign, signers=both_keys))
    said = refusal(lambda: shop.verify(tool, who="nobody@acme.example"))
    assert "signature by nobody@acme.example: the pinned file of signers does not name" in said
    assert refusal(lambda: shop.verify(tool, who="*"))
    assert refusal(lambda: shop.verify(tool, who=""))


def test_a_key_counts_only_while_it_is_valid(tmp_path):
    shop = Shop(tmp_path, 'valid-after="20260101",valid-before="20261201000000Z",')
    assert shop.verify() == shop.fingerprint
    for late in (datetime(2026, 12, 2, tzinfo=UTC), datetime(2025, 12, 31, tzinfo=UTC)):
        assert "does not hold" in refusal(lambda at=late: shop.verify(at=at))
    assert "for a time only" in refusal(lambda: shop.verify(""))


def test_moments_without_a_zone_are_utc_wherever_it_is_checked(tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    shop = Shop(tmp_path, 'valid-before="20261118110000",')
    assert shop.verify() == shop.fingerprint
    assert refusal(lambda: shop.verify(at=AT.replace(hour=11, minute=1)))


def test_a_revoked_key_does_not_count(shop, tmp_path):
    other = shops.key(tmp_path / "other")
    lists = {}
    for name, key in {"ours": shop.key, "theirs": other}.items():
        words = ["ssh-keygen", "-q", "-k", "-f", str(tmp_path / name), f"{key}.pub"]
        subprocess.run(words, check=True, capture_output=True)
        lists[name] = (tmp_path / name).read_bytes()
    assert shop.verify(krl=lists["theirs"]) == shop.fingerprint
    assert "does not hold" in refusal(lambda: shop.verify(krl=lists["ours"]))
    assert "does not hold" in refusal(lambda: shop.verify(krl=b"SSHKRL\n\0cut short"))
    assert "list of revoked keys is empty" in refusal(lambda: shop.verify(krl=b""))
    assert "only ssh-keygen can read" in refusal(lambda: shop.verify("", krl=lists["theirs"]))


def test_without_openssh_other_kinds_of_keys_are_refused(tmp_path):
    shop = Shop(tmp_path, kind="ecdsa")
    assert shop.verify() == shop.fingerprint
    assert "'ecdsa-sha2-nistp256'" in refusal(lambda: shop.verify(""))


def test_what_cannot_be_checked_is_refused(shop, tmp_path):
    """A program that is not there, and programs that end as if they had not checked."""
    assert "could not check it" in refusal(lambda: shop.verify(str(tmp_path / "nowhere")))
    for code in (1, 2, 255):
        program = tmp_path / f"keygen-{code}"
        program.write_text(f"#!/bin/sh\necho 'Good signature' >&2\nexit {code}\n", "utf-8")
        program.chmod(0o755)
        assert "does not hold (Good signature)" in refusal(lambda it=program: shop.verify(str(it)))
    silent = tmp_path / "silent"
    silent.write_text("#!/bin/sh\nexit 3\n", "utf-8")
    silent.chmod(0o755)
    assert "it ended with 3" in refusal(lambda: shop.verify(str(silent)))


def test_the_signer_of_an_index_is_found_among_the_pinned(shop, tmp_path):
    other = shops.key(tmp_path / "other")
    file = shops.signer(other, "other@acme.example").encode() + shop.signers
    armoured = sign(shop.key, INDEX_NAMESPACE, b"index")
    found = find_principal(b"index", armoured, file, INDEX_NAMESPACE)
    assert found == WHO
    said = refusal(lambda: find_principal(b"indey", armoured, file, INDEX_NAMESPACE))
    assert "does not hold" in said
    foreign = sign(shops.key(tmp_path / "third"), INDEX_NAMESPACE, b"index")
    said = refusal(lambda: find_principal(b"index", foreign, file, INDEX_NAMESPACE))
    assert "is by none of the pinned signers" in said


@both
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: "", "is not an armoured SSH signature"),
        (lambda text: text.replace("SIGNATURE", "MESSAGE"), "is not an armoured SSH signature"),
        (lambda text: text.replace("\nU1NIU0lH", "\nU1NIU0lI"), "is no SSHSIG of version 1"),
        (lambda text: text.replace("\nU1NIU0lH", "\nU1NIU0l"), "is not base64"),
        (lambda text: text.replace("\nU1NIU0lH", "\nU1NIU0lHAAAA"), "is no SSHSIG of version 1"),
    ],
)
def test_what_is_no_signature_is_refused(shop, tool, change, says):
    assert says in refusal(lambda: shop.verify(tool, armoured=change(shop.signature)))


@both
def test_every_byte_of_a_signature_counts(shop, tool):
    """Flip one bit of each byte: none of them is a signature any more."""
    lines = shop.signature.strip().split("\n")
    raw = bytearray(b64decode("".join(lines[1:-1])))
    step = 1 if tool == "" else 12
    for at in range(0, len(raw), step):
        flipped = bytearray(raw)
        flipped[at] ^= 1
        body = b64encode(flipped).decode()
        refusal(lambda it=f"{lines[0]}\n{body}\n{lines[-1]}\n": shop.verify(tool, armoured=it))


def test_our_reading_of_a_signature_is_that_of_ssh(shop):
    read = sshsig.read(shop.signature)
    assert (read.namespace, read.hash_name) == (NAMESPACE, "sha512")
    assert read.fingerprint == shop.fingerprint


def test_signing_says_clearly_why_it_cannot(shop, tmp_path, monkeypatch):
    with pytest.raises(UsageError, match="key gone: there is no such file"):
        sign(tmp_path / "gone", NAMESPACE, MESSAGE)
    (tmp_path / "words").write_text("no key", "utf-8")
    (tmp_path / "words").chmod(0o600)
    with pytest.raises(HocketError, match="key words: ") as caught:
        sign(tmp_path / "words", NAMESPACE, MESSAGE)
    assert caught.value.hint == "Nothing was signed."
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(HocketError, match="no program 'ssh-keygen'"):
        sign(shop.key, NAMESPACE, MESSAGE)
    # And without the program, the other way is taken, which is as strict.
    assert shop.verify() == sshsig.read(shop.signature).fingerprint


def test_a_program_that_cannot_be_started_signs_nothing(shop, tmp_path, monkeypatch):
    program = tmp_path / "ssh-keygen"
    program.write_bytes(b"\x7fELF no program")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(HocketError, match="ssh-keygen did not start"):
        sign(shop.key, NAMESPACE, MESSAGE)
    assert "could not check it" in refusal(shop.verify)


def test_with_neither_way_nothing_is_taken(shop, monkeypatch):
    monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    assert "so nothing was checked" in refusal(lambda: shop.verify(""))
    assert "so nothing was checked" in refusal(
        lambda: find_principal(MESSAGE, shop.signature, shop.signers, NAMESPACE, tool="")
    )


def test_a_key_that_only_the_agent_holds_signs(shop, tmp_path):
    """The public file names it; ssh-agent runs this in a shell of its own."""
    script = (
        "import sys; from pathlib import Path; from hocket.registry.signatures.signing import sign;"
        "import subprocess; key = Path(sys.argv[1]);"
        "subprocess.run(['ssh-add', '-q', str(key)], check=True); key.unlink();"
        "print(sign(key.with_suffix('.pub'), sys.argv[2], b'by the agent'), end='')"
    )
    words = ["ssh-agent", sys.executable, "-c", script, str(shop.key), NAMESPACE]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    assert shop.verify(message=b"by the agent", armoured=done.stdout)


def test_only_ssh_keygen_is_started_and_nothing_stays(shop, tmp_path, monkeypatch):
    lent = tmp_path / "lent"
    lent.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(lent))
    started = []
    listening = [True]

    def hook(event, given):
        if listening and event in {"subprocess.Popen", "os.system", "os.posix_spawn", "os.exec"}:
            started.append((event, str(given[0]).rpartition("/")[2]))

    sys.addaudithook(hook)
    shop.verify()
    refusal(lambda: shop.verify(message=b""))
    listening.clear()
    assert started == [("subprocess.Popen", "ssh-keygen")] * 2
    assert not [*lent.iterdir()]


def test_a_signature_with_words_that_are_not_ascii_is_refused(shop):
    raw = b"SSHSIG\0\0\0\1" + string(b"key") + string(b"\xff") + string(b"")
    body = b64encode(raw + string(b"sha512") + string(b"x")).decode()
    text = f"-----BEGIN SSH SIGNATURE-----\n{body}\n-----END SSH SIGNATURE-----\n"
    assert "not ASCII" in refusal(lambda: shop.verify(armoured=text))
    body = b64encode(raw.replace(b"\xff", b"n") + string(b"md5") + string(b"x")).decode()
    text = f"-----BEGIN SSH SIGNATURE-----\n{body}\n-----END SSH SIGNATURE-----\n"
    assert "is over a hash that is not sha256 or sha512" in refusal(
        lambda: shop.verify(armoured=text)
    )
