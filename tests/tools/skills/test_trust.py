"""Skills are words that agents obey: those of a project load only while all of it is trusted."""

from __future__ import annotations

import pytest

from hocket.api.tools import TRUSTED

PLACES = (".hocket/skills", ".claude/skills", ".agents/skills")


@pytest.mark.parametrize("folder", PLACES)
def test_a_trusted_and_pinned_one_is_trusted_text(place, folder):
    place.put(f"{folder}/pdf", place.text_of("Does it.", "Do this."))
    output = place.use(name="pdf")
    assert output.text.endswith("Do this.")
    assert (output.is_error, output.label) == (False, TRUSTED)


@pytest.mark.parametrize("folder", PLACES)
def test_in_a_project_nobody_trusts_there_is_none_even_if_it_was_pinned_once(place, told, folder):
    place.put(f"{folder}/pdf", place.text_of("CANARY", "CANARY"))
    place.is_trusted = False
    assert place.tools == []
    assert told() == []


def test_the_persons_own_are_there_all_the_same(place):
    place.put(".claude/skills/pdf", place.text_of("CANARY", "CANARY"))
    place.mine("data/skills/docx", place.text_of("Writes.", "Write so."))
    place.is_trusted = False
    assert place.listed == ["- docx: Writes."]
    output = place.use(name="docx")
    assert (output.text, output.label) == ("The skill docx:\n\nWrite so.", TRUSTED)
    assert "CANARY" not in place.fails(name="pdf")


def test_nor_does_one_of_the_project_take_the_name_of_a_persons_own(place):
    """In a trusted project it does; so trust decides which text is obeyed."""
    place.put(".claude/skills/pdf", place.text_of("Theirs.", "CANARY"))
    place.mine("data/skills/pdf", place.text_of("Mine.", "Do mine."))
    assert "CANARY" in place.load("pdf")
    place.is_trusted = False
    assert place.load("pdf") == "The skill pdf:\n\nDo mine."


@pytest.mark.parametrize("folder", PLACES)
def test_what_was_never_pinned_does_not_load_in_any_project(place, folder):
    place.put(f"{folder}/pdf", place.text_of("CANARY"), trusted=False)
    for is_trusted in (True, False):
        place.is_trusted = is_trusted
        assert place.tools == []


def test_a_link_to_another_text_is_not_what_was_pinned(place):
    place.put(".claude/skills/pdf", place.text_of("Does it.", "Do this."))
    tool = place.tool
    path = place.project / ".claude/skills/pdf/SKILL.md"
    place.file("inbox/letter.md", place.text_of("Does it.", "CANARY"))
    path.unlink()
    path.symlink_to(place.project / "inbox/letter.md")
    assert place.fails(tool, name="pdf").endswith("it changed since it was trusted.")
    assert place.tools == []
