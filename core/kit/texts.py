"""What a package asks to have translated, and its Spanish catalogue."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po
from flask_babel import LazyString

from core.kit.places import Viewer
from core.kit.world import World
from core.records.fields import staff_only

LANGUAGE = "es"
CATALOGUE = Path("translations") / LANGUAGE / "LC_MESSAGES" / "messages.po"
_METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt.j2", "jinja2")]
_KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "lazy_ngettext": (1, 2), "lazy_pgettext": ((1, "c"), 2)}
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|(?<!%)%[sd]")


def extracted(package: Path) -> Catalog:
    """Give what the sources of a package ask to have translated."""
    found = Catalog(locale=LANGUAGE)
    for name, _, text, comments, context in extract_from_dir(package, _METHODS, keywords=_KEYWORDS):
        found.add(text, locations=[(name, 0)], auto_comments=comments, context=context)
    return found


def catalogue(package: Path) -> Catalog:
    """Read a package's catalogue; an empty one when there is none yet."""
    path = package / CATALOGUE
    if not path.exists():
        return Catalog(locale=LANGUAGE, project="Postigo", fuzzy=False, header_comment="# Spanish, Postigo.")
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def sentences(message: Message) -> tuple[Any, ...]:
    """Give a message's source: one sentence, or its singular and plural."""
    return message.id if isinstance(message.id, tuple) else (message.id,)


def translated(message: Message) -> tuple[Any, ...]:
    """Give a message's translations: one, or its plural forms."""
    return message.string if isinstance(message.string, tuple) else (message.string,)


def faults(message: Message, plurals: int) -> Iterator[str]:
    """Say what is wrong with one translation."""
    sources, texts = sentences(message), translated(message)
    if message.fuzzy:
        yield "is marked fuzzy"
    if not all(texts):
        yield "is not translated"
        return
    if message.pluralizable and len(texts) != plurals:
        yield f"needs {plurals} plural forms"
    known = {mark for text in sources for mark in _PLACEHOLDER.findall(text)}
    if any(set(_PLACEHOLDER.findall(text)) - known for text in texts):
        yield "has a placeholder that the source does not have"
    if set(_PLACEHOLDER.findall(sources[-1])) - set(_PLACEHOLDER.findall(texts[-1])):
        yield "lacks a placeholder of the source"


def untranslated(world: World) -> list[str]:
    """Complaints of sentences of the module without their Spanish, and of labels that nobody can translate."""
    package = world.module.folder("")
    assert package is not None
    known = catalogue(package)
    complaints = [
        f"{CATALOGUE} lacks a translation of {message.id!r}"
        for message in extracted(package)
        if message.id and known.get(message.id, message.context) is None
    ]
    complaints += [
        f"{CATALOGUE}: {message.id!r} {fault}"
        for message in known
        if message.id
        for fault in faults(message, known.num_plurals)
    ]
    complaints += [
        f"{what} is called {str(text)!r}, which stays so in every language; write lazy_gettext({str(text)!r})"
        for what, text in _labels(world)
        if any(map(str.isalpha, str(text))) and not isinstance(text, LazyString)
    ]
    return complaints


def in_both_languages(world: World) -> list[str]:
    """Complaints of lists that are not there, or not called by their name, in Spanish and in English."""
    complaints = []
    for resource in world.resources.values():
        if staff_only(resource):
            continue
        url = f"/portal/{world.name}/{resource.name}/"
        for language in ("es", "en"):
            headers = {"Accept-Language": language}
            page = world.get(Viewer("whole"), url, headers=headers).get_data(as_text=True)
            with world.app.test_request_context(headers=headers):
                title = str(resource.title)
            if f'<html lang="{language}"' not in page or title not in page:
                complaints.append(f"{url} cannot be read in the language {language!r}")
    return complaints


def _labels(world: World) -> Iterator[tuple[str, Any]]:
    yield f"The module {world.name!r}", world.module.title
    for resource in world.resources.values():
        said = f"The resource {resource.name!r}"
        yield from ((said, text) for text in (resource.title, resource.singular, resource.empty))
        tables = [
            (said, resource.fields),
            *((f"Its table {child.name!r}", child.fields) for child in resource.children),
        ]
        yield from ((f"Its table {child.name!r}", child.title) for child in resource.children)
        for of, fields in tables:
            for each in fields:
                yield f"{of}: the field {each.name!r}", each.label
                yield from ((f"{of}: a choice of {each.name!r}", choice.label) for choice in each.choices.values())
    for kind, boxes in (("widget", world.registry.widgets), ("panel", world.registry.panels)):
        yield from ((f"The {kind} {box.name!r}", box.title) for box in boxes[world.name])
