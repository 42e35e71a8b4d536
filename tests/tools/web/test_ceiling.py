"""The web beneath a ceiling: hosts that are declared, at the start and at each step of the way."""

from __future__ import annotations

import asyncio

import pytest

from hocket.api.ceiling import Ceiling
from hocket.api.tools import Workspace
from hocket.testing import ScriptedToolContext
from hocket_plugins.tools.web.engine import Found
from hocket_plugins.tools.web.search import WebSearch


def beneath(tmp_path, *network):
    return ScriptedToolContext(Workspace(tmp_path, ceiling=Ceiling(network=network)))


@pytest.mark.parametrize("network", [("example.org",), ("docs.example.org",), ("*",)])
def test_a_declared_host_is_fetched_with_its_subdomains(reader, internet, tmp_path, network):
    internet.puts("docs.example.org/", "words")
    reader.context = beneath(tmp_path, *network)
    assert reader.text("http://docs.example.org/") == "words"


@pytest.mark.parametrize("network", [(), ("example.org",)])
def test_another_host_is_never_asked(reader, internet, tmp_path, network):
    internet.puts("example.com/", "words")
    reader.context = beneath(tmp_path, *network)
    refusal = "capability:network: its bundle did not declare example.com"
    assert reader.refusal("http://example.com/") == refusal
    assert internet.asked == []


def test_nor_one_that_a_page_leads_to(reader, internet, tmp_path):
    internet.moves("www.example.org/", "http://example.org/")
    internet.puts("example.org/", "words")
    reader.context = beneath(tmp_path, "www.example.org")
    assert "did not declare example.org" in reader.refusal("http://www.example.org/")
    assert internet.asked == ["www.example.org"]


def test_what_is_not_public_is_not_fetched_even_where_it_is_declared(reader, tmp_path):
    reader.context = beneath(tmp_path, "127.0.0.1")
    assert "not on the public web" in reader.refusal("http://127.0.0.1/")


class Engine:
    """An engine that finds nothing."""

    def __init__(self, *, outside):
        self.outside, self.source, self.asked = outside, "search.example", 0

    def lacks(self):
        return None

    async def find(self, query, most):
        self.asked += 1
        return Found((), frozenset())


@pytest.mark.parametrize(
    ("network", "outside", "asked"),
    [
        (("example.org",), True, 0),
        (("search.example",), True, 1),
        (("*",), True, 1),
        ((), False, 1),
    ],
)
def test_a_query_goes_to_a_declared_engine(tmp_path, network, outside, asked):
    engine = Engine(outside=outside)
    context = beneath(tmp_path, *network)
    output = asyncio.run(WebSearch(engine).run({"query": "x"}, context))
    assert engine.asked == asked
    assert output.is_error is (asked == 0)
