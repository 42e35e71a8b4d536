"""A web address that was read and found harmless in itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hocket_plugins.tools.web.input import LONGEST_URL
from hocket_plugins.tools.web.refusal import Refusal

_PORTS = {"http": 80, "https": 443}
_STRANGE = re.compile(r"[\x00-\x20\x7f-\xa0\\<>\"\u2028\u2029\ud800-\udfff]")
"""Readers of addresses disagree about these, so that one may check a host and another use it."""
_NAMED = re.compile(r"[^/?#]*/*[^/?#]*@")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?|[0-9a-f:.]*:[0-9a-f:.]*")


@dataclass(frozen=True, slots=True)
class Link:
    """An address without fragment; its host is in small letters, ASCII, without brackets."""

    url: str
    scheme: str
    host: str
    port: int

    @property
    def authority(self) -> str:
        """Host and port as they stand in an address and in the header `Host`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    def is_same_place(self, other: Link) -> bool:
        """Say whether it is the other's host, a `www.` in front aside."""
        return self.host.removeprefix("www.") == other.host.removeprefix("www.")


def read(text: str) -> Link:
    """Read an address; raises Refusal for what is never fetched, whoever asks."""
    import httpx2

    if strange := _STRANGE.search(text):
        raise Refusal(f"the address has the character {strange[0]!a} in it")
    try:
        url = httpx2.URL(text).copy_with(fragment=None)
        scheme, host = url.scheme, url.raw_host.decode("ascii").lower().removesuffix(".")
    except (httpx2.InvalidURL, ValueError) as cause:
        raise Refusal("it is no web address") from cause
    if scheme not in _PORTS or not _HOST.fullmatch(host) or len(str(url)) > LONGEST_URL:
        raise Refusal("it is no address that begins with http:// or https:// and a host")
    if _NAMED.match(text):
        raise Refusal("the address has a name or a password in it")
    port = _PORTS[scheme] if url.port is None else url.port
    if port not in _PORTS.values():
        raise Refusal(f"its port is {port}; only 80 and 443 are fetched from")
    return Link(str(url), scheme, host, port)


def follow(link: Link, location: str) -> Link:
    """Read what a page at this address refers to; raises Refusal."""
    from urllib.parse import urljoin

    try:
        return read(urljoin(link.url, location.strip(" \t\r\n\f")))
    except ValueError as cause:
        raise Refusal("it is no web address") from cause
