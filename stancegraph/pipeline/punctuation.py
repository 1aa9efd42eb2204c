"""Where punctuation hangs in a tree, which Universal Dependencies fixes by rule once the words have their heads.

A pair of brackets or quotation marks hangs on the head of what it encloses, a mark at the end of a sentence on the root, any
other on the highest word beside it that it can hang on without crossing another edge; where the two sides offer one each, on
the one that depends on the other. After the guidelines at https://universaldependencies.org/u/dep/punct.html.
"""

from __future__ import annotations

from collections.abc import Sequence

_CLOSING = {"(": ")", "[": "]", "{": "}", "“": "”", "‘": "’", "«": "»", "``": "''"}
_EITHER = frozenset("\"'")
_FINAL = frozenset((".", "?", "!", "?!", "!!", "!!!"))


def with_punctuation(words: Sequence[str], parents: Sequence[int], punctuation: Sequence[bool]) -> list[int]:
    """Return the parents of a sentence's words with those of its punctuation set by rule.

    Args:
        words: The words.
        parents: The parent of each, the root's its own.
        punctuation: Which of them are punctuation.
    """
    root = next(i for i, p in enumerate(parents) if i == p)
    if punctuation[root]:
        return list(parents)
    tree, pairs = _Tree(parents, punctuation), _pairs(words, punctuation)
    found = list(parents)
    for i in (i for i, p in enumerate(punctuation) if p):
        if i in pairs:
            low, high = sorted((i, pairs[i]))
            parent = tree.head_of(low, high, parents[i])
        else:
            low, high = max(((a, b) for a, b in pairs.items() if a < i < b), default=(-1, len(words)))
            parent = _beside(tree, i, low, high, root, final=words[i] in _FINAL)
        if not _Tree(found, punctuation).depends(parent, i):  # a word may hang on a mark
            found[i] = parent
    return found


def _beside(tree: _Tree, i: int, low: int, high: int, root: int, *, final: bool) -> int:
    """Return the parent of a mark that stands alone between `low` and `high`, the pair of marks around it or the ends."""
    left = next((k for k in range(i - 1, low, -1) if not tree.punctuation[k]), None)
    right = next((k for k in range(i + 1, high) if not tree.punctuation[k]), None)
    if left is None and right is None:
        return tree.parents[i]
    if right is None and high == len(tree.parents):
        return root
    above_left = None if left is None else tree.climb(left, low, i)
    above_right = None if right is None else tree.climb(right, i, high)
    if above_left is None or above_right is None:
        return above_right if above_left is None else above_left  # type: ignore[return-value] # one of them is known
    return above_left if final or tree.depends(above_left, above_right) else above_right


class _Tree:
    def __init__(self, parents: Sequence[int], punctuation: Sequence[bool]) -> None:
        self.parents, self.punctuation = parents, punctuation

    def climb(self, i: int, low: int, high: int) -> int:
        """Return the highest word above i that is reached without leaving the words between `low` and `high`."""
        while self.parents[i] != i and low < self.parents[i] < high:
            i = self.parents[i]
        return i

    def depends(self, i: int, other: int) -> bool:
        """Tell whether a word is another one or depends on it."""
        while i != other and self.parents[i] != i:
            i = self.parents[i]
        return i == other

    def depth(self, i: int) -> int:
        """Return how many edges lie between a word and the root."""
        steps = 0
        while self.parents[i] != i:
            i, steps = self.parents[i], steps + 1
        return steps

    def head_of(self, low: int, high: int, otherwise: int) -> int:
        """Return the highest word between two marks, the first of several."""
        inside = [i for i in range(low + 1, high) if not self.punctuation[i]]
        return min(inside, key=lambda i: (self.depth(i), i), default=otherwise)


def _pairs(words: Sequence[str], punctuation: Sequence[bool]) -> dict[int, int]:
    """Return for each mark of a pair the other one."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for i, word in enumerate(words):
        if not punctuation[i]:
            continue
        closes = [k for k in opened if _CLOSING.get(words[k], words[k]) == word]
        if closes and (word in _EITHER or word not in _CLOSING):
            k = closes[-1]
            opened = [o for o in opened if o < k]
            pairs[k], pairs[i] = i, k
        elif word in _CLOSING or word in _EITHER:
            opened.append(i)
    return pairs
