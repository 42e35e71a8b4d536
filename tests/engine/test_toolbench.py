"""What the tools of a call work with: kept bytes, and the addresses that may be fetched."""

from __future__ import annotations

import asyncio
from hashlib import sha256
from pathlib import Path

import pytest

from hocket.api.tools import Workspace
from hocket.engine.toolbench import Toolbench
from hocket.testing import JumpingClock


class Shelf(dict):
    """Keeps artifacts by digest."""

    def put(self, digest, value):
        self[digest] = value


async def nobody(_text, _options):
    """Answer nothing."""


def bench_for(prompt):
    return Toolbench(
        workspace=Workspace(Path("/project")),
        clock=JumpingClock(),
        call_id="run/1",
        environment={"PATH": "/bin"},
        trusted=prompt,
        held=Shelf(),
        tell=lambda _text: None,
        named=lambda use: use == "Bash(make)",
        asked=nobody,
    )


@pytest.fixture
def bench():
    return bench_for("Read https://docs.example.org/start?page=1 and report.")


def test_bytes_are_kept_by_their_digest(bench):
    digest = bench.keep(b"picture")

    assert digest == sha256(b"picture").hexdigest()
    assert bench.held == {digest: b"picture"}


def test_a_person_is_asked_through_it_and_their_rules_are_known(bench):
    assert bench.granted("Bash(make)")
    assert not bench.granted("Bash(rm)")
    assert asyncio.run(bench.ask("May I?", ("allow", "deny"))) is None


def test_an_address_that_nobody_gave_is_not_fetched_though_its_host_is_known(bench):
    assert bench.may_fetch("https://docs.example.org/start?page=1")
    assert not bench.may_fetch("https://docs.example.org/next")
    assert not bench.may_fetch("https://docs.example.org/start?page=1&secret=x")
    assert not bench.may_fetch("https://DOCS.example.org/start?page=1")


def test_what_a_search_gave_may_be_fetched(bench):
    bench.found(("https://a.example/1", "https://b.example/1"))

    assert bench.may_fetch("https://a.example/1")
    assert bench.may_fetch("https://b.example/1")
    assert not bench.may_fetch("https://a.example/2")


@pytest.mark.parametrize(
    "url",
    ["", "h", "https://", "Read", "https://docs.example.or", "https://docs.example.org/start"],
)
def test_a_part_of_an_address_in_the_prompt_is_another_address(bench, url):
    assert not bench.may_fetch(url)
    assert not bench.may_fetch("https://docs.example.or/next")
    assert not bench.may_fetch("file:///etc/passwd")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a.example/x", "https://[", "//a/b"])
def test_only_the_web_is_fetched_whatever_a_search_gave(bench, url):
    bench.found((url,))

    assert not bench.may_fetch(url)


@pytest.mark.parametrize(
    "text", ["See {}.", "({})", "<{}>", "'{}', `{}`", "{}", "[it]({}).", "A:\n{}\n"]
)
@pytest.mark.parametrize("url", ["https://a.example", "http://a.example:8080/x_(y)?q=1&r=2#z"])
def test_an_address_is_found_in_whatever_stands_around_it(text, url):
    assert bench_for(text.replace("{}", url)).may_fetch(url)


def test_each_call_has_a_memory_of_its_own(bench):
    bench.memory["seen"] = 1

    assert bench.memory == {"seen": 1}
