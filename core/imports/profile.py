"""A profile as plain data, read from the TOML files of the core and of the modules: how a CRM's export
feeds their tables. docs/profiles.md tells the language."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from core.imports.errors import ProfileError
from core.imports.folder import columns_of
from core.modules.registry import Registry

#: column name -> the values with which the condition holds
When = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Source:
    """One way to come by a field's text: a column of the row (through look-ups and a map) or a fixed
    `value`, if the row meets `when`."""

    column: str = ""
    value: str | None = None
    when: When = field(default_factory=dict)
    empty: frozenset[str] = frozenset()
    lookup: tuple[str, ...] = ()
    map: Mapping[str, str] | None = None
    otherwise: str | None = None


@dataclass(frozen=True)
class Lookup:
    """Another table that gives the text in `value` for the one in `key`."""

    file: str
    key: str
    value: str


@dataclass(frozen=True)
class Only:
    """Rows that do not meet `when` are listed with `reason` and not taken."""

    when: When
    reason: str


@dataclass(frozen=True)
class Check:
    """Rows in which `sum` does not add up to `equals` are taken for staff alone, with `reason`."""

    sum: tuple[str, ...]
    equals: str
    reason: str


@dataclass(frozen=True)
class Document:
    """A file of the export that belongs to a row: the first of `paths` that is there, as `name`."""

    paths: tuple[str, ...]
    name: str
    type: str


@dataclass(frozen=True)
class Table:
    """One file of the export, and what each of its rows becomes."""

    file: str
    into: str
    id: str
    fields: Mapping[str, tuple[Source, ...]]
    only: tuple[Only, ...] = ()
    checks: tuple[Check, ...] = ()
    documents: tuple[Document, ...] = ()
    member_of: tuple[Source, ...] = ()
    lookups: Mapping[str, Lookup] = field(default_factory=dict)
    #: the profile's file and the table's place in it, for messages
    origin: str = ""

    def columns(self) -> set[str]:
        """Every column of the file that the table speaks of."""
        sources = [s for each in (*self.fields.values(), self.member_of) for s in each]
        found = {self.id} | {s.column for s in sources if s.column}
        found |= {c for s in sources for c in s.when} | {c for each in self.only for c in each.when}
        patterns = [p for d in self.documents for p in (*d.paths, d.name)]
        return found | {c for pattern in patterns for c in columns_of(pattern)}

    def used_lookups(self) -> dict[str, Lookup]:
        """The look-ups that its fields go through."""
        sources = [s for each in (*self.fields.values(), self.member_of) for s in each]
        return {name: self.lookups[name] for s in sources for name in s.lookup}


@dataclass(frozen=True)
class Profile:
    """All that is known of one CRM's export. Its name is the source that external ids are kept under."""

    name: str
    tables: tuple[Table, ...]


def folders(registry: Registry) -> list[Path]:
    """The `profiles` folders of the core and of each module, in order."""
    found = [Path(str(files("core.crm"))) / "profiles"]
    found += [f for name in sorted(registry.modules) if (f := registry.modules[name].folder("profiles"))]
    return found


def profile_names(registry: Registry) -> list[str]:
    """The names of all profiles that there are."""
    return sorted({path.stem for folder in folders(registry) for path in folder.glob("*.toml")})


def read_profile(registry: Registry, name: str) -> Profile:
    """The profile `name`, merged from the files of that name. Only the language is checked here; that
    the tables and fields exist, by `core.imports.check`. Raises ProfileError."""
    if name not in profile_names(registry):
        known = ", ".join(profile_names(registry)) or "none"
        raise ProfileError(f"there is no profile {name[:60]!r}; there are: {known}")
    paths = [folder / f"{name}.toml" for folder in folders(registry)]
    return Profile(name, tuple(table for path in paths if path.is_file() for table in read_file(path)))


def read_file(path: Path) -> list[Table]:
    """The tables of one profile file. Raises ProfileError, which names the file and the key."""
    origin = f"{path.parent.parent.name}/profiles/{path.name}"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProfileError(f"{origin}: {error}") from None
    _keys(data, origin, {"lookups", "table"})
    lookups = {n: _lookup(v, f"{origin}, lookups.{n}") for n, v in _dict(data, "lookups", origin).items()}
    tables = []
    for number, entry in enumerate(_list(data, "table", origin), 1):
        place = f"{origin}, table {number}"
        tables.append(replace(_table(entry, place), lookups=lookups))
    return tables


def _table(entry: Any, place: str) -> Table:
    _keys(entry, place, {"file", "into", "id", "fields", "only", "checks", "files", "member_of"})
    place = f"{place} ({_string(entry, 'file', place)})"
    fields = {n: _sources(v, f"{place}, fields.{n}") for n, v in _dict(entry, "fields", place).items()}
    member_of = _sources(entry["member_of"], f"{place}, member_of") if "member_of" in entry else ()
    return Table(
        file=_relative(_string(entry, "file", place), place),
        into=_string(entry, "into", place),
        id=_string(entry, "id", place),
        fields=fields,
        only=tuple(_only(e, f"{place}, only") for e in _list(entry, "only", place)),
        checks=tuple(_check(e, f"{place}, checks") for e in _list(entry, "checks", place)),
        documents=tuple(_document(e, f"{place}, files") for e in _list(entry, "files", place)),
        member_of=member_of,
        origin=place,
    )


