"""A registry is agreed to once; from then on it may only grow, and only by those who signed."""

from __future__ import annotations

from datetime import timedelta

import pytest
import shops

from hocket.errors import HocketError, NotFound, PackageRefused, StructureError, UsageError
from hocket.registry.forms.names import version
from hocket.registry.indexes.verdicts import Fault


def test_it_is_offered_then_added_then_open(machine, shop):
    known = machine.known()
    offer = known.offer(str(shop.folder), machine.now)
    assert (offer.name, offer.serial, offer.packages, offer.signers) == ("acme", 1, 2, ())
    assert (offer.url, offer.rev) == (str(shop.folder), "")
    assert (offer.description, offer.is_pinned, offer.notes) == ("Patterns of acme", False, ())
    assert not machine.data.exists()
    pin = known.add(offer, machine.now)
    assert (pin.name, pin.url, pin.serial, pin.signers) == ("acme", str(shop.folder), 1, "")
    assert dict(known.pins) == {"acme": pin}
    assert known.offer(str(shop.folder), machine.now).is_pinned
    opened = known.opened(machine.now)
    assert sorted(opened.indexes) == ["acme", "core"]
    assert [str(row) for row in opened.shelf.rows("acme/greet")] == ["greet 1.0.0"]
    assert opened.registries["acme"].url == str(shop.folder)
    assert opened.registries["core"].url == "core"
    assert (opened.notes, dict(opened.refused)) == ((), {})
    assert (opened.signers("acme"), opened.krl("acme"), opened.trusts("acme")) == (None,) * 3
    assert opened.served["acme"].folder == shop.folder


def test_a_repository_is_open_as_of_its_commit(machine, shop):
    rev = shops.committed(shop.folder)
    machine.add(shop.folder)
    assert machine.opened().registries["acme"].rev == rev
    shop.edit("Says hello", "Says more")
    second = shops.committed(shop.folder)
    assert machine.later().refresh() == []
    one = machine.opened().registries["acme"]
    assert (one.rev, one.serial, machine.known().pins["acme"].serial) == (second, 2, 2)


def test_it_gets_another_name_here(machine, shop):
    machine.add(shop.folder, "ours")
    assert machine.opened().shelf.qualify("greet") == "ours/greet"
    # Who adds it again means the same registry, by the name it has.
    assert machine.known().offer(str(shop.folder), machine.now).name == "ours"


@pytest.mark.parametrize("name", ["core", "Acme", "x", "claude", "local"])
def test_a_name_that_cannot_be_had(machine, shop, name):
    with pytest.raises(UsageError) as caught:
        machine.known().offer(str(shop.folder), machine.now, name)
    assert "--as NAME" in caught.value.hint


def test_nobody_else_calls_itself_core(machine, tmp_path):
    folder = shops.registry(tmp_path / "evil", "core")
    with pytest.raises(UsageError, match="reserved"):
        machine.add(folder)
    assert machine.add(folder, "ours").name == "ours"


def test_a_name_means_one_address(machine, shop, tmp_path):
    machine.add(shop.folder)
    other = shops.shop(tmp_path / "other", "greet")
    before = machine.files()
    with pytest.raises(StructureError) as caught:
        machine.add(other)
    assert caught.value.exit_code == 3
    assert f"registry acme: the name is pinned to {shop.folder}" in str(caught.value)
    assert machine.files() == before


def test_two_that_look_at_once_and_mean_two_addresses(machine, shop, tmp_path):
    """Whoever agrees second is told; the first holds."""
    other = shops.shop(tmp_path / "other", "greet")
    known = machine.known()
    first, second = (known.offer(str(one), machine.now) for one in (shop.folder, other))
    known.add(first, machine.now)
    with pytest.raises(StructureError, match="is pinned to"):
        known.add(second, machine.now)
    assert known.pins["acme"].url == str(shop.folder)


