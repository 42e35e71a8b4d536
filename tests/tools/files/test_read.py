"""Read: a window of a text, a picture, and a plain word about everything else."""

from __future__ import annotations

import os
import tracemalloc
from hashlib import sha256

import pytest

from hocket.api.tools import Attachment, Effect, Label

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100


def test_lines_come_with_their_numbers(agent):
    agent.put("a.txt", "one\ntwo\n")
    assert agent.does("Read", file_path="a.txt") == "     1\tone\n     2\ttwo"


def test_a_window_says_that_there_is_more(agent):
    agent.put("a.txt", "".join(f"line {n}\n" for n in range(1, 11)))
    assert agent.does("Read", file_path="a.txt", offset=4, limit=2) == (
        "     4\tline 4\n     5\tline 5\n[there is more: offset=6]"
    )
    assert agent.does("Read", file_path="a.txt", offset=10) == "    10\tline 10"


def test_an_absolute_path_and_a_detour_lead_to_the_same_file(agent):
    agent.put("src/a.txt", "x")
    wanted = "     1\tx"
    assert agent.does("Read", file_path=str(agent.ws / "src/a.txt")) == wanted
    assert agent.does("Read", file_path="src/../src/./a.txt") == wanted


def test_nothing_to_show_is_said(agent):
    agent.put("empty", "")
    agent.put("short", "x\n")
    assert agent.does("Read", file_path="empty") == "[the file is empty]"
    assert agent.does("Read", file_path="short", offset=2) == "[the file ends before line 2]"


def test_at_most_so_many_lines_and_bytes(agent):
    agent.put("many", "x\n" * 5000)
    text = agent.does("Read", file_path="many")
    assert text.splitlines()[-2:] == ["  2000\tx", "[there is more: offset=2001]"]
    assert agent.does("Read", file_path="many", limit=4000) == text
    agent.put("wide", "y" * 1000 + "\nz\n")
    agent.again(read_bytes=100)
    text = agent.does("Read", file_path="wide")
    assert text == f"     1\t{'y' * 100}\n[line 1 is longer than what is shown]"


def test_the_last_line_is_no_longer_than_what_is_shown_when_it_just_fits(agent):
    agent.put("exact", "y" * 100)
    agent.again(read_bytes=100)
    assert agent.does("Read", file_path="exact") == f"     1\t{'y' * 100}"


def test_the_default_limit_is_256_kib(agent):
    agent.put("big", ("x" * 1023 + "\n") * 1000)
    text = agent.does("Read", file_path="big")
    assert text.endswith("[there is more: offset=257]")


def test_a_file_of_200_mb_is_looked_through_not_loaded(agent):
    path = agent.put("log", "")
    with path.open("wb") as file:
        for _ in range(200):
            file.write(b"0123456789abcde\n" * 65536)
    tracemalloc.start()
    text = agent.does("Read", file_path="log", offset=200 * 65536 - 1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert text.splitlines() == ["13107199\t0123456789abcde", "13107200\t0123456789abcde"]
    assert peak < 16 * 1024 * 1024
    assert "larger than" in agent.fails("Edit", file_path="log", old_string="0", new_string="1")


def test_a_picture_goes_to_the_content_store(agent):
    agent.put("a.bin", PNG)
    output = agent.output("Read", file_path="a.bin")
    digest = sha256(PNG).hexdigest()
    assert output.attachments == (Attachment("image/png", digest),)
    assert (output.text, agent.context.kept) == ("a.bin: image/png, 108 bytes", {digest: PNG})


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7\n", "application/pdf"),
    ],
)
def test_kinds_are_known_by_their_first_bytes(agent, head, kind):
    agent.put("x", head)
    assert agent.does("Read", file_path="x") == f"x: {kind}, {len(head)} bytes"


def test_a_picture_that_is_too_large_is_refused(agent):
    agent.put("a.png", PNG)
    agent.put("a.pdf", b"%PDF-" + b"x" * 100)
    agent.again(image_bytes=107, pdf_bytes=104)
    said = "a.png: it is image/png of more than 107 bytes, not shown"
    assert agent.fails("Read", file_path="a.png") == said
    said = "a.pdf: it is application/pdf of more than 104 bytes, not shown"
    assert agent.fails("Read", file_path="a.pdf") == said


def test_binary_and_utf_16_files_are_said_plainly(agent):
    agent.put("a.out", b"\x7fELF\0\1")
    assert agent.fails("Read", file_path="a.out") == (
        "a.out: it is a binary file (6 bytes), not shown"
    )
    agent.put("w.txt", "hello".encode("utf-16"))
    assert "UTF-16 text; convert it to UTF-8 first" in agent.fails("Read", file_path="w.txt")


