"""What of a page a person would not see, and which elements end by themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_VOID = "area base br col embed hr img input link meta param source track wbr basefont frame"
VOID = frozenset(_VOID.split())
"""Elements without content; they have no end."""
_DROPPED = (
    "script style template title iframe object applet canvas audio video svg math datalist "
    "noframes noembed textarea select dialog"
)
DROPPED = frozenset(_DROPPED.split())
"""Elements whose content is no text, or not shown as such."""
_BLOCKS = (
    "address article aside blockquote details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr main nav ol p pre section table ul"
)
ENDED_BY: dict[str, frozenset[str]] = {
    **dict.fromkeys(_BLOCKS.split(), frozenset({"p"})),
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "tr": frozenset({"tr", "td", "th"}),
    "td": frozenset({"td", "th"}),
    "th": frozenset({"td", "th"}),
}
"""Which elements end where another one begins; else a hidden one would hide its neighbours."""
_ZERO = r"[+-]?0*\.?0*[a-z%]*"
_FAR = r"-\s*(?:\d{4,}|99+)(?:\.\d*)?[a-z%]*"
_UNSEEN = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)"
    rf"|content-visibility\s*:\s*hidden|(?:opacity|font-size|scale)\s*:\s*{_ZERO}"
    rf"|(?:left|right|top|bottom|text-indent|margin-left|margin-top)\s*:\s*{_FAR}"
    rf"|color\s*:\s*transparent|transform\s*:\s*scale\(\s*{_ZERO}\s*\)"
    r"|clip\s*:\s*rect\([01][^;]*\)|clip-path\s*:\s*inset\((?:50|100)%[^;]*\))"
    r"\s*(?:!\s*important\s*)?(?:;|$)",
    re.IGNORECASE,
)
"""How a style says that nobody sees it, by being nothing, elsewhere, or cut away."""
_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
_STYLE = 2_000


def is_hidden(attributes: Mapping[str, str]) -> bool:
    """Say whether an element says of itself that it is not seen; style sheets are not read."""
    style = attributes.get("style", "")
    unseen = len(style) > _STYLE or bool(_UNSEEN.search(_CSS_COMMENT.sub("", style)))
    return unseen or "hidden" in attributes or attributes.get("aria-hidden", "").lower() == "true"
