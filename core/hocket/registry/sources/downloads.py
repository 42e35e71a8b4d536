"""Fetches one file by https: as large as it may be, from where it says, and with nobody's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.inert import visible
from hocket.registry.forms import links
from hocket.registry.forms.names import Unfit
from hocket.registry.sources.failing import SourceLost, refused
from hocket.registry.trees.archives import MOST_ARCHIVE_BYTES
from hocket.registry.trees.intake import MIB

if TYPE_CHECKING:
    import httpx2

    from hocket.registry.sources.limits import Limits

MOST_REDIRECTS = 5
_HEADERS = {"accept": "*/*", "accept-encoding": "identity", "user-agent": "hocket"}
_SILENCE_S = 30


def download(url: str, limits: Limits, transport: httpx2.BaseTransport | None = None) -> bytes:
    """Fetch a file; raises SourceLost for what may pass, PackageRefused for what will not.

    Every redirect is a new request that carries nothing from the one before.
    """
    import httpx2  # noqa: PLC0415  (reads certificates)

    who, here = visible(url), url
    try:
        with httpx2.Client(transport=transport, headers=_HEADERS, timeout=_SILENCE_S) as client:
            for _turn in range(MOST_REDIRECTS + 1):
                with client.stream("GET", here) as answer:
                    if not answer.has_redirect_location:
                        return _content(who, answer, limits)
                    here = _next(who, answer)
                client.cookies.clear()
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as cause:
        found = f"it could not be fetched: {visible(str(cause)) or type(cause).__name__}"
        raise SourceLost(who, found=found) from cause
    raise refused(who, f"redirects more than {MOST_REDIRECTS} times")


def _next(who: str, answer: httpx2.Response) -> str:
    target = str(answer.url.join(answer.headers["location"]))
    try:
        return links.https(target)
    except Unfit as unfit:
        raise refused(who, f"redirects to an address that {unfit}") from unfit


def _content(who: str, answer: httpx2.Response, limits: Limits) -> bytes:
    if answer.status_code != 200:  # noqa: PLR2004  (HTTP's own number)
        raise SourceLost(who, found=f"the server answered {answer.status_code}")
    most, deadline = min(limits.most_bytes, MOST_ARCHIVE_BYTES), limits.started()
    found = bytearray()
    for chunk in answer.iter_raw():
        found += chunk
        if len(found) > most:
            raise refused(who, f"more than {most // MIB} MiB")
        if deadline.is_over:
            raise SourceLost(who, found=f"nothing whole came in {limits.seconds:g} s")
    return bytes(found)
