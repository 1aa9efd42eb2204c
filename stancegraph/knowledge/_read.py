"""The files of world knowledge, shipped and added by the user, as plain records."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from stancegraph.models import ActorType
from stancegraph.yaml_list import Entry, ListFile

if TYPE_CHECKING:
    from collections.abc import Iterator

_HERE = Path(__file__).parent


class KnowledgeFileError(ValueError):
    """A file of extra knowledge cannot be used; the message names file, line and what to write instead."""


@dataclass(frozen=True)
class Record:
    """One actor of world knowledge with every form under which texts speak of it.

    Args:
        name: Canonical name.
        type: What kind of actor it is.
        aliases: Other names.
        adjectives: Demonym adjectives ("Finnish").
        people: Demonym nouns ("Finn", "Finns").
        seats: Places that stand for it ("Kremlin", "Helsinki").
        stand_ins: Common nouns that mean it in a text that names it ("bloc").
    """

    name: str
    type: ActorType
    aliases: tuple[str, ...] = field(default=())
    adjectives: tuple[str, ...] = field(default=())
    people: tuple[str, ...] = field(default=())
    seats: tuple[str, ...] = field(default=())
    stand_ins: tuple[str, ...] = field(default=())


def shipped() -> Iterator[Record]:
    """Yield every record of the shipped tables, countries first."""
    for row in _table("countries.tsv"):
        capitals = [] if row["capital"].startswith("~") else _items(row["capital"])
        official = [row["official"]] if row["official"] not in ("", row["name"]) else []
        yield Record(
            row["name"],
            ActorType.COUNTRY,
            aliases=(*official, *_items(row["aliases"])),
            adjectives=tuple(_items(row["adjectives"])),
            people=tuple(_items(row["people"])),
            seats=(*capitals, *_items(row["seats"])),
        )
    for row in _table("bodies.tsv"):
        yield Record(
            row["name"],
            ActorType.ORGANIZATION,
            aliases=tuple(_items(row["aliases"])),
            seats=tuple(_items(row["seats"])),
            stand_ins=tuple(_items(row["stand_ins"])),
        )
    for row in _table("media.tsv"):
        yield Record(row["name"], ActorType.MEDIA, aliases=tuple(_items(row["aliases"])))


def roles() -> dict[str, frozenset[str]]:
    """Return the role nouns and titles in lower case, by kind (`style`, `office` and so on)."""
    kinds: dict[str, set[str]] = {}
    for row in _table("roles.tsv"):
        kinds.setdefault(row["kind"], set()).add(row["role"])
    return {kind: frozenset(words) for kind, words in kinds.items()}


def abbreviations() -> dict[str, dict[str, str]]:
    """Return what abbreviations without dots stand for, by kind: `role`, `state` (of the United States) and `party`."""
    kinds: dict[str, dict[str, str]] = {}
    for row in _table("abbreviations.tsv"):
        kinds.setdefault(row["kind"], {})[row["short"]] = row["full"]
    return kinds


def other_names() -> list[str]:
    """Return names that contain a known one and mean something else ("Latin America")."""
    return [row["name"] for row in _table("other_names.tsv")]


def given_names() -> list[list[str]]:
    """Return groups of given names that are spellings or short forms of one another."""
    return [_items(row["names"]) for row in _table("given_names.tsv")]


def speaks_for() -> dict[str, str]:
    """Return the countries for which bodies speak whose names do not tell."""
    return {row["name"]: row["country"] for row in _table("bodies.tsv") if row["country"]}


def genders() -> dict[str, dict[str, str]]:
    """Return the gender that given names (folded, lower case) and titles tell, by kind (`name`, `title`) and word."""
    kinds: dict[str, dict[str, str]] = {}
    for row in _table("genders.tsv"):
        kinds.setdefault(row["kind"], {}).update(dict.fromkeys(_items(row["words"]), row["gender"]))
    return kinds


def added(path: str | Path) -> tuple[Record, ...]:
    """Return the records of a user's YAML file.

    Args:
        path: A YAML list; each item has `name`, `type` and optional lists `aliases`, `adjectives`, `people`,
            `seats`, `stand_ins`.

    Raises:
        KnowledgeFileError: If the file cannot be read as such a list.
    """
    file = ListFile(Path(path), ("name", "type"), _LISTS, KnowledgeFileError)
    return tuple(_record(file, entry) for entry in file.entries())


_LISTS = ("aliases", "adjectives", "people", "seats", "stand_ins")


def _record(file: ListFile, entry: Entry) -> Record:
    name = entry.fields["name"][0]
    kinds = {kind.value: kind for kind in ActorType}
    kind = entry.fields.get("type", ("",))[0]
    if kind not in kinds:
        raise file.wrong(entry.line, f"type {kind!r} of {name!r} is not one of {', '.join(kinds)}")
    return Record(name, kinds[kind], **{field: entry.fields.get(field, ()) for field in _LISTS})


def _table(name: str) -> Iterator[dict[str, str]]:
    with (_HERE / name).open(encoding="utf8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def _items(cell: str) -> list[str]:
    return [item.strip() for item in cell.split(";") if item.strip()]
