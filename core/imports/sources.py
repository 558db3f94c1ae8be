"""Where a profile says that values come from: columns of a row, what is made of them, and conditions on them."""

from typing import Any

from core.imports.entries import check_keys, file_of, flag_of, plain_text, table_of, text_of, texts_of
from core.imports.errors import ProfileError
from core.imports.profile import Lookup, OneOf, Source, When

_MOST_FACTORS = 5


def sources_of(value: Any, place: str) -> tuple[Source, ...]:
    """Where a value comes from: one place, or the first of several that has one. Raises ProfileError."""
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
    check_keys(entry, place, known | {"when", "empty", "lookup", "map", "otherwise"})
    _check_source(entry, place)
    lookup = entry.get("lookup", [])
    mapping = {k: plain_text(v, f"{place}, map.{k}") for k, v in table_of(entry, "map", place).items()}
    return Source(
        column=text_of(entry, "column", place) if "column" in entry else "",
        value=plain_text(entry["value"], place) if "value" in entry else None,
        product=texts_of(entry.get("product", []), f"{place}, product"),
        join=texts_of(entry.get("join", []), f"{place}, join"),
        missing=plain_text(entry["missing"], place) if "missing" in entry else "",
        sum=flag_of(entry, "sum", place),
        whole=flag_of(entry, "whole", place),
        seconds=flag_of(entry, "seconds", place),
        from_today=flag_of(entry, "from_today", place),
        per=_per(entry, place),
        when=when_of(entry, place),
        empty=frozenset(texts_of(entry.get("empty", []), f"{place}, empty")),
        lookup=texts_of([lookup] if isinstance(lookup, str) else lookup, f"{place}, lookup"),
        map=mapping if "map" in entry else None,
        otherwise=plain_text(entry["otherwise"], place) if "otherwise" in entry else None,
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


def _per(entry: dict[str, Any], place: str) -> int:
    value = entry.get("per", 1)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ProfileError(f"{place}: `per` must be a whole number above nothing")
    return value


def lookup_of(entry: Any, place: str) -> Lookup:
    """A table in which values are looked up by others. Raises ProfileError."""
    check_keys(entry, place, {"file", "key", "value", "when", "sum", "missing"})
    file, key, when = file_of(entry, place), text_of(entry, "key", place), when_of(entry, place)
    if any(each.lookup for each in when.values()):
        raise ProfileError(f"{place}: a look-up asks no other look-up")
    if "sum" not in entry:
        return Lookup(file, key, text_of(entry, "value", place), tuple(when.items()))
    if "value" in entry:
        raise ProfileError(f"{place}: give one of value and sum")
    factors = texts_of(entry["sum"], f"{place}, sum")
    if not 1 <= len(factors) <= _MOST_FACTORS:
        raise ProfileError(f"{place}: a sum is of products of one to five columns")
    missing = plain_text(entry["missing"], place) if "missing" in entry else ""
    return Lookup(file, key, when=tuple(when.items()), sum=factors, missing=missing)


def when_of(entry: Any, place: str) -> When:
    """A condition: what columns must hold. Raises ProfileError."""
    found = {}
    for column, wanted in table_of(entry, "when", place).items():
        where = f"{place}, when.{column}"
        if isinstance(wanted, dict):
            found[column] = _special(wanted, where)
        else:
            values = wanted if isinstance(wanted, list) else [wanted]
            found[column] = OneOf(frozenset(plain_text(v, where) for v in values))
    return found


def _special(wanted: dict[str, Any], where: str) -> OneOf:
    """A condition that is more than one of some values."""
    check_keys(wanted, where, {"begins", "lookup", "none"})
    if len(wanted) > 1:
        raise ProfileError(f"{where}: give one of begins, lookup and none")
    if "none" in wanted:
        return OneOf(none=frozenset(texts_of(wanted["none"], f"{where}, none")))
    if "lookup" in wanted:
        return OneOf(lookup=text_of(wanted, "lookup", where))
    return OneOf(begins=text_of(wanted, "begins", where))
