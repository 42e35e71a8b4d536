"""From all sources to the settings of one command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.config.layers import layers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pydantic import BaseModel, JsonValue

    from hocket.config.layers import Vet
    from hocket.config.loaded import Loaded


def load(
    project: Path,
    *,
    flags: Mapping[str, JsonValue],
    env: Mapping[str, str],
    models: Mapping[str, type[BaseModel]],
    managed: Path | None = None,
    vet: Vet | None = None,
) -> Loaded:
    """Read, check and merge all sources; raises UnknownSetting and UsageError with the line.

    `models` are the plugins' sections by name, `managed` another folder than the machine's,
    `vet` says which of the project's files hold as they are.
    """
    # pydantic costs 60 ms, which `--help` must not pay.
    from hocket.config.merging import Merge  # noqa: PLC0415

    merge = Merge(models)
    for layer in layers(project, flags=flags, env=env, managed=managed, vet=vet):
        merge.add(layer)
    return merge.loaded()
