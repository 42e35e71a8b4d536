"""What may be said about packages, and by whom: a project only takes rights away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket.config.packages import STICKY, Weighed, weighed
from hocket.config.settings import hours
from hocket.errors import UnknownSetting, UsageError

ACME, EVIL = "https://git.acme.example/patterns.git", "https://evil.example/x.git"


def nothing(_path, _content):
    return False


def test_by_default_nothing_is_ruled_out_and_nothing_is_granted(house):
    settings = house.load().settings
    assert (settings.registries, settings.min_age, settings.consent.allow) == ({}, "1d", ())
    assert (settings.allowed_registries, settings.max_capabilities) == (None, None)
    assert settings.allow_python_plugins
    assert not settings.require_signatures
    assert not settings.require_fresh
    assert not settings.require_pinned_plugins


def test_registries_add_up_and_a_project_renames_none(house):
    house.write(
        user=f'[registries]\nacme = "{ACME}"\n',
        project=f'[registries]\nacme = "{EVIL}"\nours = "{EVIL}"\n',
        managed='[registries]\nhouse = "/srv/registry"\n',
    )
    loaded = house.load()
    assert loaded.settings.registries == {"acme": ACME, "ours": EVIL, "house": "/srv/registry"}
    assert loaded.notes == (
        ".hocket/config.toml:1: registries you named already stay as they are: acme",
    )


def test_a_project_that_says_the_same_is_not_told_off(house):
    both = f'[registries]\nacme = "{ACME}"\n'
    house.write(user=both, project=both)
    assert house.load().notes == ()


@pytest.mark.parametrize("age", ["0", "1h", "12h", "1d", "365d"])
def test_an_age_has_one_form(house, age):
    house.write(user=f'min_age = "{age}"\n')
    assert house.load().settings.min_age == age


@pytest.mark.parametrize(
    "age", ["", "1", "00", "0d", "-1d", "1.5d", "1w", "1 d", "10000d", "\u0661d"]
)
def test_another_form_is_an_error(house, age):
    house.write(user=f'min_age = "{age}"\n')
    with pytest.raises(UsageError, match="must be 0, or a number of hours or days"):
        house.load()


def test_a_project_and_a_variable_only_raise_the_age(house):
    house.write(project='min_age = "0"\n')
    loaded = house.load()
    assert loaded.settings.min_age == "1d"
    assert loaded.notes == (
        (
            ".hocket/config.toml:1: min_age = 0 does not hold; it stays 1d, "
            "which this place can only raise"
        ),
    )
    assert house.load(env={"HOCKET_MIN_AGE": "12h"}).settings.min_age == "1d"
    house.write(user='min_age = "0"\n', project='min_age = "2d"\n')
    assert house.load().settings.min_age == "2d"
    assert house.load(env={"HOCKET_MIN_AGE": "72h"}).settings.min_age == "72h"


def test_what_the_owner_sets_is_a_floor_or_a_choice(house):
    house.write(managed='min_age = "0"\n')
    assert house.load().settings.min_age == "0"
    house.write(user='min_age = "3d"\n')
    assert house.load().settings.min_age == "3d"
    house.write(managed='min_age = "7d"\n')
    assert house.load().settings.min_age == "7d"
    assert house.load(flags={"min_age": "0"}).settings.min_age == "7d"


def test_no_project_consents(house):
    house.write(
        user='[consent]\nallow = ["network:a.example"]\n',
        pyproject='[tool.hocket.consent]\nallow = ["network:*"]\n',
        project='consent = {allow = ["shell:*"]}\n',
        managed='[consent]\nallow = ["tools:Bash", "network:a.example"]\n',
    )
    loaded = house.load()
    assert loaded.settings.consent.allow == ("network:a.example", "tools:Bash")
    assert [one.partition(": ")[2] for one in loaded.notes] == [
        "a project cannot consent to anything; consent does not hold"
    ] * 2


@pytest.mark.parametrize("key", sorted(STICKY))
def test_what_is_tightened_stays_so_whoever_said_it(house, key):
    tight, loose = (str(one).lower() for one in (STICKY[key], not STICKY[key]))
    house.write(project=f"{key} = {tight}\n", managed=f"{key} = {loose}\n")
    loaded = house.load()
    assert getattr(loaded.settings, key) is STICKY[key]
    assert loaded.origins[key] == ".hocket/config.toml"
    assert loaded.notes == (
        f"{house.places['managed']}:1: {key} stays {tight}: nobody takes it back",
    )
    house.write(project="", managed=f"{key} = {tight}\n")
    assert getattr(house.load(flags={key: not STICKY[key]}).settings, key) is STICKY[key]


def test_lists_of_what_is_allowed_only_get_shorter(house):
    house.write(
        user=f'allowed_registries = ["{ACME}", "{EVIL}"]\nmax_capabilities = ["tools:Read"]\n',
        project='max_capabilities = ["tools:Read", "network:*"]\n',
        managed=f'allowed_registries = ["{ACME}"]\n',
    )
    settings = house.load().settings
    assert settings.allowed_registries == (ACME,)
    assert settings.max_capabilities == ("tools:Read",)
    house.write(managed="allowed_registries = []\n")
    assert house.load().settings.allowed_registries == ()


def test_of_a_project_that_nobody_trusts_holds_what_tightens(house):
    house.write(
        project=f"""
