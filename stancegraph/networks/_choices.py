"""Settings that are one of a few words: a wrong one is answered with the right ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def check_choice(setting: str, value: object, choices: Iterable[str]) -> None:
    """Raise ValueError unless a setting has one of its values; names them."""
    known = tuple(choices)
    if value not in known:
        raise ValueError(f"{setting}={value!r} is none of the choices; choose one of {', '.join(known)}")


def check_count(setting: str, value: object, least: int = 1) -> None:
    """Raise ValueError unless a setting is a whole number that is large enough."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ValueError(f"{setting}={value!r} is not a whole number of at least {least}")
