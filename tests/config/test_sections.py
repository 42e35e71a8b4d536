"""A plugin's section says of each key whether a project may set it, and whether it adds up."""

from __future__ import annotations

from typing import Annotated

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from hocket.api.settings import Setting
from hocket.errors import UsageError


def _known(text):
    if text == "wrong":
        raise ValueError("'wrong' is no rule")
    return text


class Guard(BaseModel):
    """A section with all three kinds of keys."""

    model_config = ConfigDict(title="guard", extra="forbid")
    wall: Annotated[str, Setting.PERSON_ONLY] = "auto"
    seen: Annotated[tuple[str, ...], Setting.PERSON_ONLY] = ()
    deny: Annotated[tuple[Annotated[str, AfterValidator(_known)], ...], Setting.ADDS_UP] = ()
    odd: Annotated[tuple[dict[str, int], ...], Setting.ADDS_UP, Field(alias="pairs")] = ()
    wait_s: float = 1.0


MODELS = {"guard": Guard}


def test_a_project_does_not_set_what_is_the_persons(house):
    house.write(
        pyproject='[tool.hocket.guard]\nseen = ["/"]\n',
        project='[guard]\nwall = "off"\nwait_s = 2.0\n',
    )
    loaded = house.load(models=MODELS)
    guard = loaded.sections["guard"]
    assert (guard.wall, guard.seen, guard.wait_s) == ("auto", (), 2.0)
    assert loaded.origins["guard.wall"] == "default"
    advice = "it does not hold. If you want it, set it in your own settings"
    assert loaded.notes == (
        f"pyproject.toml:2: a project cannot set guard.seen; {advice}",
        f".hocket/config.toml:2: a project cannot set guard.wall; {advice}",
    )
    assert loaded.kinds == {"guard.wait_s": "project"}


def test_the_person_and_the_owner_set_it_and_the_owner_wins(house):
    house.write(user='[guard]\nwall = "off"\n', project='[guard]\nwall = "none"\n')
    assert house.load(models=MODELS).sections["guard"].wall == "off"
    house.write(managed='[guard]\nwall = "require"\n')
    loaded = house.load(models=MODELS)
    assert loaded.sections["guard"].wall == "require"
    assert loaded.kinds["guard.wall"] == "managed"


def test_lists_add_up_over_all_files_and_each_entry_knows_its_own(house):
    house.write(
        user='[guard]\ndeny = ["a", "b"]\n',
        pyproject='[tool.hocket.guard]\ndeny = ["c"]\n',
        project='[guard]\ndeny = ["b", "d"]\n',
        managed='[guard]\ndeny = ["e"]\n',
    )
    loaded = house.load(models=MODELS)
    assert loaded.sections["guard"].deny == ("a", "b", "c", "d", "e")
    places = {key: loaded.origins[f"guard.deny.{key}"] for key in "abcde"}
    user, managed = str(house.places["user"]), str(house.places["managed"])
    assert places == {
        "a": user,
        "b": user,
        "c": "pyproject.toml",
        "d": ".hocket/config.toml",
        "e": managed,
    }
    joined = f"{user}, pyproject.toml, .hocket/config.toml, {managed}"
    assert loaded.origins["guard.deny"] == joined
    assert loaded.notes == ()


def test_an_empty_list_takes_nothing_away(house):
    house.write(user='[guard]\ndeny = ["a"]\n', managed="[guard]\ndeny = []\n")
    assert house.load(models=MODELS).sections["guard"].deny == ("a",)


def test_values_that_are_no_texts_add_up_as_well(house):
    house.write(
        user="[guard]\npairs = [{x = 1}]\n", project="[guard]\npairs = [{x = 1}, {y = 2}]\n"
    )
    assert house.load(models=MODELS).sections["guard"].odd == ({"x": 1}, {"y": 2})


@pytest.mark.parametrize("place", ["user", "project", "managed"])
def test_a_wrong_entry_is_told_where_it_stands(house, place):
    right = dict.fromkeys(("user", "project", "managed"), '[guard]\ndeny = ["a"]\n')
    house.write(**{**right, place: '[guard]\n# here\ndeny = [\n  "wrong",\n]\n'})
    with pytest.raises(UsageError, match="'wrong' is no rule") as caught:
        house.load(models=MODELS)
    name = ".hocket/config.toml" if place == "project" else str(house.places[place])
    assert caught.value.message.startswith(f"{name}:3:")


@pytest.mark.parametrize("place", ["user", "project"])
def test_what_is_no_list_is_told_where_it_stands(house, place):
    right = dict.fromkeys(("user", "project", "managed"), '[guard]\ndeny = ["a"]\n')
    house.write(**{**right, place: '[guard]\ndeny = "a"\n'})
    with pytest.raises(UsageError) as caught:
        house.load(models=MODELS)
    name = ".hocket/config.toml" if place == "project" else str(house.places[place])
    assert caught.value.message.startswith(f"{name}:2:")


WORDS = st.lists(st.sampled_from("abc"), max_size=3)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(user=WORDS, project=WORDS, managed=WORDS)
def test_no_source_loosens_what_another_one_denies(house, user, project, managed):
    lists = {"user": user, "project": project, "managed": managed}
    house.write(**{name: f"[guard]\ndeny = {words!r}\n" for name, words in lists.items()})
    deny = house.load(models=MODELS).sections["guard"].deny
    assert set(deny) == {*user, *project, *managed}
    assert len(deny) == len(set(deny))
