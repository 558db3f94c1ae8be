"""The entries of a profile's file: a key's text, list or table, and what is told where it is none."""

from typing import Any

from core.imports.errors import ProfileError
from core.imports.folder import EITHER


def check_keys(entry: Any, place: str, known: set[str]) -> None:
    """Raise ProfileError where an entry is no table, or has a key that is not known there."""
    if not isinstance(entry, dict):
        raise ProfileError(f"{place}: must be a table, not {entry!r}")
    unknown = sorted(entry.keys() - known)
    if unknown:
        raise ProfileError(f"{place}: unknown key {unknown[0]!r}; known are {', '.join(sorted(known))}")


def text_of(entry: dict[str, Any], key: str, place: str) -> str:
    """The text of a key that has to be there. Raises ProfileError."""
    value = entry.get(key)
    if not isinstance(value, str) or not value:
        fault = "is missing" if value in (None, "") else "must be a text"
        raise ProfileError(f"{place}: `{key}` {fault}")
    return value


def texts_of(value: Any, place: str) -> tuple[str, ...]:
    """A list of texts. Raises ProfileError."""
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise ProfileError(f"{place}: must be a list of texts")
    return tuple(value)


def plain_text(value: Any, place: str) -> str:
    """A text, number or truth value of TOML as the text that an export would hold. Raises ProfileError."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, str | int):
        return str(value)
    raise ProfileError(f"{place}: {value!r} must be a text, a whole number, true or false")


def flag_of(entry: dict[str, Any], key: str, place: str) -> bool:
    """Whether a key says true; it need not be there. Raises ProfileError."""
    value = entry.get(key, False)
    if not isinstance(value, bool):
        raise ProfileError(f"{place}: `{key}` must be true or false")
    return value


def table_of(entry: dict[str, Any], key: str, place: str) -> dict[str, Any]:
    """The table of a key; an empty one where it is not there. Raises ProfileError."""
    value = entry.get(key, {})
    if not isinstance(value, dict):
        raise ProfileError(f"{place}: `{key}` must be a table")
    return value


def list_of(entry: dict[str, Any], key: str, place: str) -> list[Any]:
    """The list of a key; an empty one where it is not there. Raises ProfileError."""
    value = entry.get(key, [])
    if not isinstance(value, list):
        raise ProfileError(f"{place}: `{key}` must be a list")
    return value


def file_of(entry: dict[str, Any], place: str) -> str:
    """The name of a table's file, with one `*` in it at most, or several names of which one is there. Raises
    ProfileError."""
    names = text_of(entry, "file", place)
    for name in names.split(EITHER):
        check_within(name, place)
        if "*" in name and (name.count("*") > 1 or "/" in name):
            raise ProfileError(f"{place}: {name!r}: one `*` may stand in a name without a folder")
    return names


def check_within(path: str, place: str) -> str:
    """The path itself. Raises ProfileError where it leads out of the export."""
    if path.startswith(("/", "\\")) or ".." in path.replace("\\", "/").split("/") or ":" in path:
        raise ProfileError(f"{place}: {path!r} must stay within the export's folder")
    return path
