"""What models cost is a person's word, or the machine's owner's: a project's does not hold."""

from __future__ import annotations

import pytest

from hocket.config.settings import ModelPrice
from hocket.errors import UsageError

MINE = "[prices.mine]\ninput = 1\noutput = 5\n"


def test_prices_of_a_person_and_the_owner_are_put_together(house):
    house.write(
        user=MINE + "[prices.other]\ninput = 2\noutput = 2\n", managed=MINE + "cache_read = 0\n"
    )
    loaded = house.load()
    assert loaded.settings.prices == {
        "mine": ModelPrice(input=1, output=5, cache_read=0),
        "other": ModelPrice(input=2, output=2),
    }
    assert "managed" in loaded.origins["prices.mine"]
    assert loaded.notes == ()


@pytest.mark.parametrize("source", ["project", "pyproject"])
def test_a_project_cannot_say_what_models_cost(house, source):
    free = "prices.mine]\ninput = 0\noutput = 0\n"
    house.write(**{source: f"[{'tool.hocket.' if source == 'pyproject' else ''}{free}"})
    loaded = house.load()
    assert loaded.settings.prices == {}
    (note,) = loaded.notes
    assert note.endswith("a project cannot say what models cost; these do not hold: mine")


@pytest.mark.parametrize(
    "wrong", ["input = 1\n", "input = -1\noutput = 1\n", "input = 1\noutput = 1\ncache = 1\n"]
)
def test_a_price_that_is_none_is_refused(house, wrong):
    house.write(user=f"[prices.mine]\n{wrong}")
    with pytest.raises(UsageError):
        house.load()
