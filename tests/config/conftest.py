"""A project, a person and a machine's owner, each with a settings file."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from hocket.config import blocked, load, trusting


@pytest.fixture
def house(tmp_path):
    """Write the files of the four places, and load them."""
    project, user, managed = tmp_path / "project", tmp_path / "user", tmp_path / "managed"
    places = {
        "project": project / ".hocket" / "config.toml",
        "pyproject": project / "pyproject.toml",
        "user": user / "config.toml",
        "managed": managed / "config.toml",
    }
    for path in places.values():
        path.parent.mkdir(parents=True, exist_ok=True)
    home = {"HOCKET_CONFIG_HOME": str(user)}

    def write(**texts):
        for name, text in texts.items():
            places[name].write_text(text, "utf-8")

    def loaded(flags=None, env=None, models=None, vet=None):
        env = {**home, **(env or {})}
        given = {"flags": flags or {}, "models": models or {}, "managed": managed, "vet": vet}
        return load(project, env=env, **given)

    def block():
        return blocked(project, home, managed=managed)

    def trusts(env=None):
        return trusting(project, {**home, **(env or {})}, managed=managed)

    return SimpleNamespace(
        write=write, load=loaded, blocked=block, places=places, trusting=trusts, project=project
    )
