"""Titles and roles: what stands before or after a name, or in place of one."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from stancegraph.knowledge import _read
from stancegraph.knowledge._phrases import fold

_SUFFIX = re.compile(r"(?:Jr|Sr|Snr|Esq|M\.?D|Ph\.?D|Q\.?C|K\.?C|I{1,3}|IV|V|VI{1,3})\.?")
_PARTICLES = frozenset(
    [
        *(
            "al",
            "bin",
            "bint",
            "da",
            "dal",
            "de",
            "del",
            "della",
            "den",
            "der",
            "di",
            "dos",
            "du",
            "el",
            "ibn",
        ),
        *("la", "le", "ten", "ter", "van", "von", "zu"),
    ]
)
_LINKS = frozenset(("of", "for", "to", "at", "in"))
_LONGEST = 4
_PARTY_AND_STATE = re.compile(r"(?P<party>[RDI])(?:\s*[-–—]\s*(?P<state>[A-Z][A-Za-z. ]+?))?")


def split_title(phrase: str) -> tuple[str, str]:
    """Split what is said about a person from the person's name.

    Args:
        phrase: A name as texts write it: "former US President George W. Bush", "Angela Merkel, chancellor".

    Returns:
        The words before or after the name ("" if none) and the name. A phrase that is a role alone ("the
        president") comes back with an empty name; a regnal title stays with a given name ("Pope Francis").
    """
    before, name, after = _apposition(" ".join(phrase.split()))
    parts = name.split()
    cut = _end_of_title(parts)
    if cut and _given_name_alone(parts[cut:]) and _belongs_to_name(parts[cut - 1]):
        cut -= 1
    if cut == 0 and is_role(name):
        return " ".join([*before.split(), name, *after.split()]), ""
    title = " ".join([*before.split(), *parts[:cut], *after.split()])
    return title, " ".join(parts[cut:])


def is_role(phrase: str) -> bool:
    """Tell whether a phrase is a role, no name: "the Ukrainian president", "president of Poland".

    Args:
        phrase: The whole phrase.
    """
    parts = phrase.partition(", ")[0].split()
    roles = _words()[0]
    if _end_of_title(parts):
        return False
    # The role is the head noun: the last words, or those before "of", "for" and the like.
    ends = [len(parts), *(i for i, part in enumerate(parts) if part.casefold() in _LINKS)]
    return any(
        _plain(" ".join(parts[start:end])) in roles and _no_surname(parts[:end], start)
        for end in ends
        for start in range(max(0, end - _LONGEST), end)
    )


def role_name(phrase: str) -> str | None:
    """Return a role spelled out in lower case ("Sen." → "senator"), or None.

    Args:
        phrase: The whole role and nothing else; styles ("Mr.") are none.
    """
    plain = " ".join(phrase.replace(".", "").split())
    for short in (plain, plain.title()):
        if short in _abbreviations()["role"]:
            return _abbreviations()["role"][short]
    words = plain.casefold()
    spaced = words.replace("-", " ")
    return next((form for form in (spaced, words) if form in _offices()), None)


def is_local(role: str) -> bool:
    """Tell whether who has a role, as `role_name` gives it, has it in a town: "mayor".

    Args:
        role: The role, in lower case.
    """
    return role in _read.roles()["local"]


def seat_in_congress(brackets: str) -> str | None:
    """Return the state, else the party, that US news put in brackets after a name ("I-Vt." → "Vermont"), or None.

    Args:
        brackets: What stands in the brackets.
    """
    match = _PARTY_AND_STATE.fullmatch(brackets.strip())
    if match is None:
        return None
    known, state = _abbreviations(), (match["state"] or "").replace(".", "").strip()
    if state:
        return known["state"].get(state)
    return known["party"].get(match["party"])


def given_name(name: str) -> str | None:
    """Return one form for all spellings and short forms of a given name, None if it has only one.

    Args:
        name: A given name.
    """
    return _given_names().get(fold(name).casefold())


def gender_of_name(name: str) -> str:
    """Return "feminine" or "masculine" where the given name of a full name is one of a single gender, else "".

    Args:
        name: A full name.
    """
    first = fold(name).casefold().split()[:1]
    return _genders()["name"].get(first[0], "") if first and " " in name else ""


def gender_of_role(phrase: str) -> str:
    """Return the gender that the words of a title or role tell ("Mrs", "the congresswoman"), else "".

    Args:
        phrase: The title or role.
    """
    titles = _genders()["title"]
    words = _plain(phrase).split()
    told = {titles[w] for w in [*words, *map(" ".join, pairwise(words))] if w in titles}
    return told.pop() if len(told) == 1 else ""


@cache
def _genders() -> dict[str, dict[str, str]]:
    return _read.genders()


@cache
def _given_names() -> dict[str, str]:
    return {fold(name).casefold(): group[0].casefold() for group in _read.given_names() for name in group}


@cache
def _abbreviations() -> dict[str, dict[str, str]]:
    return _read.abbreviations()


@cache
def _offices() -> frozenset[str]:
    kinds = _read.roles()
    every = (word for kind in ("office", "rank", "occupation", "local") for word in kinds[kind])
    return frozenset(map(_plain, every)) - _abbreviations()["role"].keys()


@cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    """Return every role or title in lower case without dots, and those that make a given name a full name."""
    kinds = _read.roles()
    every = frozenset(_plain(word) for words in kinds.values() for word in words)
    return every, frozenset(map(_plain, kinds["regnal"]))


def _apposition(phrase: str) -> tuple[str, str, str]:
    """Split "the chancellor, Angela Merkel" and "Angela Merkel, chancellor" into before, name, after."""
    left, comma, right = phrase.partition(", ")
    right = right.strip(" ,")
    if not comma or _SUFFIX.fullmatch(right):
        return "", phrase, ""
    if is_role(left) and _name_like(right.split()):
        return left, right, ""
    return ("", left, right) if is_role(right) else ("", phrase, "")


def _end_of_title(parts: list[str]) -> int:
    """Return how many leading words are a title before a name, 0 if there is none."""
    roles = _words()[0]
    for end in range(len(parts) - 1, 0, -1):
        for start in range(max(0, end - _LONGEST), end):
            if _plain(" ".join(parts[start:end])) in roles and not _inside_name(parts, start):
                after = end + _place(parts[end:])
                if _name_like(parts[after:]):
                    return after
    return 0


def _place(parts: list[str]) -> int:
    """Return how many words say where somebody holds office ("of Ukraine"), 0 if a name follows at once."""
    if not parts or parts[0].casefold() not in _LINKS:
        return 0
    from stancegraph import knowledge  # the tables of names build on this module

    for end in range(min(len(parts), _LONGEST + 1), 1, -1):
        if knowledge.look_up(" ".join(parts[1:end])):
            return end
    return 0


def _inside_name(parts: list[str], start: int) -> bool:
    """Tell whether a title is rather part of a name ("Martin Luther King Jr.", "the General Staff")."""
    only_suffixes = all(_SUFFIX.fullmatch(part) for part in parts[start + 1 :])
    return start > 0 and (only_suffixes or parts[start - 1].casefold() in {"the", *_LINKS})


def _no_surname(parts: list[str], start: int) -> bool:
    """Tell a capitalised role ("Ukrainian President") from a surname that looks like one ("Stephen King")."""
    if start == 0 or any(part[:1].islower() for part in parts) or len(parts) - start > 1:
        return True
    from stancegraph import knowledge

    modifier = " ".join(parts[:start])
    return knowledge.look_up(modifier) is not None or knowledge.demonym(modifier) is not None


def _name_like(parts: list[str]) -> bool:
    return bool(parts) and all(
        any(c.isupper() for c in part) or not any(c.isalpha() for c in part) or part.casefold().rstrip("'’") in _PARTICLES
        for part in parts
    )


def _belongs_to_name(title: str) -> bool:
    """Tell whether a title is part of a one-word name ("Pope Francis") or a given name ("Earl Warren")."""
    abbreviated = title.endswith(".") and _plain(title) in _read.roles()["rank"]
    return _plain(title) in _words()[1] and not abbreviated


def _given_name_alone(parts: list[str]) -> bool:
    return len([part for part in parts if not _SUFFIX.fullmatch(part)]) == 1


def _plain(words: str) -> str:
    return words.casefold().replace(".", "")
