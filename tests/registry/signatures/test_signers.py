"""Files of signers: what ssh would let somebody else speak for is refused."""

from __future__ import annotations

import hashlib

import pytest

from hocket.errors import PackageRefused
from hocket.registry.signatures import signers

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDj3CfuNT0OedG6+Q7rRJzMjd8MAFJTCk52FuF8yHpSN"
OURS = 'namespaces="hocket-bundle@v1"'


def problems(content):
    with pytest.raises(PackageRefused) as caught:
        signers.read(content if isinstance(content, bytes) else content.encode(), "acme")
    assert (caught.value.code, caught.value.exit_code) == ("signature", 3)
    return caught.value.problems


def test_lines_comments_and_empty_lines_are_read():
    text = (
        f"# who signs\n\n  \t\na@acme.example,b@acme.example {OURS} {KEY} a comment, é\n"
        f'c@acme.example\tNamespaces="git,hocket-registry@v1",valid-before="20270101"\t{KEY}'
    )
    found = signers.read(text.encode())
    assert found.principals == ("a@acme.example", "b@acme.example", "c@acme.example")
    first, second = found.all
    assert first.speaks("b@acme.example", "hocket-bundle@v1")
    assert not first.speaks("b@acme.example", "hocket-registry@v1")
    assert not first.speaks("c@acme.example", "hocket-bundle@v1")
    assert second.limits == {"valid-before": "20270101"}
    assert found.of(first.key) == [first, second]
    assert found.fingerprints["a@acme.example"] == (first.fingerprint,)
    assert first.fingerprint.startswith("SHA256:")


def test_its_hash_is_that_of_its_bytes():
    assert signers.hash(b"x\n") == f"sha256:{hashlib.sha256(b'x' + bytes([10])).hexdigest()}"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (f"* {OURS} {KEY}", "patterns could be anybody"),
        (f"*@acme.example {OURS} {KEY}", "patterns could be anybody"),
        (f"a?@acme.example {OURS} {KEY}", "patterns could be anybody"),
        (f"a@x,!b@x {OURS} {KEY}", "patterns could be anybody"),
        (f'"a b" {OURS} {KEY}', "patterns could be anybody"),
        (f"а@acme.example {OURS} {KEY}", "patterns could be anybody"),  # noqa: RUF001
        (f"a@x cert-authority,{OURS} {KEY}", "an authority could make anybody a signer"),
        (f"a@x Cert-Authority,{OURS} {KEY}", "an authority could make anybody a signer"),
        (f"a@x cert-authority {KEY}", "an authority could make anybody a signer"),
        (f"a@x {KEY}", "allows neither hocket-bundle@v1 nor hocket-registry@v1"),
        (f'a@x namespaces="git" {KEY}', "allows neither"),
        (f'a@x namespaces="" {KEY}', "is no list of names"),
        (f'a@x namespaces="*" {KEY}', "is no list of names"),
        (f'a@x namespaces="hocket-bundle@v1,!git" {KEY}', "is no list of names"),
        (f'a@x {OURS},valid-after="soon" {KEY}', "is not YYYYMMDD[HHMM[SS]][Z]"),
        (f"a@x {OURS},{OURS} {KEY}", "is unknown or there twice"),
        (f'a@x {OURS},no-touch-required="" {KEY}', "is unknown or there twice"),
        (f"a@x {OURS},= {KEY}", "are no options"),
        (f"a@x {OURS}", "is not WHO"),
        (f"a@x {OURS} ssh-dss AAAA", "is no kind of key that may sign"),
        (f"a@x {OURS} ssh-ed25519-cert-v01@openssh.com AAAA", "is no kind of key"),
        (f"a@x {OURS} ssh-ed25519 AAAA", "its key cannot be read"),
        (f"a@x {OURS} ssh-ed25519 no!base64", "its key cannot be read"),
        (f"a@x {OURS} {KEY.replace('ed25519 ', 'rsa ')}", 'its key is "ssh-ed25519"'),
        (f"a@x {OURS} {KEY}\r", "holds a control character"),
        (f"a@x {OURS} {KEY}\0", "holds a control character"),
    ],
)
def test_what_would_let_others_sign_is_refused(line, says):
    (problem,) = problems(f"# one\n{line}\n")
    assert problem.startswith("line 2: ")
    assert says in problem


def test_every_line_is_judged():
    found = problems(b"* x y z\n\xff\xfe\n" + f"a@x {OURS} {KEY}\n".encode() + b"b@x\n")
    assert [one.partition(":")[0] for one in found] == ["line 1", "line 2", "line 4"]


def test_nobody_and_too_much_are_refused():
    assert problems("# nobody\n") == ("names nobody",)
    long = "a@x " + "=" * (16 << 10)
    assert problems(long) == ("line 1: has 16,388 bytes, 16,384 allowed",)
    assert "is not WHO" in problems("a@x " + "=" * 16_000)[0]
    assert problems(b"#" * ((1 << 20) + 1)) == ("1,048,577 bytes, 1,048,576 allowed",)
