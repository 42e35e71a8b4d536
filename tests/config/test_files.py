"""TOML as people leave it: broken, in another encoding, unreadable, and with lines to find."""

from __future__ import annotations

import tomllib

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from hocket.config.files import SettingsFile
from hocket.errors import UsageError


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a = \n", ":1:5: not valid TOML: invalid value."),
        ("ok = 1\na = [1,\n", ":2:8: not valid TOML: "),
        ('ok = 1\na = """x\n\n', ":2:9: not valid TOML: "),
        ("a = 1\na = 2\n", ":2:6: not valid TOML: cannot overwrite a value."),
    ],
)
def test_broken_toml_is_named_with_line_and_column(text, told, house):
    house.write(project=text)
    with pytest.raises(UsageError) as caught:
        house.load()
    assert str(caught.value).startswith(f".hocket/config.toml{told}")
    assert caught.value.hint == "Nothing was started."


def test_a_mark_at_the_begin_and_windows_line_ends_are_read(house):
    house.places["project"].write_bytes(b"\xef\xbb\xbfmax_agents = 7\r\nmodle = 1\r\n")
    with pytest.raises(UsageError, match=r"config\.toml:2: the key 'modle'"):
        house.load()


def test_another_encoding_is_said_to_be_one(house):
    house.places["project"].write_bytes("model = 'é'".encode("latin-1"))
    with pytest.raises(UsageError, match="it cannot be read: it is not UTF-8"):
        house.load()


def test_a_device_is_not_read_to_its_end_and_nesting_not_to_its_depth(house):
    house.places["project"].symlink_to("/dev/zero")
    with pytest.raises(UsageError, match="it cannot be read: it is no regular file"):
        house.load()
    house.places["project"].unlink()
    house.write(project=f"a = {'[' * 100_000}")
    with pytest.raises(UsageError, match="it cannot be read: it is nested too deeply"):
        house.load()


def test_a_folder_in_the_place_of_the_file_is_said_to_be_one(house):
    house.places["user"].mkdir()
    with pytest.raises(UsageError, match="it cannot be read: Is a directory"):
        house.load()


def test_a_table_of_pyproject_that_is_none(house):
    house.write(pyproject="tool = 5\n")
    with pytest.raises(UsageError, match=r"pyproject.toml: 'tool' is no table; expected a table"):
        house.load()


def test_a_pyproject_of_somebody_else_says_nothing(house):
    house.write(pyproject='[tool.ruff]\nline-length = 100\n[project]\nname = "x"\n')
    assert set(house.load().origins.values()) == {"default"}


def test_a_file_in_the_place_of_the_folder_is_no_settings(tmp_path):
    (tmp_path / ".hocket").write_text("")
    assert SettingsFile.read(tmp_path / ".hocket" / "config.toml", tmp_path) is None


def test_the_line_of_a_key(tmp_path):
    text = 'a = [\n 1,\n]\n\n# c\nb = """\nc = 1\n"""\n[t]\n"x y" = 1\nu.v = 2\n[[l]]\nk = 1\n'
    path = tmp_path / "s.toml"
    path.write_text(text)
    file = SettingsFile.read(path, tmp_path)
    keys = [("a",), ("b",), ("t",), ("t", "x y"), ("t", "u", "v"), ("l",), ("nowhere",)]
    assert [file.place(*key) for key in keys] == [
        f"s.toml:{line}" for line in (1, 6, 9, 10, 11, 12, 1)
    ]


NAMES = st.text("abcdef", min_size=1, max_size=3)
VALUES = st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=4)


@given(st.dictionaries(NAMES, VALUES | st.dictionaries(NAMES, VALUES), min_size=1, max_size=5))
def test_the_line_found_is_where_the_key_begins(table):
    text = tomli_w.dumps(table)
    file = SettingsFile("s.toml", text, tomllib.loads(text))
    for key in table:
        line = int(file.place(key).removeprefix("s.toml:"))
        before, begun = text.split("\n")[: line - 1], text.split("\n")[line - 1]
        assert key not in tomllib.loads("\n".join(before))
        assert key in begun
