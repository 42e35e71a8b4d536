"""A passage of others inside a report: plain words in Markdown, or escaped in a page."""

from __future__ import annotations

import re
import sys

from hocket.api.inert.addresses import host_of, scheme_of
from hocket.api.inert.characters import stripped
from hocket.api.inert.grammar import ALT, AUTOLINK, IMAGE, IMAGE_TAG, LINK, inside

_DEPTH = 5
"""Links in labels of links; what is nested deeper only loses its meaning."""
# Private characters cannot be in a stripped text: they stand for brackets until all is done.
_OPEN, _CLOSE = "\ue000", "\ue001"
_ENTITY = re.compile(r"&(?=(#[0-9]++|#[xX][0-9a-fA-F]++|[A-Za-z][A-Za-z0-9]{1,40}))")
_PLAIN = re.compile(r"[A-Za-z0-9 \n.,;:'\"()%+=/-]*")
"""Most words are made of these, and none of them means anything without a bracket."""
_DIGITS = 7
_TAG = re.compile(r"<(?=[A-Za-z/!?]|\Z)")
_MEANING = re.compile(r"!(?=\[)|\](?=[(\[:])")
_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})


def markdown(text: str) -> str:
    """Make a passage safe to stand in a Markdown report: words, no images, links told by host.

    Nothing in it is a link, an image, a definition or HTML any more; an address that stands for
    itself stays readable. Doing it twice changes nothing.
    """
    if _PLAIN.fullmatch(text):
        return text
    told = _ENTITY.sub(_kept_entity, stripped(text))
    told = AUTOLINK.sub(r"\1", IMAGE_TAG.sub(_tagged_image, told))
    for _ in range(_DEPTH):
        told = LINK.sub(_told_link, IMAGE.sub(rf"{_OPEN}\1{_CLOSE}", told))
    told = told.replace(_OPEN, "[image: ").replace(_CLOSE, "]")
    # What is left of links in forms nobody foresaw: a backslash takes their meaning.
    told = _TAG.sub("&lt;", _MEANING.sub(r"\g<0>" + "\\\\", told))
    return stripped(told)


def html(text: str) -> str:
    """Make a passage safe to stand in a page, also in an attribute with quotes."""
    return stripped(text).translate(_HTML)


def _kept_entity(found: re.Match[str]) -> str:
    """Take the meaning of an entity that would become what was stripped."""
    decoded = _decoded(found[1])
    return "&" if stripped(decoded) == decoded else "&amp;"


def _decoded(entity: str) -> str:
    if not entity.startswith("#"):
        return inside(f"&{entity};")
    is_hex = entity[1] in "xX"
    digits = entity[1 + is_hex :].lstrip("0")
    code = int(digits or "0", 16 if is_hex else 10) if len(digits) <= _DIGITS else 0
    return chr(code) if code <= sys.maxunicode else "\0"


def _tagged_image(found: re.Match[str]) -> str:
    alt = ALT.search(found[1])
    said = next((each for each in alt.groups() if each is not None), "") if alt else ""
    return f"{_OPEN}{said}{_CLOSE}"


def _told_link(found: re.Match[str]) -> str:
    label, place = found[1], inside(found[2])
    host, scheme = host_of(place), scheme_of(place)
    if host is not None:
        return f"{label} (link to {'an unreadable host' if host == '?' else host})"
    if scheme:
        return f"{label} (link left out: {scheme})"
    return found[0]
