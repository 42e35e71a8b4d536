"""Edit: one exact passage; everything else in the file stays as it was."""

from __future__ import annotations

import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket_plugins.tools.files import passage
from hocket_plugins.tools.files.trouble import Trouble


def test_a_passage_is_replaced_and_its_line_is_named(agent):
    path = agent.put("src/a.py", "one\ntwo\nthree\n")
    said = agent.does("Edit", file_path="src/a.py", old_string="two", new_string="2")
    assert (said, path.read_text()) == ("src/a.py: changed at line 2", "one\n2\nthree\n")


def test_a_passage_of_several_lines_is_replaced_by_none(agent):
    path = agent.put("a", "one\ntwo\nthree\n")
    agent.does("Edit", file_path="a", old_string="two\nthree\n", new_string="")
    assert path.read_text() == "one\n"


def test_what_stands_twice_is_not_replaced_by_guess(agent):
    path = agent.put("a", "x\ny\nx\n")
    said = agent.fails("Edit", file_path="a", old_string="x", new_string="z")
    assert said == (
        "a: the passage stands 2 times in the file, at lines 1, 3; "
        "give more of the lines around it, or replace_all"
    )
    assert path.read_text() == "x\ny\nx\n"
    said = agent.does("Edit", file_path="a", old_string="x", new_string="z", replace_all=True)
    assert (said, path.read_text()) == ("a: changed 2 times, at lines 1, 3", "z\ny\nz\n")


def test_what_overlaps_itself_is_not_unique(agent):
    agent.put("a", "x\ny\nx\ny\nx\n")
    assert "2 times" in agent.fails("Edit", file_path="a", old_string="x\ny\nx", new_string="z")


def test_many_places_are_not_all_named(agent):
    agent.put("a", "x\n" * 30)
    said = agent.fails("Edit", file_path="a", old_string="x", new_string="z")
    assert "30 times in the file, at lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …;" in said


def test_what_is_not_there_or_changes_nothing_is_said(agent):
    agent.put("a", "one\n")
    assert "not in the file exactly as given" in agent.fails(
        "Edit", file_path="a", old_string="One", new_string="x"
    )
    assert agent.fails("Edit", file_path="a", old_string="one", new_string="one") == (
        "a: the new text is the same as the old"
    )
    assert "at least 1 character" in agent.fails(
        "Edit", file_path="a", old_string="", new_string="x"
    )


def test_an_old_string_is_no_pattern_and_a_new_one_no_template(agent):
    path = agent.put("a", "f(x) = [a-z]* \\1 $0\n")
    agent.does("Edit", file_path="a", old_string="[a-z]* \\1", new_string="\\g<0> $& \\n")
    assert path.read_text() == "f(x) = \\g<0> $& \\n $0\n"


def test_modes_are_kept(agent):
    for mode in (0o755, 0o640, 0o600, 0o1666):
        path = agent.put("tool.sh", "one\n", mode)
        agent.again()
        agent.does("Edit", file_path="tool.sh", old_string="one", new_string="two")
        assert stat.S_IMODE(path.stat().st_mode) == mode


def test_set_user_bits_go_as_with_any_write(agent):
    path = agent.put("tool.sh", "one\n", 0o6755)
    agent.does("Edit", file_path="tool.sh", old_string="one", new_string="two")
    assert stat.S_IMODE(path.stat().st_mode) == 0o755


def test_a_read_only_file_is_left_alone(agent):
    path = agent.put("generated.py", "one\n", 0o444)
    said = agent.fails("Edit", file_path="generated.py", old_string="one", new_string="two")
    assert said == "generated.py: it is read-only (mode 444)"
    assert path.read_text() == "one\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_owners_are_kept(agent):
    path = agent.put("a", "one\n")
    os.chown(path, 1234, 4321)
    agent.does("Edit", file_path="a", old_string="one", new_string="two")
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 4321)


def test_line_ends_are_kept(agent):
    path = agent.put("dos.txt", "one\r\ntwo\r\nthree\r\n")
    agent.does("Edit", file_path="dos.txt", old_string="one\ntwo", new_string="1\n2\n2½")
    assert path.read_bytes() == "1\r\n2\r\n2½\r\nthree\r\n".encode()
    agent.does("Edit", file_path="dos.txt", old_string="three", new_string="3\nfour")
    assert path.read_bytes().endswith(b"3\r\nfour\r\n")


