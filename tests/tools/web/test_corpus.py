"""WebSearch in a folder: real files with odd names and contents, a real index."""

from __future__ import annotations

import asyncio
import os
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.settings import PluginSettings
from hocket.api.tools import Effect, Label, Workspace
from hocket.testing import ScriptedToolContext
from hocket_plugins.tools import web
from hocket_plugins.tools.web.corpus import Corpus
from hocket_plugins.tools.web.library import Library
from hocket_plugins.tools.web.section import Web
from hocket_plugins.tools.web.shelf import Shelf, Text


class Folder:
    """A project, and a person's folder of texts beside it."""

    def __init__(self, home) -> None:
        self.project = home / "project"
        self.texts = home / "texts"
        self.project.mkdir()
        self.texts.mkdir()
        self.again()

    def again(self, folder: object = None, *, trusted: bool = False) -> None:
        section = Web(folder=str(folder or self.texts), folder_trusted=trusted)
        origins = {"web.folder": "user", "web.folder_trusted": "user"}
        settings = PluginSettings(self.project, {"web": section}, origins=origins)
        self.tool = web.hocket_register_tools(settings)[1]
        self.context = ScriptedToolContext(Workspace(self.project))

    def put(self, name: str | bytes, content: str | bytes = "words") -> None:
        path = os.fsencode(self.texts) + b"/" + os.fsencode(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120  names of bytes
        with open(path, "wb") as file:  # noqa: PTH123
            file.write(content.encode() if isinstance(content, str) else content)

    def output(self, query: str = "words", **more: object):
        return asyncio.run(self.tool.run({"query": query, **more}, self.context))

    def finds(self, query: str = "words") -> list[str]:
        """Give the names of what is found, best first."""
        lines = self.output(query, limit=20).text.split("\n")
        paths = [line.strip() for line in lines if line.startswith("   ")]
        top = f"{self.texts.as_posix()}/"
        return [path.removeprefix(top) for path in paths if path.startswith(top)]


@pytest.fixture
def folder(tmp_path) -> Folder:
    return Folder(tmp_path)


def test_texts_are_found_by_their_words(folder):
    folder.put("a.md", "# The Hocket\n\nA melody sung by many voices that take turns.")
    folder.put("deep/er/b.txt", "A drum has no melody.")
    folder.put("c.txt", "nothing of that kind")
    output = folder.output("melody voices")
    top = folder.texts.as_posix()
    assert output.text == (
        f"1. The Hocket\n   {top}/a.md\n"
        "   # The Hocket A melody sung by many voices that take turns.\n"
        f"2. b.txt\n   {top}/deep/er/b.txt\n   A drum has no melody."
    )
    assert output.label == Label(outside=True, sources=frozenset({"web.folder"}))
    assert not folder.context.may_fetch(f"{top}/a.md")


def test_a_folder_that_is_trusted_is_no_outside_content(folder):
    folder.put("a.md")
    folder.again(trusted=True)
    assert folder.tool.effects == frozenset({Effect.READ_PROJECT})
    assert folder.output().label == Label()
    folder.again()
    assert folder.tool.effects == frozenset({Effect.READ_OUTSIDE})


def test_texts_of_the_project_are_named_as_the_other_tools_take_them(folder):
    (folder.project / "docs").mkdir()
    (folder.project / "docs" / "a.md").write_text("words")
    folder.again("docs")
    assert folder.output().text == "1. a.md\n   docs/a.md\n   words"


def test_a_folder_at_home(folder, monkeypatch):
    monkeypatch.setenv("HOME", str(folder.texts.parent))
    folder.put("a.md")
    folder.again("~/texts")
    assert folder.finds() == ["a.md"]


def test_titles_count_more_and_rare_words_too(folder):
    folder.put("body.md", "# Other\n\nfox " + "and so on " * 20)
    folder.put("title.md", "# Fox\n\n" + "and so on " * 20)
    folder.put("none.md", "and so on " * 20)
    assert folder.finds("fox") == ["title.md", "body.md"]
    assert folder.finds("so fox")[:2] == ["title.md", "body.md"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("CAFÉ", True),
        ("cafe", True),
        ("voices", True),
        ("voice", True),
        ("snake_case", True),
        ("日本語", True),
        ('"voices" AND NOT (', True),
        ("title:voices*", True),
        ("NEAR(voices x, 5)", True),
        ("path:a", False),
        ("' OR 1=1 --", False),
        ("!?", False),
        ("absent", False),
    ],
)
def test_no_word_is_an_operator(folder, query, found):
    folder.put("x.md", "Café with voices, snake_case and 日本語 words")
    output = folder.output(query)
    assert not output.is_error
    assert (output.text != "[nothing was found]") is found


@given(st.text(min_size=1, max_size=100))
def test_any_query_is_a_query(query):
    library = Library()
    library.add(Text("a", "t", f"words {query}".encode("utf-8", "replace").decode()))
    assert len(library.search(query, 5)) <= 1
    assert len(library.search(f"{query} words", 5)) <= 1


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("with space.txt", "with space.txt"),
        ("ünïcödé.md", "ünïcödé.md"),
        ("日本語", "日本語"),
        ("new\nline.md", "new\\x0aline.md"),
        ("esc\x1b[2J.md", "esc\\x1b[2J.md"),
        (b"no-utf8-\xff\xfe.md", "no-utf8-\\xff\\xfe.md"),
        ("-rf", "-rf"),
        ("quote'\".md", "quote'\".md"),
        ("%s{0}.md", "%s{0}.md"),
        ("x" * 250, "x" * 250),
        ("back\\slash.md", "back\\slash.md"),
    ],
)
def test_odd_names(folder, name, shown):
    folder.put(name)
    assert folder.finds() == [shown]


