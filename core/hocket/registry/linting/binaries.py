"""Files that hold a program or other files, by how they begin."""

from __future__ import annotations

_STARTS = (
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\xfe\xed\xfa\xce", "a program"),
    (b"\xfe\xed\xfa\xcf", "a program"),
    (b"\xce\xfa\xed\xfe", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\0asm", "a program"),
    (b"PK\x03\x04", "an archive"),
    (b"PK\x05\x06", "an archive"),
    (b"\x1f\x8b", "an archive"),
    (b"BZh", "an archive"),
    (b"\xfd7zXZ\0", "an archive"),
    (b"7z\xbc\xaf\x27\x1c", "an archive"),
    (b"Rar!\x1a\x07", "an archive"),
    (b"\x28\xb5\x2f\xfd", "an archive"),
    (b"!<arch>\n", "an archive"),
)
_COMPILED = (".pyc", ".pyo", ".class", ".so", ".dll", ".dylib")
_DOCUMENTS = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".epub", ".vsdx")
"""Zip files to a program, documents to a person."""
_TAR = slice(257, 262)


def kind_of(path: str, raw: bytes) -> str:
    """Say what it is; empty: none of them. Pictures, fonts and documents are none."""
    name = path.lower()
    if name.endswith(_COMPILED):
        return "a program"
    if raw[_TAR] == b"ustar":
        return "an archive"
    kind = next((kind for start, kind in _STARTS if raw.startswith(start)), "")
    if kind == "a program" and raw.startswith(b"MZ") and b"\0" not in raw:
        return ""  # a text may begin with these two letters
    return "" if kind == "an archive" and name.endswith(_DOCUMENTS) else kind
