"""The Spanish translations: brought up to date from the sources, and checked for completeness.

    python -m tools.translations check
    python -m tools.translations update

Each of `core` and the folders in `plugins` has a catalogue of its own. The sources are in English.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LANGUAGE = "es"
CATALOGUE = Path("translations") / LANGUAGE / "LC_MESSAGES" / "messages.po"
# Sentences that a person has looked at and that read the same in Spanish ("Total"), one per line.
SAME = Path("tools") / "same-in-spanish.txt"
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt.j2", "jinja2")]
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "lazy_ngettext": (1, 2), "lazy_pgettext": ((1, "c"), 2)}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|(?<!%)%[sd]")


def complaints(root: Path) -> list[str]:
    """Say, one sentence each, what is missing or wrong in the translations below `root`."""
    same = reviewed(root)
    found = [text for package in packages(root) for text in of_package(root, package, same)]
    messages = (message for package in packages(root) for message in catalogue(package))
    used = {text for message in messages for text in sentences(message)}
    return found + [f"{SAME}: {text!r} is in no catalogue" for text in sorted(same - used)]


def of_package(root: Path, package: Path, same: set[str]) -> Iterator[str]:
    """Say what is wrong in one package's catalogue."""
    translations, wanted = catalogue(package), extracted(package)
    name = (package / CATALOGUE).relative_to(root)
    for message in wanted:
        if message.id and translations.get(message.id, message.context) is None:
            yield f"{name}: {message.id!r} is missing; run: python3 run.py translate"
    for message in translations:
        if not message.id:
            continue
        if wanted.get(message.id, message.context) is None:
            yield f"{name}: {message.id!r} is no longer in the sources; run: python3 run.py translate"
        for complaint in of_message(message, translations.num_plurals, same):
            yield f"{name}: {message.id!r} {complaint}"
    for message in translations.obsolete.values():
        yield f"{name}: {message.id!r} is obsolete; remove it"


def of_message(message: Message, plurals: int, same: set[str]) -> Iterator[str]:
    """Say what is wrong with one translation."""
    sources, texts = sentences(message), translated(message)
    if message.fuzzy:
        yield "is marked fuzzy"
    if not all(texts):
        yield "is not translated"
        return
    if message.pluralizable and len(texts) != plurals:
        yield f"needs {plurals} plural forms"
    if any(text in sources and text not in same for text in texts):
        yield f"reads the same in Spanish; if that is right, list it in {SAME}"
    known = {mark for text in sources for mark in PLACEHOLDER.findall(text)}
    if any(set(PLACEHOLDER.findall(text)) - known for text in texts):
        yield "has a placeholder that the source does not have"
    if set(PLACEHOLDER.findall(sources[-1])) - set(PLACEHOLDER.findall(texts[-1])):
        yield "lacks a placeholder of the source"


def update(root: Path) -> None:
    """Add new sentences to the catalogues below `root`, untranslated, and drop those that are gone."""
    for package in packages(root):
        translations, wanted = catalogue(package), extracted(package)
        wanted.creation_date = translations.creation_date
        translations.update(wanted, no_fuzzy_matching=True)
        translations.obsolete.clear()
        if len(translations) or (package / CATALOGUE).exists():
            (package / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
            with (package / CATALOGUE).open("wb") as file:
                write_po(file, translations, width=100, sort_output=True, include_lineno=False)


def packages(root: Path) -> list[Path]:
    """Give the folders that have a catalogue of their own."""
    plugins = (path for path in (root / "plugins").glob("*") if (path / "__init__.py").exists())
    return [root / "core", *sorted(plugins)]


def extracted(package: Path) -> Catalog:
    """Give what the sources of a package ask to have translated."""
    found = Catalog(locale=LANGUAGE)
    for name, _, text, comments, context in extract_from_dir(package, METHODS, keywords=KEYWORDS):
        found.add(text, locations=[(name, 0)], auto_comments=comments, context=context)
    return found


def catalogue(package: Path) -> Catalog:
    """Read a package's catalogue; an empty one when there is none yet."""
    path = package / CATALOGUE
    if not path.exists():
        return Catalog(locale=LANGUAGE, project="Postigo", fuzzy=False, header_comment="# Spanish, Postigo.")
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def reviewed(root: Path) -> set[str]:
    """Give the sentences that may read the same in Spanish."""
    path = root / SAME
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {line for line in lines if line and not line.startswith("#")}


def sentences(message: Message) -> tuple[str, ...]:
    """Give a message's source: one sentence, or its singular and plural."""
    return message.id if isinstance(message.id, tuple) else (message.id,)


def translated(message: Message) -> tuple[str, ...]:
    """Give a message's translations: one, or its plural forms."""
    return message.string if isinstance(message.string, tuple) else (message.string,)


def main(arguments: list[str]) -> int:
    """Run "check" or "update" and give the exit code."""
    if arguments == ["update"]:
        update(ROOT)
        return 0
    if arguments != ["check"]:
        print(__doc__, file=sys.stderr)
        return 2
    found = complaints(ROOT)
    print("\n".join(found) or "Translations: complete.", file=sys.stderr if found else sys.stdout)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
