"""What stands on the screen: everything that could hurt, the worst first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hocket.api.ceiling import AGENTS, FLAGS, LISTS, Ceiling
from hocket.registry.consent.dangers import TRIO, is_trio
from hocket.registry.consent.places import Fact
from hocket.registry.consent.screen import screen
from hocket.registry.consent.wording import LABELS, NOT, told
from hocket.registry.indexes.rows import Source
from hocket.registry.installing.plan import Action, Finding, Step

HASH = "sha256:" + "a" * 64
READS, SENDS = Ceiling(read=("**",), agents=5), Ceiling(network=("a.example",), agents=5)
LS = ("ls",)
ONE = Ceiling(agents=1)
ALL = Ceiling(
    agents=7,
    env=("TOKEN",),
    hooks=True,
    inline_exec=True,
    mcp=("*", f"docs@1#{HASH}"),
    network=("*", "localhost"),
    read=("**",),
    reveal=True,
    tools=("Read",),
    write=("out/**",),
)


def shown(desk, *steps, **more):
    found = desk.needs(*steps, **more)
    return screen(found.plan, found)


def rows(facts):
    return {one.label: one.text for one in facts}


def programs(*names, ceiling=ONE):
    return replace(ceiling, shell=names)


def test_every_key_of_the_vocabulary_has_its_words():
    assert {*LABELS, "python"} == {*LISTS, *FLAGS, AGENTS}
    assert {*NOT, "hooks", "inline-exec"} == {*LISTS, *FLAGS, AGENTS}


def test_what_it_may_is_told_the_most_dangerous_first(desk):
    given_one = shown(desk, desk.parcel(ceiling=programs("jq", "ls", ceiling=ALL)))
    assert given_one.may == (
        Fact("shell", "jq, ls"),
        Fact("network", "any public host, localhost"),
        Fact("write", "out/**"),
        Fact("env", "TOKEN"),
        Fact("MCP", f"all servers you configured, docs@1#{HASH}"),
        Fact("reveal", "agents may be shown text from outside as it is"),
        Fact("hooks", "other programs run its hooks: any program"),
        Fact("inline", "other programs run the commands in its text: any program"),
        Fact("tools", "Read"),
        Fact("read", "**"),
        Fact("agents", "7 per run"),
    )
    assert given_one.may_not == ("Python code",)


def test_what_it_may_not_is_named(desk):
    assert shown(desk, desk.parcel()).may_not == tuple(NOT.values())


@pytest.mark.parametrize(
    ("names", "checks", "words"),
    [
        (("*",), (), "any program"),
        (("*", "ls"), (), "any program"),
        (("ls",), (), "ls"),
        (("python3.12",), (), "any program (through python3.12): python3.12"),
        (("ls", "sh", "xargs"), (), "any program (through sh, xargs): ls, sh, xargs"),
        (("git",), (), "any program (through git): git"),
        (("@checks",), ("mypy",), "your checks (mypy)"),
        (("@checks",), (), "your checks (none set)"),
        (
            ("@checks", "ls"),
            ("mypy", "make"),
            "any program (through make): ls, your checks (mypy, make)",
        ),
        (("ls",), ("make",), "ls"),
    ],
)
def test_an_interpreter_is_shown_as_any_program(desk, names, checks, words):
    given_one = programs(*names)
    assert told("shell", given_one, checks) == words
    told_of = shown(desk, desk.parcel(ceiling=given_one), granted={"checks": checks})
    is_any = "it may start any program, in the sandbox" in told_of.warnings
    assert is_any is words.startswith("any program")


@pytest.mark.parametrize(
    ("ceiling", "is_one"),
    [
        (replace(READS, network=("a.example",)), True),
        (replace(READS, mcp=("*",)), True),
        (replace(READS, tools=("WebSearch",)), True),
        (Ceiling(tools=("Grep", "WebFetch")), True),
        (replace(SENDS, shell=LS), True),
        (READS, False),
        (SENDS, False),
        (Ceiling(write=("**",), env=("TOKEN",)), False),
    ],
)
def test_the_trio(desk, ceiling, is_one):
    assert is_trio(ceiling) is is_one
    assert (TRIO in shown(desk, desk.parcel(ceiling=ceiling)).warnings) is is_one


def test_the_trio_is_seen_although_two_packages_share_it(desk):
    reads = desk.parcel("acme/reads", ceiling=READS)
    sends = desk.parcel("acme/sends", ceiling=SENDS)
    needed = Step(Action.ADD, sends.key, sends, why="needed by reads")
    given_one = shown(desk, reads, needed)
    assert TRIO in given_one.warnings
    assert rows(given_one.may) == {"network": "a.example", "read": "**", "agents": "5 per run"}
    assert TRIO not in shown(desk, reads).warnings


def test_what_is_undeclared_is_asked_about_and_not_ruled_out(desk):
    given_one = shown(desk, desk.parcel(ceiling=Ceiling(is_declared=False)))
    assert given_one.may_not == ()
    assert given_one.warnings == (
        (
            "acme/hello: what it may do is undeclared: every effect is asked about, "
            "and refused where nobody is there"
        ),
    )


def test_warnings_come_the_worst_first_and_once(desk):
    critical = Finding("L03", "critical", "a.md", 4, "runs a program disguised as base64")
    high = Finding("L02", "high", "a.md", 3, "runs a download unread")
    note = Finding("L06", "note", "x.zip", 0, "is an archive, which nobody can read")
    code = desk.code(findings=(note, high, critical), signer="", fingerprint="")
    twin = desk.parcel("acme/deep-reserach", signer="", fingerprint="")
    granted = {
        "known": {"deep-research"},
        "builtin": {"deep-reserach"},
        "ages": {"acme": timedelta(days=90)},
    }
    assert shown(desk, twin, code, granted=granted).warnings == (
        "acme/stores is Python code: it runs with your rights, and nothing limits it",
        "a.md:4 runs a program disguised as base64",
        "acme/deep-reserach looks like deep-research, which is known",
        "acme/deep-reserach is not signed, and acme names its signers",
        "acme/stores is not signed, and acme names its signers",
        "/deep-reserach would hide the command that is built in",
        "acme/deep-reserach 1.0.0 is younger than versions should be",
        "acme/stores 1.0.0 is younger than versions should be",
        "high L02 acme/stores: a.md:3 runs a download unread",
        "note L06 acme/stores: x.zip is an archive, which nobody can read",
    )


def test_code_has_no_list_of_what_it_may(desk):
    given_one = shown(desk, desk.code())
    assert (given_one.may, given_one.may_not) == ((), ())
    assert given_one.to_type == ("stores",)
    assert rows(given_one.facts)["source"] == "acme-stores==1.0.0 by pip, each file by its hash"
    beside = shown(desk, desk.code(), desk.parcel())
    assert "Python code" not in beside.may_not
    again = desk.code()
    known = desk.update(again, again, desk.agreed(again))
    assert shown(desk, known).to_type == ()


def test_an_update_shows_what_is_new(desk):
    old = desk.parcel(ceiling=replace(SENDS, reveal=False))
    wide = Ceiling(network=("a.example", "b.example"), reveal=True, agents=9)
    step = desk.update(desk.parcel(number="1.1.0", ceiling=wide), old, desk.agreed(old))
    given_one = shown(desk, step)
    assert rows(given_one.may) == {
        "network": "a.example, b.example  (new: b.example)",
        "reveal": "agents may be shown text from outside as it is  (new: yes)",
        "agents": "9 per run  (new: 9)",
    }
    (line,) = given_one.lines
    assert (line.mark, line.version) == ("~", "1.0.0 → 1.1.0")


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=5), "just now"),
        (timedelta(seconds=60), "1 minute ago"),
        (timedelta(minutes=119), "1 hour ago"),
        (timedelta(hours=47), "1 day ago"),
        (timedelta(days=400), "400 days ago"),
        (timedelta(days=-1), "in the future"),
    ],
)
def test_ages(desk, ago, words):
    (line,) = shown(desk, desk.parcel(published=desk.NOW - ago)).lines
    assert line.note == f"published {words}"


def test_steps_that_take_away_and_what_changes_nothing(desk):
    one = desk.parcel()
    receipt = desk.receipt(one, desk.agreed(one))
    given_one = shown(
        desk, Step(Action.REMOVE, one.key, before=receipt), Step(Action.KEEP, one.key, one, receipt)
    )
    assert [(line.mark, line.version, line.note) for line in given_one.lines] == [
        ("-", "1.0.0", "removed")
    ]
    assert shown(desk, Step(Action.REMOVE, "acme/x")).lines[0].version == ""


@pytest.mark.parametrize(
    ("source", "url", "words"),
    [
        (None, None, "git.acme.example/patterns.git @ 1f0c9ab2e41d"),
        (Source(path="b/x"), None, "git.acme.example/patterns.git @ 1f0c9ab2e41d"),
        (Source(path="b/x"), "", "b/x"),
        (
            Source(archive="https://a.example/x.zip", sha256="sha256:" + "c" * 64),
            None,
            "a.example/x.zip  sha256 cccccccccccc",
        ),
    ],
)
def test_sources(desk, source, url, words):
    more = {} if url is None else {"url": url}
    given_one = shown(desk, desk.parcel(source=source or desk.GIT), **more)
    assert rows(given_one.facts)["source"] == words


def test_several_sources_and_signers_name_their_packages(desk):
    one = desk.parcel("acme/one", signer="", fingerprint="")
    two = desk.parcel("acme/two", fingerprint="", source=Source(path="x"))
    assert shown(desk, one, two).facts == (
        Fact("source", "git.acme.example/patterns.git @ 1f0c9ab2e41d"),
        Fact("signed", "no  (acme/one)"),
        Fact("signed", "releases@acme.example  (acme/two)"),
    )


def test_what_a_package_says_of_itself_is_a_quote_and_short(desk):
    one = desk.parcel("acme/one", about="x" * 1024)
    dependency = desk.parcel("acme/two")
    step = Step(Action.ADD, dependency.key, dependency, why="needed by one")
    (quote,) = shown(desk, one, step).quotes
    assert (quote.who, quote.text) == ("acme/one", "x" * 300 + "…")


def test_notes_and_renames(desk):
    given_one = shown(desk, desk.parcel(), notes=("held back",), renamed={"acme/old": "acme/hello"})
    assert given_one.notes == ("acme/old → acme/hello: it was renamed", "held back")