def test_an_older_registry_is_refused_and_the_good_copy_stays(machine, shop):
    shops.committed(shop.folder)
    first = shop.index.read_text("utf-8")
    shop.edit("Says hello", "Says more")
    shops.committed(shop.folder)
    machine.add(shop.folder)
    shop.index.write_text(first, "utf-8")
    for lose in ("", "seen"):
        if lose:  # the pin remembers what a lost log does not
            (path,) = machine.data.glob("seen/*.jsonl")
            path.unlink()
        shops.committed(shop.folder)
        with pytest.raises(PackageRefused) as caught:
            machine.later().refresh()
        assert (caught.value.code, caught.value.exit_code) == ("serial", 3)
        assert "registry acme: serial 1 is older than 2" in str(caught.value)
    assert machine.opened().indexes["acme"].serial == 2


def test_a_serial_has_one_content(machine, shop):
    machine.add(shop.folder)
    text = shop.index.read_text("utf-8")
    shop.index.write_text(text.replace("Patterns", "Pattern"), "utf-8")
    for action in (machine.later().refresh, lambda: machine.add(shop.folder)):
        with pytest.raises(PackageRefused) as caught:
            action()
        assert caught.value.code == "serial"
        assert "serial 1 had other contents on 2026-11-21" in str(caught.value)
        assert caught.value.hint.startswith("Is it yours? Raise its serial")


def test_an_expired_index_is_told_and_can_be_forbidden(machine, shop):
    shop.edit("(updated = .*)", r"\1\nexpires = 2026-11-22T00:00:00Z")
    machine.add(shop.folder)
    assert machine.opened().notes == ()
    told = "acme: the index expired on 2026-11-22T00:00:00Z; it may hide newer versions"
    assert machine.later(days=1).refresh() == [told]
    assert machine.opened().notes == (told,)
    for action in (machine.refresh, machine.opened):
        with pytest.raises(PackageRefused) as caught:
            action(require_fresh=True)
        assert caught.value.code == "serial"
    lenient = machine.known(require_fresh=True).opened(machine.now, lenient=True)
    assert list(lenient.indexes) == ["core"]
    assert "the index expired" in lenient.notes[0]


def test_a_row_that_was_changed_or_made_older_is_not_to_be_installed(machine, shop):
    machine.add(shop.folder)
    greet = shop.folder / "bundles/greet"
    (greet / "rubrics/polite.md").write_text("Be rude.\n")
    text = shop.index.read_text("utf-8")
    start = text.index("[[package.version]]")
    changed = shops.row(greet, '{ path = "bundles/greet" }')
    end = text.index("[[package]]", start)
    later = changed.replace('version = "1.0.0"', 'version = "1.1.0"')
    shop.index.write_text(f"{text[:start]}{changed}{later}\n{text[end:]}", "utf-8")
    shop.edit("Says hello", "Says more")
    for told in (machine.later().refresh(), machine.opened().notes, machine.later().refresh()):
        assert len(told) == 2
        assert "acme/greet 1.0.0 was published with digest hk1:" in told[0]
        assert "acme/greet 1.1.0 says it was published on 2026-10-22" in told[1]
    refused = machine.opened().refused
    assert {key: one.fault for key, one in refused.items()} == {
        ("acme", "greet", version("1.0.0")): Fault.REPUBLISHED,
        ("acme", "greet", version("1.1.0")): Fault.BACKDATED,
    }


def test_a_row_that_needs_a_newer_hocket_is_told(machine, shop):
    shop.edit('name = "wave"\n', 'name = "wave"\ncolour = 1\n')
    machine.add(shop.folder)
    sentence = 'acme/wave 1.0.0 needs a newer hocket (key "colour")'
    assert machine.opened().notes == (sentence,)


def test_new_versions_wait_unless_they_are_from_here(machine, shop):
    machine.add(shop.folder)
    assert machine.opened(min_age=timedelta(days=9)).ages == {
        "core": timedelta(0),
        "acme": timedelta(0),
    }


def test_it_is_removed_but_not_forgotten(machine, shop):
    shop.edit("Says hello", "Says more")
    machine.add(shop.folder)
    known = machine.known()
    with pytest.raises(HocketError) as caught:
        known.remove("acme", ["acme/greet"])
    assert (caught.value.code, caught.value.exit_code) == ("locked", 1)
    assert "still needed by acme/greet" in str(caught.value)
    assert known.remove("acme").url == str(shop.folder)
    assert dict(known.pins) == {}
    assert [path.parent.name for path in machine.files()] == ["", "seen"]
    assert not [*machine.cache.rglob("*.json")]
    shop.index.write_text(shop.index.read_text("utf-8").replace("serial = 2", "serial = 1"))
    with pytest.raises(PackageRefused, match="serial 1 is older than 2"):
        machine.later().add(shop.folder)