def _sources(value: Any, place: str) -> tuple[Source, ...]:
    entries = value if isinstance(value, list) else [value]
    if not entries:
        raise ProfileError(f"{place}: the list is empty")
    return tuple(_source(entry, place) for entry in entries)


def _source(entry: Any, place: str) -> Source:
    if isinstance(entry, str):
        return Source(column=entry)
    _keys(entry, place, {"column", "value", "when", "empty", "lookup", "map", "otherwise"})
    if ("column" in entry) == ("value" in entry):
        raise ProfileError(f"{place}: give either a column or a value")
    if "value" in entry and entry.keys() - {"value", "when"}:
        raise ProfileError(f"{place}: a value goes with `when` alone")
    if "otherwise" in entry and not entry.keys() & {"lookup", "map"}:
        raise ProfileError(f"{place}: `otherwise` goes with `lookup` or `map`")
    lookup = entry.get("lookup", [])
    mapping = {k: _plain(v, f"{place}, map.{k}") for k, v in _dict(entry, "map", place).items()}
    return Source(
        column=_string(entry, "column", place) if "column" in entry else "",
        value=_plain(entry["value"], place) if "value" in entry else None,
        when=_when(entry, place),
        empty=frozenset(_strings(entry.get("empty", []), f"{place}, empty")),
        lookup=_strings([lookup] if isinstance(lookup, str) else lookup, f"{place}, lookup"),
        map=mapping if "map" in entry else None,
        otherwise=_plain(entry["otherwise"], place) if "otherwise" in entry else None,
    )


def _lookup(entry: Any, place: str) -> Lookup:
    _keys(entry, place, {"file", "key", "value"})
    file = _relative(_string(entry, "file", place), place)
    return Lookup(file, _string(entry, "key", place), _string(entry, "value", place))


def _only(entry: Any, place: str) -> Only:
    _keys(entry, place, {"when", "reason"})
    if not entry.get("when"):
        raise ProfileError(f"{place}: the condition `when` is missing")
    return Only(_when(entry, place), _string(entry, "reason", place))


def _check(entry: Any, place: str) -> Check:
    _keys(entry, place, {"sum", "equals", "reason"})
    parts = _strings(entry.get("sum", []), f"{place}, sum")
    return Check(parts, _string(entry, "equals", place), _string(entry, "reason", place))


def _document(entry: Any, place: str) -> Document:
    _keys(entry, place, {"path", "name", "type"})
    given = entry.get("path", [])
    paths = _strings([given] if isinstance(given, str) else given, f"{place}, path")
    if not paths:
        raise ProfileError(f"{place}: `path` is missing")
    found = Document(tuple(_relative(p, place) for p in paths), *(_string(entry, k, place) for k in ("name", "type")))
    try:
        for pattern in (*found.paths, found.name):
            columns_of(pattern)
    except ValueError as error:
        raise ProfileError(f"{place}: {pattern!r}: {error}") from None
    return found


def _when(entry: Any, place: str) -> When:
    found = {}
    for column, wanted in _dict(entry, "when", place).items():
        values = wanted if isinstance(wanted, list) else [wanted]
        found[column] = frozenset(_plain(v, f"{place}, when.{column}") for v in values)
    return found


def _relative(path: str, place: str) -> str:
    if path.startswith(("/", "\\")) or ".." in path.replace("\\", "/").split("/") or ":" in path:
        raise ProfileError(f"{place}: {path!r} must stay within the export's folder")
    return path


def _plain(value: Any, place: str) -> str:
    """A text, number or truth value of TOML as the text that an export would hold."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, str | int):
        return str(value)
    raise ProfileError(f"{place}: {value!r} must be a text, a whole number, true or false")


def _keys(entry: Any, place: str, known: set[str]) -> None:
    if not isinstance(entry, dict):
        raise ProfileError(f"{place}: must be a table, not {entry!r}")
    unknown = sorted(entry.keys() - known)
    if unknown:
        raise ProfileError(f"{place}: unknown key {unknown[0]!r}; known are {', '.join(sorted(known))}")


def _string(entry: dict[str, Any], key: str, place: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value:
        fault = "is missing" if value in (None, "") else "must be a text"
        raise ProfileError(f"{place}: `{key}` {fault}")
    return value


def _strings(value: Any, place: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise ProfileError(f"{place}: must be a list of texts")
    return tuple(value)


def _dict(entry: dict[str, Any], key: str, place: str) -> dict[str, Any]:
    value = entry.get(key, {})
    if not isinstance(value, dict):
        raise ProfileError(f"{place}: `{key}` must be a table")
    return value


def _list(entry: dict[str, Any], key: str, place: str) -> list[Any]:
    value = entry.get(key, [])
    if not isinstance(value, list):
        raise ProfileError(f"{place}: `{key}` must be a list")
    return value
