"""A registry is read as data: what is new hides a row, what is wrong refuses the file."""

from __future__ import annotations

import pytest

from hocket.api.protocols import Tree
from hocket.errors import StructureError
from hocket.registry.capabilities.table import capability_hash
from hocket.registry.indexes import index
from hocket.registry.indexes.rows import Kind, Source
from hocket.registry.trees.digest import hk1

HK1 = "hk1:" + "a" * 64
SHA = "sha256:" + "b" * 64
REV = "1f0c9ab2e41d" + "0" * 28
TOP = """\
schema = 1
name = "acme-patterns"
description = "Patterns of the Acme platform team"
serial = 42
updated = 2026-11-21T09:00:00Z
"""
BUNDLE = f"""
[[package]]
name = "deep-research"
kind = "bundle"
description = "Fan out searches."
license = "Apache-2.0"
[[package.version]]
version = "1.4.0"
published = 2026-11-18T10:00:00Z
digest = "{HK1}"
size = 48213
files = 17
requires-hocket = ">=0.3,<1"
commands = ["deep-research"]
dependencies = {{ web-sources = "^1.2", "core/rubrics" = "~0.3" }}
capabilities = {{ tools = ["WebSearch", "Read"], agents = 120 }}
source = {{ git = "https://git.acme.example/p.git", rev = "{REV}", tag = "v1", subdir = "deep" }}
"""
PLUGIN = f"""
[[package]]
name = "acme-stores"
kind = "plugin"
description = "Keeps journals."
license = "MIT"
[[package.version]]
version = "1.2.0"
published = 2026-11-10T08:00:00Z
digest = "{HK1}"
requires-python = ">=3.11"
requirement = "acme-hocket-stores==1.2.0"
hashes = ["{SHA}"]
needs = [{{ requirement = "acme-objects==4.0.1", hashes = ["{SHA}"] }}]
provides = ["stores"]
capabilities = {{ python = true }}
[[package]]
name = "quota-policy"
kind = "plugin"
description = "Refuses models."
license = "MIT"
version = [{{ version = "0.2.0", published = 2026-11-01T08:00:00Z, digest = "{HK1}", \
file = "quota_policy.py", source = {{ path = "plugins/quota" }}, \
capabilities = {{ python = true }} }}]
"""


def read(text, tree=None):
    return index.read(text.encode(), *([] if tree is None else [tree]))


def refusal(text, tree=None):
    with pytest.raises(StructureError) as caught:
        read(text, tree)
    assert caught.value.exit_code == 3
    return str(caught.value)


def changed(old, new, text=BUNDLE):
    assert old in text
    return TOP + text.replace(old, new)


def test_the_registry_of_the_specification_is_read_whole():
    got = read(
        TOP
        + 'expires = 2027-02-21T00:00:00Z\nallow-dependencies-from = ["core"]\n'
        + 'owner = { name = "Acme", url = "https://patterns.acme.example" }\n'
        + 'trust = { signers = "allowed_signers", index-signature = true }\n'
        + 'renames = { research-deep = "deep-research", gone = "" }\n'
        + BUNDLE
        + PLUGIN
    )
    assert (got.name, got.serial, got.allows) == ("acme-patterns", 42, {"core"})
    assert (got.trust.signers, got.trust.index_signature) == ("allowed_signers", True)
    assert list(got.packages) == ["acme-stores", "deep-research", "quota-policy"]
    (row,) = got.rows("deep-research")
    assert (str(row), row.kind, row.size, row.files) == ("deep-research 1.4.0", "bundle", 48213, 17)
    assert {name: str(within) for name, within in row.dependencies.items()} == {
        "core/rubrics": "~0.3",
        "web-sources": "^1.2",
    }
    assert row.capabilities.tools == ("Read", "WebSearch")
    assert row.reference == f"git+https://git.acme.example/p.git@{REV}#deep"
    (plugin,), (single,) = got.rows("acme-stores"), got.rows("quota-policy")
    assert plugin.kind is Kind.PLUGIN
    assert plugin.reference == "requirement:acme-hocket-stores==1.2.0"
    assert [one.requirement for one in plugin.wheels][1:] == ["acme-objects==4.0.1"]
    assert (single.file, single.source) == ("quota_policy.py", Source(path="plugins/quota"))
    assert got.row("deep-research", row.version) is row
    assert got.rows("nobody") == ()


