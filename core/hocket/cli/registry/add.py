"""`hocket registry add`: a registry is looked at once, and pinned as it was."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click

from hocket.cli._consent import interactive
from hocket.cli._output import emit, json_option, suggest, tell, write
from hocket.errors import RefusedError

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.calls import JsonObject
    from hocket.registry.known.offers import Offer

NOTHING = "Nothing was added."


@click.command()
@click.argument("url", metavar="URL|PATH")
@click.option("--as", "name", metavar="NAME", default="", help="The name it gets here.")
@click.option("--yes", is_flag=True, help="Agree to it as it is shown.")
@click.option(
    "--accept", metavar="ID", multiple=True, help="Accept these signers: signers:sha256:…."
)
@click.option("--offline", is_flag=True, help="Use no network.")
@json_option
def add(url: str, name: str, accept: tuple[str, ...], *, yes: bool, offline: bool) -> None:
    """Show who signs a registry at URL, and after a yes use it here.

    URL is https://…, ssh://…, gh:OWNER/NAME, a folder, or a name that the settings here give to
    one of these. What is shown is pinned: later changes of its signers are asked about again.
    """
    from hocket.cli.registry._known import now, opened, warn

    market, moment = opened(offline=offline), now()
    registries, named = market.known, market.project.loaded.settings.registries
    if url in named:
        name, url = name or url, named[url]
    offer = registries.offer(url, moment, name, accept)
    warn(offer.notes)
    tell("\n".join(lines(offer)))
    if not (yes or offer.is_pinned or offer.keys.consent in accept):
        _ask(offer, url, name)
    pin = registries.add(offer, moment)

    def human() -> None:
        write(f"{'kept' if offer.is_pinned else 'added'} {pin.name}")
        suggest(f"Look into it: hocket search --registry {pin.name}")

    emit("registry add", _as_data(offer, pin.name), human)


def lines(offer: Offer) -> list[str]:
    """Show a registry to whoever has to agree to it."""
    count = f"{offer.packages} package{'s' if offer.packages != 1 else ''}"
    signed = [f"  signer   {who}  {key}" for who, key in offer.signers]
    index = "index signed, and verified" if offer.signs_index else "index not signed"
    return [
        f"Registry {offer.name}",
        f"  address  {offer.url}" + (f" @ {offer.rev[:12]}" if offer.rev else ""),
        f"  serial   {offer.serial}, {count}, {index}",
        *(signed or ["  signer   none: its packages are unsigned, and each has to be accepted"]),
        f'It describes itself (not checked): "{offer.description}"',
    ]


def _ask(offer: Offer, url: str, name: str) -> None:
    if not interactive():
        # A hash agrees to what was shown; --yes would agree to what is served by then.
        agreeing = f"--accept={offer.keys.consent}" if offer.signers else "--yes"
        words = ["hocket", "registry", "add", url, *(["--as", name] if name else []), agreeing]
        raise RefusedError(
            f"registry {offer.name}",
            found="nobody is here to agree to its signers",
            expected="--yes, or --accept with the hash of its signers",
            hint=f"Compare the fingerprints above, then: {shlex.join(words)}\n{NOTHING}",
        )
    if not click.confirm("Are these the right signers? Use this registry?", err=True):
        raise RefusedError(f"registry {offer.name}", found="not agreed to", hint=NOTHING)


def _as_data(offer: Offer, name: str) -> JsonObject:
    signers: list[JsonValue] = [{"signer": who, "key": key} for who, key in offer.signers]
    return {
        "name": name,
        "url": offer.url,
        "rev": offer.rev or None,
        "serial": offer.serial,
        "packages": offer.packages,
        "description": offer.description,
        "signers": signers,
        "index_signed": offer.signs_index,
        "was_known": offer.is_pinned,
        "notes": [*offer.notes],
    }
