"""The files of world knowledge, shipped and added by the user, as plain records."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from stancegraph.models import ActorType

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


def other_names() -> list[str]:
    """Return names that contain a known one and mean something else ("Latin America")."""
    return [row["name"] for row in _table("other_names.tsv")]


def given_names() -> list[list[str]]:
    """Return groups of given names that are spellings or short forms of one another."""
    return [_items(row["names"]) for row in _table("given_names.tsv")]


def added(path: str | Path) -> tuple[Record, ...]:
    """Return the records of a user's YAML file.

    Args:
        path: A YAML list; each item has `name`, `type` and optional lists `aliases`, `adjectives`, `people`,
            `seats`, `stand_ins`.

    Raises:
        KnowledgeFileError: If the file cannot be read as such a list.
    """
    path = Path(path)
    try:
        root = yaml.compose(path.read_text(encoding="utf8"), Loader=yaml.SafeLoader)
    except OSError as error:
        raise KnowledgeFileError(f"{path}: cannot be read ({error.strerror or error})") from error
    except UnicodeDecodeError as error:
        raise KnowledgeFileError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise KnowledgeFileError(f"{path}:{line}: not valid YAML ({error.problem})") from error
    except yaml.YAMLError as error:
        raise KnowledgeFileError(f"{path}: not valid YAML ({error})") from error
    if root is None:
        return ()
    if not isinstance(root, yaml.SequenceNode):
        raise _wrong(path, root, 'must be a list of entries; start each with "- name: …"')
    return tuple(_record(path, node) for node in root.value)


_LISTS = ("aliases", "adjectives", "people", "seats", "stand_ins")


def _record(path: Path, node: yaml.Node) -> Record:
    if not isinstance(node, yaml.MappingNode):
        raise _wrong(path, node, 'each entry must be a mapping; start it with "- name: …"')
    fields: dict[str, tuple[str, ...]] = {}
    for key, value in node.value:
        if key.value not in ("name", "type", *_LISTS):
            raise _wrong(path, key, f"unknown field {key.value!r}; use name, type, {', '.join(_LISTS)}")
        fields[key.value] = _texts(path, key.value, value)
    if "name" not in fields:
        raise _wrong(path, node, 'entry without a name; add "name: …"')
    kinds = {kind.value: kind for kind in ActorType}
    kind = fields.get("type", ("",))[0]
    if kind not in kinds:
        raise _wrong(path, node, f"type {kind!r} of {fields['name'][0]!r} is not one of {', '.join(kinds)}")
    lists = {name: fields.get(name, ()) for name in _LISTS}
    return Record(fields["name"][0], kinds[kind], **lists)


def _texts(path: Path, name: str, node: yaml.Node) -> tuple[str, ...]:
    if isinstance(node, yaml.ScalarNode) and name in ("name", "type"):
        nodes = [node]
    elif isinstance(node, yaml.SequenceNode) and name in _LISTS:
        nodes = node.value
    else:
        raise _wrong(path, node, f"{name} must be {'a list' if name in _LISTS else 'a text'}")
    for item in nodes:
        if not (isinstance(item, yaml.ScalarNode) and item.value.strip()):
            raise _wrong(path, item, f"{name} must hold names that are not empty")
    return tuple(item.value.strip() for item in nodes)


def _wrong(path: Path, node: yaml.Node, problem: str) -> KnowledgeFileError:
    return KnowledgeFileError(f"{path}:{node.start_mark.line + 1}: {problem}")


def _table(name: str) -> Iterator[dict[str, str]]:
    with (_HERE / name).open(encoding="utf8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def _items(cell: str) -> list[str]:
    return [item.strip() for item in cell.split(";") if item.strip()]
