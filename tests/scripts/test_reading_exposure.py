"""Which phases read outside, which act, and where the two meet."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hocket.api.tools import Effect
from hocket.scripts.reading.exposure import (
    MARKED,
    NOTHING,
    Clash,
    Exposure,
    Installed,
    PhaseRights,
    exposure,
)
from hocket.scripts.reading.phasing import UNTOLD
from hocket.scripts.reading.sites import Site

EFFECTS = {
    "Read": {Effect.READ_PROJECT},
    "Edit": {Effect.WRITE_WORKSPACE},
    "Bash": {Effect.EXECUTE},
    "WebFetch": {Effect.READ_OUTSIDE},
    "mcp__mail__send": {Effect.READ_OUTSIDE, Effect.OUTSIDE_EFFECT},
    "mcp__mail__list": {Effect.READ_OUTSIDE},
}
KINDS = {
    "general": None,
    "explore": ("Read",),
    "researcher": ("WebFetch", "WebSearch"),
    "hand": ("Edit",),
    "secretary": ("mcp__mail",),
}
HERE = {name: frozenset(effects) for name, effects in EFFECTS.items()}


def told(*sites, order=(), trusted=True, why="", effects=HERE):
    return exposure(sites, order, Installed(effects, KINDS, is_trusted=trusted, open=why))


def site(phase, *tools, line=1, **more):
    return Site(line, (phase,), tools, **more)


READ, FIX = site("Read", "WebFetch", "Read"), site("Fix", "Edit(src/**)", "Bash", line=2)


def test_an_acting_phase_after_a_reading_one_meets_it():
    assert told(READ, FIX).phases == (
        PhaseRights("Read", reads=("WebFetch",)),
        PhaseRights("Fix", acts=("Edit", "Bash"), meets=("Read",)),
    )


def test_an_acting_phase_before_all_reading_meets_nothing():
    first, second = told(FIX, READ).phases
    assert (first.title, first.meets, second.meets) == ("Fix", (), ())
    announced = told(READ, FIX, order=("Plan", "Fix", "Read")).phases
    assert [(one.title, one.meets) for one in announced] == [("Fix", ()), ("Read", ())]


def test_what_has_no_phase_may_run_at_any_time():
    reader, actor = site(UNTOLD, "WebFetch"), site(UNTOLD, "Edit")
    assert [one.meets for one in told(FIX, reader).phases] == [(UNTOLD,), ()]
    assert [one.meets for one in told(actor, READ).phases] == [(), ("Read",)]
    both = told(actor, FIX, reader).phases
    assert [(one.title, one.meets) for one in both] == [("Fix", (UNTOLD,)), (UNTOLD, (UNTOLD,))]


def test_one_phase_may_meet_itself_but_no_call_does():
    (phase,) = told(site("All", "WebFetch"), site("All", "Edit")).phases
    assert phase.meets == ("All",)
    (phase,) = told(site("All", "WebFetch", "Edit", line=7)).phases
    assert phase == PhaseRights("All", clashes=(Clash(7, "WebFetch", "Edit"),))


def test_a_place_in_two_phases_counts_in_both():
    look = Site(1, ("Find", "Judge"), ("WebFetch",))
    assert [(one.title, one.reads) for one in told(look).phases] == [
        ("Find", ("WebFetch",)),
        ("Judge", ("WebFetch",)),
    ]


def test_tools_are_named_by_patterns_and_by_servers():
    (phase,) = told(site("A", "mcp__mail__l*", "Web*")).phases
    assert phase.reads == ("mcp__mail__list", "WebFetch", "WebSearch")
    (phase,) = told(site("A", "mcp__mail", line=4)).phases
    assert phase.clashes == (Clash(4, "mcp__mail__list", "mcp__mail__send"),)
    (phase,) = told(site("A", "Web*"), effects={}).phases
    assert phase.reads == ("WebFetch", "WebSearch")
    (phase,) = told(site("A", "Unknown")).phases
    assert phase == PhaseRights("A")


def test_what_is_taken_off_is_not_counted():
    (phase,) = told(site("A", "WebFetch", "Edit", "Bash", without=("Edit", "Bash(rm:*)"))).phases
    assert phase.clashes == (Clash(1, "WebFetch", "Bash"),)
    (phase,) = told(site("A", "WebFetch", "Edit", without=("E*",))).phases
    assert phase == PhaseRights("A", reads=("WebFetch",))


def test_what_is_marked_untrusted_is_read_from_outside():
    (phase,) = told(site("A", "Read", is_marked=True)).phases
    assert phase.reads == (MARKED,)
    (phase,) = told(site("A", "Edit", is_marked=True, line=3)).phases
    assert phase.clashes == (Clash(3, MARKED, "Edit"),)


def test_in_a_folder_nobody_trusts_its_files_are_outside():
    first, second = told(site("A", "Read"), site("B", "Bash"), trusted=False).phases
    assert first.reads == ("Read",)
    assert second.clashes == (Clash(1, "Bash", "Bash", distrusted=True),)
    (phase,) = told(site("A", "Read", "Edit", is_marked=True), trusted=False).phases
    assert phase.clashes == (Clash(1, "Read", "Edit"),)


def test_who_names_no_tools_narrows_itself():
    unnamed = Site(1, ("A",))
    assert told(unnamed).phases == (PhaseRights("A", narrows=True),)
    assert not told(unnamed).is_told
    assert told(unnamed, effects={"Edit": HERE["Edit"]}).phases == (PhaseRights("A"),)
    assert told(Site(5, ("A",), is_told=False)) == Exposure((PhaseRights("A"),), (5,))


def test_an_agent_type_brings_tools():
    def of(kind):
        (phase,) = told(Site(1, ("A",), agent_type=kind)).phases
        return phase

    assert of("researcher").reads == ("WebFetch", "WebSearch")
    assert of("hand").acts == ("Edit",)
    assert of("explore") == PhaseRights("A")
    # Only a call that names both itself is refused; what a type brings closes in time.
    assert of("secretary") == of("general") == of("strange") == PhaseRights("A", narrows=True)
    (phase,) = told(Site(1, ("A",), ("Read",), agent_type="hand")).phases
    assert phase == PhaseRights("A")


def test_only_if_all_that_act_have_trees_of_their_own_a_phase_is_isolated():
    alone = site("A", "Edit", is_isolated=True)
    assert told(alone).phases[0].is_isolated
    assert told(alone, site("A", "Read")).phases[0].is_isolated
    assert not told(alone, site("A", "Bash")).phases[0].is_isolated
    assert not told(site("A", "Read", is_isolated=True)).phases[0].is_isolated


def test_without_a_quarantine_nothing_is_refused_and_nothing_narrows():
    found = told(site("All", "WebFetch", "Edit"), Site(2, ("All",)), why="user")
    assert found.open == "user"
    assert found.phases == (
        PhaseRights("All", reads=("WebFetch",), acts=("Edit",), meets=("All",)),
    )


def test_a_script_of_nothing_is_exposed_to_nothing():
    assert told() == NOTHING


def test_thousands_of_phases_are_told_in_few_words():
    many = [site(f"{n}", "WebFetch") for n in range(5000)]
    acting = [site(f"{n}", "Edit") for n in range(5000)]
    found = told(*many, *acting)
    assert max(len(one.meets) for one in found.phases) == 17


TOOLS = st.lists(st.sampled_from(sorted(HERE)), unique=True)
SITES = st.builds(
    Site,
    line=st.integers(1, 99),
    phases=st.lists(st.sampled_from(["A", "B", UNTOLD]), min_size=1, unique=True).map(tuple),
    tools=TOOLS.map(tuple) | st.none(),
    is_marked=st.booleans(),
    agent_type=st.sampled_from([None, *KINDS]),
)


@given(st.lists(SITES, max_size=6), st.booleans())
def test_every_phase_is_told_once_and_meets_only_phases_that_read(sites, trusted):
    phases = told(*sites, trusted=trusted).phases
    titles = [one.title for one in phases]
    assert set(titles) == {title for each in sites for title in each.phases}
    assert len(titles) == len(set(titles))
    reading = {one.title for one in phases if one.reads}
    assert all(set(one.meets) <= reading and (one.acts or not one.meets) for one in phases)
