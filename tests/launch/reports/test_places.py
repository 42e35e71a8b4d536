"""Where report files are: with the run, and in a copy that a person asked for."""

from __future__ import annotations

import pytest

from hocket.errors import HocketError, UsageError
from hocket.launch.reports import places


class Shelf:
    """A store with one run, of which only the files count."""

    def __init__(self, **files):
        self.files = {name.replace("_", "."): content for name, content in files.items()}

    def peek(self, run_id, name):
        return self.files.get(name) if run_id == "4f2a" else None

    def path(self, run_id):
        return f"runs/{run_id}"


WHOLE = Shelf(report_md=b"# T\n", report_html=b"<!doctype html>", result_json=b"{}")


def test_files_are_listed_with_the_one_to_read_first():
    assert places.there(WHOLE, "4f2a") == ["report.md", "report.html", "result.json"]


def test_a_result_that_is_no_report_has_none():
    assert places.there(Shelf(result_json=b"1"), "4f2a") == []
    assert places.there(WHOLE, "other") == []


def test_a_copy_has_what_there_is_and_replaces_what_was_there(tmp_path):
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    (folder / "report.md").write_text("old and longer")
    assert places.copy(WHOLE, "4f2a", folder) == ["report.md", "report.html", "result.json"]
    assert (folder / "report.md").read_text() == "# T\n"
    assert sorted(file.name for file in folder.iterdir()) == [
        "report.html", "report.md", "result.json",
    ]  # fmt: skip


def test_a_link_that_lies_there_is_replaced_and_not_followed(tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (tmp_path / "report.md").symlink_to(victim)
    places.copy(WHOLE, "4f2a", tmp_path)
    assert victim.read_text() == "mine"
    assert not (tmp_path / "report.md").is_symlink()


def test_what_cannot_be_written_is_told_with_where_the_files_are(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(HocketError) as caught:
        places.copy(WHOLE, "4f2a", tmp_path / "file" / "below")
    assert "below cannot be written (Not a directory)" in caught.value.message
    assert caught.value.hint == "The run is done, and its files are in runs/4f2a"


def test_only_a_folder_can_take_copies(tmp_path):
    places.usable(tmp_path)
    places.usable(tmp_path / "not" / "there")
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError) as caught:
        places.usable(tmp_path / "file")
    assert caught.value.hint == "Nothing was started."
