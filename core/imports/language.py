"""The language of profiles, read from the TOML files of the core and of the modules. docs/profiles.md
tells it; what is wrong in a file is one sentence with the file and the key."""

import tomllib
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from core.imports.errors import ProfileError
from core.imports.folder import EITHER, columns_of
from core.imports.profile import MARKDOWN, Check, Document, LinkTable, Lookup, OneOf, Only, Profile, Source, Table, When
from core.modules.registry import Registry

_MOST_FACTORS = 5
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
    _keys(data, origin, {"lookups", "table", "link", "called"})
    lookups = {n: _lookup(v, f"{origin}, lookups.{n}") for n, v in _dict(data, "lookups", origin).items()}
    tables = []
    for number, entry in enumerate(_list(data, "table", origin), 1):
        place = f"{origin}, table {number}"
        tables.append(replace(_table(entry, place), lookups=lookups))
    links = [_link(entry, f"{origin}, link {number}") for number, entry in enumerate(_list(data, "link", origin), 1)]
    said = _dict(data, "called", origin)
    called = {name: _string(said, name, f"{origin}, called") for name in said}
    return Profile(path.stem, tuple(tables), tuple(links), called)


def _link(entry: Any, place: str) -> LinkTable:
    columns = ("id", "from", "from_kind", "to", "to_kind", "kind")
    _keys(entry, place, {"file", *columns})
    texts = [_string(entry, name, place) for name in columns]
    return LinkTable(*(_file(entry, place), *texts, place))


