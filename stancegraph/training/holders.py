"""When two names are the same holder's, by the rule of the scorer."""

from __future__ import annotations

import re

# fmt: off
_ASIDE = frozenset((
    "mr", "mrs", "ms", "dr", "president", "senator", "sen", "gov", "governor", "rep", "secretary", "minister", "prime",
    "former", "general", "the", "a", "of",
))
# fmt: on


def same_name(a: str, b: str) -> bool:
    """Tell whether the words of one name are among those of the other, titles aside."""
    x, y = (frozenset(re.findall(r"\w+", n.casefold())) - _ASIDE for n in (a, b))
    return bool(x and y) and (x <= y or y <= x)
