"""Reads the host of an address as browsers do, whatever was done to hide it."""

from __future__ import annotations

import re
from unicodedata import name, normalize
from urllib.parse import unquote

from hocket.api.inert.characters import stripped

WEB = frozenset({"http", "https", "ftp", "ws", "wss"})
"""Schemes after which browsers skip slashes of any kind and number."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", re.DOTALL)
_GAPS = re.compile(r"[\t\n\r]")
_PORT = re.compile(r":[0-9]*\Z")
_NO_NAME = re.compile(r"[\x00-\x20#%/:<>?@\[\]\\^|`{}\"'()*!&$,;=+~]")
_NUMBERED = re.compile(r"\[[0-9a-f:.]+\]")
_LONGEST, _LONGEST_LABEL = 253, 63
"""As the domain name system has it."""
_LOOKALIKES = str.maketrans(
    "аԁеһіјкӏмопрԛѕтухѵԝүгсαονρικυτγωϲϳχօսոհցɑɡ",
    "adehijklmonpqstyxvwyrcaovpikutywcjxounhgag",
)
"""Letters that a reader takes for Latin ones."""
_BESIDE_LATIN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})


def scheme_of(place: str) -> str:
    """Give the scheme of an address in small letters; nothing when it has none."""
    found = _SCHEME.match(_tidy(place))
    return found[1].lower() if found else ""


def host_of(place: str) -> str | None:
    """Give the host that an address leads to, in ASCII; None when it leads to none.

    A host that no browser would accept is given as `?`.
    """
    authority = _authority(_tidy(place))
    if authority is None:
        return None
    host = _plain(_PORT.sub("", authority.rpartition("@")[2]))
    if not host:
        return None
    if _NUMBERED.fullmatch(host):
        return host
    if len(host) > _LONGEST or _NO_NAME.search(host):
        return "?"
    return ".".join(_ascii(label) for label in host.split("."))


def seen(host: str) -> str:
    """Give a host as a reader takes it: decoded, with its lookalikes as what they look like."""
    return ".".join(_taken_for(_decoded(label)) for label in _plain(host).split("."))


def decoded(host: str) -> str:
    """Give a host in the letters of its language."""
    return ".".join(_decoded(label) for label in host.split("."))


def _tidy(place: str) -> str:
    return _GAPS.sub("", place).strip("".join(map(chr, range(33))))


def _authority(place: str) -> str | None:
    found = _SCHEME.match(place)
    scheme, rest = (found[1].lower(), found[2]) if found else ("", place)
    if scheme == "mailto":
        return rest.partition("?")[0]
    slashes = len(rest) - len(rest.lstrip("/\\"))
    if scheme in WEB or slashes > 1:
        return re.split(r"[/\\?#]", rest[slashes:], maxsplit=1)[0]
    return None


def _plain(host: str) -> str:
    """Undo what browsers undo: percent signs, wide letters, other dots, characters of no width."""
    letters = normalize("NFKC", unquote(stripped(host))).replace("\u3002", ".").lower()
    return stripped(letters).rstrip(".")


def _ascii(label: str) -> str:
    return label if label.isascii() else f"xn--{label.encode('punycode').decode()}"


def _decoded(label: str) -> str:
    if not label.startswith("xn--") or len(label) > _LONGEST_LABEL:
        return label
    try:
        return label[4:].encode().decode("punycode")
    except UnicodeError:
        return label


def _taken_for(label: str) -> str:
    folded = label.translate(_LOOKALIKES)
    return folded if folded.isascii() or _is_mixed(label) else label


def _is_mixed(label: str) -> bool:
    scripts = {name(letter, "?").split(" ")[0] for letter in label if letter.isalpha()}
    return len(scripts) > 1 and "LATIN" in scripts and not scripts <= {"LATIN", *_BESIDE_LATIN}
