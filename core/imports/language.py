"""The language of profiles, read from the TOML files of the core and of the modules. docs/profiles.md
tells it; what is wrong in a file is one sentence with the file and the key."""

import tomllib
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from core.imports.entries import check_keys, check_within, file_of, flag_of, list_of, table_of, text_of, texts_of
from core.imports.errors import ProfileError
from core.imports.folder import columns_of
from core.imports.profile import MARKDOWN, Check, Document, LinkTable, Only, Profile, Table
from core.imports.sources import lookup_of, sources_of, when_of
from core.modules.registry import Registry

#: the keys of tables that are folders of texts
_OF_TEXTS = ("format", "leave_out")


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
    parts = [read_file(path) for path in paths if path.is_file()]
    tables = tuple(table for part in parts for table in part.tables)
    links = tuple(link for part in parts for link in part.links)
    return Profile(name, tables, links, {said: kind for part in parts for said, kind in part.called.items()})


def read_file(path: Path) -> Profile:
    """What one file says of the profile of its name. Raises ProfileError, which names the file and the key."""
    origin = f"{path.parent.parent.name}/profiles/{path.name}"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProfileError(f"{origin}: {error}") from None
    check_keys(data, origin, {"lookups", "table", "link", "called"})
    lookups = {n: lookup_of(v, f"{origin}, lookups.{n}") for n, v in table_of(data, "lookups", origin).items()}
    tables = []
    for number, entry in enumerate(list_of(data, "table", origin), 1):
        place = f"{origin}, table {number}"
        tables.append(replace(_table(entry, place), lookups=lookups))
    links = [_link(entry, f"{origin}, link {number}") for number, entry in enumerate(list_of(data, "link", origin), 1)]
    said = table_of(data, "called", origin)
    called = {name: text_of(said, name, f"{origin}, called") for name in said}
    return Profile(path.stem, tuple(tables), tuple(links), called)


def _link(entry: Any, place: str) -> LinkTable:
    columns = ("id", "from", "from_kind", "to", "to_kind", "kind")
    check_keys(entry, place, {"file", *columns})
    texts = [text_of(entry, name, place) for name in columns]
    return LinkTable(*(file_of(entry, place), *texts, place))


def _table(entry: Any, place: str) -> Table:
    check_keys(
        entry, place, {"file", "into", "id", "group", "fields", "only", "checks", "files", "member_of", *_OF_TEXTS}
    )
    place = f"{place} ({text_of(entry, 'file', place)})"
    fields = {n: sources_of(v, f"{place}, fields.{n}") for n, v in table_of(entry, "fields", place).items()}
    member_of = sources_of(entry["member_of"], f"{place}, member_of") if "member_of" in entry else ()
    one = _one(entry, place)
    if entry.get("group") and "id" not in entry:
        raise ProfileError(f"{place}: `group` needs the `id` by which rows belong together")
    return Table(
        file=file_of(entry, place),
        into=text_of(entry, "into", place),
        id=text_of(entry, "id", place) if "id" in entry and not one else "",
        one=one,
        group=flag_of(entry, "group", place),
        fields=fields,
        only=tuple(_only(e, f"{place}, only") for e in list_of(entry, "only", place)),
        checks=tuple(_check(e, f"{place}, checks") for e in list_of(entry, "checks", place)),
        documents=tuple(_document(e, f"{place}, files") for e in list_of(entry, "files", place)),
        member_of=member_of,
        format=_format(entry, place),
        leave_out=texts_of(entry.get("leave_out", []), f"{place}, leave_out"),
        origin=place,
    )


def _format(entry: dict[str, Any], place: str) -> str:
    given = entry.get("format", "")
    if given not in ("", MARKDOWN):
        raise ProfileError(f"{place}: `format` must be {MARKDOWN!r}, or left out for CSV")
    if "leave_out" in entry and not given:
        raise ProfileError(f"{place}: `leave_out` goes with `format`")
    return str(given)


def _one(entry: dict[str, Any], place: str) -> str:
    """The fixed id of a table whose rows are all one; "" where each names its own."""
    given = entry.get("id")
    if not isinstance(given, dict):
        return ""
    check_keys(given, f"{place}, id", {"value"})
    if not entry.get("group"):
        raise ProfileError(f"{place}: an `id` with a value goes with `group`, rows that become one")
    return text_of(given, "value", f"{place}, id")


def _only(entry: Any, place: str) -> Only:
    check_keys(entry, place, {"when", "reason"})
    if not entry.get("when"):
        raise ProfileError(f"{place}: the condition `when` is missing")
    return Only(when_of(entry, place), text_of(entry, "reason", place))


def _check(entry: Any, place: str) -> Check:
    check_keys(entry, place, {"sum", "equals", "reason"})
    parts = texts_of(entry.get("sum", []), f"{place}, sum")
    return Check(parts, text_of(entry, "equals", place), text_of(entry, "reason", place))


def _document(entry: Any, place: str) -> Document:
    check_keys(entry, place, {"path", "name", "type"})
    given = entry.get("path", [])
    paths = texts_of([given] if isinstance(given, str) else given, f"{place}, path")
    if not paths:
        raise ProfileError(f"{place}: `path` is missing")
    found = Document(
        tuple(check_within(p, place) for p in paths), *(text_of(entry, k, place) for k in ("name", "type"))
    )
    try:
        for pattern in (*found.paths, found.name):
            columns_of(pattern)
    except ValueError as error:
        raise ProfileError(f"{place}: {pattern!r}: {error}") from None
    return found
