"""The memory of a call, beside the engine's own word on which addresses may be fetched."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.tools import Workspace
from hocket.engine.toolbench import Toolbench
from hocket.testing import JumpingClock
from hocket_plugins.tools.web import link
from hocket_plugins.tools.web.page import Page
from hocket_plugins.tools.web.refusal import Refusal
from hocket_plugins.tools.web.trail import Reading, Trail

if TYPE_CHECKING:
    from collections.abc import Sequence

TOLD = "Read http://a.example/one, https://b.example:443/two and http://a.example/three."


async def nobody(_text: str, _options: tuple[str, ...]) -> None:
    return None


class Kept(dict[str, bytes]):
    """Keeps what a call keeps."""

    def put(self, digest: str, value: bytes) -> None:
        self[digest] = value


def bench_for(prompt: str) -> Toolbench:
    return Toolbench(
        workspace=Workspace(Path("/project")),
        clock=JumpingClock(),
        call_id="run/1",
        environment={},
        trusted=prompt,
        held=Kept(),
        tell=lambda _: None,
        named=lambda _: False,
        asked=nobody,
    )


def is_admitted(bench: Toolbench, url: str) -> bool:
    with contextlib.suppress(Refusal):
        Trail.of(bench).admit(bench, url)
        return True
    return False


def test_what_was_told_and_what_was_found_may_be_fetched():
    bench = bench_for(TOLD)
    bench.found(("http://c.example/found",))
    assert is_admitted(bench, "http://a.example/one")
    assert is_admitted(bench, "https://b.example:443/two#part")
    assert is_admitted(bench, "http://c.example/found")
    assert not is_admitted(bench, "http://c.example/composed")


@pytest.mark.parametrize("url", ["http://c.example/", "http://a.example/composed"])
def test_what_nobody_told_may_not_be_fetched(url):
    with pytest.raises(Refusal, match="it stands neither in the task"):
        Trail().admit(bench_for(TOLD), url)


HOSTS = ["a.example", "A.example", "a.example.", "b.example", "c.example", "d.example"]
URLS = st.builds(
    lambda scheme, host, port, path: f"{scheme}://{host}{port}/{path}",
    st.sampled_from(["http", "https"]),
    st.sampled_from(HOSTS),
    st.sampled_from(["", ":80", ":443"]),
    st.sampled_from(["one", "two", "three", "secret", "found"]),
)


@given(
    told=st.lists(URLS, max_size=3),
    steps=st.lists(st.tuples(st.booleans(), URLS), max_size=20),
)
def test_what_is_admitted_was_told_or_found(told: Sequence[str], steps: Sequence[tuple[bool, str]]):
    """However hosts, ports and letters are mixed, nothing that was composed is ever admitted."""
    bench = bench_for(" , ".join(told))
    given_ones = set(told)
    for is_found, url in steps:
        if is_found:
            bench.found((url,))
            given_ones.add(url)
        else:
            assert is_admitted(bench, url) is (url in given_ones)


def test_the_last_readings_are_kept():
    trail = Trail()
    here = link.read("http://a.example/")
    for number in range(6):
        trail.keep(str(number), Reading(here, Page(str(number)), "digest"))
    assert [bool(trail.kept(str(number))) for number in range(6)] == [False] * 2 + [True] * 4


def test_a_very_long_reading_displaces_the_others():
    trail = Trail()
    here = link.read("http://a.example/")
    for name, text in (("short", "x"), ("long", "x" * 20_000_000)):
        trail.keep(name, Reading(here, Page(text), "digest"))
    assert (trail.kept("short"), bool(trail.kept("long"))) == (None, True)


def test_a_call_of_the_engine_reads_its_way(reader, internet):
    """From an address of the prompt by a link and a redirect, and no step further."""
    internet.shows("a.example/one", "<a href=/go>go</a> <a href=http://evil.example/>e</a>")
    internet.moves("a.example/go", "http://other.example/page")
    internet.moves("a.example/go?to=evil.example/secret", "http://evil.example/secret")
    internet.puts("other.example/page", "arrived")
    reader.context = bench = bench_for(TOLD)
    urls = [
        "http://a.example/one",
        "http://a.example/go",
        "http://other.example/page",
        "http://a.example/go?to=evil.example/secret",
        "http://evil.example/",
        "http://evil.example/secret",
    ]
    outputs = reader.fetches(*urls)
    assert [output.is_error for output in outputs] == [False] * 3 + [True] * 3
    assert outputs[2].text.endswith("arrived")
    assert set(internet.asked) == {"a.example", "other.example"}
    assert b"arrived" in bench.held.values()
