"""Versions that go together, the same every time, and a sentence where there are none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocket.errors import NoSolution, NotFound, PackageRefused, StructureError, UsageError
from hocket.registry.forms import ranges
from hocket.registry.forms.names import version, written
from hocket.registry.indexes import index
from hocket.registry.locks.lock import Registry, dump
from hocket.registry.locks.locking import locked
from hocket.registry.resolving.rules import Rules
from hocket.registry.resolving.shelf import Shelf
from hocket.registry.resolving.solving import solve

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
OLD = NOW - timedelta(days=30)
FEW = settings(max_examples=30, deadline=None)


def row(number, needs=None, *, age=None, more=()):
    """Write a version row; `age` is how long ago it was published."""
    at = written(NOW - age if age is not None else OLD)
    told = ", ".join(f'"{name}" = "{within}"' for name, within in (needs or {}).items())
    lines = [
        "[[package.version]]",
        f'version = "{number}"',
        f"published = {at}",
        f'digest = "hk1:{number.encode().hex():0>64}"',
        "size = 1",
        "files = 1",
        f"dependencies = {{ {told} }}",
        'source = { path = "x" }',
        *more,
    ]
    return "\n".join(lines) + "\n"


def registry(name, packages, top=""):
    """Make an index of rows by package."""
    text = f'schema = 1\nname = "{name}"\ndescription = "x"\nserial = 1\n'
    text += f"updated = 2026-11-01T00:00:00Z\n{top}\n"
    for package, rows in packages.items():
        text += f'[[package]]\nname = "{package}"\nkind = "bundle"\ndescription = "x"\n'
        text += 'license = "MIT"\n' + "".join(rows)
    return index.read(text.encode())


def shelf(*indexes):
    return Shelf({one.name: one for one in indexes})


def acme(top="", **packages):
    return registry("acme", packages, top)


def rules(**options):
    return Rules(**{"now": NOW, "hocket": "0.3.0", "python": "3.11.4", **options})


def wishes(**named):
    return {f"acme/{name}": ranges.parse(within) for name, within in named.items()}


def chosen(wanted, *indexes, **options):
    solution = solve(wanted, shelf(*indexes), rules(**options))
    return {key: str(one.version) for key, one in solution.rows.items()}


def held(**named):
    return {f"acme/{name}": version(number) for name, number in named.items()}


def refused(wanted, *indexes, **options):
    with pytest.raises(NoSolution) as caught:
        solve(wanted, shelf(*indexes), rules(**options))
    assert (caught.value.exit_code, caught.value.code) == (5, "conflict")
    return caught.value


REFERENCE = {
    "aa": [row("2.0.0", {"cc": "^2"}), row("1.1.0", {"cc": "^2"}), row("1.0.0", {"cc": "^1"})],
    "bb": [row("1.0.0", {"cc": "^1"})],
    "cc": [row("2.1.0"), row("2.0.0"), row("1.5.0"), row("1.0.0")],
}


def test_the_reference_case_goes_back_over_three_packages():
    got = solve(wishes(aa="*", bb="*"), shelf(acme(**REFERENCE)), rules())
    assert {key: str(one.version) for key, one in got.rows.items()} == {
        "acme/aa": "1.0.0",
        "acme/bb": "1.0.0",
        "acme/cc": "1.5.0",
    }
    assert got.needs == {"acme/aa": ("acme/cc",), "acme/bb": ("acme/cc",), "acme/cc": ()}
    assert {key: str(within) for key, within in got.requested.items()} == {
        "acme/aa": "*",
        "acme/bb": "*",
    }


def test_the_locked_version_comes_before_the_highest():
    got = acme(aa=[row("1.2.0"), row("1.1.0"), row("1.0.0")])
    assert chosen(wishes(aa="^1"), got) == {"acme/aa": "1.2.0"}
    assert chosen(wishes(aa="^1"), got, locked=held(aa="1.1.0")) == {"acme/aa": "1.1.0"}
    assert chosen(wishes(aa=">=1.2"), got, locked=held(aa="1.1.0")) == {"acme/aa": "1.2.0"}
    assert chosen(wishes(aa="^1"), got, locked=held(aa="0.9.0")) == {"acme/aa": "1.2.0"}


def test_what_is_yanked_stays_only_where_it_is_locked():
    got = acme(aa=[row("1.1.0", more=['yanked = "wrong citations"']), row("1.0.0")])
    assert chosen(wishes(aa="*"), got) == {"acme/aa": "1.0.0"}
    kept = solve(wishes(aa="*"), shelf(got), rules(locked=held(aa="1.1.0")))
    assert str(kept.rows["acme/aa"].version) == "1.1.0"
    assert kept.notes == ("acme/aa 1.1.0 is yanked: wrong citations",)
    error = refused(wishes(aa="==1.1.0"), got)
    assert str(error) == ("acme/aa: no version suits.\n  you asked for acme/aa ==1.1.0")
    assert error.hint == "This would solve it: acme/aa 1.1.0 is yanked: wrong citations"


def test_a_young_version_is_held_and_the_plan_names_it():
    young = [row("1.1.0", age=timedelta(hours=19, minutes=30)), row("1.0.0")]
    got = solve(wishes(aa="*"), shelf(acme(aa=young)), rules())
    assert str(got.rows["acme/aa"].version) == "1.0.0"
    assert got.notes == ("acme/aa 1.1.0 is held for 5 h more (--accept=young:acme/aa@1.1.0)",)
    for lifted in (
        {"young": frozenset({"acme/aa@1.1.0"})},
        {"ages": {"acme": timedelta(0)}},
        {"locked": held(aa="1.1.0")},
    ):
        assert chosen(wishes(aa="*"), acme(aa=young), **lifted) == {"acme/aa": "1.1.0"}


@pytest.mark.parametrize(
    ("age", "ages", "left"),
    [
        (timedelta(hours=23, minutes=59, seconds=30), {}, "1 min"),
        (timedelta(0), {}, "24 h"),
        (timedelta(0), {"acme": timedelta(days=3)}, "3 d"),
        (timedelta(hours=-1), {}, "25 h"),
    ],
)
def test_the_time_left_is_told_in_words(age, ages, left):
    error = refused(wishes(aa="*"), acme(aa=[row("1.0.0", age=age)]), ages=ages)
    assert f"acme/aa 1.0.0 is held for {left} more" in error.hint


def test_what_comes_with_hocket_is_never_held():
    core = registry("core", {"aa": [row("1.0.0", age=timedelta(0))]})
    assert chosen({"core/aa": ranges.parse("*")}, core) == {"core/aa": "1.0.0"}


def test_pre_releases_count_when_named_or_asked_for():
    got = acme(aa=[row("2.0.0-rc.1"), row("1.5.0-rc.1"), row("1.4.0")])
    assert chosen(wishes(aa=">=1.4.0,<2.0.0"), got) == {"acme/aa": "1.4.0"}
    assert chosen(wishes(aa=">=1.4.0,<2.0.0"), got, pre=True) == {"acme/aa": "1.5.0-rc.1"}
    assert chosen(wishes(aa=">=2.0.0-rc.1"), got) == {"acme/aa": "2.0.0-rc.1"}
    error = refused(wishes(aa=">=1.5.0"), got)
    assert error.hint == "This would solve it: acme/aa 2.0.0-rc.1 is a pre-release (--pre)"


def test_hocket_and_python_have_to_fit():
    newer = row("2.0.0", more=['requires-hocket = ">=0.4"'])
    assert chosen(wishes(aa="*"), acme(aa=[newer, row("1.0.0")])) == {"acme/aa": "1.0.0"}
    error = refused(wishes(aa="*"), acme(aa=[newer]), locked=held(aa="2.0.0"))
    assert error.hint == "acme/aa 2.0.0 requires hocket >=0.4, this is 0.3.0"
    text = f"""
        schema = 1
        name = "acme"
        description = "x"
        serial = 1
        updated = 2026-11-01T00:00:00Z
        [[package]]
        name = "aa"
        kind = "plugin"
        description = "x"
        license = "MIT"
        [[package.version]]
        version = "1.0.0"
        published = 2026-11-01T00:00:00Z
        digest = "hk1:{"0" * 64}"
        requires-python = ">=3.13"
        requirement = "x==1"
        hashes = ["sha256:{"0" * 64}"]
    """
    error = refused(wishes(aa="*"), index.read(text.encode()))
    assert error.hint == "acme/aa 1.0.0 requires Python >=3.13, this is 3.11.4"


def test_a_hidden_version_is_no_candidate_and_is_told():
    got = acme(aa=[row("2.0.0", more=["colour = 1"]), row("1.0.0"), row("0.1.0", more=["x = 1"])])
    solution = solve(wishes(aa="*"), shelf(got), rules())
    assert str(solution.rows["acme/aa"].version) == "1.0.0"
    assert solution.notes == ('acme/aa 2.0.0 needs a newer hocket (key "colour")',)
    error = refused(wishes(aa=">=2"), got)
    assert 'acme/aa 2.0.0 needs a newer hocket (key "colour")' in error.hint


def test_a_conflict_names_both_chains():
    got = acme(
        aa=[row("1.0.0", {"mid": "*"})],
        mid=[row("1.2.0", {"cc": "^1"})],
        bb=[row("1.0.0", {"cc": "^2"})],
        cc=[row("2.0.0"), row("1.0.0")],
    )
    error = refused(wishes(aa="*", bb="^1"), got)
    assert error.chains == (
        "acme/aa 1.0.0 → acme/mid 1.2.0 needs acme/cc ^1",
        "acme/bb 1.0.0 needs acme/cc ^2",
    )
    assert str(error).startswith("acme/cc: no version suits both.\n")


@pytest.mark.parametrize(
    ("way_out", "told"),
    [
        ({"age": timedelta(hours=1)}, "acme/cc 1.9.0 is held for 23 h more"),
        ({"more": ['yanked = "bad"']}, "acme/cc 1.9.0 is yanked: bad"),
        ({"number": "1.9.0-rc.1"}, "acme/cc 1.9.0-rc.1 is a pre-release (--pre)"),
        ({"more": ["colour = 1"]}, 'acme/cc 1.9.0 needs a newer hocket (key "colour")'),
    ],
)
def test_a_conflict_names_the_version_that_would_solve_it(way_out, told):
    got = acme(
        aa=[row("1.0.0", {"cc": "<2"})],
        bb=[row("1.0.0", {"cc": ">=1.8"})],
        cc=[row("2.0.0"), row(way_out.pop("number", "1.9.0"), **way_out), row("1.0.0")],
    )
    error = refused(wishes(aa="*", bb="*"), got)
    assert len(error.chains) == 2
    assert told in error.hint
    assert ("This would solve it: " in error.hint) == ("newer hocket" not in told)


def pigeons(count):
    """Make packages that each need a hole of their own, with one hole too few."""
    holes = range(1, count)
    packages = {
        f"pigeon-{one}": [row(f"{hole}.0.0", {f"hole-{hole}": f"=={one}.0.0"}) for hole in holes]
        for one in range(count)
    }
    for hole in holes:
        packages[f"hole-{hole}"] = [row(f"{one}.0.0") for one in range(count)]
    return registry("acme", packages)


def all_pigeons(count):
    return {f"acme/pigeon-{one}": ranges.parse("*") for one in range(count)}


def test_rounds_are_limited():
    error = refused(all_pigeons(8), pigeons(8))
    assert str(error) == "install: no solution found in 1000 rounds."


def test_a_maze_ends():
    error = refused(all_pigeons(4), pigeons(4))
    assert len(error.chains) == 2


# Where a dependency is looked up


CORE = registry("core", {"rubrics": [row("9.0.0")], "web-sources": [row("9.9.9")]})


def test_a_dependency_comes_from_the_registry_of_its_dependent():
    own = acme(aa=[row("1.0.0", {"web-sources": "*"})], **{"web-sources": [row("1.0.0")]})
    assert chosen(wishes(aa="*"), own, CORE) == {"acme/aa": "1.0.0", "acme/web-sources": "1.0.0"}


def structure(wanted, *indexes):
    with pytest.raises(StructureError) as caught:
        solve(wanted, shelf(*indexes), rules())
    assert caught.value.exit_code == 3
    return str(caught.value)


def test_a_dependency_that_only_another_registry_has_is_refused():
    own = acme(aa=[row("1.0.0", {"web-sources": "*"})])
    assert structure(wishes(aa="*"), own, CORE) == (
        "acme/aa 1.0.0: it needs acme/web-sources, but acme has no package of this name;"
        " that of core is another one, and is not asked."
    )
    assert structure(wishes(aa="*"), own) == (
        "acme/aa 1.0.0: it needs acme/web-sources, but acme has no package of this name."
    )


def test_a_qualified_dependency_needs_the_word_of_the_root():
    needs = [row("1.0.0", {"core/rubrics": "*"})]
    allows = 'allow-dependencies-from = ["core"]'
    both = {"acme/aa": "1.0.0", "core/rubrics": "9.0.0"}
    assert chosen(wishes(aa="*"), acme(allows, aa=needs), CORE) == both
    told = (
        "acme/aa 1.0.0: it needs core/rubrics, but core is not in allow-dependencies-from of acme."
    )
    assert structure(wishes(aa="*"), acme(aa=needs), CORE) == told
    assert "the registry core is not added here" in structure(
        wishes(aa="*"), acme(allows, aa=needs)
    )
    itself = acme(aa=[row("1.0.0", {"acme/bb": "*"})], bb=[row("1.0.0")])
    assert chosen(wishes(aa="*"), itself) == {"acme/aa": "1.0.0", "acme/bb": "1.0.0"}


def test_only_the_root_is_asked_not_those_in_between():
    far = registry("far", {"ff": [row("1.0.0")]})
    mid = registry(
        "mid", {"mm": [row("1.0.0", {"far/ff": "*"})]}, 'allow-dependencies-from = ["far"]'
    )
    needs = [row("1.0.0", {"mid/mm": "*"})]
    told = structure(wishes(aa="*"), acme('allow-dependencies-from = ["mid"]', aa=needs), mid, far)
    assert told == (
        "acme/aa 1.0.0: it needs far/ff".replace("acme/aa 1.0.0: it", "mid/mm 1.0.0: it")
        + ", but far is not in allow-dependencies-from of acme."
    )
    allows = 'allow-dependencies-from = ["mid", "far"]'
    assert chosen(wishes(aa="*"), acme(allows, aa=needs), mid, far) == {
        "acme/aa": "1.0.0",
        "far/ff": "1.0.0",
        "mid/mm": "1.0.0",
    }


def test_every_root_that_leads_there_has_to_allow_it():
    far = registry("far", {"ff": [row("1.0.0")]})
    mid = registry(
        "mid", {"mm": [row("1.0.0", {"far/ff": "*"})]}, 'allow-dependencies-from = ["far"]'
    )
    own = acme('allow-dependencies-from = ["mid"]', aa=[row("1.0.0", {"mid/mm": "*"})])
    alone = {"mid/mm": ranges.parse("*")}
    assert chosen(alone, own, mid, far) == {"far/ff": "1.0.0", "mid/mm": "1.0.0"}
    assert "far is not in allow" in structure({**alone, **wishes(aa="*")}, own, mid, far)


def test_an_older_version_without_the_forbidden_dependency_is_taken():
    own = acme(aa=[row("2.0.0", {"core/rubrics": "*"}), row("1.0.0")])
    assert chosen(wishes(aa="*"), own, CORE) == {"acme/aa": "1.0.0"}


NAMES = [f"n{letter}" for letter in "abcdef"]


def others(random, names, name, *, least=0):
    """Draw what a package may need: anything but itself."""
    return random.sample([one for one in names if one != name], random.randint(least, 2))


@FEW
@given(st.randoms(use_true_random=False))
def test_dependency_confusion_never_picks_the_other_registry(random):
    """The other registry has every name too, and higher versions of all."""

    def rows(name, limit):
        return [
            row(f"{major}.0.0", dict.fromkeys(others(random, NAMES, name), "*"))
            for major in random.sample(range(1, limit), random.randint(1, 2))
        ]

    own = registry("acme", {name: rows(name, 5) for name in NAMES if random.random() < 0.8})
    evil = registry("evil", {name: [row("99.0.0")] for name in NAMES})
    wanted = {f"acme/{random.choice(NAMES)}": ranges.parse("*")}
    try:
        solution = solve(wanted, shelf(own, evil), rules())
    except (NoSolution, StructureError):
        return
    assert {key.partition("/")[0] for key in solution.rows} == {"acme"}


# Names


def test_a_name_that_two_registries_have_has_to_be_said_in_full():
    own = shelf(acme(rubrics=[row("1.0.0")], mine=[row("1.0.0")]), CORE)
    assert [own.qualify(one) for one in ("mine", "core/rubrics")] == ["acme/mine", "core/rubrics"]
    with pytest.raises(UsageError, match="expected acme/rubrics or core/rubrics"):
        own.qualify("rubrics")


def test_an_unknown_name_gets_the_nearest():
    own = shelf(acme(rubric=[row("1.0.0")]), CORE)
    with pytest.raises(NotFound) as caught:
        own.qualify("rubrixs")
    assert (caught.value.exit_code, caught.value.code) == (1, "not-found")
    assert caught.value.hint == "Did you mean core/rubrics, acme/rubric?"
    for odd in ("zzzz", "nobody/rubrics", "a/b/c"):
        with pytest.raises(NotFound):
            own.qualify(odd)


def test_renames_are_followed_but_for_what_is_locked():
    own = acme('renames = { old = "new" }', old=[row("1.0.0")], new=[row("2.0.0")])
    got = solve(wishes(old="*"), shelf(own), rules())
    assert (list(got.rows), got.renamed) == (["acme/new"], {"acme/old": "acme/new"})
    assert list(got.requested) == ["acme/new"]
    kept = solve(wishes(old="*"), shelf(own), rules(locked=held(old="1.0.0")))
    assert (list(kept.rows), kept.renamed) == (["acme/old"], {})
    needs = acme('renames = { old = "new" }', aa=[row("1.0.0", {"old": "*"})], new=[row("2.0.0")])
    assert chosen(wishes(aa="*"), needs) == {"acme/aa": "1.0.0", "acme/new": "2.0.0"}


def test_what_was_withdrawn_stays_only_where_it_is_locked():
    own = acme('renames = { aa = "" }', aa=[row("1.0.0")])
    error = refused(wishes(aa="*"), own)
    assert error.hint == "acme/aa was withdrawn by its registry."
    assert chosen(wishes(aa="*"), own, locked=held(aa="1.0.0")) == {"acme/aa": "1.0.0"}


def test_what_no_registry_has_is_told():
    assert refused(wishes(aa="*"), acme()).hint == "no registry at hand has acme/aa"
    assert (
        refused({"nobody/aa": ranges.parse("*")}, acme()).hint
        == "no registry at hand has nobody/aa"
    )


# The same for the same


REGISTRIES = (Registry("acme", "path:here", 1), Registry("core", "bundled", 1))


@FEW
@given(st.randoms(use_true_random=False))
def test_the_same_inputs_give_the_same_lock_whatever_the_order(random):
    table = {
        name: {
            f"{random.randint(0, 3)}.{random.randint(0, 3)}.0": {
                other: random.choice(["*", "^1", ">=1", "<2", "^2"])
                for other in others(random, NAMES, name)
            }
            for _ in range(3)
        }
        for name in NAMES
    }
    wanted = {f"acme/{name}": ranges.parse("*") for name in random.sample(NAMES, 2)}

    def lock(mix):
        def mixed(pairs):
            pairs = [*pairs.items()]
            mix(pairs)
            return pairs

        packages = {
            name: [row(number, dict(mixed(needs))) for number, needs in mixed(rows)]
            for name, rows in mixed(table)
        }
        try:
            got = solve(dict(mixed(wanted)), shelf(*mixed_indexes(packages, mix)), rules())
        except (NoSolution, StructureError) as error:
            return str(error).encode()
        return dump(locked(got, REGISTRIES, {}))

    assert lock(random.shuffle) == lock(random.shuffle) == lock(lambda _pairs: None)


def mixed_indexes(packages, mix):
    indexes = [registry("acme", packages), CORE]
    mix(indexes)
    return indexes


@FEW
@given(st.randoms(use_true_random=False))
def test_every_solution_meets_every_need(random):
    packages = {
        name: [
            row(
                f"{major}.{random.randint(0, 2)}.0",
                {
                    other: random.choice(["*", "^1", ">=2", "<3"])
                    for other in others(random, NAMES, name, least=2)
                },
            )
            for major in range(1, 4)
        ]
        for name in NAMES
    }
    wanted = {f"acme/{name}": ranges.parse("*") for name in random.sample(NAMES, 3)}
    try:
        got = solve(wanted, shelf(registry("acme", packages)), rules())
    except NoSolution:
        return
    assert set(wanted) <= set(got.rows)
    for one in got.rows.values():
        for name, within in one.dependencies.items():
            assert within.contains(got.rows[f"acme/{name}"].version)
    reached, waiting = set(), list(wanted)
    while waiting:
        key = waiting.pop()
        if key not in reached:
            reached.add(key)
            waiting += got.needs[key]
    assert reached == set(got.rows)


def solvable(wanted, packages):
    """Try every choice there is: for each package one of its versions, or none."""
    keys = [*packages]
    options = [[None, *packages[key]] for key in keys]
    for choice in product(*options):
        taken = {key: number for key, number in zip(keys, choice, strict=True) if number}
        needs = [*wanted.items()]
        needs += [one for key, number in taken.items() for one in packages[key][number].items()]
        if all(
            name in taken and ranges.parse(within).contains(version(taken[name]))
            for name, within in needs
        ):
            return True
    return False


@FEW
@given(st.randoms(use_true_random=False))
def test_no_solution_means_that_there_is_none(random):
    names = NAMES[:5]
    packages = {
        name: {
            f"{major}.0.0": {
                other: random.choice(["*", "^1", ">=2", "<2", "^2"])
                for other in others(random, names, name)
            }
            for major in random.sample((1, 2, 3), random.randint(1, 2))
        }
        for name in names
    }
    wanted = dict.fromkeys(random.sample(names, 2), "*")
    table = {name: [row(*one) for one in rows.items()] for name, rows in packages.items()}
    try:
        solve(wishes(**wanted), shelf(registry("acme", table)), rules())
    except NoSolution:
        assert not solvable(wanted, packages)
    else:
        assert solvable(wanted, packages)


RING = {
    "na": {
        "1.0.0": {"nb": "*"},
        "2.0.0": {"nd": "^2", "ne": "^1"},
        "3.0.0": {"ne": ">=2"},
    },
    "nb": {"3.0.0": {"nc": "<2", "ne": "^2"}},
    "nc": {"1.0.0": {}, "3.0.0": {"nb": "^1", "na": ">=2"}},
    "nd": {"1.0.0": {"na": "<2", "ne": ">=2"}, "2.0.0": {}, "3.0.0": {"na": "^2"}},
    "ne": {"1.0.0": {"nd": "^2"}, "3.0.0": {"na": "<2"}},
}
"""resolvelib 1.2.1 gives up on it, although there is a way."""


def test_a_ring_that_the_solver_gives_up_on_is_searched_to_the_end():
    wanted = {"nc": "*", "ne": "*"}
    table = {name: [row(*one) for one in rows.items()] for name, rows in RING.items()}
    assert solvable(wanted, RING)
    got = chosen(wishes(**wanted), registry("acme", table))
    assert got == {"acme/nc": "1.0.0", "acme/nd": "2.0.0", "acme/ne": "1.0.0"}


def test_roots_that_come_later_bar_what_was_fine_before():
    far = registry("far", {"ff": [row("1.0.0")]})
    mid = registry(
        "mid",
        {"mm": [row("2.0.0", {"far/ff": "*"}), row("1.0.0")]},
        'allow-dependencies-from = ["far"]',
    )
    own = acme('allow-dependencies-from = ["mid"]', zz=[row("1.0.0", {"mid/mm": "*"})])
    alone = {"mid/mm": ranges.parse("*")}
    assert chosen(alone, own, mid, far) == {"far/ff": "1.0.0", "mid/mm": "2.0.0"}
    both = {**alone, **wishes(zz="*")}
    assert chosen(both, own, mid, far) == {"acme/zz": "1.0.0", "mid/mm": "1.0.0"}


NO_WAY = {
    "the quick answer does not go together": (
        ("nb", "nc"),
        {
            "na": {
                "3.0.0": {"nc": "^1", "nb": "^1"},
                "1.0.0": {"nc": "^2", "nd": "^1"},
                "2.0.0": {"nc": "*", "nb": "^2"},
            },
            "nb": {
                "3.0.0": {},
                "1.0.0": {"nc": "*", "na": "^1"},
                "2.0.0": {"nc": "*", "na": "^1"},
            },
            "nc": {
                "1.0.0": {"nb": "*", "na": "<2"},
                "2.0.0": {"nd": "^2", "na": "*"},
                "3.0.0": {"na": "^2"},
            },
            "nd": {"1.0.0": {"nb": "*"}, "3.0.0": {}, "2.0.0": {}},
        },
    ),
    "no two needs clash by themselves": (
        ("ne", "na"),
        {
            "na": {"1.0.0": {"ne": "^1"}},
            "nb": {"1.0.0": {}, "2.0.0": {"na": "^1"}, "3.0.0": {}},
            "nc": {"3.0.0": {"nd": "<2"}},
            "nd": {"3.0.0": {"ne": ">=2", "nc": "*"}, "2.0.0": {"nb": "*", "nc": "^1"}},
            "ne": {"3.0.0": {}, "1.0.0": {"nd": "^2"}, "2.0.0": {"na": "<2", "nb": "<2"}},
        },
    ),
}


@pytest.mark.parametrize("case", NO_WAY)
def test_where_there_is_no_way_chains_are_told(case):
    names, packages = NO_WAY[case]
    wanted = dict.fromkeys(names, "*")
    assert not solvable(wanted, packages)
    table = {name: [row(*one) for one in rows.items()] for name, rows in packages.items()}
    assert refused(wishes(**wanted), registry("acme", table)).chains


def test_what_cannot_be_taken_says_why_instead_of_being_unknown():
    own = shelf(replace(acme(), barred={"odd": "its source is npm"}))
    for typed in ("odd", "acme/odd"):
        with pytest.raises(PackageRefused) as caught:
            own.qualify(typed)
        assert caught.value.problems == ("its source is npm",)
    with pytest.raises(NotFound):
        own.qualify("core/odd")
