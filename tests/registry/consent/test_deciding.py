"""Who may say yes to what: nothing is granted that was not declared, and nothing unasked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.api.ceiling import Ceiling
from hocket.errors import RefusedError, UsageError
from hocket.registry.capabilities.difference import allows, ids
from hocket.registry.consent.deciding import Answer, unused
from hocket.registry.consent.ids import ceiling_of
from hocket.registry.indexes.pins import Pin
from hocket.registry.installing.plan import Finding

QUIET = Ceiling(tools=("Read",), read=("docs/**",), agents=5)
LOUD = replace(QUIET, network=("*",), write=("reports/**",))
ASKED = Ceiling(tools=("Bash",), shell=("*",))  # noqa: S604  a table, no call of a shell
BAD = Finding("L03", "critical", "SKILL.md", 4, "runs a program disguised as base64")


def yes(_screen):
    return Answer(agreed=True)


def refusal(desk, *words, **more):
    with pytest.raises(RefusedError) as caught:
        desk.say(*words, **more)
    assert caught.value.exit_code == 4
    return caught.value


def test_m46_yes_cannot_widen(desk):
    old = desk.parcel(ceiling=QUIET)
    new = desk.parcel(number="1.1.0", ceiling=replace(QUIET, network=("evil.example",)))
    found = desk.needs(desk.update(new, old, desk.agreed(old)))
    error = refusal(desk, found, yes=True, ask=yes)
    assert error.found == "not agreed to: network:evil.example"
    assert error.hint == "--accept=network:evil.example\nNothing was installed."


def test_nobody_there_is_told_the_ids_to_give_and_they_suffice(desk):
    found = desk.needs(desk.parcel(ceiling=LOUD))
    error = refusal(desk, found)
    words = [one.strip("'") for one in error.hint.splitlines()[0].split()]
    accepted = [one.removeprefix("--accept=").strip("'") for one in words]
    assert accepted == list(found.ids)
    consent = desk.say(found, *accepted)["acme/hello"]
    assert (consent.ceiling, consent.by, consent.accepted) == (LOUD, "flag", found.ids)
    assert consent.at == desk.NOW
    assert f"All capabilities of a package at once: --accept={found.packages[0].at_once}" in (
        error.hint
    )


def test_what_is_typed_in_the_hint_survives_a_shell(desk):
    found = desk.needs(desk.parcel(ceiling=Ceiling(network=("*",))))
    assert refusal(desk, found).hint.startswith("'--accept=network:*'\n")


def test_a_quiet_package_wants_a_yes_and_no_more(desk):
    found = desk.needs(desk.parcel(ceiling=QUIET))
    consent = desk.say(found, yes=True)["acme/hello"]
    assert (consent.ceiling, consent.accepted, consent.by) == (QUIET, (), "flag")
    still = desk.needs(desk.parcel(ceiling=Ceiling()))
    error = refusal(desk, still)
    assert (error.found, error.hint) == (
        "not agreed to: what the plan installs",
        "--yes\nNothing was installed.",
    )
    assert desk.say(still, yes=True)["acme/hello"].ceiling == Ceiling()


def test_at_once_accepts_all_and_only_for_that_table(desk):
    found = desk.needs(desk.parcel(ceiling=LOUD))
    (need,) = found.packages
    consent = desk.say(found, need.at_once)["acme/hello"]
    assert (consent.ceiling, consent.accepted) == (LOUD, (need.at_once,))
    wider = desk.needs(desk.parcel(ceiling=replace(LOUD, network=("*", "localhost"))))
    assert "network:localhost" in refusal(desk, wider, need.at_once, yes=True).found
    bad = desk.needs(desk.parcel(ceiling=LOUD, findings=(BAD,)))
    assert refusal(desk, bad, need.at_once, yes=True).found == "not agreed to: finding:L03"


def test_beside_a_loud_package_a_quiet_one_wants_a_yes_too(desk):
    found = desk.needs(
        desk.parcel("acme/loud", ceiling=LOUD), desk.parcel("acme/mute", ceiling=Ceiling())
    )
    error = refusal(desk, found, found.packages[0].at_once)
    assert error.hint.startswith("--yes\n")
    assert refusal(desk, found).hint.splitlines()[0].endswith(" --yes")
    assert set(desk.say(found, found.packages[0].at_once, yes=True)) == {"acme/loud", "acme/mute"}


def test_a_critical_finding_stops_yes(desk):
    found = desk.needs(desk.parcel(ceiling=QUIET, findings=(BAD,)))
    assert refusal(desk, found, yes=True).hint.startswith("--accept=finding:L03\n")
    assert desk.say(found, "finding:L03", yes=True)["acme/hello"].accepted == ("finding:L03",)


def test_what_receipts_and_settings_grant_is_not_asked(desk):
    old = desk.parcel(ceiling=LOUD)
    first = desk.agreed(old)
    same = desk.needs(desk.update(desk.parcel(number="1.1.0", ceiling=LOUD), old, first))
    assert desk.say(same)["acme/hello"] == first
    allow = {"allow": ids(LOUD)}
    wider = desk.update(desk.parcel(number="1.1.0", ceiling=LOUD), old, desk.agreed(old))
    assert desk.say(desk.needs(wider, granted=allow))["acme/hello"].ceiling == LOUD
    fresh = desk.needs(desk.parcel(ceiling=LOUD), granted=allow)
    assert refusal(desk, fresh).hint.startswith("--yes\n")
    assert desk.say(fresh, yes=True)["acme/hello"].accepted == ()


def test_what_was_agreed_to_stays_written_while_it_is_asked_for(desk):
    bare = {"signer": "", "fingerprint": ""}
    old = desk.parcel(ceiling=LOUD, **bare)
    first = desk.agreed(old)
    assert "unsigned:acme/hello" in first.accepted
    wider = replace(LOUD, network=("*", "localhost"), write=())
    new = desk.parcel(number="1.1.0", ceiling=wider, **bare)
    found = desk.needs(desk.update(new, old, first))
    consent = desk.say(found, "network:localhost")["acme/hello"]
    assert "unsigned:acme/hello" in consent.accepted
    assert "write:reports/**" not in consent.accepted
    signed = desk.parcel(number="1.2.0", ceiling=wider)
    later = desk.say(desk.needs(desk.update(signed, new, consent)))["acme/hello"]
    assert "unsigned:acme/hello" not in later.accepted


def test_a_person_answers_to_what_is_shown(desk):
    found = desk.needs(desk.parcel(ceiling=LOUD))
    shown = []

    def ask(screen):
        shown.append(screen)
        return Answer(agreed=True)

    consent = desk.say(found, ask=ask)["acme/hello"]
    assert (consent.by, consent.accepted, consent.ceiling) == ("tty", found.ids, LOUD)
    assert [one.title for one in shown] == ["Plan (project)"]
    error = refusal(desk, found, ask=lambda _screen: Answer())
    assert (error.message, error.hint) == ("install: not agreed to.", "Nothing was installed.")


def test_code_wants_its_name_typed(desk):
    found = desk.needs(desk.code(), desk.parcel(ceiling=QUIET))
    assert "acme/stores" in refusal(desk, found, ask=yes).found
    wrong = Answer(agreed=True, typed=frozenset({"hello"}))
    assert "was not typed" in refusal(desk, found, ask=lambda _screen: wrong).found
    right = Answer(agreed=True, typed=frozenset({"stores"}))
    given_ones = desk.say(found, ask=lambda _screen: right)
    assert given_ones["acme/stores"].accepted == ("python:acme/stores",)
    assert given_ones["acme/stores"].ceiling == Ceiling(python=True)
    assert desk.say(found, "python:stores", ask=yes)["acme/stores"].by == "tty"


def test_changed_signers_of_a_registry_are_asked_about(desk):
    pins = {"pins": {"acme": Pin("acme", desk.URL, 1, "sha256:" + "6" * 64)}}
    found = desk.needs(desk.parcel(ceiling=QUIET), granted=pins)
    assert f"--accept=signers:{desk.PINNED}" in refusal(desk, found, yes=True).hint
    assert desk.say(found, f"signers:{desk.PINNED}", yes=True)["acme/hello"].by == "flag"


def test_an_import_gets_the_table_that_is_typed(desk):
    skill = "---\nname: hello\ndescription: d\nallowed-tools: Bash\n---\n"
    one = desk.parcel(ceiling=Ceiling(is_declared=False), skill=skill)
    found = desk.needs(one)
    bare = desk.say(found, *found.ids, yes=True)["acme/hello"]
    assert bare.ceiling == replace(ASKED, is_declared=False)
    told = desk.say(found, *found.ids, "network:a.example", yes=True)["acme/hello"]
    assert told.ceiling == replace(ASKED, network=("a.example",))
    again = desk.needs(desk.update(one, one, told))
    assert desk.say(again)["acme/hello"] == told
    assert desk.say(desk.needs(desk.update(one, one, bare)))["acme/hello"] == bare


def test_what_nothing_needed_is_noted(desk):
    found = desk.needs(desk.parcel(ceiling=LOUD))
    given_ones = (
        "network:*",
        "tools:Bash",
        found.packages[0].at_once,
        "capabilities:sha256:" + "0" * 64,
    )
    assert unused(found, given_ones) == ("tools:Bash", given_ones[3])
    consent = desk.say(found, *given_ones, yes=True)["acme/hello"]
    assert consent.ceiling == LOUD
    assert "tools:Bash" not in consent.accepted
    pins = {"pins": {"acme": Pin("acme", desk.URL, 1, "")}}
    changed = desk.needs(desk.parcel(ceiling=QUIET), granted=pins)
    assert unused(changed, (f"signers:{desk.PINNED}", "reveal")) == ("reveal",)
    undeclared = desk.needs(desk.parcel(ceiling=Ceiling(is_declared=False)))
    assert unused(undeclared, ("network:*", "hooks", "finding:L03")) == ("finding:L03",)


def test_what_is_no_id_stops_before_anything_else(desk):
    found = desk.needs(desk.parcel(ceiling=LOUD))
    for word in ("all", "capabilities:all", "network"):
        with pytest.raises(UsageError):
            desk.say(found, word, yes=True, ask=yes)


def test_a_plan_that_only_removes_asks_nothing(desk):
    assert desk.say(desk.needs()) == {}


TABLES = st.builds(
    Ceiling,
    agents=st.sampled_from([0, 5, 100, 101, 1000]),
    network=st.sets(st.sampled_from(["*", "a.example", "x.a.example"])).map(tuple),
    read=st.sets(st.sampled_from(["**", "docs/**", "docs/a.md", ".env"])).map(tuple),
    write=st.sets(st.sampled_from(["out/**"])).map(tuple),
    shell=st.sets(st.sampled_from(["*", "git"])).map(tuple),
    tools=st.sets(st.sampled_from(["Read", "Bash"])).map(tuple),
    reveal=st.booleans(),
    is_declared=st.booleans(),
)


@settings(max_examples=150, deadline=None)
@given(TABLES, TABLES, st.data())
def test_a_consent_is_no_more_than_declared_and_no_less_than_needed(desk, old, new, data):
    first = desk.parcel(ceiling=replace(old, is_declared=True))
    second = desk.parcel(number="1.1.0", ceiling=new)
    found = desk.needs(desk.update(second, first, desk.agreed(first)))
    offered = sorted({*ids(new), *ids(old), found.packages[0].at_once})
    accepted = tuple(data.draw(st.sets(st.sampled_from(offered))))
    is_yes = data.draw(st.booleans())
    missing = {
        one
        for one in found.packages[0].ids
        if not (is_yes and found.packages[0].is_quiet)
        and found.packages[0].at_once not in accepted
        and not any(allows(ceiling_of((each,)), one) for each in accepted)
    }
    if missing:
        error = refusal(desk, found, *accepted, yes=is_yes)
        assert error.found == f"not agreed to: {', '.join(sorted(missing))}"
        return
    consent = desk.say(found, *accepted, yes=is_yes)["acme/hello"]
    assert all(allows(consent.ceiling, one) for one in ids(new))
    if new.is_declared:
        assert consent.ceiling == new
    else:
        beyond = {one for one in ids(consent.ceiling) if not allows(new, one)}
        assert beyond <= {*accepted, *ids(old)}
