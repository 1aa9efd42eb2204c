"""Lists that users write in YAML, read with errors that name the file, the line and the fix."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Entry:
    """One entry of a list.

    Args:
        line: Its line in the file, counted from 1.
        fields: The texts of each field that is given, at least one; a field that is one text holds one.
    """

    line: int
    fields: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class ListFile:
    """A file that should hold a list of entries.

    Args:
        path: The file.
        texts: Names of the fields that are one text; the first of them must be given.
        lists: Names of the fields that are lists of texts.
        error: What to raise.
    """

    path: Path
    texts: Sequence[str]
    lists: Sequence[str]
    error: type[ValueError]

    def entries(self) -> list[Entry]:
        """Return the entries, none for an empty file; raises `error`."""
        root = self._root()
        if root is None:
            return []
        if not isinstance(root, yaml.SequenceNode):
            raise self._at(root, f'must be a list of entries; start each with "- {self.texts[0]}: …"')
        return [self._entry(node) for node in root.value]

    def wrong(self, line: int, problem: str) -> ValueError:
        """Return the error for a line."""
        return self.error(f"{self.path}:{line}: {problem}")

    def _root(self) -> yaml.Node | None:
        try:
            text = self.path.read_text(encoding="utf8")
            root: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
        except OSError as error:
            raise self.error(f"{self.path}: cannot be read ({error.strerror or error})") from error
        except UnicodeDecodeError as error:
            raise self.error(f"{self.path}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise self.wrong(line, f"not valid YAML ({error.problem})") from error
        except RecursionError:
            raise self.error(f"{self.path}: not such a list (brackets within brackets without end)") from None
        except (yaml.YAMLError, ValueError) as error:  # a file name with a null character, a character beyond Unicode
            raise self.error(f"{self.path}: not valid YAML ({' '.join(str(error).split())})") from error
        return root

    def _entry(self, node: yaml.Node) -> Entry:
        first = self.texts[0]
        if not isinstance(node, yaml.MappingNode):
            raise self._at(node, f'each entry must be a mapping; start it with "- {first}: …"')
        fields: dict[str, tuple[str, ...]] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if name not in (*self.texts, *self.lists):
                raise self._at(key, f"unknown field {name!r}; use {', '.join((*self.texts, *self.lists))}")
            if name in fields:
                raise self._at(key, f"{name} is given twice in one entry; keep one")
            fields[name] = self._field(name, value)
        if first not in fields:
            raise self._at(node, f'entry without a {first}; add "{first}: …"')
        return Entry(node.start_mark.line + 1, fields)

    def _field(self, name: str, node: yaml.Node) -> tuple[str, ...]:
        if isinstance(node, yaml.ScalarNode) and name in self.texts:
            nodes = [node]
        elif isinstance(node, yaml.SequenceNode) and name in self.lists:
            nodes = node.value
        else:
            raise self._at(node, f"{name} must be {'a list' if name in self.lists else 'a text'}")
        for item in nodes:
            absent = item.tag == "tag:yaml.org,2002:null"
            if absent or not (isinstance(item, yaml.ScalarNode) and item.value.strip()):
                raise self._at(item, f"{name} must hold texts that are not empty")
        return tuple(item.value.strip() for item in nodes)

    def _at(self, node: yaml.Node, problem: str) -> ValueError:
        return self.wrong(node.start_mark.line + 1, problem)
