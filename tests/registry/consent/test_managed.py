"""What the machine's owner rules out is refused, whatever a person accepts."""

from __future__ import annotations

import pytest

from hocket.api.ceiling import Ceiling
from hocket.errors import RefusedError, UsageError
from hocket.registry.capabilities.difference import ids
from hocket.registry.consent.deciding import Answer
from hocket.registry.consent.managed import Managed

LOUD = Ceiling(tools=("Read",), network=("api.example",), agents=5)


def told(desk, found, policy):
    everything = (*found.ids, *(one.at_once for one in found.packages))
    with pytest.raises(RefusedError) as caught:
        desk.say(found, *everything, yes=True, ask=lambda _: Answer(agreed=True), policy=policy)
    error = caught.value
    assert (error.exit_code, error.code) == (4, "consent")
    assert "--accept" not in error.hint
    return error.found


@pytest.mark.parametrize(
    ("allowed", "is_allowed"),
    [
        (("https://git.acme.example/patterns.git",), True),
        (("git+https://git.acme.example/patterns.git",), True),
        (("https://git.acme.example/",), True),
        (("https://git.acme.example",), False),
        (("https://git.acme.example/patterns",), False),
        (("acme",), False),
        ((), False),
        (None, True),
    ],
)
def test_registries_are_allowed_by_address_not_by_the_name_they_have_here(
    desk, allowed, is_allowed
):
    found, policy = desk.needs(desk.parcel(ceiling=LOUD)), Managed(allowed_registries=allowed)
    if is_allowed:
        assert desk.say(found, *found.ids, yes=True, policy=policy)
    else:
        assert told(desk, found, policy) == (
            "the registry acme is not allowed (allowed_registries)"
        )


def test_no_address_leads_out_of_what_is_allowed(desk):
    found = desk.needs(desk.parcel(), url="https://git.acme.example/a/../../evil")
    assert told(desk, found, Managed(allowed_registries=("https://git.acme.example/a/",)))


def test_signatures_and_fresh_indexes(desk):
    bare = desk.needs(desk.parcel(signer=""), signers="", granted={"stale": frozenset({"acme"})})
    policy = Managed(require_signatures=True, require_fresh=True)
    assert told(desk, bare, policy) == (
        "acme/hello is not signed (require_signatures); "
        "the index of acme has expired (require_fresh)"
    )
    assert desk.say(bare, yes=True)
    assert desk.say(desk.needs(desk.parcel()), yes=True, policy=policy)


def test_what_comes_with_hocket_is_trusted_with_it(desk):
    core = desk.needs(desk.parcel("core/hello", signer=""), signers="", url="core")
    policy = Managed(allowed_registries=(), require_signatures=True, require_fresh=True)
    assert desk.say(core, yes=True, policy=policy)


def test_code(desk):
    policy = Managed(allow_python_plugins=False)
    assert told(desk, desk.needs(desk.code()), policy) == (
        "acme/stores is Python code (allow_python_plugins)"
    )


def test_capabilities_are_limited(desk):
    found = desk.needs(desk.parcel(ceiling=LOUD))
    assert told(desk, found, Managed(max_capabilities=("tools:Read", "agents:4"))) == (
        "acme/hello asks for agents:5, network:api.example (max_capabilities)"
    )
    enough = Managed(max_capabilities=("tools:Read", "agents:10", "network:example"))
    assert desk.say(found, *ids(LOUD), yes=True, policy=enough)["acme/hello"].ceiling == LOUD
    code = desk.needs(desk.code())
    assert desk.say(code, *code.ids, yes=True, policy=Managed(max_capabilities=()))
    undeclared = desk.needs(desk.parcel(ceiling=Ceiling(is_declared=False)))
    assert told(desk, undeclared, enough) == (
        "acme/hello does not declare what it may do (max_capabilities)"
    )
    with pytest.raises(UsageError, match='max_capabilities: "all" is no id'):
        desk.say(found, yes=True, policy=Managed(max_capabilities=("all",)))
