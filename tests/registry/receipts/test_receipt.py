"""A receipt says what was put where, and who agreed to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.api.ceiling import Ceiling
from hocket.errors import StructureError
from hocket.registry.forms.names import version
from hocket.registry.receipts import receipt
from hocket.registry.receipts.reading import read
from hocket.registry.receipts.receipt import (
    Consent,
    Distribution,
    Place,
    Placed,
    Previous,
    Receipt,
    Target,
)

A, B = "hk1:" + "a" * 64, "hk1:" + "b" * 64
SHA, OTHER = "sha256:" + "c" * 64, "sha256:" + "d" * 64
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
FEW = settings(max_examples=50, deadline=None)
CEILING = Ceiling(tools=("Read", "WebFetch"), network=("*",), agents=120, reveal=True)
DEEP = Receipt(
    name="acme-patterns/deep-research",
    version=version("1.4.0"),
    digest=A,
    source="path:bundles/deep-research",
    signer="releases@acme.example",
    installed_at=AT,
    hocket="0.3.0",
    checks={"digest": "ok", "signature": "ok"},
    consent=Consent(CEILING, ("agents:120", "network:*"), "tty", AT),
    targets=(
        Target(
            Place.WORKFLOWS,
            "deep-research",
            (Placed("SKILL.md", "f", SHA), Placed("scripts/run.sh", "x", SHA)),
        ),
    ),
    previous=Previous(version("1.3.0"), B),
)
TEXT = f"""\
format = 1
name = "acme-patterns/deep-research"
version = "1.4.0"
digest = "{A}"
source = "path:bundles/deep-research"
signer = "releases@acme.example"
installed-at = 2026-11-21T12:00:00Z
hocket = "0.3.0"

[checks]
digest = "ok"
signature = "ok"

[consent]
by = "tty"
at = 2026-11-21T12:00:00Z
accepted = ["agents:120", "network:*"]
declared = true

[consent.capabilities]
agents = 120
network = ["*"]
reveal = true
tools = ["Read", "WebFetch"]

[previous]
version = "1.3.0"
digest = "{B}"

[[target]]
place = "workflows"
path = "deep-research"

[[target.file]]
path = "SKILL.md"
kind = "f"
sha256 = "{SHA}"

[[target.file]]
path = "scripts/run.sh"
kind = "x"
sha256 = "{SHA}"
"""


def test_a_receipt_is_one_text():
    assert receipt.dump(DEEP).decode() == TEXT
    assert read(TEXT.encode(), "r") == DEEP


def test_a_plugin_keeps_its_packages_with_their_code():
    code = (Placed("acme/stores.py", "f", SHA), Placed("acme/fast.so", "f", OTHER))
    packages = (Distribution("acme-stores", "1.2.0", code), Distribution("acme-objects", "4.0.1"))
    plugin = replace(DEEP, targets=(), distributions=packages)
    again = read(receipt.dump(plugin), "r")
    assert [one.name for one in again.distributions] == ["acme-stores", "acme-objects"]
    assert again.distributions[0].files == tuple(sorted(code, key=lambda one: one.path))


def test_the_least_there_can_be():
    least = replace(
        DEEP,
        signer="",
        checks={},
        previous=None,
        targets=(),
        consent=Consent(Ceiling(is_declared=False), (), "policy", AT),
    )
    assert read(receipt.dump(least), "r") == least


def test_a_receipt_lies_under_its_scope_and_name():
    assert receipt.file_name("acme-patterns/deep-research") == "acme-patterns--deep-research.toml"
    assert receipt.scope_id(None) == "user"
    assert receipt.scope_id("/home/me/project") == receipt.scope_id("/home/me/project")
    assert len(receipt.scope_id("/home/me/\udcff")) == 16


def test_only_what_is_still_ours_is_taken_away():
    target = Target(
        Place.WORKFLOWS, "x", tuple(Placed(name, "f", SHA) for name in ("aa", "bb", "cc"))
    )
    assert receipt.untouched(target, {"aa": SHA, "bb": OTHER, "mine": SHA}) == (("aa",), ("bb",))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("format = 1", "format = 2", "format: 2 needs a newer hocket"),
        ("format = 1", "format = 0", "format: 0 is not 1"),
        (A, "x", "digest: "),
        ('by = "tty"', 'by = "me"', 'consent: by: "me" is not one of tty, flag, policy'),
        ("declared = true\n", "", "consent: declared: is missing"),
        ("agents = 120", "agents = 1001", "consent: capabilities: "),
        ("agents = 120", "cpu = 1", 'consent: capabilities: unknown capability "cpu"'),
        ("[consent", "[consend", "consent: is missing"),
        ('kind = "x"', 'kind = "l"', 'target 1: file 2: kind: "l" is not f or x'),
        ("scripts/run.sh", "../run.sh", "target 1: file 2: path: "),
        ('place = "workflows"', 'colour = 1\nplace = "plugins"', 'target 1: unknown key "colour"'),
        ('place = "workflows"', 'place = "home"', 'target 1: place: "home" is not one of '),
        ('version = "1.3.0"', 'version = "1.3"', "previous: version: "),
        ("format = 1", "format = 1\ncolour = 1", 'unknown key "colour"'),
    ],
)
def test_a_damaged_receipt_is_refused(old, new, told):
    assert old in TEXT
    every = -1 if old == "[consent" else 1
    with pytest.raises(StructureError) as caught:
        read(TEXT.replace(old, new, every).encode(), "r.toml")
    assert str(caught.value).startswith("r.toml: ")
    assert told in str(caught.value)


PATHS = st.from_regex(r"[a-z.]{0,3}[a-z][a-z ']{0,3}(/[a-zé]{1,4})?", fullmatch=True)


@FEW
@given(
    st.dictionaries(PATHS, st.tuples(st.sampled_from("fx"), st.sampled_from([SHA, OTHER]))),
    st.sets(st.sampled_from(["agents:1", "network:*", 'shell:"a"'])),
    st.booleans(),
)
def test_what_is_written_is_read(files, accepted, reveal):
    placed = [Placed(path, kind, digest) for path, (kind, digest) in files.items()]
    given_one = replace(
        DEEP,
        consent=Consent(Ceiling(reveal=reveal), tuple(sorted(accepted)), "flag", AT),
        targets=(
            Target(Place.WORKFLOWS, "x", tuple(sorted(placed, key=lambda one: one.path.encode()))),
        ),
    )
    text = receipt.dump(given_one)
    assert read(text, "r") == given_one
    assert (
        receipt.dump(
            replace(given_one, targets=(Target(Place.WORKFLOWS, "x", tuple(placed[::-1])),))
        )
        == text
    )
