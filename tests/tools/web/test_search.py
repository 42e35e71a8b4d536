"""WebSearch with a server: one that speaks as SearXNG does, and some that do not."""

from __future__ import annotations

import asyncio
import gzip
import json

import pytest

from hocket.api.settings import PluginSettings
from hocket.api.tools import Conditional, Effect, Label, Tool, Workspace
from hocket.testing import ScriptedToolContext
from hocket.testing import run as run_jumping
from hocket_plugins.tools import web
from hocket_plugins.tools.web.section import Web

SERVER = "http://127.0.0.1:{}"


def results(*entries: dict[str, object] | object) -> str:
    return json.dumps({"query": "q", "number_of_results": 0, "results": list(entries)})


class Searcher:
    """An agent with `WebSearch`, and the person's own server in its own network."""

    def __init__(self, internet, tmp_path) -> None:
        self.internet = internet
        self.tmp_path = tmp_path
        self.context = ScriptedToolContext(Workspace(tmp_path))
        self.path = ""

    def answers(self, body: str | bytes, query: str = "q=words", **more: str) -> None:
        where = f"127.0.0.1:PORT{self.path}/search?{query}&format=json"
        self.internet.puts(where, body, "application/json", **more)

    async def use(self, *wishes: dict[str, object]):
        outputs = []
        async with self.internet.up():
            port = self.internet.ports["http"]
            pages = self.internet.pages
            for place in [place for place in pages if "PORT" in place]:
                pages[place.replace("PORT", str(port))] = pages[place]
            tool = tool_for(self.tmp_path, search_url=SERVER.format(port) + self.path)
            for wish in wishes:
                outputs.append(await tool.run(wish, self.context))  # noqa: PERF401
        return outputs

    def searches(self, *wishes: dict[str, object], jumping: bool = False):
        return (run_jumping if jumping else asyncio.run)(self.use(*wishes))

    def finds(self, query: str = "words", **more: object):
        return self.searches({"query": query, **more})[0]


def tool_for(project, origin: str = "user", **settings: object) -> Tool:
    section = Web.model_validate(settings)
    origins = {f"web.{name}": origin for name in settings}
    plugin = PluginSettings(project, {"web": section}, origins=origins)
    return web.hocket_register_tools(plugin)[1]


@pytest.fixture
def searcher(internet, tmp_path) -> Searcher:
    return Searcher(internet, tmp_path)


def test_results_have_title_address_and_a_few_words(searcher):
    searcher.answers(
        results(
            {"url": "https://a.example/x", "title": "First", "content": "some words", "score": 3},
            {"url": "http://b.example", "title": "Second\nline", "content": None},
            {"url": "https://c.example/", "title": None},
        )
    )
    output = searcher.finds()
    assert output.text == (
        "1. First\n   https://a.example/x\n   some words\n"
        "2. Second line\n   http://b.example\n"
        "3. https://c.example/\n   https://c.example/"
    )
    assert not output.is_error
    assert output.label == Label(
        outside=True, sources=frozenset({"a.example", "b.example", "c.example", "127.0.0.1"})
    )


def test_what_was_found_may_be_fetched(searcher):
    searcher.answers(results({"url": "https://A.example:443/x#part", "title": "t"}))
    searcher.finds()
    assert searcher.context.may_fetch("https://a.example/x")
    assert not searcher.context.may_fetch("https://a.example/y")


