"""From a new bundle to a row that everybody reads, and what never changes once it is there."""

from __future__ import annotations

from datetime import timedelta

import pytest
import shops
from authors import NOW, edited, index, packed, plain, put, written

from hocket.api.protocols import Tree
from hocket.errors import HocketError, NotFound, PackageRefused
from hocket.registry.authoring.grounds import opened
from hocket.registry.authoring.publishing import publish
from hocket.registry.authoring.withdrawing import Wish, yank
from hocket.registry.bundles.agreement import row_problems
from hocket.registry.forms import names
from hocket.registry.trees.digest import hk1
from hocket.registry.trees.folders import read_folder

LATER = NOW + timedelta(days=1)


def put_up(folder, root, now=NOW, **more):
    with opened(root) as ground:
        return publish(packed(folder), ground, now, **more)


def withdraw(root, what, reason, now=LATER):
    name, _, version = what.partition("@")
    with opened(root) as ground:
        return yank(Wish(name, names.version(version), reason), ground, now)


def files(root):
    return {one: one.read_bytes() for one in sorted(root.rglob("*")) if one.is_file()}


def test_a_bundle_is_published_read_by_others_and_withdrawn(tmp_path):
    root, folder = plain(tmp_path / "shop"), written(tmp_path)
    done = put_up(folder, root)
    assert (done.registry, done.serial, done.commit, done.warnings) == ("acme", 2, "", ())
    told = index(root)
    assert (told.serial, told.updated) == (2, NOW)
    (row,) = told.rows("second-opinion")
    assert row == done.row
    assert row.reference == "path:bundles/0.1.0/second-opinion"
    tree = read_folder("test", root, row.source.path)
    assert hk1(tree) == row.digest == packed(folder).digest
    assert row_problems(row, told.packages[row.name].license, packed(folder).manifest, tree) == ()

    assert withdraw(root, "second-opinion@0.1.0", "wrong").serial == 3
    assert index(root).rows("second-opinion")[0].yanked == "wrong"
    assert index(root).updated == LATER
    before = files(root)
    assert withdraw(root, "second-opinion@0.1.0", "wrong").files == ()
    assert files(root) == before
    assert withdraw(root, "second-opinion@0.1.0", 'worse "than" that').serial == 4
    assert index(root).rows("second-opinion")[0].yanked == 'worse "than" that'


def test_a_second_version_stands_beside_the_first(tmp_path):
    root, folder = plain(tmp_path / "shop"), written(tmp_path)
    first = put_up(folder, root).row
    edited(folder / "bundle.toml", "0.1.0", "0.2.0-rc.1")
    second = put_up(folder, root, LATER).row
    assert index(root).rows("second-opinion") == (second, first)
    assert second.published == LATER
    withdraw(root, "second-opinion@0.1.0", "old")
    assert [one.yanked for one in index(root).rows("second-opinion")] == [None, "old"]


def test_everything_a_bundle_may_ask_for_comes_through(tmp_path):
    root = plain(tmp_path / "shop")
    asked = (
        'tools = ["Read", "mcp__*"], network = ["*", "acme.example"], reveal = true, agents = 9, '
        'shell = ["git"], env = ["A"], write = ["out/**"], mcp = ["*"], inline-exec = true'
    )
    folder = shops.bundle(
        tmp_path, "hello", needs='web = "^1.2", "core/rubrics" = "~0.3"', capabilities=asked
    )
    done = put_up(folder, root)
    assert index(root).rows("hello")[0].capabilities == packed(folder).manifest.ceiling
    assert sorted(index(root).rows("hello")[0].dependencies) == ["core/rubrics", "web"]
    assert "bundle.toml: dependencies.web: acme has no ^1.2" in done.warnings


def test_the_same_again_changes_nothing(tmp_path):
    root, folder = plain(tmp_path / "shop"), written(tmp_path)
    put_up(folder, root)
    before = files(root)
    again = put_up(folder, root, LATER)
    assert not again.is_new
    assert again.serial == 2
    assert files(root) == before


def test_a_version_with_other_files_is_refused(tmp_path):
    root, folder = plain(tmp_path / "shop"), written(tmp_path)
    put_up(folder, root)
    before = files(root)
    put(folder / "rubrics" / "more.md", "More.\n")
    with pytest.raises(PackageRefused, match="was published with hk1:") as told:
        put_up(folder, root, LATER)
    assert (told.value.exit_code, told.value.code) == (3, "digest")
    assert "raise `version`" in told.value.hint
    assert files(root) == before


def test_a_dry_run_writes_nothing(tmp_path):
    root, folder = plain(tmp_path / "shop"), written(tmp_path)
    before = files(root)
    done = put_up(folder, root, dry=True)
    assert done.files[:2] == ("registry.toml", "packages/second-opinion.toml")
    assert files(root) == before


@pytest.mark.parametrize(
    ("top", "problem"),
    [
        ('renames = { second-opinion = "" }', "was withdrawn here"),
        ("", "bundle.toml: license: missing, and a registry tells it of every package"),
    ],
)
def test_what_would_break_a_promise_is_refused(tmp_path, top, problem):
    root, folder = plain(tmp_path / "shop"), written(tmp_path)
    edited(root / "registry.toml", "include =", f"{top}\ninclude =")
    if not top:
        edited(folder / "bundle.toml", "license =", "# license =")
        edited(folder / "SKILL.md", "license: MIT\n", "")
    with pytest.raises(PackageRefused) as told:
        put_up(folder, root)
    assert told.value.problems == (problem,)