def test_the_capabilities_of_the_specification_have_its_hash():
    table = (
        'tools = ["Read", "WebFetch", "WebSearch"], network = ["*"], read = ["docs/**"], '
        'write = ["reports/**"], agents = 120'
    )
    (row,) = read(changed('tools = ["WebSearch", "Read"], agents = 120', table)).rows(
        "deep-research"
    )
    assert capability_hash(row.capabilities) == (
        "sha256:6a64bdf1e5529a82d8e538321d0ea69f99f07a607bcc8e367298da867c340b2b"
    )


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("size =", "colour = 1\nsize =", 'key "colour"'),
        ("agents = 120", "filesystem = true", 'capability "filesystem"'),
        ("subdir =", "mirror =", 'key in source "mirror"'),
        ('kind = "bundle"', 'kind = "theme"', 'kind "theme"'),
        ('license = "A', 'badge = "x"\nlicense = "A', 'key "badge"'),
        ("files = 17", 'requirement = "a==1"\nfiles = 17', 'key "requirement"'),
    ],
)
def test_a_word_that_is_new_hides_the_version(old, new, word):
    got = read(changed(old, new))
    (one,) = got.hidden
    want = f"acme-patterns/deep-research 1.4.0 needs a newer hocket ({word})"
    assert one.sentence(got.name) == want
    assert (got.rows("deep-research"), one.digest) == ((), HK1)


def test_a_hidden_row_may_have_another_kind_of_digest():
    (one,) = read(changed("hk1:aaaa", "hk9:aaaa").replace("size =", "new = 1\nsize =")).hidden
    assert one.digest == ""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"deep-research"\nkind', '"Deep_Research"\nkind', "is not a name"),
        ('"deep-research"\nkind', '"d\u0435ep-research"\nkind', "is not a name"),  # M23
        ('"deep-research"\nkind', '"../../evil"\nkind', "is not a name"),
        ('"1.4.0"', '"1.4"', 'version: "1.4" is not X.Y.Z'),
        ("2026-11-18T10:00:00Z", "2026-11-18", "published: "),
        ("10:00:00Z", "10:00:00+01:00", "published: "),
        ("hk1:aaaa", "hk1:AAAA", "digest: "),
        ("size = 48213", "size = -1", "size: "),
        ("files = 17", "files = true", "files: "),
        ("files = 17\n", "", "deep-research 1.4.0: files: is missing"),
        ('"~0.3"', '"0.3 or so"', '"0.3 or so" is not a range'),
        ('"core/rubrics"', '"x/y/z"', '"x/y/z" is not NAME or REGISTRY/NAME'),
        ("agents = 120", "agents = 1001", "is not a whole number from 0 to 1000"),
        ("web-sources =", "deep-research =", "dependencies: it depends on itself"),
        ("agents = 120", "python = true", "python is for plugins only"),
        ('"https://git', '"file:///git', "is not an https or ssh URL"),  # M52
        ('"https://git', '"--upload-pack=x;//git', "is not an https or ssh URL"),
        ('"https://git', '"ext::sh -c x', "is not an https or ssh URL"),
        ('"https://git', '"https://u:p@git', "is not an https or ssh URL"),
        (REV, REV[:12], "is not a full commit id"),
        ('tag = "v1"', 'tag = "--exec"', 'tag: "--exec" is not the name of a tag'),
        ('subdir = "deep"', 'subdir = "../x"', "is not a path inside its folder"),
        ("subdir =", 'path = "x", subdir =', "exactly one of git, path and archive"),
        ("source =", "yanked = 3\nsource =", "yanked: 3 is not a text"),
        ('commands = ["deep-research"]', 'commands = "x"', 'commands: "x" is not a list'),
        ("Fan out searches.", "x" * 1025, "description: 1025 characters, 1024 allowed"),
        ('"Fan out searches."', '""', 'description: "" is not one line of plain characters'),
        ("files = 17", "files = 1.5", "files: 1.5 is not a whole number"),
        ("Fan out searches.", "Fan \u202eout.", "is not one line of plain characters"),  # M25
    ],
)
def test_a_wrong_value_refuses_the_file(old, new, told):
    assert told in refusal(changed(old, new))


