"""Who lists folders that are trusted unasked, who forbids the rest: never the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hocket.errors import UsageError

SETTING = "trusted_folders = ['{}']\n"


def test_nothing_said_trusts_nothing_and_forbids_nothing(house):
    told = house.trusting()
    assert (told.folders, told.origin, told.forbidden) == ((), "", "")
    assert not told.lists(house.project)


@pytest.mark.parametrize("place", ["user", "managed"])
def test_a_project_beneath_a_listed_folder_is_listed(house, place):
    house.write(**{place: SETTING.format(house.project.parent)})
    told = house.trusting()
    assert told.lists(house.project)
    assert told.lists(house.project.parent)
    assert not told.lists(Path(f"{house.project.parent}-other"))
    assert told.origin == str(house.places[place])


@pytest.mark.parametrize("place", ["project", "pyproject"])
def test_a_project_cannot_list_itself_nor_ask_for_trust(house, place):
    head = "[tool.hocket]\n" if place == "pyproject" else ""
    house.write(**{place: f'{head}trust = "never"\n{SETTING.format("/")}'})
    assert house.trusting() == house.trusting({"HOCKET_TRUST": ""})
    assert not house.trusting().lists(house.project)
    loaded = house.load()
    assert (loaded.settings.trusted_folders, loaded.settings.trust) == ((), "ask")
    name = "pyproject.toml" if place == "pyproject" else ".hocket/config.toml"
    first = 2 if place == "pyproject" else 1
    assert loaded.notes == (
        f"{name}:{first}: a project cannot set trust; it does not hold",
        f"{name}:{first + 1}: a project cannot set trusted_folders; it does not hold",
    )


def test_a_variable_lists_as_path_does(house):
    two = os.pathsep.join(("/nowhere", str(house.project), ""))
    told = house.trusting({"HOCKET_TRUSTED_FOLDERS": two})
    assert told.folders == ("/nowhere", str(house.project))
    assert (told.origin, told.lists(house.project)) == ("HOCKET_TRUSTED_FOLDERS", True)
    loaded = house.load(env={"HOCKET_TRUSTED_FOLDERS": two})
    assert loaded.settings.trusted_folders == ("/nowhere", str(house.project))


def test_the_environment_goes_before_the_person_and_the_owner_before_both(house):
    house.write(user=SETTING.format("/user"))
    variable = {"HOCKET_TRUSTED_FOLDERS": "/variable"}
    assert house.trusting().folders == ("/user",)
    assert house.trusting(variable).folders == ("/variable",)
    house.write(managed=SETTING.format("/owner"))
    assert house.trusting(variable).folders == ("/owner",)


def test_an_empty_list_of_the_owner_forbids_every_other(house):
    house.write(user=SETTING.format(house.project), managed="trusted_folders = []\n")
    told = house.trusting({"HOCKET_TRUSTED_FOLDERS": str(house.project)})
    assert (told.folders, told.forbidden) == ((), "")
    assert not told.lists(house.project)


def test_with_never_only_the_owners_list_counts(house):
    house.write(user=SETTING.format(house.project), managed='trust = "never"\n')
    told = house.trusting({"HOCKET_TRUSTED_FOLDERS": str(house.project)})
    assert (told.folders, told.forbidden) == ((), str(house.places["managed"]))
    house.write(managed=f'trust = "never"\n{SETTING.format(house.project)}')
    assert house.trusting().lists(house.project)


def test_the_owner_says_last_whether_a_person_may_trust(house):
    house.write(user='trust = "never"\n')
    assert house.trusting().forbidden == str(house.places["user"])
    assert house.trusting({"HOCKET_TRUST": "ask"}).forbidden == ""
    house.write(managed='trust = "never"\n')
    assert house.trusting({"HOCKET_TRUST": "ask"}).forbidden == str(house.places["managed"])


def test_home_is_expanded_and_links_are_followed_on_both_sides(house, monkeypatch):
    monkeypatch.setenv("HOME", str(house.project.parent))
    house.write(user=SETTING.format("~/project"))
    assert house.trusting().folders == (str(house.project),)
    link = house.project.parent / "link"
    link.symlink_to(house.project)
    assert house.trusting().lists(link)
    house.write(user=SETTING.format(link))
    assert house.trusting().lists(house.project)


def test_a_link_in_a_listed_folder_does_not_make_what_it_leads_to_listed(house):
    listed = house.project.parent / "listed"
    listed.mkdir()
    (listed / "link").symlink_to(house.project)
    house.write(user=SETTING.format(listed))
    assert not house.trusting().lists(listed / "link")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("trusted_folders = ['src']", "must be an absolute path, or begin with ~"),
        ("trusted_folders = ['']", "must be an absolute path, or begin with ~"),
        ("trusted_folders = 5", "expected a valid array"),
        ('trust = "always"', "expected 'ask' or 'never'"),
    ],
)
def test_what_is_wrong_is_an_error_with_its_place(house, text, said):
    house.write(user=text)
    with pytest.raises(UsageError, match=r"config\.toml:1: ") as raised:
        house.trusting()
    assert said in raised.value.message


def test_what_a_project_broke_does_not_matter_here(house):
    house.write(project="this is = no TOML =", user=SETTING.format(house.project))
    assert house.trusting().lists(house.project)
