"""What is typed, and what the script finds."""

from __future__ import annotations

import io
import json
import os
import sys
from hashlib import sha256

import pytest

from hocket.errors import StructureError, UsageError
from hocket.launch import arguments, locate
from hocket.launch.expansion import corpora
from hocket.launch.expansion.files import Files
from hocket.launch.expansion.found import Unusable
from hocket.launch.typed import Line
from hocket.testing.running import DEFAULT, _backend, _project


def typed(kind, **more):
    """Write the schema of an argument that is expanded."""
    return {"type": "string", "x-expand": kind, **more}


def test_a_file_comes_in_pages_of_sentences(place):
    place.script(file=typed("text"))
    text = "# Bridges\n\nIt opened in 1921. It is\nlong.\n\n```\nx = 1\n```\n"
    place.write("docs/a.md", text)
    found = place.args("docs/a.md")["file"]
    assert found == {
        "file": "docs/a.md",
        "sha256": sha256(text.encode()).hexdigest(),
        "pages": [
            {
                "page": 1,
                "sentences": [
                    {"id": "s1", "line": 1, "text": "# Bridges"},
                    {"id": "s2", "line": 3, "text": "It opened in 1921."},
                    {"id": "s3", "line": 3, "text": "It is long."},
                    {"id": "s4", "line": 6, "text": "```\nx = 1\n```", "kind": "code"},
                ],
            }
        ],
    }


def test_lines_and_items_of_files(place):
    place.script(items=typed("lines"), rows=typed("json"))
    place.write("list.txt", " one \n\ntwo\n")
    place.write("rows.csv", "name,age\nAda,36\n")
    found = place.args("--items", "list.txt", "--rows", "rows.csv")
    assert found == {"items": ["one", "two"], "rows": [{"name": "Ada", "age": "36"}]}


def test_prompts_of_the_bundle_and_a_persons_own_over_them(place):
    place.script(rubrics=typed("texts", default="bundle:rubrics"))
    place.write("rubrics/claims.md", "List claims.\n")
    place.write("rubrics/vote.md", "Vote.\n")
    place.write("mine/vote.md", "Vote well.\n")
    assert place.args() == {"rubrics": {"claims": "List claims.\n", "vote": "Vote.\n"}}
    changed = place.args("--rubrics", "mine")
    assert changed == {"rubrics": {"claims": "List claims.\n", "vote": "Vote well.\n"}}


def test_globs_folders_and_files(place):
    place.script(units={"type": "array", "items": {"type": "string"}, "x-expand": "glob"})
    for name in ("src/a.py", "src/in/b.py", "src/c.txt", "other/d.py", ".env"):
        place.write(name)
    assert place.args("--units", "src/**/*.py")["units"] == ["src/a.py", "src/in/b.py"]
    assert place.args("--units", "other", "--units", "src/c.txt")["units"] == [
        "other/d.py",
        "src/c.txt",
    ]


def test_what_was_changed(place):
    place.script(ref=typed("git-diff"))
    place.repository()
    place.write("a.py", "".join(f"line {n}\n" for n in range(1, 30)))
    place.commit()
    place.write("a.py", "".join(f"line {n}{'!' * (n == 15)}\n" for n in range(1, 30)))
    place.write("new.py", "x = 1\ny = 2\n")
    first, second = place.args()["ref"]
    assert (first["file"], first["line"], first["lines"]) == ("a.py", 12, 7)
    assert "\n-line 15\n+line 15!\n" in first["text"]
    assert second == {
        "file": "new.py",
        "line": 1,
        "lines": 2,
        "text": "@@ -0,0 +1,2 @@\n+x = 1\n+y = 2",
    }


def test_folders_to_look_in(place):
    place.script(sources={"type": "array", "items": {"type": "string"}, "x-expand": "folders"})
    place.write("docs/a.txt", "Date: 2024-05-06\nSource: d1 primary\n\nIt opened in 1921.\n")
    place.write("docs/b.txt", "Date: 2024-05-06\nSource:  d1  primary\n\nIt opened in 1921.")
    place.write("docs/c.bin", b"\0\1")
    place.write("docs/.hidden", "x")
    found = place.args("--sources", "docs", "--sources", "web", "--sources", "mcp__wiki__search")
    assert found["sources"].pop("files")[1]["copy_of"] == "f1"
    assert found["sources"] == {
        "folders": ["docs"],
        "web": True,
        "mcp": ["mcp__wiki__search"],
        "left_out": 1,
    }


