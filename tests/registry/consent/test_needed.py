"""What must be agreed to: only what is new, and all of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hocket.api.ceiling import Ceiling
from hocket.errors import UsageError
from hocket.registry.consent.needed import covers
from hocket.registry.forms.names import version
from hocket.registry.indexes.pins import Pin
from hocket.registry.indexes.rows import Kind, Source
from hocket.registry.installing.plan import Action, Copy, Finding, Step
from hocket.registry.locks.lock import Lock, Locked, Registry
from hocket.registry.receipts.receipt import Place

QUIET = Ceiling(tools=("Read", "Grep"), read=("docs/**",), agents=100)
LOUD = replace(QUIET, network=("api.example",))
BAD = Finding("L03", "critical", "SKILL.md", 4, "runs a program disguised as base64")


def test_a_quiet_table_is_covered_by_yes_as_a_whole(desk):
    (need,) = desk.needs(desk.parcel(ceiling=QUIET)).packages
    assert need.ids == ("agents:100", "read:docs/**", "tools:Grep", "tools:Read")
    assert need.loud == ()


def test_beside_something_loud_nothing_is_quiet(desk):
    found = desk.needs(desk.parcel(ceiling=LOUD))
    assert found.ids == (
        "agents:100",
        "network:api.example",
        "read:docs/**",
        "tools:Grep",
        "tools:Read",
    )


def test_a_new_pattern_to_read_is_loud_where_something_could_carry_it_out(desk):
    old = desk.parcel(ceiling=Ceiling(network=("*",), agents=5))
    new = desk.parcel(number="1.1.0", ceiling=Ceiling(network=("*",), agents=5, read=("**",)))
    step = desk.update(new, old, desk.agreed(old))
    assert desk.needs(step).ids == ("read:**",)


def test_the_same_hash_asks_nothing_again(desk):
    old = desk.parcel(ceiling=LOUD)
    new = desk.parcel(number="1.1.0", ceiling=LOUD, digest="hk1:" + "2" * 64)
    (need,) = desk.needs(desk.update(new, old, desk.agreed(old))).packages
    assert (need.ids, need.is_new) == ((), False)


def test_only_what_is_wider_is_asked_for(desk):
    old = desk.parcel(ceiling=LOUD)
    wider = Ceiling(tools=("Read",), network=("eu.api.example", "b.example"), agents=101)
    new = desk.parcel(number="1.1.0", ceiling=wider)
    found = desk.needs(desk.update(new, old, desk.agreed(old)))
    assert found.ids == ("agents:101", "network:b.example")


def test_what_was_given_up_is_asked_for_again(desk):
    old, less = desk.parcel(ceiling=LOUD), desk.parcel(number="1.1.0", ceiling=QUIET)
    step = desk.update(less, old, desk.agreed(old))
    consent = desk.say(desk.needs(step), yes=True)[less.key]
    assert consent.ceiling == QUIET
    again = desk.parcel(number="1.2.0", ceiling=LOUD)
    assert desk.needs(desk.update(again, less, consent)).ids == ("network:api.example",)


def test_another_signer_asks_for_everything_again(desk):
    other = "SHA256:" + "b" * 43
    old = desk.parcel(ceiling=LOUD)
    new = desk.parcel(ceiling=LOUD, signer="eve@acme.example", fingerprint=other)
    found = desk.needs(desk.update(new, old, desk.agreed(old)))
    assert f"signer:{other}" in found.ids
    assert "network:api.example" in found.ids
    (raised,) = found.packages[0].raised
    told = "acme/hello is signed by eve@acme.example, no longer by releases@acme.example"
    assert raised.why == told


@pytest.mark.parametrize(
    ("source", "id_"),
    [
        (Source(git="https://evil.example/x.git", rev="0" * 40), "source:evil.example"),
        (Source(git="ssh://git@evil.example:22/x", rev="0" * 40), "source:evil.example:22"),
        (Source(archive="https://EVIL.example/a.zip", sha256="0" * 64), "source:evil.example"),
        (Source(git="https://git.acme.example/other.git", rev="0" * 40), ""),
        (Source(path="bundles/hello"), ""),
    ],
)
def test_another_host_asks_for_everything_again(desk, source, id_):
    old, new = desk.parcel(ceiling=LOUD), desk.parcel(ceiling=LOUD, source=source)
    found = desk.needs(desk.update(new, old, desk.agreed(old)))
    assert found.ids == (("agents:100", "network:api.example", "read:docs/**") if id_ else ()) + (
        (id_, "tools:Grep", "tools:Read") if id_ else ()
    )


def test_the_host_of_a_path_is_that_of_its_registry_then_and_now(desk):
    here = desk.parcel(ceiling=LOUD, source=Source(path="bundles/hello"))
    consent = desk.agreed(here)
    step = desk.update(here, here, consent)
    assert desk.needs(step, url="git+https://other.example/x").ids == ()
    before = Lock((Registry("acme", desk.URL, 41),))
    moved = desk.needs(step, url="git+https://other.example/x", before=before)
    assert "source:other.example" in moved.ids
    assert "source:local" in desk.needs(step, url="/srv/registry", before=before).ids


def test_a_lock_that_cannot_be_read_vouches_for_nothing(desk):
    plan = replace(desk.plan(desk.parcel(ceiling=QUIET)), lock_before=b"<<<<<<< ours\n")
    from hocket.registry.consent.granted import Granted  # noqa: PLC0415
    from hocket.registry.consent.needed import needed  # noqa: PLC0415

    assert needed(plan, Granted(now=desk.NOW)).ids == ()


def test_an_unsigned_row_of_a_registry_with_signers(desk):
    bare = desk.parcel(ceiling=QUIET, signer="", fingerprint="")
    assert desk.needs(bare).ids == ("unsigned:acme/hello",)
    assert desk.needs(bare, signers="").ids == ()
    consent = desk.agreed(bare)
    assert consent.accepted == ("unsigned:acme/hello",)
    newer = desk.parcel(number="1.1.0", ceiling=QUIET, signer="", fingerprint="")
    assert desk.needs(desk.update(newer, bare, consent)).ids == ()


def test_what_was_signed_and_is_no_longer(desk):
    old = desk.parcel(ceiling=LOUD)
    new = desk.parcel(number="1.1.0", ceiling=LOUD, signer="", fingerprint="")
    found = desk.needs(desk.update(new, old, desk.agreed(old)), signers="")
    assert "unsigned:acme/hello" in found.ids
    assert "network:api.example" in found.ids


def test_python_is_agreed_to_by_name_and_lapses_with_its_signer(desk):
    code = desk.code()
    assert desk.needs(code).ids == ("python:acme/stores",)
    consent = desk.agreed(code)
    newer = desk.code(number="1.1.0")
    assert desk.needs(desk.update(newer, code, consent)).ids == ()
    other = desk.code(signer="eve@acme.example", fingerprint="SHA256:" + "b" * 43)
    assert "python:acme/stores" in desk.needs(desk.update(other, code, consent)).ids


def test_a_look_alike_is_loud_when_it_is_new(desk):
    twin = desk.parcel("acme/deep-reserach", ceiling=QUIET)
    granted = {"known": {"deep-research"}}
    found = desk.needs(twin, granted=granted)
    assert found.ids == ("similar:acme/deep-reserach",)
    kept = desk.update(twin, twin, desk.agreed(twin))
    assert desk.needs(kept, granted=granted).ids == ()


def test_a_command_that_is_built_in(desk):
    granted = {"builtin": {"hello", "review"}}
    one = desk.parcel(ceiling=QUIET)
    assert desk.needs(one, granted=granted).ids == ("shadow:/hello",)
    moved = Copy(Place.WORKFLOWS, "hi", one.tree)
    assert desk.needs(replace(one, copies=(moved,)), granted=granted).ids == ()
    several = desk.parcel(ceiling=QUIET, commands=("hello", "review"), copies=(moved,))
    assert desk.needs(several, granted=granted).ids == ("shadow:/hello", "shadow:/review")


def test_a_version_younger_than_the_cooldown(desk):
    day = {"ages": {"acme": timedelta(days=1)}}
    young = desk.parcel(ceiling=QUIET, published=desk.NOW - timedelta(hours=23))
    assert desk.needs(young, granted=day).ids == ("young:acme/hello@1.0.0",)
    assert desk.needs(young).ids == ()
    old = desk.parcel(ceiling=QUIET, published=desk.NOW - timedelta(hours=24))
    assert desk.needs(old, granted=day).ids == ()
    locked = Locked(
        "acme/hello", Kind.BUNDLE, version("1.0.0"), young.row.digest, desk.PINNED, "path:x"
    )
    before = Lock((Registry("acme", desk.URL, 42),), (locked,))
    assert desk.needs(young, granted=day, before=before).ids == ()


def test_only_a_critical_finding_is_asked_about_and_anew_for_other_bytes(desk):
    mild = replace(BAD, level="high")
    assert desk.needs(desk.parcel(ceiling=QUIET, findings=(mild,))).ids == ()
    bad = desk.parcel(ceiling=QUIET, findings=(BAD,))
    assert desk.needs(bad).ids == ("finding:L03",)
    consent = desk.agreed(bad)
    assert desk.needs(desk.update(bad, bad, consent)).ids == ()
    other = desk.parcel(ceiling=QUIET, findings=(BAD,), digest="hk1:" + "2" * 64)
    assert desk.needs(desk.update(other, bad, consent)).ids == ("finding:L03",)


@pytest.mark.parametrize(
    ("skill", "id_"),
    [
        ("---\nname: hello\ndescription: d\nhooks: SessionStart\n---\n", "hooks"),
        ("---\nname: hello\ndescription: d\n---\nNow: !`whoami`\n", "inline-exec"),
    ],
)
def test_m32_m33_what_other_hosts_would_run_is_asked_for_although_untold(desk, skill, id_):
    one = desk.parcel(ceiling=Ceiling(agents=5), skill=skill)
    found = desk.needs(one)
    assert id_ in found.ids
    consent = desk.agreed(one)
    assert consent.ceiling == one.row.capabilities
    assert id_ in consent.accepted
    assert desk.needs(desk.update(one, one, consent)).ids == ()


def test_an_import_asks_for_what_is_found_in_it(desk):
    skill = "---\nname: hello\ndescription: d\nallowed-tools: Read, Bash\n---\n"
    one = desk.parcel(ceiling=Ceiling(is_declared=False), skill=skill)
    assert desk.needs(one).ids == ("shell:*", "tools:Bash", "tools:Read")


def test_settings_grant_capabilities_at_or_below_and_other_ids_as_they_are(desk):
    one = desk.parcel(ceiling=LOUD, signer="", fingerprint="")
    allow = ("network:example", "agents:500", "read:**", "tools:Read", "unsigned:hello")
    assert desk.needs(one, granted={"allow": allow}).ids == ("tools:Grep",)
    (need,) = desk.needs(one).packages
    whole = {"allow": (need.at_once, "unsigned:acme/hello")}
    assert desk.needs(one, granted=whole).ids == ()
    with pytest.raises(UsageError, match=r"consent\.allow: \"all\" is no id"):
        desk.needs(one, granted={"allow": ("all",)})


def test_signers_that_are_no_longer_those_of_the_pin(desk):
    one = desk.parcel(ceiling=QUIET)
    same = {"pins": {"acme": Pin("acme", desk.URL, 1, desk.PINNED)}}
    assert desk.needs(one, granted=same).ids == ()
    other = {"pins": {"acme": Pin("acme", desk.URL, 1, "sha256:" + "6" * 64)}}
    assert desk.needs(one, granted=other).ids == (f"signers:{desk.PINNED}",)
    assert desk.needs(one, granted=other, signers="").ids == ("signers:none",)
    allowed = {**other, "allow": (f"signers:{desk.PINNED}",)}
    assert desk.needs(one, granted=allowed).ids == ()


def test_all_packages_of_a_plan_are_asked_about_and_removals_are_not(desk):
    one = desk.parcel("acme/one", ceiling=QUIET)
    two = desk.parcel("acme/two", ceiling=LOUD)
    gone = Step(Action.REMOVE, "acme/gone", before=desk.receipt(one, desk.agreed(one)))
    found = desk.needs(one, two, gone)
    assert [need.key for need in found.packages] == ["acme/one", "acme/two"]
    assert found.asked == LOUD


@pytest.mark.parametrize(
    ("held", "wanted", "is_held"),
    [
        ("python:stores", "python:acme/stores", True),
        ("python:acme/stores", "python:acme/stores", True),
        ("python:other/stores", "python:acme/stores", False),
        ("young:hello@1.0.0", "young:acme/hello@1.0.0", True),
        ("young:hello@1.0.0", "young:acme/hello@1.0.1", False),
        ("shadow:/hello", "shadow:/hello", True),
        ("signer:SHA256:" + "a" * 43, "signer:SHA256:b/" + "a" * 41, False),
        ("agents:9", "agents:8", True),
        ("agents:8", "agents:9", False),
        ("network:*", "network:localhost", False),
        ("unsigned:hello", "similar:acme/hello", False),
    ],
)
def test_an_id_holds_another_one(held, wanted, is_held):
    assert covers((held,), wanted) is is_held
