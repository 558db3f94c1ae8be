"""The beginning of a module: an installable distribution with a resource, a box for the dashboard, its first
migration, its Spanish, and the test that every module passes."""

import re
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from string import Template

from core.db.compare import load_models
from core.modules.module import ModuleError, check_name
from core.modules.registry import GROUP

#: what is written, and from which file beside this one
_FILES = {
    "pyproject.toml": "pyproject.toml",
    "$package/__init__.py": "__init__.py",
    "$package/models.py": "models.py",
    "$package/resources.py": "resources.py",
    "$package/widget.py": "widget.py",
    "$package/migrations/versions/0001_$name.py": "migration.py",
    "$package/templates/$name/latest.html": "latest.html",
    "$package/translations/es/LC_MESSAGES/messages.po": "messages.po",
    "tests/test_contract.py": "test_contract.py",
}


class ScaffoldError(ValueError):
    """A module that cannot be begun; the text is one sentence for its author."""


def new_module(name: str, where: Path) -> Path:
    """Write the distribution `postigo-NAME` into the folder `where`, and give its own folder.

    Raises ScaffoldError, with nothing written, for a name that no module may have or that an installed one
    has, and for a folder that is there already."""
    _refuse_name(name)
    dashed = name.replace("_", "-")
    folder = where / f"postigo-{dashed}"
    words = name.replace("_", " ").strip()
    values = {
        "name": name,
        "dashed": dashed,
        "package": f"postigo_{name}",
        "title": words.capitalize(),
        "Class": "".join(word.capitalize() for word in words.split()),
    }
    try:
        folder.mkdir()
        for target, source in _FILES.items():
            path = folder / Template(target).substitute(values)
            path.parent.mkdir(parents=True, exist_ok=True)
            template = (files(__name__) / f"{source}.txt").read_text(encoding="utf-8")
            path.write_text(Template(template).substitute(values), encoding="utf-8")
    except FileExistsError:
        raise ScaffoldError(f"there is a {folder.name} here already") from None
    except OSError as error:
        raise ScaffoldError(f"{folder} cannot be written: {error.strerror}") from None
    return folder


def _refuse_name(name: str) -> None:
    load_models()  # their tables' names are taken
    try:
        check_name(name)
    except ModuleError as error:
        raise ScaffoldError(f"{error}: take lower case letters, digits and single underscores between") from None
    if not re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", name):
        raise ScaffoldError(f"{name!r} becomes the name of a package: no underscore at its end, nor two together")
    if name in {point.name for point in entry_points(group=GROUP)}:
        raise ScaffoldError(f"a module {name!r} is installed here already")