def _table(entry: Any, place: str) -> Table:
    _keys(entry, place, {"file", "into", "id", "group", "fields", "only", "checks", "files", "member_of", *_OF_TEXTS})
    place = f"{place} ({_string(entry, 'file', place)})"
    fields = {n: _sources(v, f"{place}, fields.{n}") for n, v in _dict(entry, "fields", place).items()}
    member_of = _sources(entry["member_of"], f"{place}, member_of") if "member_of" in entry else ()
    one = _one(entry, place)
    if entry.get("group") and "id" not in entry:
        raise ProfileError(f"{place}: `group` needs the `id` by which rows belong together")
    return Table(
        file=_file(entry, place),
        into=_string(entry, "into", place),
        id=_string(entry, "id", place) if "id" in entry and not one else "",
        one=one,
        group=_true(entry, "group", place),
        fields=fields,
        only=tuple(_only(e, f"{place}, only") for e in _list(entry, "only", place)),
        checks=tuple(_check(e, f"{place}, checks") for e in _list(entry, "checks", place)),
        documents=tuple(_document(e, f"{place}, files") for e in _list(entry, "files", place)),
        member_of=member_of,
        format=_format(entry, place),
        leave_out=_strings(entry.get("leave_out", []), f"{place}, leave_out"),
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
    _keys(given, f"{place}, id", {"value"})
    if not entry.get("group"):
        raise ProfileError(f"{place}: an `id` with a value goes with `group`, rows that become one")
    return _string(given, "value", f"{place}, id")


def _sources(value: Any, place: str) -> tuple[Source, ...]:
    entries = value if isinstance(value, list) else [value]
    if not entries:
        raise ProfileError(f"{place}: the list is empty")
    sources = tuple(_source(entry, place) for entry in entries)
    if len(sources) > 1 and any(s.product or s.sum for s in sources):
        raise ProfileError(f"{place}: a product or a sum stands alone, in no list")
    return sources


def _source(entry: Any, place: str) -> Source:
    if isinstance(entry, str):
        return Source(column=entry)
    known = {"column", "value", "product", "missing", "sum", "whole", "seconds", "per", "from_today", "join"}
    _keys(entry, place, known | {"when", "empty", "lookup", "map", "otherwise"})
    _check_source(entry, place)
    lookup = entry.get("lookup", [])
    mapping = {k: _plain(v, f"{place}, map.{k}") for k, v in _dict(entry, "map", place).items()}
    return Source(
        column=_string(entry, "column", place) if "column" in entry else "",
        value=_plain(entry["value"], place) if "value" in entry else None,
        product=_strings(entry.get("product", []), f"{place}, product"),
        join=_strings(entry.get("join", []), f"{place}, join"),
        missing=_plain(entry["missing"], place) if "missing" in entry else "",
        sum=_true(entry, "sum", place),
        whole=_true(entry, "whole", place),
        seconds=_true(entry, "seconds", place),
        from_today=_true(entry, "from_today", place),
        per=_per(entry, place),
        when=_when(entry, place),
        empty=frozenset(_strings(entry.get("empty", []), f"{place}, empty")),
        lookup=_strings([lookup] if isinstance(lookup, str) else lookup, f"{place}, lookup"),
        map=mapping if "map" in entry else None,
        otherwise=_plain(entry["otherwise"], place) if "otherwise" in entry else None,
    )


def _check_source(entry: dict[str, Any], place: str) -> None:
    if len(entry.keys() & {"column", "value", "product", "join"}) != 1:
        raise ProfileError(f"{place}: give one of column, value, product and join")
    if "join" in entry and (entry.keys() - {"join", "when"} or not entry["join"]):
        raise ProfileError(f"{place}: `join` names columns, and goes with `when` alone")
    if "value" in entry and entry.keys() - {"value", "when"}:
        raise ProfileError(f"{place}: a value goes with `when` alone")
    if "product" in entry and entry.keys() - {"product", "sum", "missing"}:
        raise ProfileError(f"{place}: a product goes with `sum` and `missing` alone")
    if "missing" in entry and "product" not in entry:
        raise ProfileError(f"{place}: `missing` goes with `product`")
    if "product" in entry and not (isinstance(entry["product"], list) and 2 <= len(entry["product"]) <= _MOST_FACTORS):
        raise ProfileError(f"{place}: a product is of two to five columns")
    if "otherwise" in entry and not entry.keys() & {"lookup", "map"}:
        raise ProfileError(f"{place}: `otherwise` goes with `lookup` or `map`")


def _lookup(entry: Any, place: str) -> Lookup:
    _keys(entry, place, {"file", "key", "value", "when", "sum", "missing"})
    file, key, when = _file(entry, place), _string(entry, "key", place), _when(entry, place)
    if any(each.lookup for each in when.values()):
        raise ProfileError(f"{place}: a look-up asks no other look-up")
    if "sum" not in entry:
        return Lookup(file, key, _string(entry, "value", place), tuple(when.items()))
    if "value" in entry:
        raise ProfileError(f"{place}: give one of value and sum")
    factors = _strings(entry["sum"], f"{place}, sum")
    if not 1 <= len(factors) <= _MOST_FACTORS:
        raise ProfileError(f"{place}: a sum is of products of one to five columns")
    missing = _plain(entry["missing"], place) if "missing" in entry else ""
    return Lookup(file, key, when=tuple(when.items()), sum=factors, missing=missing)


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
        where = f"{place}, when.{column}"
        if isinstance(wanted, dict):
            found[column] = _special(wanted, where)
        else:
            values = wanted if isinstance(wanted, list) else [wanted]
            found[column] = OneOf(frozenset(_plain(v, where) for v in values))
    return found


def _special(wanted: dict[str, Any], where: str) -> OneOf:
    """A condition that is more than one of some values."""
    _keys(wanted, where, {"begins", "lookup", "none"})
    if len(wanted) > 1:
        raise ProfileError(f"{where}: give one of begins, lookup and none")
    if "none" in wanted:
        return OneOf(none=frozenset(_strings(wanted["none"], f"{where}, none")))
    if "lookup" in wanted:
        return OneOf(lookup=_string(wanted, "lookup", where))
    return OneOf(begins=_string(wanted, "begins", where))


def _file(entry: dict[str, Any], place: str) -> str:
    """The name of a table's file, with one `*` in it at most, or several names of which one is there."""
    names = _string(entry, "file", place)
    for name in names.split(EITHER):
        _relative(name, place)
        if "*" in name and (name.count("*") > 1 or "/" in name):
            raise ProfileError(f"{place}: {name!r}: one `*` may stand in a name without a folder")
    return names


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


def _per(entry: dict[str, Any], place: str) -> int:
    value = entry.get("per", 1)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ProfileError(f"{place}: `per` must be a whole number above nothing")
    return value


def _true(entry: dict[str, Any], key: str, place: str) -> bool:
    value = entry.get(key, False)
    if not isinstance(value, bool):
        raise ProfileError(f"{place}: `{key}` must be true or false")
    return value


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