def test_another_license_than_the_older_versions_have_is_refused(tmp_path):
    root, folder = plain(tmp_path / "shop"), written(tmp_path)
    put_up(folder, root)
    edited(folder / "bundle.toml", "0.1.0", "0.2.0")
    edited(folder / "bundle.toml", '"MIT"', '"Apache-2.0"')
    edited(folder / "SKILL.md", "MIT", "Apache-2.0")
    with pytest.raises(PackageRefused, match=r'license: "Apache-2\.0" differs from the registry'):
        put_up(folder, root)


def test_a_plugin_of_that_name_is_no_bundle(tmp_path):
    root, folder = plain(tmp_path / "shop"), written(tmp_path)
    edited(root / "registry.toml", "include", "# include")
    edited(root / "registry.toml", "# include-digest", "# digest")
    plugin = '\n[[package]]\nname = "second-opinion"\nkind = "plugin"\ndescription = "d"\n'
    with (root / "registry.toml").open("a") as file:
        file.write(plugin + 'license = "MIT"\n')
    with pytest.raises(PackageRefused, match="is a plugin here"):
        put_up(folder, root)


def test_a_version_in_a_form_of_the_future_is_left_alone(tmp_path):
    root, folder = plain(tmp_path / "shop"), written(tmp_path)
    put_up(folder, root)
    file = root / "packages" / "second-opinion.toml"
    edited(file, "size =", 'colour = "red"\nsize =')
    digest = hk1_of(root)
    old = (root / "registry.toml").read_text("utf-8").split("include-digest")[0]
    (root / "registry.toml").write_text(f'{old}include-digest = "{digest}"\n', "utf-8")
    with pytest.raises(PackageRefused, match="in a form that this hocket does not understand"):
        put_up(folder, root)


def hk1_of(root):
    tree = read_folder("test", root / "packages")
    return hk1(Tree(tuple((k, f"packages/{path}", raw) for k, path, raw in tree.entries)))


def test_a_registry_that_is_written_by_hand_keeps_its_comments(tmp_path):
    root, folder = plain(tmp_path / "shop"), written(tmp_path)
    edited(root / "registry.toml", "serial = 1", "serial = 1   # counts\n# kept")
    put_up(folder, root)
    text = (root / "registry.toml").read_text("utf-8")
    assert "serial = 2   # counts\n# kept\n" in text


def test_an_index_that_includes_nothing_cannot_be_published_into(tmp_path):
    root, folder = shops.registry(tmp_path / "shop"), written(tmp_path)
    before = files(root)
    with pytest.raises(HocketError, match="would not be read") as told:
        put_up(folder, root)
    assert "hocket registry init" in told.value.expected
    assert files(root) == before


def test_a_package_in_another_file_stays_there(tmp_path):
    folder = shops.bundle(tmp_path / "shop" / "bundles", "hello")
    rows = {"hello": [shops.row(folder, '{ path = "bundles/hello" }')]}
    root = shops.registry(tmp_path / "shop", packages=rows)
    edited(folder / "bundle.toml", "1.0.0", "1.1.0")
    with pytest.raises(HocketError, match=r"rows are in another file than packages/hello\.toml"):
        put_up(folder, root)


def test_a_row_in_the_index_itself_can_be_withdrawn(tmp_path):
    root = shops.shop(tmp_path / "shop", "hello", "other")
    withdraw(root, "other@1.0.0", "gone")
    told = index(root)
    assert [told.rows(name)[0].yanked for name in ("hello", "other")] == [None, "gone"]
    assert told.serial == 2


def test_what_is_not_there_cannot_be_withdrawn(tmp_path):
    root = shops.shop(tmp_path / "shop", "hello")
    with pytest.raises(NotFound, match=r"no such version; expected one of 1\.0\.0"):
        withdraw(root, "hello@1.0.1", "x")
    with pytest.raises(NotFound, match="a package of this registry"):
        withdraw(root, "nobody@1.0.0", "x")
    with pytest.raises(NotFound, match=r"no registry\.toml"):
        withdraw(tmp_path, "hello@1.0.0", "x")
    with pytest.raises(NotFound, match="there is no folder"):
        withdraw(tmp_path / "nowhere", "hello@1.0.0", "x")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("updated =", '"\\u0075pdated" =', "there is no line for 'updated'"),
        ("include-digest", '"include\\u002ddigest"', "not TOML"),
    ],
)
def test_an_index_in_a_way_of_its_own_is_left_to_its_owner(tmp_path, old, new, why):
    root, folder = plain(tmp_path / "shop"), written(tmp_path)
    edited(root / "registry.toml", old, new)
    if "u002d" in new:
        edited(root / "registry.toml", '["packages/*.toml"]', '[\n"packages/*.toml"]')
    assert index(root).serial == 1
    before = files(root)
    with pytest.raises(HocketError, match=why) as told:
        put_up(folder, root)
    assert told.value.hint == "Nothing was changed. Edit it by hand."
    assert files(root) == before


def test_rows_that_are_written_in_a_line_are_withdrawn_by_hand(tmp_path):
    root = shops.shop(tmp_path / "shop", "hello")
    text = (root / "registry.toml").read_text("utf-8")
    head, _, row = text.partition("[[package.version]]\n")
    inline = ", ".join(one for one in row.splitlines() if one)
    (root / "registry.toml").write_text(f"{head}version = [{{ {inline} }}]\n", "utf-8")
    assert index(root).serial == 1
    with pytest.raises(HocketError, match=r"has no \[\[package\.version\]\] of its own"):
        withdraw(root, "hello@1.0.0", "gone")


def test_the_file_with_the_row_is_found_among_others(tmp_path):
    root = plain(tmp_path / "shop")
    for name in ("one-a", "one-b"):
        put_up(written(tmp_path, name), root)
    withdraw(root, "one-b@0.1.0", "gone")
    assert [index(root).rows(name)[0].yanked for name in ("one-a", "one-b")] == [None, "gone"]
