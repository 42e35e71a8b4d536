"""The lock says which bytes are used, in one text, and nobody but hocket writes it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.errors import StructureError
from hocket.registry.forms import ranges
from hocket.registry.forms.names import version
from hocket.registry.indexes.rows import Kind
from hocket.registry.locks.lock import Lock, Locked, Registry, differences, dump
from hocket.registry.locks.reading import read

REV = "1f0c9ab2e41d" + "0" * 28
A, B = "hk1:" + "a" * 64, "hk1:" + "b" * 64
SHA = "sha256:" + "c" * 64
TEXT = f"""\
version = 1

[[registry]]
name = "acme-patterns"
url = "git+https://git.acme.example/patterns.git"
rev = "{REV}"
serial = 42
signers = "{SHA}"

[[package]]
name = "acme-patterns/deep-research"
kind = "bundle"
version = "1.4.0"
requested = "^1.4"
digest = "{A}"
capabilities = "{SHA}"
signer = "releases@acme.example"
source = "git+https://git.acme.example/patterns.git@{REV}#deep-research"
dependencies = ["acme-patterns/web-sources@1.2.3"]

[[package]]
name = "acme-patterns/web-sources"
kind = "bundle"
version = "1.2.3"
digest = "{B}"
capabilities = "{SHA}"
source = "path:bundles/web-sources"
"""


def locked(name, number, *needs, **more):
    return Locked(
        name=f"acme/{name}",
        kind=Kind.BUNDLE,
        version=version(number),
        digest=A,
        capabilities=SHA,
        source=f"path:{name}",
        dependencies=tuple(f"acme/{one}" for one in needs),
        **more,
    )


ACME = Registry("acme", "path:here", 1)
ASKED = ranges.parse("*")


def refusal(text):
    with pytest.raises(StructureError) as caught:
        read(text if isinstance(text, bytes) else text.encode())
    assert caught.value.exit_code == 3
    return str(caught.value)


def test_the_lock_of_the_specification_is_read_and_written_as_it_stands():
    lock = read(TEXT.encode())
    assert dump(lock).decode() == TEXT
    deep, web = lock.packages
    assert (deep.reference, str(deep.requested)) == ("acme-patterns/deep-research@1.4.0", "^1.4")
    assert (web.requested, web.signer, web.dependencies) == (None, "", ())
    assert lock.requested == {"acme-patterns/deep-research": deep.requested}
    assert {key: str(one) for key, one in lock.versions.items()} == {
        "acme-patterns/deep-research": "1.4.0",
        "acme-patterns/web-sources": "1.2.3",
    }


def test_an_empty_lock_is_a_lock():
    assert dump(Lock()) == b"version = 1\n"
    assert read(b"version = 1\n") == Lock()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("version = 1\n\n", "version = 2\n\n", "hocket.lock:1: version: 2 needs a newer hocket"),
        ("version = 1\n\n", "version = 0\n\n", "hocket.lock:1: version: 0 is not 1"),
        ("version = 1\n\n", "\n", "hocket.lock:1: version: is missing"),
        ("serial = 42", "serial = -1", "hocket.lock:7: serial: -1 is not"),
        (A, A[:-1], "hocket.lock:15: digest: "),
        (B, "sha1:x", "hocket.lock:25: digest: "),
        ('version = "1.2.3"', 'version = "1.2"', 'hocket.lock:24: version: "1.2" is not X.Y.Z'),
        (
            "@1.2.3",
            "@1.2.4",
            'hocket.lock:19: dependencies: "acme-patterns/web-sources@1.2.4" is not',
        ),
        ("web-sources@1.2.3", "web-sources", "is not REGISTRY/NAME@VERSION"),
        ('name = "acme-patterns/web', 'name = "acme-patterns/deep-research" #', "is there twice"),
        ('"acme-patterns/web-sources"', '"other/web-sources"', "hocket.lock:19: dependencies: "),
        ('name = "acme-patterns"', 'name = "acme"', "is of a registry that is not in the lock"),
        ('kind = "bundle"', 'kind = "theme"', 'hocket.lock:12: kind: "theme" is not one of'),
        ("#deep-research", "#../x", "hocket.lock:18: source: "),
        (f"@{REV}", "@main", 'hocket.lock:18: source: "main" is not a full commit id'),
        ("path:bundles", "path:../bundles", "hocket.lock:27: source: "),
        ("path:bundles/web-sources", "ftp://x", "hocket.lock:27: source: "),
        ("path:bundles/web-sources", "requirement:x>=1", "hocket.lock:27: source: "),
        ('requested = "^1.4"', 'requested = "1.4"', "hocket.lock:14: requested: "),
        ("serial = 42", "serial = 42\nmirror = 1", 'hocket.lock:3: unknown key "mirror"'),
        ("version = 1\n\n", "version = 1\nx = 1\n\n", 'hocket.lock:1: unknown key "x"'),
        ('signer = "', 'signer = r"', "hocket.lock:17: not TOML (Invalid value)"),
        ("[[package]]", "<<<<<<< HEAD\n[[package]]", "hocket.lock:10: not TOML"),
        (
            "serial = 42",
            "serial = 42 # mine",
            'hocket.lock:7: "serial = 42 # mine"; expected "serial = 42"',
        ),
        (
            "\n\n[[package]]",
            "\n[[package]]",
            'hocket.lock:9: "[[package]]"; expected an empty line',
        ),
        (
            '"path:bundles/web-sources"\n',
            '"path:bundles/web-sources"',
            "the end of the file; expected",
        ),
        ('kind = "bundle"\nversion', 'version = "1.4.0"\nkind', "hocket.lock:"),
        ("\n", "\r\n", "hocket.lock:1: a line end is CRLF; expected LF"),
    ],
)
def test_a_lock_that_was_edited_is_refused_with_place_and_reason(old, new, told):
    assert old in TEXT
    every = -1 if old == "\n" else 1
    assert told in refusal(TEXT.replace(old, new, every))


def test_bytes_that_are_no_text_are_refused():
    assert "hocket.lock:1: not UTF-8" in refusal(b"\xffversion = 1\n")
    assert "not TOML" in refusal("\ufeff" + TEXT)


def test_packages_in_another_order_are_refused():
    head, deep, web = TEXT.split("\n[[package]]\n")
    assert "hocket.lock:11: " in refusal(f"{head}\n[[package]]\n{web}\n[[package]]\n{deep}")


def test_a_header_in_another_spelling_still_has_its_line():
    assert "hocket.lock:7: serial: " in refusal(
        TEXT.replace("[[registry]]", "[[ registry ]]").replace("serial = 42", '"serial" = "x"')
    )


# What an update lets go

FEW = settings(max_examples=50, deadline=None)
GRAPH = Lock(
    (ACME,),
    (
        locked("aa", "1.0.0", "both@1.0.0", "only-aa@1.0.0", requested=ASKED),
        locked("bb", "1.0.0", "both@1.0.0", requested=ASKED),
        locked("both", "1.0.0", "deep@1.0.0"),
        locked("deep", "1.0.0"),
        locked("only-aa", "1.0.0", "only-deep@1.0.0"),
        locked("only-deep", "1.0.0", "only-aa@1.0.0"),
        locked("orphan", "1.0.0"),
    ),
)


@pytest.mark.parametrize(
    ("updated", "freed"),
    [
        ((), set()),
        (("aa",), {"aa", "only-aa", "only-deep"}),
        (("bb",), {"bb"}),
        (("both",), {"both", "deep"}),
        (("deep",), {"deep"}),
        (("aa", "bb"), {"aa", "bb", "both", "deep", "only-aa", "only-deep"}),
        (("orphan",), {"orphan"}),
        (("nobody",), set()),
    ],
)
def test_an_update_frees_a_package_and_what_only_it_needs(updated, freed):
    kept = GRAPH.without(frozenset(f"acme/{one}" for one in updated))
    assert {key.removeprefix("acme/") for key in GRAPH.versions if key not in kept} == freed


def test_differences_name_what_would_change():
    lock = Lock((ACME,), (locked("aa", "1.0.0"), locked("bb", "1.0.0")))
    assert differences(lock, Lock(lock.registries, lock.packages[::-1])) == ()
    other = Lock((replace(ACME, serial=2),), (locked("aa", "1.1.0"), locked("cc", "1.0.0")))
    told = f"digest {A}, capabilities {SHA}, source path:"
    assert differences(lock, other) == (
        f"acme/aa: 1.0.0, {told}aa → 1.1.0, {told}aa",
        f"acme/bb: 1.0.0, {told}bb → not there",
        f"acme/cc: not there → 1.0.0, {told}cc",
        "registry acme: serial 1, path:here → serial 2, path:here",
    )


NAMES = st.from_regex(r"[a-z]{2,4}(-[a-z]{1,3})?", fullmatch=True).filter(
    lambda one: one not in {"all", "core", "con", "prn", "aux", "nul"}
)
HEX = st.text("0123456789abcdef", min_size=64, max_size=64)
VERSIONS = st.from_regex(r"[0-9]\.[1-9]?[0-9]\.[0-9](-(a|b|rc)\.[0-9])?", fullmatch=True).map(
    version
)
LINES = st.from_regex(r"[a-z@ \"'\\é=\[\]#]{1,20}", fullmatch=True)
SOURCES = st.one_of(
    HEX.map(lambda one: f"git+ssh://git@h.example/x.git@{one}#a/b"),
    HEX.map(lambda one: f"git+https://h.example/x.git@{one[:40]}"),
    HEX.map(lambda one: f"https://h.example/x.zip#sha256={one}"),
    NAMES.map(lambda one: f"path:bundles/{one}"),
    NAMES.map(lambda one: f"requirement:{one}==1.0 ; python_version >= '3.11'"),
)


@st.composite
def locks(draw):
    registry = Registry(
        draw(NAMES),
        draw(LINES),
        draw(st.integers(0, 99)),
        draw(st.one_of(st.just(""), HEX, HEX.map(lambda one: one[:40]))),
        draw(st.one_of(st.just(""), HEX.map("sha256:{}".format))),
    )
    numbers = draw(st.dictionaries(NAMES, VERSIONS, max_size=4))
    keys = [f"{registry.name}/{name}@{number}" for name, number in numbers.items()]
    packages = [
        Locked(
            name=f"{registry.name}/{name}",
            kind=draw(st.sampled_from(Kind)),
            version=number,
            digest=f"hk1:{draw(HEX)}",
            capabilities=f"sha256:{draw(HEX)}",
            source=draw(SOURCES),
            requested=draw(st.sampled_from([None, ASKED, ranges.parse("^1.2")])),
            signer=draw(st.one_of(st.just(""), LINES)),
            dependencies=tuple(sorted(draw(st.sets(st.sampled_from(keys))))),
        )
        for name, number in numbers.items()
    ]
    return Lock((registry,), tuple(sorted(packages, key=lambda one: one.name)))


@FEW
@given(locks())
def test_what_is_written_is_read(lock):
    text = dump(lock)
    assert read(text) == lock
    assert dump(Lock(lock.registries, lock.packages[::-1])) == text
    assert all(
        line == "" or line.startswith("[[") or " = " in line for line in text.decode().splitlines()
    )


@FEW
@given(locks(), st.data())
def test_a_byte_more_or_less_is_refused_or_another_lock(lock, data):
    text = dump(lock)
    at = data.draw(st.integers(0, len(text) - 1))
    edited = text[:at] + data.draw(st.binary(max_size=1)) + text[at + 1 :]
    try:
        got, where = read(edited), ""
    except StructureError as error:
        got, where = None, error.who
    if got is None:
        file, _, line = where.partition(":")
        assert (file, int(line) in range(1, text.count(b"\n") + 3)) == ("hocket.lock", True)
    else:
        assert (got == lock) == (edited == text)
        assert dump(got) == edited
