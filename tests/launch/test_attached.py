"""`inputs=`: what is read, what its digest stands for, and what is refused."""

from __future__ import annotations

import hashlib
import os

import pytest

from hocket.api.scripts import Manifest, Script
from hocket.launch import attached
from hocket.launch.attached import Attachments


@pytest.fixture
def attach(place):
    kept = {}
    script = Script("flows/wf.py", "", "", "python", Manifest(name="x", description=""))
    place.save(name="flows/wf.py")

    def attach(*inputs):
        found = Attachments(place.root, kept.__setitem__).attach(script, [*inputs])
        return found[0] if len(found) == 1 else found

    attach.kept = kept
    return attach


def test_a_file_is_kept_by_its_digest(place, attach):
    place.write("notes.txt", "words")
    found = attach("notes.txt")
    assert found.digest == hashlib.sha256(b"words").hexdigest()
    assert attach.kept[found.digest] == b"words"
    assert (found.path, found.untrusted) == ("notes.txt", False)
    assert attach({"path": "notes.txt", "untrusted": True}).untrusted is True


def test_a_folder_is_its_files_without_links_and_without_runs(place, attach):
    place.write("src/a.py", "a")
    place.write("src/deep/b.py", "b")
    place.write(os.fsdecode(b"src/\xff"), "c")
    (place.root / "src" / "link").symlink_to(place.root / "flows" / "wf.py")
    first = attach("src")
    listing = attach.kept[first.digest].decode("utf-8", "surrogateescape")
    assert [line.split("  ")[1] for line in listing.splitlines()] == [
        "a.py", "deep/b.py", os.fsdecode(b"\xff"),
    ]  # fmt: skip
    whole = attach(".").digest
    place.write(".hocket/runs/4f2a/journal.jsonl", "grows")
    assert attach(".").digest == whole
    place.write("src/a.py", "changed")
    assert attach("src").digest != first.digest


def test_a_file_of_the_scripts_own_bundle(place, attach):
    place.write("flows/rubric.md", "be strict")
    assert attach.kept[attach("bundle:rubric.md").digest] == b"be strict"


@pytest.mark.parametrize(
    ("item", "kind", "said"),
    [
        (5, TypeError, "5 is not a path"),
        ("", TypeError, "'' is not a path"),
        ({"untrusted": True}, TypeError, "is not a path"),
        ("nowhere", ValueError, "nowhere does not exist"),
        ("../outside", ValueError, "../outside is outside the project"),
        ("/etc/passwd", ValueError, "/etc/passwd is outside the project"),
        ("link", ValueError, "link is outside the project"),
        ("bundle:../src", ValueError, "bundle:../src is outside the bundle"),
        ("pipe", ValueError, "pipe does not exist"),
        ("a\0b", ValueError, "null"),
    ],
)
def test_what_cannot_be_attached_is_said(place, attach, item, kind, said):
    (place.root / "link").symlink_to(place.root.parent)
    os.mkfifo(place.root / "pipe")
    with pytest.raises(kind) as caught:
        attach(item)
    assert said in str(caught.value)


def test_too_much_is_refused_before_it_is_read(place, attach, monkeypatch):
    monkeypatch.setattr(attached, "MOST_FILES", 2)
    for name in "abc":
        place.write(f"src/{name}", "x")
    assert attach("src/a", "src/b")
    with pytest.raises(ValueError, match="more than 10,000 files or 64 MiB"):
        attach("src")
    with (place.root / "large").open("wb") as large:
        large.truncate(attached.MOST_BYTES + 1)
    with pytest.raises(ValueError, match="more than 10,000 files or 64 MiB"):
        attach("large")


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_said_to_the_script(place, attach):
    place.write("secret", "x").chmod(0)
    with pytest.raises(ValueError, match="Permission denied"):
        attach("secret")


def test_what_vanishes_while_it_is_read_is_said_to_the_script(place):
    def keep(_digest, _content):
        raise OSError(5, "Input/output error")

    script = Script("wf.py", "", "", "python", Manifest(name="x", description=""))
    place.write("a", "x")
    with pytest.raises(ValueError, match=r"agent\(inputs\): a: Input/output error"):
        Attachments(place.root, keep).attach(script, ["a"])
