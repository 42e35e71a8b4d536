"""What a person may switch off, and what nobody else may."""

from __future__ import annotations

import inspect

import pytest
from pydantic import ValidationError

from hocket.api.settings import PluginSettings, Setting
from hocket_plugins.policies import quarantine
from hocket_plugins.policies.quarantine.section import Quarantine


@pytest.fixture
def handed(tmp_path):
    """Count what the plugin hands over under a section."""

    def counted(section=None):
        sections = {} if section is None else {"quarantine": Quarantine(**section)}
        settings = PluginSettings(tmp_path, sections)
        hooks = (quarantine.hocket_register_stages, quarantine.hocket_register_policies)
        return [len(hook(settings)) for hook in hooks]

    return counted


def test_it_is_on_unless_a_person_switches_it_off(handed):
    assert handed() == [1, 1]
    assert handed({}) == [1, 1]
    assert handed({"ids": "handles"}) == [1, 1]
    assert handed({"mode": "off"}) == [0, 0]


def test_every_field_is_the_persons_alone_and_told(handed):
    (section,) = quarantine.hocket_register_settings()

    assert section.model_config["title"] == "quarantine"
    for field in section.model_fields.values():
        assert Setting.PERSON_ONLY in field.metadata
        assert field.description


@pytest.mark.parametrize("said", [{"mode": "audit"}, {"ids": "texts"}, {"on": True}])
def test_other_words_are_refused(said):
    with pytest.raises(ValidationError):
        Quarantine(**said)


def test_the_section_is_frozen():
    with pytest.raises(ValidationError):
        Quarantine().mode = "off"


def test_no_hook_awaits():
    for name, hook in vars(quarantine).items():
        if name.startswith("hocket_"):
            assert not inspect.iscoroutinefunction(hook)
