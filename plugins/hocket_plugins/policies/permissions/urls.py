"""Rules for addresses: `domain:example.org` is that host and those beneath it."""

from __future__ import annotations

import re
from unicodedata import normalize
from urllib.parse import urlsplit

PREFIX = "domain:"
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")
_CLEAN = re.compile(r"https?://[!-\[\]-~]+")
"""No blank, no control sign, no backslash, nothing but ASCII: all programs read it alike."""


def is_domain(what: str) -> bool:
    """Say whether a rule's text names a host that can be one."""
    return what.startswith(PREFIX) and _HOST.fullmatch(_host(what)) is not None


def allows(what: str, url: str) -> bool:
    """Say whether a rule names the host of an address, read without any doubt."""
    if not is_domain(what) or not _CLEAN.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
        port, host = parts.port, (parts.hostname or "").removesuffix(".")
    except ValueError:
        return False
    is_plain = "@" not in parts.netloc and port in {None, 80, 443}
    return is_plain and _HOST.fullmatch(host) is not None and _beneath(host, _host(what))


def denies(what: str, url: str) -> bool:
    """Say whether a rule may be about an address, however that is written."""
    folded = normalize("NFKC", url).casefold().replace("\\", "/")
    if not what.startswith(PREFIX):
        return normalize("NFKC", what).casefold() in folded
    names = re.split(r"[/@:?#]+", folded)
    return any(_beneath(name.removesuffix("."), _host(what)) for name in names)


def suggested(url: str) -> str | None:
    """Give what a rule would have to say to allow an address."""
    found = re.match(r"https?://([^/:?#@]+)", url.casefold())
    what = f"{PREFIX}{found[1]}" if found else ""
    return what if allows(what, url) else None


def _host(what: str) -> str:
    return what.removeprefix(PREFIX).strip().casefold().removeprefix("*.").removesuffix(".")


def _beneath(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")
