"""Where Claude models live, and why one of those places can work here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocket_plugins.models.anthropic.settings import Place, PlaceSection

    Env = Mapping[str, str]

_OFF = {"", "0", "false", "no", "off"}


@dataclass(frozen=True, slots=True)
class Found:
    """How a place shows that it was asked for, and what it is billed to."""

    signs: tuple[str, ...]
    """Variables of which one is enough. None of them is set on a machine by chance: no region."""
    account: tuple[str, ...]
    """Variables that say who pays, the first one that is set."""
    base_url: str = ""
    module: str = ""
    """What the SDK needs beside itself, by the name it is imported under."""
    extra: str = ""


_AWS = ("AWS_BEARER_TOKEN_BEDROCK", "AWS_PROFILE", "AWS_ACCESS_KEY_ID")

PLACES: dict[Place, Found] = {
    "anthropic": Found(
        ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_PROFILE"),
        (
            "ANTHROPIC_API_KEY",
            "ANTHROPIC_AUTH_TOKEN",
            "ANTHROPIC_PROFILE",
            "ANTHROPIC_ORGANIZATION_ID",
        ),
        "ANTHROPIC_BASE_URL",
    ),
    "bedrock": Found(
        ("AWS_BEARER_TOKEN_BEDROCK", "CLAUDE_CODE_USE_BEDROCK"),
        _AWS,
        "ANTHROPIC_BEDROCK_BASE_URL",
        "boto3",
        "bedrock",
    ),
    "bedrock-mantle": Found(
        ("ANTHROPIC_BEDROCK_MANTLE_BASE_URL",),
        ("ANTHROPIC_AWS_API_KEY", *_AWS),
        "ANTHROPIC_BEDROCK_MANTLE_BASE_URL",
    ),
    "aws": Found(
        ("ANTHROPIC_AWS_API_KEY", "ANTHROPIC_AWS_WORKSPACE_ID"),
        ("ANTHROPIC_AWS_WORKSPACE_ID", "ANTHROPIC_AWS_API_KEY"),
        "ANTHROPIC_AWS_BASE_URL",
    ),
    "vertex": Found(
        ("ANTHROPIC_VERTEX_PROJECT_ID", "CLAUDE_CODE_USE_VERTEX"),
        ("ANTHROPIC_VERTEX_PROJECT_ID",),
        "ANTHROPIC_VERTEX_BASE_URL",
        "google.auth",
        "vertex",
    ),
    "google-cloud": Found(
        ("ANTHROPIC_GOOGLE_CLOUD_PROJECT",),
        ("ANTHROPIC_GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_PROJECT"),
        "ANTHROPIC_GOOGLE_CLOUD_BASE_URL",
        "google.auth",
        "vertex",
    ),
    "foundry": Found(
        (
            "ANTHROPIC_FOUNDRY_API_KEY",
            "ANTHROPIC_FOUNDRY_RESOURCE",
            "ANTHROPIC_FOUNDRY_BASE_URL",
            "CLAUDE_CODE_USE_FOUNDRY",
        ),
        ("ANTHROPIC_FOUNDRY_RESOURCE", "ANTHROPIC_FOUNDRY_API_KEY"),
        "ANTHROPIC_FOUNDRY_BASE_URL",
    ),
}


def asked_for(place: Place, env: Env) -> str | None:
    """Say what on this machine asks for the place, by the variable's name and never its value."""
    for name in PLACES[place].signs:
        if env.get(name, "").lower() not in _OFF:
            return f"{name} is set"
    return _identity(env) if place == "anthropic" else None


def lacking(place: Place) -> str | None:
    """Say what has to be installed first; nothing is imported to find out."""
    found = PLACES[place]
    if not found.module or _installed(found.module):
        return None
    return f"{found.module} is not installed: pip install 'hocket[{found.extra}]'"


def advice(place: Place) -> str:
    """Say what to set so that the place is taken."""
    return f"to use it: set {PLACES[place].signs[0]}"


def endpoint(place: Place, section: PlaceSection, env: Env) -> str:
    """Name the host that is spoken to, or the region where the host follows from it."""
    url = section.base_url or env.get(PLACES[place].base_url)
    regions = ("AWS_REGION", "AWS_DEFAULT_REGION", "CLOUD_ML_REGION")
    region = section.region or next((env[name] for name in regions if name in env), "default")
    default = "api.anthropic.com" if place == "anthropic" else region
    return urlsplit(url).netloc.rpartition("@")[2] if url else default


def account(place: Place, section: PlaceSection, env: Env) -> str:
    """Tell accounts apart without showing one: a few digits of a digest."""
    names = [name for name in PLACES[place].account if env.get(name)]
    who = section.project or (env[names[0]] if names else "")
    return hashlib.sha256(who.encode()).hexdigest()[:8] if who else "default"


def _identity(env: Env) -> str | None:
    token = env.get("ANTHROPIC_IDENTITY_TOKEN") or env.get("ANTHROPIC_IDENTITY_TOKEN_FILE")
    if token and env.get("ANTHROPIC_FEDERATION_RULE_ID") and env.get("ANTHROPIC_ORGANIZATION_ID"):
        return "a workload identity is set (ANTHROPIC_FEDERATION_RULE_ID)"
    home = env.get("ANTHROPIC_CONFIG_DIR") or _default_home(env)
    return "a profile is active (anthropic/active_config)" if _has_profile(home) else None


def _default_home(env: Env) -> str:
    if env.get("APPDATA"):
        return str(Path(env["APPDATA"], "Anthropic"))
    return str(Path(env["HOME"], ".config", "anthropic")) if env.get("HOME") else ""


def _has_profile(home: str) -> bool:
    if not home:
        return False
    try:
        name = Path(home, "active_config").read_text("utf-8").strip()
    except OSError:
        name = ""
    return Path(home, "configs", f"{name or 'default'}.json").is_file()


def _installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # its parent is missing
        return False
