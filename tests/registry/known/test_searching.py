"""What is offered is found by its name first, and shown with what makes it dangerous."""

from __future__ import annotations

import pytest
import shops

from hocket.errors import NotFound, StructureError, UsageError
from hocket.registry.forms.names import version
from hocket.registry.forms.ranges import parse
from hocket.registry.indexes.rows import Kind
from hocket.registry.known import advisories
from hocket.registry.known.describing import describe
from hocket.registry.known.searching import search

NOISY = 'tools = ["Bash"], network = ["*"], shell = ["git"], write = ["out/**"], agents = 3'
PLUGIN = """
[[package]]
name = "quota"
kind = "plugin"
description = "Refuses what costs too much."
license = "MIT"
[[package.version]]
version = "0.2.0"
published = 2026-11-01T08:00:00Z
digest = "hk1:%s"
requires-hocket = ">=0.1,<1"
file = "quota.py"
source = { path = "plugins/quota" }
capabilities = { python = true }
""" % ("a" * 64)
ADVISORY = """
[[advisory]]
id = "ACME-2026-1"
package = "greet"
versions = "<1.2.0"
severity = "high"
text = "Greets strangers."
fixed = "1.2.0"
"""


@pytest.fixture
def opened(machine, tmp_path):
    """Give two open registries: greetings of many kinds, and a plugin."""
    folder = tmp_path / "acme"
    rows = {}
    for name, numbers in (("greet", ("1.0.0", "1.2.0", "2.0.0-rc.1")), ("greet-loud", ("0.1.0",))):
        rows[name] = []
        for number in numbers:
            options = {"capabilities": NOISY} if name == "greet-loud" else {}
            root = shops.bundle(folder / number, name, number, needs='wave = "^1"', **options)
            more = 'yanked = "rude"\n' if (name, number) == ("greet", "1.2.0") else ""
            rows[name].append(shops.row(root, f'{{ path = "{number}/{name}" }}', more=more))
    root = shops.bundle(folder, "wave")
    rows["wave"] = [shops.row(root, '{ path = "wave" }')]
    top = 'renames = { hello = "greet", bye = "" }'
    shops.registry(folder, "acme", rows, top=top)
    index = folder / "registry.toml"
    index.write_text(index.read_text().replace("Says hello", "Waves politely", 1) + PLUGIN)
    (folder / "advisories.toml").write_text(ADVISORY)
    machine.add(folder)
    machine.add(shops.shop(tmp_path / "other", "greet", name="other"))
    return machine.opened()


def found(opened, *words, **options):
    return [one.key for one in search(opened, words, **options)]


def test_the_nearest_name_comes_first(opened):
    assert found(opened, "greet") == ["acme/greet", "other/greet", "acme/greet-loud"]
    assert found(opened, "GREET", "loud") == ["acme/greet-loud"]
    assert found(opened, "greet-loud") == ["acme/greet-loud"]
    assert found(opened, "wave") == ["acme/wave", "acme/greet"]
    assert found(opened, "politely") == ["acme/greet"]
    assert found(opened, "acme/greet")[0] == "acme/greet"
    assert found(opened, "loud/gree") == ["acme/greet-loud"]
    assert found(opened, "nothing-like-it") == []


def test_it_is_narrowed(opened):
    assert found(opened, kind=Kind.PLUGIN) == ["acme/quota"]
    assert found(opened, registry="other") == ["other/greet"]
    assert found(opened, "greet", kind=Kind.BUNDLE, registry="other") == ["other/greet"]
    with pytest.raises(NotFound, match="expected core, acme, other"):
        found(opened, registry="elsewhere")


def test_what_is_dangerous_is_shown(opened):
    told = {one.key: one for one in search(opened, ())}
    assert told["acme/greet-loud"].badges == ("net", "shell", "write")
    assert told["acme/quota"].badges == ("py",)
    assert told["acme/wave"].badges == ()
    assert (told["acme/wave"].signer, told["acme/wave"].published) == ("", shops.OLD)
    # Yanked and unfinished versions are not what one would get.
    assert told["acme/greet"].version == version("1.0.0")


def test_a_package_is_described(opened):
    told = describe(opened, "acme/greet")
    assert (str(told.row), told.signer, told.fingerprints) == ("greet 1.0.0", "", ())
    assert [(str(one.version), one.yanked) for one in told.versions] == [
        ("2.0.0-rc.1", None),
        ("1.2.0", "rude"),
        ("1.0.0", None),
    ]
    assert {key: str(value) for key, value in told.dependencies.items()} == {"wave": "^1"}
    assert told.capability_hash.startswith("sha256:")
    assert told.always_loaded == 5
    assert [one.id for one in told.advisories] == ["ACME-2026-1"]
    assert describe(opened, "acme/greet", parse("==1.2.0")).advisories == ()


def test_a_range_says_which(opened):
    assert str(describe(opened, "acme/greet", parse(">=2.0.0-rc.1")).row.version) == "2.0.0-rc.1"
    assert str(describe(opened, "acme/greet", parse("==1.2.0")).row.version) == "1.2.0"
    with pytest.raises(NotFound) as caught:
        describe(opened, "acme/greet", parse("^3"))
    assert "no version fits ^3; expected one of 2.0.0-rc.1, 1.2.0, 1.0.0" in str(caught.value)


def test_names_of_before_lead_to_what_it_is_now(opened):
    told = describe(opened, "acme/hello")
    assert (told.key, told.renamed_from) == ("acme/greet", "acme/hello")
    with pytest.raises(NotFound, match="withdrawn"):
        describe(opened, "acme/bye")
    with pytest.raises(UsageError, match="acme/greet or other/greet"):
        opened.shelf.qualify("greet")


def test_a_registry_without_advisories_warns_of_nothing(opened):
    assert opened.advisories("other") == ()
    assert opened.advisories("core") == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"high"', '"awful"', 'severity: "awful" is not one of low, medium, high, critical'),
        ('"<1.2.0"', '"old"', 'versions: "old" is not a range'),
        ('"greet"', '"Greet"', "package: "),
        ('fixed = "1.2.0"', 'fixed = "1.2"', 'fixed: "1.2" is not X.Y.Z'),
        ('fixed = "1.2.0"', "colour = 1", 'unknown key "colour"'),
        ('id = "ACME-2026-1"', "", "id: is missing"),
        ("Greets", "Greets\\u001b", "text: "),
        (ADVISORY, ADVISORY + ADVISORY, '"ACME-2026-1" is there twice'),
        (ADVISORY, "schema = 2" + ADVISORY, "schema: 2 is not 1"),
        (ADVISORY, ADVISORY + "[more]", 'unknown key "more"'),
    ],
)
def test_advisories_are_read_strictly(old, new, told):
    assert old in ADVISORY
    with pytest.raises(StructureError) as caught:
        advisories.read(ADVISORY.replace(old, new).encode())
    assert told in str(caught.value)
    assert str(caught.value).startswith("advisories.toml: ")