def test_one_address_may_have_two_names(machine, shop):
    machine.add(shop.folder)
    machine.add(shop.folder, "ours")
    machine.known().remove("acme")
    assert sorted(machine.opened().indexes) == ["core", "ours"]


def test_what_was_looked_at_too_long_ago_is_not_agreed_to(machine, shop):
    """Somebody else fetched the next serial while a person read."""
    known = machine.known()
    offer = known.offer(str(shop.folder), machine.now)
    shop.edit("Says hello", "Says more")
    machine.add(shop.folder)
    before = machine.files()
    with pytest.raises(PackageRefused, match="serial 1 is older than 2"):
        known.add(offer, machine.now)
    assert machine.files() == before


def test_a_registry_nobody_added(machine, shop):
    machine.add(shop.folder)
    for action in (machine.known().remove, lambda name: machine.known().refresh(name, machine.now)):
        with pytest.raises(NotFound) as caught:
            action("acne")
        assert caught.value.hint == "Did you mean acme?"
    with pytest.raises(NotFound, match="expected one of acme"):
        machine.known().remove("zzz")


def test_what_is_no_registry(machine, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(PackageRefused, match=r"has no registry\.toml"):
        machine.add(tmp_path / "empty")
    with pytest.raises(PackageRefused, match="is no folder here"):
        machine.add(tmp_path / "nowhere")


class Foreign:
    """A repository that was made for other programs."""

    def __init__(self, folder):
        self.folder, self.skill = folder, folder / "skills/tidy/SKILL.md"
        for name in ("tidy", "broken"):
            (folder / "skills" / name).mkdir(parents=True)
        self.skill.write_text("---\nname: tidy\ndescription: Tidies up.\n---\nTidy.\n")
        (folder / "skills/broken/SKILL.md").write_text("no front matter\n")
        shops.git(folder, "init", "-q", "-b", "main")

    def commit(self, at):
        """Commit all of it, at a time that the author claims."""
        env = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), f"{at:%Y-%m-%dT%H:%M:%SZ}")
        shops.git(self.folder, "add", "-A")
        shops.git(self.folder, "commit", "-qm", "x", **env)


@pytest.fixture
def foreign(tmp_path):
    """Give one whose only commit is three days old."""
    made = Foreign(tmp_path / "skills-of-others")
    made.commit(shops.NOW - timedelta(days=3))
    return made


def test_a_repository_made_for_other_programs_is_a_view(machine, foreign):
    known = machine.known()
    offer = known.offer(str(foreign.folder), machine.now)
    assert (offer.name, offer.signers, offer.packages) == ("skills-of-others", (), 1)
    (note,) = offer.notes
    assert note.startswith("skills-of-others: 1 of its entries cannot be imported, such as ")
    known.add(offer, machine.now)
    (row,) = machine.opened().shelf.rows("skills-of-others/tidy")
    assert (row.published, row.digest) == (shops.NOW - timedelta(days=3), "")


def test_a_commit_may_claim_any_time_and_counts_from_when_it_was_seen(machine, foreign):
    machine.add(foreign.folder)
    (first,) = machine.opened().shelf.rows("skills-of-others/tidy")
    foreign.skill.write_text(foreign.skill.read_text() + "Well.\n")
    foreign.commit(shops.NOW - timedelta(days=2))
    assert len(machine.later().refresh()) == 1
    when = machine.now
    opened = machine.later().opened()
    (second,) = opened.shelf.rows("skills-of-others/tidy")
    assert (second.version > first.version, second.published) == (True, when)
    assert (dict(opened.refused), opened.notes) == ({}, ())


def test_a_repository_that_goes_back_is_refused(machine, foreign):
    foreign.skill.write_text(foreign.skill.read_text() + "Well.\n")
    foreign.commit(shops.NOW - timedelta(days=2))
    machine.add(foreign.folder)
    shops.git(foreign.folder, "reset", "-q", "--hard", "HEAD~1")
    with pytest.raises(PackageRefused, match="is older than"):
        machine.later().refresh()