def test_the_query_is_sent_as_it_is_and_nothing_else(searcher, internet, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    searcher.answers(results(), "q=caf%C3%A9+%26+%22x%22+%23")
    assert searcher.finds('café & "x" #').text == "[nothing was found]"
    (request,) = internet.requests
    assert "cookie" not in request.lower()
    assert "authorization" not in request.lower()


@pytest.mark.parametrize("path", ["", "/", "/searx", "/searx/", "/search", "/searx/search/"])
def test_the_servers_address_may_be_written_in_several_ways(searcher, path):
    searcher.path = path.rstrip("/").removesuffix("/search")
    searcher.answers(results({"url": "https://a.example/", "title": "found"}))
    searcher.path, where = path, searcher.path
    assert where in ("", "/searx")
    assert searcher.finds().text.startswith("1. found")


def test_no_more_than_asked_for_and_never_more_than_twenty(searcher):
    many = [{"url": f"https://a.example/{n}", "title": f"t{n}"} for n in range(50)]
    searcher.answers(results(*many))
    ten, two, twenty = searcher.searches(
        {"query": "words"}, {"query": "words", "limit": 2}, {"query": "words", "limit": 20}
    )
    assert [one.text.count("https://") for one in (ten, two, twenty)] == [10, 2, 20]


def test_what_could_not_be_fetched_is_left_out(searcher):
    urls = ["javascript:x", "ftp://a.example/", "", "http://me:pw@a.example/", "https://b.example/"]
    searcher.answers(results(*({"url": url, "title": "t"} for url in urls)))
    assert searcher.finds().text == "1. t\n   https://b.example/"


def test_words_of_strangers_stay_on_their_lines(searcher):
    nasty = "a\x1b[31m\u202e\n2. Fake\n   https://evil.example/ " + "x" * 5_000
    searcher.answers(results({"url": "https://a.example/", "title": nasty, "content": nasty}))
    lines = searcher.finds().text.split("\n")
    assert len(lines) == 3
    assert lines[1] == "   https://a.example/"
    assert [len(line) for line in lines] == [3 + 200, 21, 3 + 500]
    assert "\x1b" not in lines[0] + lines[2]


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ("not json", 200, "the search server 127.0.0.1 gave no list of results"),
        ("{}", 200, "the search server 127.0.0.1 gave no list of results"),
        ('{"results": 3}', 200, "the search server 127.0.0.1 gave no list of results"),
        ('{"results": [{"title": 3}]}', 200, "the search server 127.0.0.1 gave no list of results"),
        ("[" * 100_000, 200, "the search server 127.0.0.1 gave no list of results"),
        ("x" * 5_000_001, 200, "the page has more than 5,000,000 bytes"),
        ("", 403, "127.0.0.1 does not give json: allow it in its search.formats"),
        ("", 429, "the search server answered with status 429"),
        ("", 302, "the search server answered with status 302"),
        ("", 500, "the search server answered with status 500"),
    ],
)
def test_servers_that_give_no_results(searcher, body, status, reason):
    searcher.answers(body, status=status)
    output = searcher.finds()
    assert (output.is_error, output.text) == (True, f"not searched: {reason}")


def test_a_packed_answer(searcher):
    raw = gzip.compress(results({"url": "https://a.example/", "title": "t"}).encode())
    searcher.answers(raw, Content_Encoding="gzip")
    assert searcher.finds().text.startswith("1. t")


def test_a_server_that_is_not_there(tmp_path):
    tool = tool_for(tmp_path, search_url="http://127.0.0.1:1")
    output = asyncio.run(tool.run({"query": "x"}, ScriptedToolContext(tmp_path)))
    assert output.text == "not searched: the search server 127.0.0.1 cannot be reached"


def test_a_server_that_never_answers(searcher):
    async def wait(_writer: object) -> None:
        await asyncio.sleep(300)

    searcher.answers(b"")
    (place,) = searcher.internet.pages
    searcher.internet.pages[place] = wait
    (output,) = searcher.searches({"query": "words"}, jumping=True)
    assert output.is_error
    assert output.text in (
        "nothing was found within 30 s",
        "not searched: the search server 127.0.0.1 cannot be reached",
    )


def test_twenty_searches_in_a_call_and_no_more(searcher, internet):
    searcher.answers(results())
    outputs = searcher.searches(*[{"query": "words"}] * 22)
    assert [one.is_error for one in outputs] == [False] * 20 + [True] * 2
    assert outputs[-1].text == "not searched: there were 20 searches already"
    assert len(internet.requests) == 20
    searcher.context = ScriptedToolContext(searcher.tmp_path)
    assert not searcher.finds().is_error


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({}, "query: field required"),
        ({"query": ""}, "query: string should match pattern"),
        ({"query": " \n"}, "query: string should match pattern"),
        ({"query": "x" * 401}, "query: string should have at most 400 characters"),
        ({"query": "\ud800"}, "query: input should be a valid string"),
        ({"query": "x", "limit": 0}, "limit: input should be greater than or equal to 1"),
        ({"query": "x", "limit": 21}, "limit: input should be less than or equal to 20"),
        ({"query": "x", "engine": "y"}, "engine: extra inputs are not permitted"),
    ],
)
def test_input_that_is_not_as_the_schema_says(searcher, arguments, text):
    (output,) = searcher.searches(arguments)
    assert output.is_error
    assert output.text.startswith(f"the input is not as the schema says: {text}")


def test_what_it_is(tmp_path):
    tool = tool_for(tmp_path, search_url="https://search.example")
    assert isinstance(tool, Conditional)
    assert tool.lacks() is None
    assert (tool.name, tool.effects) == ("WebSearch", frozenset({Effect.READ_OUTSIDE}))
    assert tool.shown({"query": "some words"}) == "WebSearch(some words)"
    assert tool.shown({}) == "WebSearch()"
