"""Where labels go so that none lies on another."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]


def spread(places: Sequence[float], apart: float) -> list[float]:
    """Move places on a line apart, as little as need be and without changing their order.

    Args:
        places: The places, rising or falling.
        apart: The least distance between neighbours.
    """
    falling = len(places) > 1 and places[0] > places[-1]
    # Less what neighbours must be apart, places must only not fall: the least squares for that are pooled means.
    groups: list[tuple[float, int]] = []
    for number, place in enumerate(reversed(places) if falling else places):
        total, size = place - number * apart, 1
        while groups and groups[-1][0] / groups[-1][1] > total / size:
            before, members = groups.pop()
            total, size = total + before, size + members
        groups.append((total, size))
    moved = [total / size for total, size in groups for _ in range(size)]
    found = [place + number * apart for number, place in enumerate(moved)]
    return found[::-1] if falling else found


class Label(NamedTuple):
    """A label that is to be placed beside a mark; all in inches.

    Args:
        x: Middle of the mark.
        y: The same, upwards.
        radius: How far the mark reaches.
        width: Width of the label.
        height: Height of the label.
    """

    x: float
    y: float
    radius: float
    width: float
    height: float


class Place(NamedTuple):
    """Where a label goes: its lower left corner, in inches, and whether it stands so far off that a line must lead to it."""

    left: float
    bottom: float
    far: bool


def place_labels(labels: Sequence[Label], room: tuple[float, float], lines: Floats) -> list[Place | None]:
    """Return a place for each label, in order of importance, where it lies on no mark and no other label.

    Each is set as near to its mark as possible and, of places equally near, where it crosses fewest lines; None if there is
    no free place for it.

    Args:
        labels: The labels; all their marks are kept free.
        room: Width and height of the drawing.
        lines: Ends of the lines of the drawing, one (x, y, x, y) a row.
    """
    marks = np.array([(one.x - one.radius, one.y - one.radius, one.x + one.radius, one.y + one.radius) for one in labels])
    taken = marks.reshape(-1, 4)
    found: list[Place | None] = []
    for label in labels:
        boxes, near, far = _around(label)
        inside = (boxes[:, :2] >= 0).all(axis=1) & (boxes[:, 2] <= room[0]) & (boxes[:, 3] <= room[1])
        free = inside & ~_overlap(boxes, taken).any(axis=1)
        if not free.any():
            found.append(None)
            continue
        cost = np.where(free, near + _crossings(boxes, lines), np.inf)
        best = int(np.argmin(cost))
        found.append(Place(float(boxes[best, 0]), float(boxes[best, 1]), bool(far[best])))
        taken = np.vstack([taken, boxes[best]])
    return found


_RINGS = (0.03, 0.12, 0.24, 0.4)  # inches between mark and label
_ANGLES = (0, 180, 270, 90, 315, 45, 225, 135, 337.5, 22.5, 202.5, 157.5, 292.5, 67.5, 247.5, 112.5)  # the best first
_PER_RING, _PER_ANGLE = 2.0, 0.12  # lines that a label would rather cross than stand one ring, one angle further


def _around(label: Label) -> tuple[Floats, Floats, Flags]:
    """Return the boxes in which a label may stand, what each costs, and which need a line."""
    ring, angle = np.meshgrid(np.arange(len(_RINGS)), np.arange(len(_ANGLES)), indexing="ij")
    away = label.radius + np.array(_RINGS)[ring]
    across, up = np.cos(np.radians(np.array(_ANGLES)[angle])), np.sin(np.radians(np.array(_ANGLES)[angle]))
    # The nearest point of the box lies on the ring: its middle is half a box further where the direction is straight.
    x = label.x + across * away + np.clip(across * 2, -1, 1) * label.width / 2
    y = label.y + up * away + np.clip(up * 2, -1, 1) * label.height / 2
    left, bottom = x - label.width / 2, y - label.height / 2
    boxes = np.stack([left, bottom, left + label.width, bottom + label.height], axis=-1).reshape(-1, 4)
    return boxes, (ring * _PER_RING + angle * _PER_ANGLE).ravel(), (ring > 1).ravel()


def _overlap(boxes: Floats, others: Floats) -> Flags:
    """Return which of some boxes lie on which of others."""
    apart = (
        (boxes[:, None, 0] >= others[None, :, 2])
        | (boxes[:, None, 2] <= others[None, :, 0])
        | (boxes[:, None, 1] >= others[None, :, 3])
        | (boxes[:, None, 3] <= others[None, :, 1])
    )
    overlapping: Flags = ~apart
    return overlapping


def _crossings(boxes: Floats, lines: Floats) -> Floats:
    """Return how many lines run through each box, by clipping (Liang & Barsky 1984)."""
    if not len(lines):
        return np.zeros(len(boxes))
    start, along = lines[None, :, :2], (lines[:, 2:] - lines[:, :2])[None]
    with np.errstate(divide="ignore", invalid="ignore"):
        one, other = (boxes[:, None, :2] - start) / along, (boxes[:, None, 2:] - start) / along
    # A line that is level or upright is inside the other two edges, or it is not.
    within = (start >= boxes[:, None, :2]) & (start <= boxes[:, None, 2:])
    still = along == 0
    enter = np.where(still, np.where(within, -np.inf, np.inf), np.minimum(one, other)).max(axis=2)
    leave = np.where(still, np.where(within, np.inf, -np.inf), np.maximum(one, other)).min(axis=2)
    crossed: Floats = (np.maximum(enter, 0) < np.minimum(leave, 1)).sum(axis=1).astype(float)
    return crossed


def spread_out(points: Floats) -> Floats:
    """Return points that fill the unit square: half as they are, half evenly in their order, lest one far off crowds all."""
    low, high = points.min(axis=0), points.max(axis=0)
    span = np.where(high > low, high - low, 1.0)
    evenly = points.argsort(axis=0, kind="stable").argsort(axis=0) / max(len(points) - 1, 1)
    filled: Floats = np.where(high > low, ((points - low) / span + evenly) / 2, 0.5)
    return filled


def push_apart(places: Floats, radii: Floats, room: tuple[float, float]) -> Floats:
    """Move discs apart until none lies on another, or room runs out, and keep them within the room; all in inches."""
    moved: Floats = places.copy()
    least = np.add.outer(radii, radii)
    for _ in range(_ROUNDS):
        gaps = moved[:, None] - moved[None]
        distance = np.hypot(gaps[..., 0], gaps[..., 1])
        np.fill_diagonal(distance, np.inf)
        short = np.maximum(least - distance, 0)
        if not short.any():
            break
        # Of two in the same place one goes right and the other left.
        same = distance < _SAME
        gaps[same] = np.stack([np.sign(np.subtract.outer(np.arange(len(moved)), np.arange(len(moved)))), 0 * least], -1)[
            same
        ]
        direction = gaps / np.where(same, 1, distance)[..., None]
        moved += (direction * short[..., None]).sum(axis=1) / 2
        moved = np.clip(moved, radii[:, None], np.array(room) - radii[:, None])
    return moved


_ROUNDS = 300
_SAME = 1e-9
