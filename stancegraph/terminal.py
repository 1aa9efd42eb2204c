"""What documents say, shown in a terminal: on one line, in colours of ours, and nothing of it steers the terminal."""

from __future__ import annotations

import re

from stancegraph.models import Stance

COLOURS = {Stance.SUPPORTS: "green", Stance.OPPOSES: "red", Stance.MIXED: "yellow", Stance.UNDECIDED: "blue"}
# Control characters, and those that reverse the direction of writing.
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """Return text on one line, without what would steer a terminal."""
    return unsteered(" ".join(text.split()))


def unsteered(text: str) -> str:
    """Return text with white space as it is but on one line, without what would steer a terminal."""
    return _STEERING.sub("", re.sub(r"[\s\u0085\u2028\u2029]", " ", text))