@pytest.mark.parametrize(
    ("kind", "word", "said"),
    [
        ("text", "nothing.md", "--it: nothing.md cannot be read (No such file or directory)"),
        ("text", "docs", "--it: docs is a folder"),
        ("lines", "bytes.bin", "--it: bytes.bin cannot be read (it is no UTF-8 text)"),
        ("json", "bad.json", "--it: bad.json: it is no JSON"),
        ("glob", "*.zig", "--it: *.zig matches no file"),
        ("glob", "../x", "--it: ../x lies outside the project"),
        ("git-diff", "HEAD", "--it: the project is no git repository"),
        ("texts", "docs", "--it: docs has no *.md file"),
        ("texts", "bundle:../x", "--it: bundle:../x leads out of the bundle"),
        ("folders", "mcp__x", "--it: mcp__x names no tool of a server"),
    ],
)
def test_errors_name_the_flag(place, kind, word, said):
    place.script(it=typed(kind))
    place.write("docs/a.txt", "x")
    place.write("bytes.bin", b"\xff\xfe")
    place.write("bad.json", "{")
    with pytest.raises(UsageError) as caught:
        place.run("--it", word)
    assert caught.value.who == "/case"
    assert caught.value.found.startswith(said)


def test_a_kind_that_nobody_knows(place):
    place.script(it=typed("everything"))
    with pytest.raises(StructureError, match="x-expand is 'everything'"):
        place.run("--it", "x")


def test_help_says_what_can_be_typed(place):
    place.script(
        file=typed("text"),
        sources={"type": "array", "items": {"type": "string"}, "x-expand": "folders"},
        ref=typed("git-diff"),
        mode={"type": "string", "enum": ["quick", "full"], "x-default": "size"},
    )
    project = _project(place.root, _backend(None), DEFAULT)
    manifest = locate.find(project, "wf.py").script.manifest
    assert arguments.usage(manifest) == (
        "/case [--file FILE] [--sources FOLDER|web|TOOL …] [--ref REF|RANGE] [--mode quick|full]"
    )


def test_a_search_tool_that_works_is_the_default(place):
    place.script(sources={"type": "array", "items": {"type": "string"}, "x-expand": "folders"})
    place.write("docs/a.md", "It opened.")
    assert place.args()["sources"]["folders"] == ["."]
    place.mine(f'[web]\nfolder = "{place.root}/docs"\n')
    found = place.args()["sources"]
    assert (found["web"], found["folders"], found["files"]) == (True, [], [])


def test_files_and_folders_typed_for_sources(place, tmp_path):
    place.script(sources={"type": "array", "items": {"type": "string"}, "x-expand": "folders"})
    place.repository()
    place.write("built/a.md", "---\ndate: 2024-02-30\nkind: secondary\n---\nIt opened.")
    place.write("built/b.md", "Date: 2024-02-29\nIt opened.")
    (place.root / "built" / "c.md").symlink_to(place.root / "built" / "b.md")
    words = ("--sources", "built", "--sources", "built/a.md", "--sources", "built")
    found = place.args(*words)["sources"]
    assert found["folders"] == ["built", "built/a.md"]
    files = [(one["id"], one["path"], one["date"], one["kind"]) for one in found["files"]]
    assert files == [
        ("f1", "built/a.md", None, "secondary"),
        ("f2", "built/b.md", "2024-02-29", "unknown"),
    ]
    (tmp_path / "pipe").mkdir()
    os.mkfifo(tmp_path / "pipe" / "p")
    with pytest.raises(UsageError, match="is neither a file nor a folder"):
        place.run("--sources", str(tmp_path / "pipe" / "p"))