def test_all_faults_are_told_at_once():
    told = refusal(changed('"1.4.0"', '"1.4"') + PLUGIN.replace(SHA, "sha256:x"))
    assert "registry.toml: refused, 2 faults" in told
    assert "version" in told
    assert "hashes" in told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (f'hashes = ["{SHA}"]\nneeds', "needs", "hashes: none given"),
        ("==1.2.0", ">=1.2.0", "is not NAME==VERSION"),
        ("provides =", 'source = { path = "x" }\nprovides =', "has its hashes instead"),
        ("provides =", 'file = "x.py"\nprovides =', "exactly one of requirement and file"),
        ('file = "quota_policy.py", ', "", "exactly one of requirement and file"),
        ("quota_policy.py", "../x.py", "is not the file of a Python module"),
        ('source = { path = "plugins/quota" }, ', "", "source: is missing"),
        ('path = "plugins/quota"', 'path = "../../outside"', "is not a path inside"),  # M07
        ('path = "plugins/quota"', 'path = "/abs"', "is not a path inside"),
        ('path = "plugins/quota"', 'path = "a", rev = "b"', 'unknown key "rev"'),
        (
            'path = "plugins/quota"',
            'archive = "http://x/y.zip", sha256 = ""',
            "is not an https URL",
        ),
        ('path = "plugins/quota"', 'archive = "https://x/y.zip", sha256 = "1"', "is not 64 hex"),
    ],
)
def test_a_plugin_row_is_pinned_file_by_file(old, new, told):
    assert told in refusal(changed(old, new, PLUGIN))


def test_an_archive_is_named_with_its_hash():
    source = f'archive = "https://x.example/y.zip", sha256 = "{"c" * 64}"'
    (row,) = read(changed('path = "plugins/quota"', source, PLUGIN)).rows("quota-policy")
    assert row.reference == f"https://x.example/y.zip#sha256={'c' * 64}"


def test_a_signature_is_kept_as_it_is_armoured():
    armour = "-----BEGIN SSH SIGNATURE-----\\nU1NIU0lH\\n-----END SSH SIGNATURE-----\\n"
    signed = f'signature = [{{ signer = "r@acme.example", value = "{armour}" }}]\nsource ='
    (row,) = read(changed("source =", signed)).rows("deep-research")
    assert [one.signer for one in row.signatures] == ["r@acme.example"]
    assert "is not an armoured SSH signature" in refusal(
        changed("source =", signed.replace("BEGIN", "begin"))
    )


@pytest.mark.parametrize(
    ("top", "told"),
    [
        (TOP.replace("schema = 1", "schema = 2"), "schema: 2 needs a newer hocket"),
        (TOP.replace("schema = 1", "schema = 0"), "schema: 0 is not 1"),
        (TOP.replace("schema = 1\n", ""), "schema: is missing"),
        (TOP + "mirror = 1\n", 'unknown key "mirror"'),
        (TOP + 'owner = { mail = "x" }\n', 'owner: unknown key "mail"'),
        (TOP + 'trust = { signers = "../x" }\n', "trust: signers: "),
        (TOP + 'trust = { signers = "x", index-signature = 1 }\n', "is not true or false"),
        (TOP + 'package = "x"\n', 'package: "x" is not a list'),
        (TOP + "package = [1]\n", "package: 1 is not a table"),
        (TOP + "owner = 1\n", "owner: 1 is not a table"),
        (TOP + "serial = 43\n", "registry.toml:6: not TOML"),
        (TOP + 'x = "', "registry.toml:6: not TOML"),
        (TOP.replace("42", '"42"'), "is not a whole number"),
        (TOP + 'allow-dependencies-from = ["A"]\n', "is not a name"),
        (TOP + BUNDLE + BUNDLE, "is there twice"),
    ],
)
def test_the_top_level_is_closed(top, told):
    assert told in refusal(top)


def test_what_is_not_toml_is_refused_with_its_line():
    with pytest.raises(StructureError, match=r"registry\.toml:2: not UTF-8"):
        index.read(b"schema = 1\nname = '\xff'\n")
    with pytest.raises(StructureError, match=r"nested too deeply|not TOML"):
        index.read(b"x = " + b"[" * 100_000)