min_age = "9d"
require_signatures = true
require_fresh = true
require_pinned_plugins = true
allow_python_plugins = false
allowed_registries = []
max_capabilities = []
registries = {{acme = "{EVIL}"}}
consent = {{allow = ["network:*"]}}
"""
    )
    loaded = house.load(vet=nothing)
    settings = loaded.settings
    assert (settings.min_age, settings.allowed_registries, settings.max_capabilities) == (
        "9d",
        (),
        (),
    )
    assert settings.require_signatures
    assert settings.require_fresh
    assert settings.require_pinned_plugins
    assert not settings.allow_python_plugins
    assert settings.registries == {}
    assert settings.consent.allow == ()
    assert (
        "only what tightens holds of it: allow_python_plugins, allowed_registries"
        in (loaded.notes[0])
    )


def test_what_nobody_knows_is_an_error(house):
    house.write(user='[consent]\nalow = ["hooks"]\n')
    with pytest.raises(UnknownSetting, match=r"the key 'consent\.alow' is unknown.*allow"):
        house.load()
    house.write(user="[registries]\nacme = 1\n")
    with pytest.raises(UsageError, match=r"'registries\.acme'"):
        house.load()


def test_addresses_and_ids_are_no_matter_of_variables(house):
    env = {"HOCKET_ALLOWED_REGISTRIES_X": "", "HOCKET_REQUIRE_SIGNATURES": "true"}
    assert house.load(env=env).settings.require_signatures
    with pytest.raises(UnknownSetting):
        house.load(env={"HOCKET_REQUIRE_SIGNATURE": "true"})
    assert (
        house.load(env={"HOCKET_MAX_CAPABILITIES": "tools:Read"}).settings.max_capabilities is None
    )


KINDS = st.sampled_from(["user", "project", "environment", "flags", "managed"])
AGES = st.sampled_from(["0", "1h", "23h", "1d", "25h", "2d"])


@given(KINDS, AGES, AGES, st.booleans())
def test_no_project_or_variable_ever_lowers_an_age(kind, before, offered, is_given):
    value, note = weighed("min_age", kind, Weighed(before, offered, is_given))
    assert value in {before, offered}
    if kind in {"project", "environment"}:
        assert hours(value) == max(hours(before), hours(offered))
    assert bool(note) == (value != offered and hours(value) != hours(offered))


SOME = st.none() | st.lists(st.sampled_from("abcd"), unique=True).map(tuple)


@given(st.lists(SOME))
def test_no_source_allows_what_another_one_does_not(lists):
    held = None
    for one in lists:
        held, _note = weighed("max_capabilities", "managed", Weighed(held, one, is_given=True))
    said = [set(one) for one in lists if one is not None]
    assert held is None if not said else set(held) == set.intersection(*said)
