"""The screen that a person reads before they agree, to the letter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hocket.api.ceiling import Ceiling
from hocket.cli._install_card import lines
from hocket.registry.consent.screen import screen
from hocket.registry.installing.plan import Action, Step

DEEP = Ceiling(
    tools=("Read", "WebFetch", "WebSearch"),
    network=("*",),
    read=("docs/**",),
    write=("reports/**",),
    agents=120,
)
SHOWN = """\
Plan (project)
  + acme-patterns/deep-research 1.4.0   17 files  48 kB  published 3 days ago
  + acme-patterns/web-sources   1.2.3    4 files   9 kB  needed by deep-research
  source  git.acme.example/patterns.git @ 1f0c9ab2e41d
  signed  releases@acme.example  SHA256:MPM+IPE0…  pinned 2026-09-02
When it runs it may, at most:
  network  any public host
  write    reports/**
  tools    Read, WebFetch, WebSearch
  read     docs/**
  agents   120 per run
  not      shell, environment, MCP servers, reveal, Python code
! private files + outside content + network: text it reads could try to carry
    files out; quarantine is on
It describes itself (not checked): "Fan out searches, cross-check claims, answer
    with citations."
"""


def files(count, size):
    first = size - (count - 1)
    return [("f", f"{place:02}.md", b"x" * (first if not place else 1)) for place in range(count)]


def test_the_screen_of_the_specification(desk):
    deep = desk.parcel(
        "acme-patterns/deep-research",
        "1.4.0",
        DEEP,
        files=files(17, 48_213),
        published=desk.NOW - timedelta(days=3),
        about="Fan out searches, cross-check claims, answer with citations.",
    )
    sources = desk.parcel("acme-patterns/web-sources", "1.2.3", DEEP, files=files(4, 9_100))
    dependency = Step(Action.ADD, sources.key, sources, why="needed by deep-research")
    pinned = {"acme-patterns": datetime(2026, 9, 2, tzinfo=UTC)}
    found = desk.needs(deep, dependency, granted={"pinned": pinned})
    assert "\n".join(lines(screen(found.plan, found))) + "\n" == SHOWN