def test_one_version_is_there_once():
    twice = BUNDLE + BUNDLE[BUNDLE.index("[[package.version]]") :]
    assert "deep-research 1.4.0: version: is there twice" in refusal(TOP + twice)


def test_versions_come_highest_first_whatever_the_order_of_the_rows():
    row = BUNDLE[BUNDLE.index("[[package.version]]") :]
    order = ["1.5.0-rc.1", "1.10.0", "1.9.0", "1.5.0"]
    text = TOP + BUNDLE + "".join(row.replace("1.4.0", one) for one in order)
    told = [str(one.version) for one in read(text).rows("deep-research")]
    assert told == ["1.10.0", "1.9.0", "1.5.0", "1.5.0-rc.1", "1.4.0"]


def renaming(**pairs):
    told = ", ".join(f'{old.replace("_", "-")} = "{new}"' for old, new in pairs.items())
    return TOP + f"renames = {{ {told} }}\n" + BUNDLE


def test_renames_are_followed_to_the_last_name():
    got = read(renaming(first="second", second="deep-research", gone=""))
    assert [got.current(one) for one in ("first", "second", "deep-research", "gone")] == [
        "deep-research",
        "deep-research",
        "deep-research",
        "",
    ]
    eight = {f"n{one}": f"n{one + 1}" for one in range(1, 8)} | {"n8": "deep-research"}
    assert read(renaming(**eight)).current("n1") == "deep-research"


def test_renames_that_lead_nowhere_are_refused():
    assert '"aa" is renamed in a loop' in refusal(renaming(aa="bb", bb="aa"))
    assert '"aa" is renamed in a loop' in refusal(renaming(aa="aa"))
    nine = {f"n{one}": f"n{one + 1}" for one in range(1, 9)} | {"n9": "deep-research"}
    assert '"n1" is renamed more than 8 times' in refusal(renaming(**nine))
    assert 'renamed to "bb", which is not there' in refusal(renaming(aa="bb"))
    assert "renames: " in refusal(renaming(aa="B"))


def included(*files, digest=None):
    tree = Tree(tuple(("f", path, text.encode()) for path, text in files))
    mine = Tree(tuple(one for one in tree.entries if one[1].startswith("packages/")))
    text = f'include = ["packages/*.toml"]\ninclude-digest = "{digest or hk1(mine)}"\n'
    return TOP + text, tree


def test_packages_may_lie_in_files_of_their_own():
    text, tree = included(
        ("packages/deep.toml", BUNDLE),
        ("packages/stores.toml", PLUGIN),
        ("packages/deeper/not.toml", "x"),
        ("README.md", "x"),
    )
    text2, tree2 = included(("packages/deep.toml", BUNDLE), ("packages/stores.toml", PLUGIN))
    assert "include-digest" in refusal(text, tree)  # what is deeper is not asked for
    assert list(read(text2, tree2).packages) == ["acme-stores", "deep-research", "quota-policy"]
    empty, nothing = included()
    assert read(empty, nothing).packages == {}


def test_included_files_are_what_the_index_says():
    text, tree = included(("packages/a.toml", BUNDLE), digest=HK1)
    assert f"include-digest: is {HK1}; the files have hk1:" in refusal(text, tree)
    assert "include-digest: is missing" in refusal(TOP + 'include = ["packages/*.toml"]\n')
    assert "does not end in .toml" in refusal(TOP + 'include = ["packages/*"]\n')
    assert "is not a path inside" in refusal(TOP + 'include = ["../*.toml"]\n')
    text, tree = included(("packages/a.toml", "serial = 43\n" + BUNDLE))
    assert 'packages/a.toml: unknown key "serial"' in refusal(text, tree)
    text, tree = included(("packages/a.toml", "x ="))
    assert "packages/a.toml:1: not TOML" in refusal(text, tree)
    text, tree = included(("packages/a.toml", BUNDLE), ("packages/b.toml", BUNDLE))
    assert "packages/b.toml" in refusal(text, tree)


def test_the_number_of_dependencies_is_limited():
    many = ", ".join(f'd{one:02} = "*"' for one in range(51))
    assert "51 given, 50 allowed" in refusal(
        changed('web-sources = "^1.2", "core/rubrics" = "~0.3"', many)
    )
