"""Finds the links of a Markdown text that lead elsewhere than they say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from hocket.api.inert.addresses import decoded, host_of, scheme_of, seen
from hocket.api.inert.characters import stripped
from hocket.api.inert.grammar import (
    ANCHOR,
    AUTOLINK,
    BARE,
    DEFINITION,
    IMAGE,
    LINK,
    REFERENCE,
    dropped,
    inside,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_ADDRESS = re.compile(
    r"(?<![a-z0-9+.-])(?:[a-z][a-z0-9+.-]*+:[/\\]+|(?=www\.)|//)([^\s/\\?#<>()\"']++)",
    re.IGNORECASE,
)
_CUT = re.compile("[@:%\u2044\u2215\u29f8\u3002\uff0e\uff0f\uff61]")
"""Where a reader takes a host to be over, and a browser does not."""
_DOMAIN = re.compile(r"(?<![\w.-])[^\W_](?:[\w-]*+\.)(?:[\w-]++\.)*+[^\W\d_]{2,}+")
_WELL_KNOWN = re.compile(
    "ai|app|au|biz|br|ca|ch|cn|co|com|de|dev|edu|es|eu|example|fr|gov|in|info|int|io|it|jp|mil|net"
    "|nl|org|ru|se|test|uk|us"
)
_FILES = re.compile(
    "c|cc|cfg|css|csv|go|h|html|ini|java|js|json|jsx|lock|log|md|mjs|pdf|php|pl|png|ps|py|pyi|rb|rs"
    "|sh|so|sql|svg|toml|ts|tsx|txt|xml|yaml|yml|zip"
)
"""Ends of file names, some of which are countries too."""


_AROUND = " \t\n*_`~\"'.,:;!?()\u2018\u2019\u201c\u201d"
_PORT = re.compile(r":[0-9]*\Z")


class Misfit(NamedTuple):
    """A link whose text looks like an address of another host than its target."""

    text: str
    shown: str
    """The host that a reader sees."""
    real: str
    """The host it leads to, in ASCII; empty when it leads to none."""


def link_misfits(markdown_text: str) -> list[Misfit]:
    """List the links that name another host than theirs, or one that only looks like theirs."""
    found: list[Misfit] = []
    for text, place in _links(stripped(markdown_text)):
        real = host_of(place) or ""
        shown = _shown(text)
        if shown is not None and not _fits(shown, real):
            found.append(Misfit(text, shown, real))
    return list(dict.fromkeys(found))


def _links(text: str) -> Iterator[tuple[str, str]]:
    """Give the text and the target of every link; each is taken out before others are looked for.

    So the address inside a link is not found again as one that stands for itself.
    """
    text = IMAGE.sub(lambda found: found[1], text)
    places = {_name(found[1]): inside(found[2]) for found in DEFINITION.finditer(text)}
    text = DEFINITION.sub("", text)
    for form in (ANCHOR, LINK):
        for found in form.finditer(text):
            *targets, label = (found[2], found[1]) if form is LINK else found.groups()
            yield label, inside(next(target for target in targets if target is not None))
        text = form.sub(" ", text)
    for found in REFERENCE.finditer(text):
        if (place := places.get(_name(found[2] or found[1]))) is not None:
            yield found[1], place
    for form in (AUTOLINK, BARE):
        for found in form.finditer(text):
            address = dropped(found[found.lastindex or 0])
            yield address, inside(_whole(address))
        text = form.sub(" ", text)


def _name(label: str) -> str:
    return " ".join(label.casefold().split())


def _whole(address: str) -> str:
    """Write the scheme before an address that does without."""
    if address[:4].lower() == "www.":
        return f"//{address}"
    return address if scheme_of(address) else f"mailto:{address}"


def _shown(text: str) -> str | None:
    """Give the host that a reader sees in a text; None when it looks like no address."""
    words = inside(text).strip(_AROUND)
    found = _ADDRESS.search(words)
    if found is not None:
        return _first_host(found[1])
    whole = _DOMAIN.match(words)
    is_code = text.lstrip().startswith("`")
    if whole and not is_code and words[whole.end() : whole.end() + 1] in {"", "/"}:
        return None if _ends(whole[0], _FILES) else seen(whole[0])
    named = (one[0] for one in _DOMAIN.finditer(words))
    return next((seen(host) for host in named if _ends(host, _WELL_KNOWN)), None)


def _first_host(authority: str) -> str:
    """Give what people see who read from the left; what stands before an `@` comes first."""
    first = _CUT.split(authority)[0]
    if "." in first:
        return seen(first)
    host = authority.rpartition("@")[2]
    return host if "%" in host else seen(_PORT.sub("", host))


def _ends(host: str, known: re.Pattern[str]) -> bool:
    return known.fullmatch(host.rpartition(".")[2].lower()) is not None


def _fits(shown: str, real: str) -> bool:
    return shown.removeprefix("www.") == decoded(real).removeprefix("www.")
