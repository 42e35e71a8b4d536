"""What of the installed is no longer the newest."""

from __future__ import annotations

from datetime import timedelta

import pytest
import shops
from desks import Desk

from hocket.registry.locks import reading
from hocket.registry.planning.outdated import outdated
from hocket.registry.resolving.rules import Rules


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    desk.publish("polite", "1.0.0")
    return desk


def looked(desk, **options):
    lock = reading.read(desk.scope.lock.read_bytes())
    rules = Rules(now=shops.NOW, hocket="0.3.0", python="3.11.4", locked=lock.versions, **options)
    return outdated(lock, desk.opened().shelf, rules)


def test_what_is_current_says_so(desk):
    desk.apply(desk.install("polite"))
    (found,) = looked(desk)
    assert found.is_current
    assert (found.key, str(found.wanted), str(found.latest)) == ("acme/polite", "1.0.0", "1.0.0")


def test_wanted_keeps_to_what_was_asked_for_and_latest_does_not(desk):
    desk.apply(desk.install("polite@^1"))
    desk.publish("polite", "1.2.0")
    desk.publish("polite", "2.0.0")
    desk.publish("polite", "3.0.0-rc.1")
    young = shops.NOW - timedelta(hours=1)
    desk.publish("polite", "2.1.0", published=young)
    (found,) = looked(desk)
    assert (str(found.wanted), str(found.latest)) == ("1.2.0", "2.0.0")
    assert found.held.startswith("acme/polite 2.1.0 is held for 23 h more")
    assert not found.is_current


def test_a_yanked_version_says_why(desk):
    desk.apply(desk.install("polite"))
    desk.publish("polite", "1.0.0", more='yanked = "wrong citations"')
    (found,) = looked(desk)
    assert (found.yanked, found.wanted, found.latest) == ("wrong citations", None, None)
    assert not found.is_current


@pytest.mark.parametrize(
    ("now", "renamed", "is_withdrawn"), [("kind", "acme/kind", False), ("", "", True)]
)
def test_new_names_and_withdrawals_are_told(desk, now, renamed, is_withdrawn):
    desk.apply(desk.install("polite"))
    desk.publish("kind", "2.0.0")
    desk.top["acme"] = f'renames = {{ polite = "{now}" }}'
    desk.write("acme")
    (found,) = looked(desk)
    assert (found.renamed, found.is_withdrawn) == (renamed, is_withdrawn)
    assert not found.is_current
    if renamed:
        assert str(found.latest) == "2.0.0"


def test_what_no_registry_at_hand_has_is_not_told(desk):
    desk.apply(desk.install("polite"))
    del desk.shops["acme"]
    assert looked(desk) == ()
