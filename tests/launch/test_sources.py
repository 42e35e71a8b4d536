"""What screens compare with: artifacts by digest, files of the project, and nothing beside."""

from __future__ import annotations

import pytest

from hocket.launch.sources import MOST_BYTES, Sources

DIGEST = "a" * 64


@pytest.fixture
def sources(tmp_path):
    project = tmp_path / "project"
    (project / "docs").mkdir(parents=True)
    (project / "docs" / "a.md").write_bytes("It opened in 1921, ü at last.\n".encode() + b"\xff")
    (project / "out.md").symlink_to(tmp_path / "secret.md")
    (project / "large.md").write_bytes(b"x" * (MOST_BYTES + 1))
    (tmp_path / "secret.md").write_text("secret", encoding="utf-8")
    return Sources(project, {DIGEST: b"kept with the run"}.get)


def test_a_file_of_the_project_is_read(sources):
    assert sources.text_of("docs/a.md") == "It opened in 1921, ü at last.\n\ufffd"


@pytest.mark.parametrize("source", [DIGEST, f"sha256:{DIGEST}"])
def test_what_the_run_keeps_is_found_by_its_digest(sources, source):
    assert sources.text_of(source) == "kept with the run"


@pytest.mark.parametrize(
    "source",
    ["", "docs", "docs/b.md", "../secret.md", "out.md", "large.md", "b" * 64, "a\0b", "x" * 5000],
)
def test_anything_else_is_no_source(sources, source):
    assert sources.text_of(source) is None


def test_files_of_a_root_are_read_by_the_path_the_script_has(sources, tmp_path):
    assert sources.text_of(str(tmp_path / "papers" / "a.md")) is None
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "a.md").write_text("It opened.", encoding="utf-8")
    (tmp_path / "papers" / "out.md").symlink_to(tmp_path / "secret.md")
    rooted = Sources(tmp_path / "project", {}.get, (tmp_path / "papers",))
    assert rooted.text_of(str(tmp_path / "papers" / "a.md")) == "It opened."
    assert rooted.text_of("../papers/a.md") == "It opened."
    assert rooted.text_of(str(tmp_path / "papers" / "out.md")) is None
    assert rooted.text_of("../secret.md") is None