@pytest.mark.parametrize(
    "content",
    [
        b"\x7fELF\x00words",
        b"%PDF-1.7 words \x00",
        b"words \x00 words",
        b"",
        b"words" * 1_000_001,
    ],
)
def test_binary_empty_and_very_long_files_are_passed_over(folder, content):
    folder.put("odd", content)
    folder.put("text.md")
    assert folder.finds() == ["text.md"]


@pytest.mark.parametrize(
    "content",
    [
        "wörds and words".encode("latin-1"),
        "\ufeffwords".encode("utf-16-le"),
        b"\xef\xbb\xbfwords",
        b"words\r\nand\rmore\x1b[2J",
        b"\xff\xff\xff words",
    ],
)
def test_texts_in_other_letters(folder, content):
    folder.put("text.md", content)
    assert folder.finds() == ["text.md"]
    assert "\x1b" not in folder.output().text


def test_pages_are_read_as_text(folder):
    folder.put(
        "page.HTML",
        "<title>The page</title><script>script words</script><p hidden>hidden words</p><p>Seen",
    )
    folder.put("plain.htm", "<p>Seen without a title")
    assert folder.finds("hidden script") == []
    output = folder.output("seen").text
    assert "1. The page\n" in output
    assert ". plain.htm\n" in output


@pytest.mark.parametrize(
    "name",
    [
        ".env",
        ".git/config",
        ".hidden/deep/a.md",
        "key.pem",
        "id_rsa",
        "ID_ed25519",
        "a.P12",
        "b.key",
    ],
)
def test_hidden_files_and_keys_are_not_read(folder, name):
    folder.put(name)
    folder.put("sub/text.md")
    assert folder.finds() == ["sub/text.md"]


def test_nothing_outside_the_folder_is_read(folder):
    secret = folder.project / "secret.md"
    secret.write_text("words")
    (folder.texts / "link.md").symlink_to(secret)
    (folder.texts / "folder").symlink_to(folder.project)
    (folder.texts / "dangling").symlink_to("nowhere")
    os.mkfifo(folder.texts / "pipe")
    folder.put("text.md")
    assert folder.finds() == ["text.md"]


def test_a_file_that_cannot_be_read(folder):
    folder.put("text.md")
    folder.put("gone.md")
    shelf = Shelf(folder.texts, folder.project)
    texts = shelf.texts(Event())
    (folder.texts / "text.md").unlink()
    assert [text.path.rpartition("/")[2] for text in texts] == ["gone.md"]


def test_the_folder_is_read_once_in_a_run(folder):
    folder.put("a.md")
    assert folder.finds() == ["a.md"]
    folder.put("b.md")
    assert folder.finds() == ["a.md"]
    folder.again()
    assert folder.finds() == ["a.md", "b.md"]


def test_searches_side_by_side(folder):
    for number in range(50):
        folder.put(f"{number:02}.md", f"words number{number}")

    async def story() -> list[str]:
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(folder.tool.run({"query": f"number{n}"}, folder.context))
                for n in range(10)
            ]
        return [task.result().text for task in tasks]

    texts = asyncio.run(story())
    assert all(f"/{number:02}.md\n" in text for number, text in enumerate(texts))


def test_a_large_folder_is_read_bit_by_bit(folder):
    """A search that had no time for all of it says so, and the next one goes on from there."""
    for number in range(5):
        folder.put(f"{number}.md")
    shelf, stop = Shelf(folder.texts, folder.project), Event()
    given = []
    for text in shelf.texts(stop):
        given.append(text)
        if len(given) == 2:
            stop.set()
    assert (len(given), shelf.taken, shelf.is_empty) == (2, 2, False)
    given += shelf.texts(Event())
    assert len({text.path for text in given}) == 5
    assert shelf.is_empty


class Slow(Shelf):
    """Gives one text each time, and then takes as long as it is let."""

    def texts(self, stop: Event):
        for text in super().texts(stop):
            yield text
            stop.wait()


def test_a_search_that_has_no_time_for_all_says_so(folder):
    for number in range(2):
        folder.put(f"{number}.md")
    corpus = Corpus(Slow(folder.texts, folder.project), outside=True, fill_s=0.05)
    first, second, third = (asyncio.run(corpus.find("words", 5)) for _ in range(3))
    assert [len(found.hits) for found in (first, second, third)] == [1, 2, 2]
    assert first.remark == "only 1 texts are indexed so far; search again for the others"
    assert third.remark == ""


def test_no_more_files_than_an_index_should_hold(folder):
    for number in range(5):
        folder.put(f"{number}.md")
    shelf = Shelf(folder.texts, folder.project, most=3)
    assert len(list(shelf.texts(Event()))) == 3
    assert shelf.is_empty
