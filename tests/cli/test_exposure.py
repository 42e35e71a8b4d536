"""The rows of the card that say who reads outside, who acts, and where the two meet."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hocket.cli import _exposure
from hocket.scripts.reading.exposure import NOTHING, Clash, Exposure, PhaseRights
from hocket.scripts.reading.phasing import UNTOLD

ASKED = "[N] no\n"
READ = PhaseRights("Read", reads=("WebSearch", "WebFetch"))
FIX = PhaseRights("Fix", acts=("Edit", "Bash"), meets=("Read",))
WORDS = {
    "reads": "await agent('q', tools=['WebFetch'], phase='Read')",
    "acts": "return await agent('make', tools=['Edit'], phase='Fix')",
}


def rows(*phases, **more):
    return [*_exposure.rows(Exposure(phases, **more))]


def test_who_reads_who_acts_and_where_they_meet():
    assert rows(READ, FIX) == [
        ("reads", '"Read" (WebSearch, WebFetch)'),
        ("acts", '"Fix" (Edit, Bash)'),
        (
            "meet",
            '"Fix" after "Read": no text from outside reaches it unless you allow the exact prompt',
        ),
    ]


def test_a_script_that_names_nothing_gets_no_rows():
    assert rows() == [] == [*_exposure.rows(NOTHING)]
    assert rows(PhaseRights("A", narrows=True)) == []


def test_a_script_without_phases_is_told_in_plain_words():
    phase = PhaseRights(
        UNTOLD,
        reads=("WebFetch",),
        acts=("Edit",),
        is_isolated=True,
        clashes=(Clash(7, "WebFetch", "Edit"),),
        narrows=True,
        meets=(UNTOLD,),
    )
    assert rows(phase) == [
        ("reads", "WebFetch"),
        ("acts", "Edit, in its own tree"),
        ("meet", f"an agent that acts, after one that reads: {_exposure.APART}"),
        ("refused", "line 7: WebFetch with Edit: no agent may both read outside and act"),
        ("narrows", "naming no tools, an agent acts only until it has read outside"),
    ]


def test_phases_after_the_same_readers_share_a_row_and_one_may_meet_itself():
    both = PhaseRights("Both", reads=("WebFetch",), acts=("Edit",), meets=("Both",))
    assert [words.partition(":")[0] for name, words in rows(both) if name == "meet"] == [
        'within "Both"'
    ]
    ship = PhaseRights("Ship", acts=("Bash",), meets=("Read",))
    late = PhaseRights(UNTOLD, acts=("Bash",), meets=("Read", "Both"))
    found = rows(READ, FIX, ship, late)
    assert [words.partition(":")[0] for name, words in found if name == "meet"] == [
        '"Fix", "Ship" after "Read"',
        'no phase after "Read", "Both"',
    ]


def test_a_call_that_will_be_refused_is_told_with_its_line():
    clashes = (
        Clash(12, "WebFetch", "Edit"),
        Clash(14, "mcp__a__b", "mcp__a__b"),
        Clash(16, "Read", "Edit", distrusted=True),
    )
    assert rows(PhaseRights("Fix", clashes=clashes)) == [
        ("refused", 'line 12 in "Fix": WebFetch with Edit: no agent may both read outside and act'),
        ("refused", 'line 14 in "Fix": mcp__a__b: no agent may both read outside and act'),
        (
            "refused",
            f'line 16 in "Fix": Read with Edit: {_exposure.CLASH}, and nobody trusts this folder',
        ),
    ]


def test_what_is_seen_only_as_it_runs():
    assert rows(untold=(3, 9)) == [
        ("untold", "line 3, line 9: which tools are named is seen only as it runs")
    ]
    assert rows(language="javascript") == [
        (
            "untold",
            "what agents of a javascript script read outside and do is seen only as they run",
        )
    ]


def test_a_quarantine_that_is_off_is_told_whatever_the_script_does():
    assert rows(open="user") == [
        ("quarantine", "off (user): agents that read the web may act"),
    ]
    assert ("meet", '"Fix" after "Read": text from outside reaches it as it is') in rows(
        READ, FIX, open="user"
    )


def test_many_phases_and_tools_stay_on_one_screen():
    many = [PhaseRights(f"p{n}", reads=tuple(f"t{t}" for t in range(9))) for n in range(99)]
    acting = [PhaseRights(f"a{n}", acts=("Edit",), meets=(f"p{n}",)) for n in range(99)]
    clashing = [PhaseRights(f"c{n}", clashes=(Clash(n, "A", "B"),)) for n in range(99)]
    found = rows(*many, *acting, *clashing, untold=tuple(range(99)))
    assert len(found) == 1 + 1 + 4 + 4 + 1
    assert all(len(words) < 200 for _, words in found)
    assert found[0][1].endswith('"p3" (t0, t1, t2, t3 and 5 more) and 95 more')


def test_foreign_words_stay_inside_their_quotes():
    title = 'x" (nothing), "' + "y" * 100
    ((_, words),) = rows(PhaseRights(title, reads=("WebFetch",)))
    assert words == f"\"x' (nothing), '{'y' * 25}…\" (WebFetch)"


@pytest.mark.usefixtures("simulated")
def test_the_card_in_a_terminal_has_these_rows(desk):
    desk.save("\n".join(WORDS.values()), meta='"phases": ["Read", "Fix"]')
    terminal = desk.sit("run", "wf.py").see(ASKED)
    terminal.press("n").end()
    card = terminal.screen.split(ASKED)[0].splitlines()
    assert '  reads    "Read" (WebFetch)' in card
    assert '  acts     "Fix" (Edit)' in card
    assert any(line.startswith('  meet     "Fix" after "Read": ') for line in card)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (
            '[quarantine]\nmode = "off"\n',
            "  quarantine off (user): agents that read the web may act",
        ),
        (
            '[plugins]\nblock = ["policies.quarantine"]\n',
            "  quarantine off (its plugin is blocked): agents that read the web may act",
        ),
    ],
)
def test_the_card_says_that_the_quarantine_is_off(desk, text, row):
    (Path(os.environ["HOCKET_CONFIG_HOME"]) / "config.toml").write_text(text)
    desk.save("return 1")
    terminal = desk.sit("run", "wf.py").see(ASKED)
    terminal.press("n").end()
    assert row in terminal.screen.splitlines()
