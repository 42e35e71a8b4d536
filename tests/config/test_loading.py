"""Who wins, who can only lower, and where each setting came from."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from hocket.config.caps import raises
from hocket.config.processors import agents_at_once
from hocket.errors import NameClash, UsageError


class Choir(BaseModel):
    """A plugin's section."""

    model_config = ConfigDict(title="choir")
    voices: int = 4
    keys: tuple[str, ...] = ()


def test_nothing_written_gives_the_defaults(house):
    loaded = house.load(models={"choir": Choir})
    assert loaded.settings.max_agents == 1000
    assert loaded.settings.concurrency == agents_at_once()
    assert loaded.settings.budget_usd is None
    assert set(loaded.origins.values()) == {"default"}
    assert loaded.sections == {"choir": Choir()}
    assert loaded.notes == ()


ORDER = ("user", "pyproject", "project", "environment", "flags", "managed")


@pytest.mark.parametrize(("weak", "strong"), list(itertools.combinations(ORDER, 2)))
def test_the_stronger_source_wins(weak, strong, house):
    texts = {"pyproject": '[tool.hocket]\nbackend = "pyproject"\n'}
    texts |= {name: f'backend = "{name}"\n' for name in ("user", "project", "managed")}
    chosen = (weak, strong)
    house.write(**{name: text for name, text in texts.items() if name in chosen})
    loaded = house.load(
        flags={"backend": "flags" if "flags" in chosen else None},
        env={"HOCKET_BACKEND": "environment" if "environment" in chosen else ""},
    )
    assert loaded.settings.backend == strong


def test_each_setting_says_where_it_came_from(house):
    house.write(
        user='model = "m"\n',
        project='router = "tiers"\n[checks]\ntest = "pytest"\n',
        pyproject='[tool.hocket]\neffort = "low"\n[tool.hocket.choir]\nvoices = 6\n',
        managed='redact = "all"\n[plugins]\nblock = ["acme"]\n',
    )
    env = {"HOCKET_DURABILITY": "sync"}
    loaded = house.load(flags={"budget_usd": 5}, env=env, models={"choir": Choir})
    given = {key: place for key, place in loaded.origins.items() if place != "default"}
    assert given == {
        "model": str(house.places["user"]),
        "router": ".hocket/config.toml",
        "checks.test": ".hocket/config.toml",
        "effort": "pyproject.toml",
        "choir.voices": "pyproject.toml",
        "redact": str(house.places["managed"]),
        "plugins": str(house.places["managed"]),
        "durability": "HOCKET_DURABILITY",
        "budget_usd": "--budget-usd",
    }
    assert loaded.origins["choir.keys"] == "default"


@pytest.mark.parametrize(
    ("key", "mine", "more", "less"),
    [
        ("concurrency", 8, 100, 4),
        ("max_agents", 50, 5000, 10),
        ("budget_tokens", 1000, 2000, 10),
        ("budget_usd", 5.0, 50.0, 1.5),
    ],
)
def test_a_project_can_lower_a_cap_and_not_raise_it(key, mine, more, less, house):
    house.write(user=f"{key} = {mine}\n", project=f"# caps\n{key} = {more}\n")
    raised = house.load()
    assert getattr(raised.settings, key) == mine
    (note,) = raised.notes
    assert note.startswith(f".hocket/config.toml:2: {key} = {more} does not hold; it stays {mine}")
    house.write(project=f"{key} = {less}\n")
    lowered = house.load()
    assert (getattr(lowered.settings, key), lowered.notes) == (less, ())


def test_a_budget_where_a_person_set_none_is_lower(house):
    house.write(project="budget_usd = 3\n")
    assert house.load().settings.budget_usd == 3


def test_a_person_may_raise_what_the_project_lowered(house):
    house.write(project="max_agents = 10\nconcurrency = 2\n")
    loaded = house.load(flags={"max_agents": 2000}, env={"HOCKET_CONCURRENCY": "64"})
    assert (loaded.settings.max_agents, loaded.settings.concurrency) == (2000, 64)


def test_the_environment_can_lower_the_number_of_agents_only(house):
    assert house.load(env={"HOCKET_MAX_AGENTS": "10"}).settings.max_agents == 10
    loaded = house.load(env={"HOCKET_MAX_AGENTS": "9999"})
    assert loaded.settings.max_agents == 1000
    assert loaded.notes[0].startswith("HOCKET_MAX_AGENTS: max_agents = 9999 does not hold")


def test_the_owners_cap_is_a_ceiling_and_a_choice_where_nobody_chose(house):
    house.write(managed="max_agents = 5000\n")
    assert house.load().settings.max_agents == 5000
    assert house.load(flags={"max_agents": 20}).settings.max_agents == 20
    assert house.load(flags={"max_agents": 9000}).settings.max_agents == 5000


@given(
    own=st.integers(1, 256) | st.none(),
    offered=st.integers(1, 256),
    key=st.sampled_from(["concurrency", "max_agents", "budget_tokens", "budget_usd"]),
    chosen=st.booleans(),
)
def test_no_project_ever_raises_a_cap(own, offered, key, chosen):
    refused = raises(key, "project", offered, own, given=chosen)
    assert refused == (own is not None and offered > own)
    assert not raises(key, "flags", offered, own, given=chosen)


def test_checks_of_all_files_come_together_by_name(house):
    house.write(
        user='[checks]\nlint = "ruff"\ntest = "tox"\n',
        project='[checks]\ntest = ["pytest", "-q"]\n',
    )
    assert house.load().settings.checks == {"lint": "ruff", "test": ("pytest", "-q")}


def test_a_section_is_merged_key_by_key(house):
    house.write(user='[choir]\nvoices = 2\nkeys = ["a", "b"]\n', project="[choir]\nvoices = 3\n")
    loaded = house.load(models={"choir": Choir})
    assert loaded.sections == {"choir": Choir(voices=3, keys=("a", "b"))}


def test_a_section_that_is_called_like_a_setting_is_refused(house):
    with pytest.raises(NameClash, match="settings section 'checks': offered by a plugin"):
        house.load(models={"checks": Choir})


def test_the_section_of_a_blocked_plugin_is_noted_and_not_refused(house):
    house.write(
        project="[choir]\nvoices = 2\n",
        user='[plugins]\nblock = ["acme.choir"]\n',
    )
    loaded = house.load()
    assert loaded.notes == (
        ".hocket/config.toml:1: nobody reads [choir]; it may belong to a blocked plugin",
    )


def test_settings_do_not_change_while_a_command_runs(house):
    with pytest.raises(ValueError, match="frozen"):
        house.load().settings.concurrency = 5


def test_a_project_only_lowers_the_size(house):
    assert house.load().settings.size == "medium"
    house.write(project='size = "unlimited"\n')
    loaded = house.load()
    assert loaded.settings.size == "medium"
    assert "size = unlimited does not hold; it stays medium" in loaded.notes[0]
    house.write(user='size = "large"\n', project='size = "small"\n')
    assert house.load().settings.size == "small"
    assert house.load(flags={"size": "unlimited"}).settings.size == "unlimited"
    with pytest.raises(UsageError, match="size"):
        house.load(flags={"size": "huge"})
