"""What is wrong is said before anything starts: file, line, what was expected, what was meant."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ConfigDict, Field, model_validator

from hocket.errors import UnknownSetting, UsageError


class Voice(BaseModel):
    model_config = ConfigDict(extra="forbid")
    pitch: int = 0


class Choir(BaseModel):
    model_config = ConfigDict(title="choir")
    voices: int = 4
    leader: Voice = Voice()
    others: list[Voice] = []
    by_name: dict[str, Voice] = {}
    token: str = ""
    key: str = Field("a", alias="clef")


class Strict(BaseModel):
    model_config = ConfigDict(title="strict")
    must: int
    may: int = 0

    @model_validator(mode="after")
    def ordered(self):
        if self.must < self.may:
            raise ValueError("must is less than may")
        return self


def refused(house, **texts):
    house.write(**texts)
    with pytest.raises(UsageError) as caught:
        house.load(models={"choir": Choir})
    return caught.value


def test_a_misspelt_key_is_named_with_file_line_and_the_nearest_key(house):
    text = '# caps\n\nconcurrency = 4\nmodel = """\nbuget_usd = 1\n"""\n\nbuget_usd = 5.0\n'
    error = refused(house, project=text)
    assert isinstance(error, UnknownSetting)
    assert str(error).startswith(
        ".hocket/config.toml:8: the key 'buget_usd' is unknown; "
        "expected one of allow_python_plugins, allowed_registries, auto_resume, backend, "
    )
    assert error.hint == "Did you mean 'budget_usd'? Nothing was started."


def test_a_key_like_no_other_gets_no_guess(house):
    assert refused(house, project="zzzzzz = 1\n").hint == "Nothing was started."


@pytest.mark.parametrize(
    ("text", "who", "key", "near"),
    [
        ("[choir]\nvoises = 2\n", ".hocket/config.toml:2", "choir.voises", "voices"),
        ("choir.voises = 2\n", ".hocket/config.toml:1", "choir.voises", "voices"),
        ("[plugins]\nblok = []\n", ".hocket/config.toml:2", "plugins.blok", "block"),
        ("[choir.leader]\npich = 1\n", ".hocket/config.toml:2", "choir.leader.pich", "pitch"),
        ("\n[chior]\nvoices = 2\n", ".hocket/config.toml:2", "chior", "choir"),
    ],
)
def test_a_misspelt_key_inside_a_table(text, who, key, near, house):
    error = refused(house, project=text)
    assert isinstance(error, UnknownSetting)
    assert str(error).startswith(f"{who}: the key '{key}' is unknown; expected one of ")
    assert f"Did you mean '{near}'?" in error.hint


@pytest.mark.parametrize("text", ["[choir.by_name.ann]\npich = 1\n", "choir.others=[{pich=1}]\n"])
def test_a_misspelt_key_deeper_inside_has_no_list_of_names(text, house):
    error = refused(house, project=text)
    assert isinstance(error, UnknownSetting)
    assert error.expected == ""


def test_a_misspelt_key_of_pyproject_stands_under_its_table(house):
    text = '[project]\nname = "x"\n[tool.hocket]\nmodle = "m"\n'
    error = refused(house, pyproject=text)
    assert error.who == "pyproject.toml:4"
    assert "Did you mean 'model'?" in error.hint


def test_a_misspelt_flag_is_named_as_it_would_be_typed(house):
    with pytest.raises(UnknownSetting, match="--buget-usd: the key 'buget_usd' is unknown"):
        house.load(flags={"buget_usd": 1})


def test_a_misspelt_variable_is_refused_and_a_strange_one_is_not_ours(house):
    with pytest.raises(UnknownSetting) as caught:
        house.load(env={"HOCKET_BUGET_USD": "5"})
    assert str(caught.value).startswith("HOCKET_BUGET_USD: the key 'HOCKET_BUGET_USD' is unknown")
    loaded = house.load(env={"HOCKET_TOUR_DATES": "1", "HOCKET_CALL": "9", "HOCKET_CHECKS": "x"})
    assert set(loaded.origins.values()) == {"default"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('concurrency = "8"\n', ":1: 'concurrency' is \"8\"; expected a valid integer."),
        ("\nconcurrency = 500\n", ":2: 'concurrency' is 500; expected less than or equal to 256."),
        ("concurrency = 0\n", ":1: 'concurrency' is 0; expected greater than or equal to 1."),
        ("budget_usd = inf\n", ":1: 'budget_usd' is Infinity; expected a finite number."),
        ("budget_tokens = 0\n", ":1: 'budget_tokens' is 0; expected greater than 0."),
        ('redact = "some"\n', ":1: 'redact' is \"some\"; expected 'all' or 'known'."),
        ("model = 2026-11-21\n", None),
        ("[checks]\ntest = 5\n", ":2: 'checks.test' is 5; expected a valid string."),
        ('[plugins]\nblock = "a"\n', ":2: 'plugins.block' is \"a\"; expected a valid array."),
        ("plugins = 5\n", None),
    ],
)
def test_a_wrong_value_is_named_with_what_was_expected(text, told, house):
    house.write(project=text)
    if told is None and text.startswith("model"):
        assert house.load().settings.model == "2026-11-21"
        return
    error = refused(house, project=text)
    assert error.who.startswith(".hocket/config.toml:")
    assert told is None or str(error) == f".hocket/config.toml{told}"


def test_a_wrong_value_that_a_stronger_file_hides_is_refused_all_the_same(house):
    house.write(project="concurrency = 4\n")
    assert refused(house, user="\nconcurrency = true\n").who.endswith("config.toml:2")


def test_a_wrong_variable_is_named(house):
    with pytest.raises(UsageError, match="HOCKET_CONCURRENCY: 'concurrency' is \"many\"; expected"):
        house.load(env={"HOCKET_CONCURRENCY": "many"})


def test_a_value_of_a_plugins_section_is_not_repeated(house):
    error = refused(house, project="[choir]\ntoken = 12345\n")
    assert str(error) == ".hocket/config.toml:2: 'choir.token' is int; expected a valid string."


def test_a_section_that_is_no_table_is_refused(house):
    error = refused(house, user="choir = 5\n")
    assert str(error).endswith("config.toml:1: 'choir' is no table; expected [choir].")


def test_a_key_with_another_name_in_the_file(house):
    house.write(project='[choir]\nclef = "b"\n')
    assert house.load(models={"choir": Choir}).sections["choir"].key == "b"


def test_a_section_that_lacks_what_its_plugin_needs(house):
    with pytest.raises(UsageError) as caught:
        house.load(models={"strict": Strict})
    assert str(caught.value) == "[strict]: 'strict.must' is missing."


def test_a_section_whose_own_rule_is_broken(house):
    house.write(project="[strict]\nmust = 1\nmay = 2\n")
    with pytest.raises(UsageError) as caught:
        house.load(models={"strict": Strict})
    assert str(caught.value) == "[strict]: 'strict' is dict; expected must is less than may."


def test_a_wrong_value_deep_in_a_list_is_found_by_its_key(house):
    error = refused(house, project="\n[[choir.others]]\npitch = 'high'\n")
    assert error.who == ".hocket/config.toml:2"
    assert error.found == "'choir.others.pitch' is str"
