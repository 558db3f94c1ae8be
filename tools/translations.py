"""The Spanish translations: brought up to date from the sources, and checked for completeness.

    python -m tools.translations check
    python -m tools.translations update

Each of `core` and the folders in `plugins` has a catalogue of its own. The sources are in English.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import write_po

from core.kit.texts import CATALOGUE, catalogue, extracted, faults, sentences, translated

ROOT = Path(__file__).resolve().parents[1]
# Sentences that a person has looked at and that read the same in Spanish ("Total"), one per line.
SAME = Path("tools") / "same-in-spanish.txt"


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
    yield from faults(message, plurals)
    if any(text in sentences(message) and text not in same for text in translated(message)):
        yield f"reads the same in Spanish; if that is right, list it in {SAME}"


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


def reviewed(root: Path) -> set[str]:
    """Give the sentences that may read the same in Spanish."""
    path = root / SAME
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {line for line in lines if line and not line.startswith("#")}


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
