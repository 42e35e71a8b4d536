"""The screen on a terminal: foreign words play no row, and whatever is no clear yes is a no."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.cli._install_card import WIDTH, _cells, ask, lines, wrapped
from hocket.registry.consent.deciding import Answer
from hocket.registry.consent.places import Fact
from hocket.registry.consent.screen import Line, Quote, Screen

EVIL = "x\x1b[2J\u202ey\u200bz\r\n! all is fine\x9b31m"
SCREEN = Screen(
    title="Plan (project)",
    lines=(Line("+", "acme/hello", "1.0.0", "published 3 days ago", 1, 999),),
    facts=(Fact("source", "git.acme.example/x.git @ 1f0c9ab2e41d"), Fact("signed", "no")),
    may=(Fact("tools", "Read"), Fact("agents", "5 per run")),
    may_not=("network", "shell"),
    warnings=(),
    notes=(),
    quotes=(Quote("acme/hello", "Says hello."),),
    to_type=(),
    question="Install and allow this?",
)
SHOWN = """\
Plan (project)
  + acme/hello 1.0.0   1 file   999 B   published 3 days ago
  source  git.acme.example/x.git @ 1f0c9ab2e41d
  signed  no
When it runs it may, at most:
  tools    Read
  agents   5 per run
  not      network, shell
It describes itself (not checked): "Says hello."
"""


def test_all_of_it_in_order():
    assert "\n".join(lines(SCREEN)) + "\n" == SHOWN


def test_files_and_sizes_stand_below_each_other():
    told = (
        Line("+", "acme/a", "1.0.0", "published just now", 12, 48_213),
        Line("~", "acme/longer", "1.0.0 → 1.10.0", "needed by a", 3, 5_242_880),
        Line("-", "acme/gone", "2.0.0", "removed"),
    )
    assert lines(replace(SCREEN, lines=told))[1:4] == [
        "  + acme/a      1.0.0              12 files   48 kB   published just now",
        "  ~ acme/longer 1.0.0 → 1.10.0      3 files  5.2 MB   needed by a",
        "  - acme/gone   2.0.0            removed",
    ]


def test_nothing_runs_in_the_sandbox():
    told = lines(replace(SCREEN, may=(), may_not=()))
    assert "When it runs it may, at most:" not in told


def test_a_run_that_may_nothing():
    told = lines(replace(SCREEN, may=()))
    assert "  nothing  beyond what it computes" in told
    told = lines(replace(SCREEN, may_not=()))
    assert not any(row.startswith("  not") for row in told)


def test_several_packages_describe_themselves():
    quotes = (Quote("acme/a", 'It is "safe".'), Quote("acme/b", "Too."))
    assert lines(replace(SCREEN, quotes=quotes))[-2:] == [
        "acme/a describes itself (not checked): \"It is 'safe'.\"",
        'acme/b describes itself (not checked): "Too."',
    ]


FIELDS = {
    "version": replace(SCREEN, lines=(Line("+", "acme/hello", "1.0.0", EVIL, 1, 1),)),
    "facts": replace(SCREEN, facts=(Fact("signed", EVIL),)),
    "may": replace(SCREEN, may=(Fact("read", EVIL),)),
    "may_not": replace(SCREEN, may_not=(EVIL,)),
    "warnings": replace(SCREEN, warnings=(EVIL,)),
    "notes": replace(SCREEN, notes=(EVIL,)),
    "quotes": replace(SCREEN, quotes=(Quote(EVIL, EVIL), Quote("b", EVIL))),
}


@pytest.mark.parametrize("field", FIELDS)
def test_in_no_field_a_stranger_steers_the_terminal_or_begins_a_row(field):
    told = lines(FIELDS[field])
    assert "\\x1b[2J\\u202ey\\u200bz" in "".join(told)
    assert all(row.isprintable() for row in told)
    assert not any(row.startswith("! all") for row in told)
    assert all(_cells(row) <= WIDTH for row in told)


def test_words_as_wide_as_two_are_broken_before_the_terminal_does():
    told = lines(replace(SCREEN, quotes=(Quote("acme/hello", "\u6587" * 200),)))
    assert all(_cells(row) <= WIDTH for row in told)
    quote = told[8:]
    assert len(quote) > 3
    assert all(row.startswith("    ") for row in quote[1:])


@given(st.text(st.sampled_from("ab \u6587\u0301\u00e9!"), max_size=300), st.integers(2, 12))
def test_no_row_is_wider_and_no_word_is_lost(text, indent):
    told = wrapped(f"! {text}", indent)
    assert "".join("".join(told).split()) == "".join(f"! {text}".split())
    assert all(_cells(row) <= WIDTH for row in told)
    assert all(row[:indent].isspace() for row in told[1:])


def test_nothing_is_one_empty_row():
    assert wrapped("") == [""]


@pytest.fixture
def answered(monkeypatch, capsys):
    """Ask with these lines typed; give the answer and what was written."""

    def answer(screen, typed):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        found = ask(screen)
        out, err = capsys.readouterr()
        assert out == ""
        return found, err

    return answer


@pytest.mark.parametrize(
    ("typed", "agreed"),
    [
        ("y\n", True),
        ("Yes\n", True),
        (" y \n", True),
        ("\n", False),
        ("", False),
        ("n\n", False),
        ("yy\n", False),
        ("sure\n", False),
    ],
)
def test_only_a_clear_yes_is_one(answered, typed, agreed):
    found, err = answered(SCREEN, typed)
    assert found == Answer(agreed=agreed)
    assert err == f"{SHOWN}Install and allow this? [y/N] "


def test_names_are_typed_first(answered):
    code = replace(SCREEN, to_type=("quota", "stores"))
    found, err = answered(code, "quota\nstores\ny\n")
    assert found == Answer(agreed=True, typed=frozenset({"quota", "stores"}))
    assert "Type quota to go on: Type stores to go on: Install" in err
    assert answered(code, "quota\ny\ny\n")[0] == Answer()
    assert answered(code, "quota\nstores\n")[0].agreed is False