def test_other_encodings_are_mended_and_said(agent):
    agent.put("latin", b"caf\xe9\n")
    text = agent.does("Read", file_path="latin")
    assert text.splitlines()[0] == "     1\tcaf\ufffd"
    assert "[not UTF-8:" in text


def test_case_65_escapes_are_removed_and_said(agent):
    agent.put(
        "a", "\x1b[31mred\x1b[0m \x1b]0;title\x07x\x1b]8;;http://e\x1b\\y\x9b\x00"[:-1] + "\n\x08b"
    )
    text = agent.does("Read", file_path="a")
    assert text == "     1\tred xy\n     2\tb\n[control characters are not shown]"


def test_an_unended_sequence_swallows_no_line(agent):
    agent.put("a", "one \x1b]0;\ntwo\nthree\x07\n")
    text = agent.does("Read", file_path="a")
    assert text.splitlines()[1:3] == ["     2\ttwo", "     3\tthree"]


def test_crlf_is_said(agent):
    agent.put("dos", "a\r\nb\r\n")
    assert agent.does("Read", file_path="dos") == "     1\ta\n     2\tb\n[the line ends are CRLF]"


def test_a_name_that_is_no_utf_8_is_found_as_it_is_shown(agent):
    raw = agent.put(os.fsdecode(b"caf\xe9.txt"), "x\n")
    assert agent.does("Glob", pattern="*.txt") == "caf\\xe9.txt"
    assert agent.does("Read", file_path="caf\\xe9.txt") == "     1\tx"
    assert agent.does("Edit", file_path="caf\\xe9.txt", old_string="x", new_string="y") == (
        "caf\\xe9.txt: changed at line 1"
    )
    assert raw.read_text() == "y\n"


def test_a_name_that_looks_escaped_is_itself_where_it_exists(agent):
    agent.put("a\\xe9", "literal")
    assert agent.does("Read", file_path="a\\xe9") == "     1\tliteral"
    assert "no such file" in agent.fails("Read", file_path="b\\xe9")


def test_what_is_in_a_root_beside_the_workspace_is_outside(agent):
    (agent.root / "source.txt").write_text("claims")
    output = agent.output("Read", file_path=str(agent.root / "source.txt"))
    assert (output.text, output.label) == (
        "     1\tclaims",
        Label(outside=True, sources=frozenset({str(agent.root)})),
    )
    agent.put("own", "x")
    assert agent.output("Read", file_path="own").label == Label()


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("missing", "missing: there is no such file or folder"),
        ("folder", "folder: it is a folder: use Glob"),
        ("file/x", "file/x: a part of its path is no folder"),
        ("x" * 300, "its name is too long"),
        ("", "the path is empty or has a NUL in it"),
        ("a\0b", "the path is empty or has a NUL in it"),
        ("\ud800", "the path is not valid text"),
    ],
)
def test_what_cannot_be_read_is_said(agent, path, reason):
    (agent.ws / "folder").mkdir()
    agent.put("file")
    assert reason in agent.fails("Read", file_path=path)


def test_a_wrong_input_is_named(agent):
    said = agent.fails("Read", path="a", offset=0)
    assert said == (
        "the input is not as the schema says: file_path: field required; "
        "offset: input should be greater than 0; path: extra inputs are not permitted"
    )


def test_a_use_is_shown_as_a_rule_would_say_it(agent):
    read = agent.tools["Read"]
    assert read.shown({"file_path": "src/../.git/config"}) == "Read(.git/config)"
    assert read.shown({"file_path": 7}) == "Read()"
    assert agent.tools["Edit"].shown({"file_path": "src/app.py"}) == "Edit(src/app.py)"
    assert agent.tools["Grep"].shown({"pattern": "x"}) == "Grep(.)"
    assert agent.tools["Glob"].shown({"pattern": "x", "path": "src/"}) == "Glob(src)"


def test_the_five_tools_have_their_effects_and_plain_schemas(agent):
    reads, writes = {Effect.READ_PROJECT}, {Effect.WRITE_WORKSPACE}
    assert {name: set(tool.effects) for name, tool in agent.tools.items()} == {
        "Read": reads,
        "Glob": reads,
        "Grep": reads,
        "Edit": writes,
        "Write": writes,
    }
    for tool in agent.tools.values():
        assert tool.input_schema["additionalProperties"] is False
        assert "title" not in str(tool.input_schema)
        assert all("description" in one for one in tool.input_schema["properties"].values())


def test_memory_that_another_tool_took_is_a_bug(agent):
    agent.context.memory["files.seen"] = "mine"
    with pytest.raises(TypeError, match="memory"):
        agent.output("Read", file_path="x")