def test_at_most_so_many_and_none_too_large(place):
    place.script(sources={"type": "array", "items": {"type": "string"}, "x-expand": "folders"})
    for number in range(5_002):
        place.write(f"docs/{number:04}.md", f"{number}")
    place.write("docs/0.md", "x" * (corpora.LARGEST + 1))
    project = _project(place.root, _backend(None), DEFAULT)
    prepared = Line("wf.py", words=("--sources", "docs")).prepare(project)
    found = prepared.arguments.value["sources"]
    assert (len(found["files"]), found["left_out"]) == (5_000, 3)
    assert any(note.startswith("agents may read ") for note in prepared.card.notes)


def test_what_is_piped_in(place, monkeypatch):
    place.script(items=typed("lines"))
    for content in (b"one\ntwo\n", None):
        piped = io.TextIOWrapper(io.BytesIO(content)) if content else None
        monkeypatch.setattr(sys, "stdin", piped)
        assert place.args("--items", "-")["items"] == (["one", "two"] if content else [])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x" * (5 << 20))))
    with pytest.raises(UsageError, match="what was piped in is larger than 4 MiB"):
        place.run("--items", "-")


def test_a_long_text_has_pages(place):
    place.script(file=typed("text"))
    sentences = [f"Sentence {number} has some words in it." for number in range(200)]
    place.write("a.txt", " ".join(sentences) + "\n\n" + "x" * 5_000)
    pages = place.args("a.txt")["file"]["pages"]
    assert [page["page"] for page in pages] == [1, 2, 3, 4]
    sizes = [sum(len(one["text"]) for one in page["sentences"]) for page in pages]
    assert max(sizes[:3]) <= 3_000
    assert sizes[3] == 5_000


def test_prompts_that_nobody_may_ask_for_are_noted(place):
    place.script(rubrics=typed("texts", default="bundle:rubrics"))
    place.write("rubrics/vote.md", "Vote.")
    place.write("mine/vot.md", "Vote well.")
    place.write("secret.md", "secret")
    (place.root / "mine" / "linked.md").symlink_to(place.root / "secret.md")
    outcome = place.run("--rubrics", "mine")
    assert outcome.result == {"rubrics": {"vote": "Vote.", "vot": "Vote well."}}
    assert "rubrics: mine: nobody may ask for vot; there are vote" in outcome.card.notes


@pytest.mark.parametrize(
    ("schema", "args", "said"),
    [
        (typed("text"), {"it": ""}, "it is ''"),
        ({"x-expand": "lines"}, {"it": 5}, "it is 5"),
        (typed("texts"), {"it": "a.txt"}, "a.txt is no folder"),
        (typed("texts"), {"it": "bundle:nothing"}, "bundle:nothing does not exist"),
        (typed("lines"), {"it": "docs"}, "docs is a folder"),
        (typed("lines"), {"it": "locked"}, "locked cannot be read"),
        (typed("lines"), {"it": "loop"}, "loop cannot be read"),
        (typed("glob"), {"it": "nothing"}, "nothing does not exist"),
    ],
)
def test_what_stands_for_nothing(place, schema, args, said):
    place.script(it=schema)
    place.write("a.txt", "x")
    (place.root / "docs").mkdir()
    (place.root / "loop").symlink_to(place.root / "loop")
    (place.root / "locked").symlink_to("/proc/self/mem")
    project = _project(place.root, _backend(None), DEFAULT)
    with pytest.raises(UsageError) as caught:
        Line("wf.py", args=json.dumps(args)).prepare(project)
    assert caught.value.found.startswith(f"--it: {said}")


def test_a_folder_that_nobody_can_have_meant(place):
    for number in range(5):
        place.write(f"{number}.txt")
    with pytest.raises(Unusable, match="has more than 3 files"):
        Files(place.root, most=3).all()


def test_without_git_all_that_is_not_hidden_counts(place, monkeypatch):
    place.script(it=typed("glob"))
    place.repository()
    place.write("built/a.py")
    monkeypatch.setenv("PATH", str(place.root))
    assert place.args("--it", "**/*.py")["it"] == ["built/a.py", "wf.py"]