def test_in_a_mixed_file_only_the_passage_changes(agent):
    path = agent.put("mixed", "a\r\nb\r\nc\nd\n")
    agent.does("Edit", file_path="mixed", old_string="a\nb", new_string="A\nB")
    agent.does("Edit", file_path="mixed", old_string="c\nd", new_string="C\nD")
    assert path.read_bytes() == b"A\r\nB\r\nC\nD\n"


def test_a_byte_order_mark_stays(agent):
    path = agent.put("bom", b"\xef\xbb\xbfone\n")
    agent.does("Edit", file_path="bom", old_string="one", new_string="two")
    assert path.read_bytes() == b"\xef\xbb\xbftwo\n"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"caf\xe9 one", "it is not UTF-8"),
        (b"one\0", "it is a binary file"),
        ("one".encode("utf-16"), "it is UTF-16 text"),
    ],
)
def test_what_is_no_utf_8_text_is_not_changed(agent, content, why):
    path = agent.put("a", content)
    assert why in agent.fails("Edit", file_path="a", old_string="one", new_string="two")
    assert path.read_bytes() == content


def test_a_new_text_that_is_no_unicode_is_refused(agent):
    path = agent.put("a", "one")
    said = agent.fails("Edit", file_path="a", old_string="one", new_string="\ud800")
    assert ("valid" in said, path.read_text()) == (True, "one")


def test_a_file_that_changed_since_it_was_read_is_read_again_first(agent):
    path = agent.put("a", "one two\n")
    agent.does("Read", file_path="a")
    path.write_text("one 2\n")
    said = agent.fails("Edit", file_path="a", old_string="one", new_string="1")
    assert (said, path.read_text()) == ("a: it changed since you read it; read it again", "one 2\n")
    agent.does("Read", file_path="a")
    agent.does("Edit", file_path="a", old_string="one", new_string="1")
    agent.does("Edit", file_path="a", old_string="2", new_string="two")
    assert path.read_text() == "1 two\n"


def test_a_file_touched_but_not_changed_is_no_other(agent):
    path = agent.put("a", "one\n")
    agent.does("Read", file_path="a")
    os.utime(path, (0, 0))
    agent.does("Edit", file_path="a", old_string="one", new_string="two")


def test_a_new_call_knows_nothing_of_the_old(agent):
    path = agent.put("a", "one\n")
    agent.does("Read", file_path="a")
    path.write_text("one!\n")
    agent.again()
    agent.does("Edit", file_path="a", old_string="one", new_string="two")


def test_a_failed_change_leaves_no_draft(agent):
    agent.put("dir/a", "one\n")
    agent.does("Edit", file_path="dir/a", old_string="one", new_string="two")
    agent.fails("Edit", file_path="dir/a", old_string="one", new_string="two")
    assert [one.name for one in (agent.ws / "dir").iterdir()] == ["a"]


LINES = st.lists(st.sampled_from(["a", "b", "ab", "", "é\t", "x.y*"]), min_size=1, max_size=6)
ENDS = st.sampled_from(["\n", "\r\n"])


@given(st.data())
def test_all_but_the_passage_stays_byte_for_byte(data):
    """Whatever the line ends are: what stands before and behind is not touched."""
    before, old, new, behind = (data.draw(LINES) for _ in range(4))
    end, other = data.draw(ENDS), data.draw(ENDS)
    text = other.join(before) + "<" + end.join(old) + ">" + end + other.join(behind)
    done = passage.replace(
        text, "<" + "\n".join(old) + ">", "[" + "\n".join(new) + "]", everywhere=False
    )
    head, _, tail = done.text.partition("[")
    assert head == other.join(before)
    middle, _, tail = tail.partition("]")
    assert middle.replace("\r\n", "\n") == "\n".join(new)
    assert tail == end + other.join(behind)
    assert done.lines == (text.partition("<")[0].count("\n") + 1,)
    if len(old) > 1:
        assert middle == end.join(new)


@given(st.text("ab\n", max_size=30), st.text("ab\n", min_size=1, max_size=4))
def test_it_replaces_exactly_when_there_is_one_place(text, old):
    places = sum(text.startswith(old, at) for at in range(len(text)))
    try:
        done = passage.replace(text, old, "Z", everywhere=False)
    except Trouble:
        assert places != 1
    else:
        assert (places, done.text) == (1, text.replace(old, "Z"))
