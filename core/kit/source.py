"""What the module's files say and do when they are read, before anybody asks for a page."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import entry_points
from pathlib import Path

from core.modules.module import Module
from core.modules.registry import GROUP
from core.records.resource import Resource

_RAW = re.compile(r"\|\s*safe\b|\bautoescape\s+false\b|\bMarkup\(")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
#: imports every file of a package, and names what happened meanwhile that must not
_WATCH = """
import importlib, pkgutil, sys, threading
from sqlalchemy import Engine, event
said = set()
def note(name, arguments):
    if name in ("socket.connect", "socket.bind", "socket.getaddrinfo"):
        said.add("opens a connection to the network")
    if name in ("subprocess.Popen", "os.fork", "os.system"):
        said.add("starts a process")
import core.app
event.listen(Engine, "do_connect", lambda *rest: said.add("opens a connection to the database"))
sys.addaudithook(note)
begun = threading.Thread.start
threading.Thread.start = lambda self: (said.add("starts a thread"), begun(self))[1]
package = importlib.import_module(sys.argv[1])
for found in pkgutil.walk_packages(getattr(package, "__path__", []), f"{package.__name__}."):
    if ".migrations." not in found.name and ".tests" not in found.name:
        importlib.import_module(found.name)
print("\\n".join(sorted(said)))
"""


def at_import(module: Module) -> list[str]:
    """Complaints of what happens when the module's files are imported."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    asked = [sys.executable, "-c", _WATCH, module.package]
    done = subprocess.run(asked, capture_output=True, text=True, env=environment, check=False)  # noqa: S603
    if done.returncode:
        return [f"A file of {module.package} cannot be imported: {done.stderr.strip().splitlines()[-1]}"]
    return [
        f"{module.package} {said} when it is imported; wait until a hook is called"
        for said in done.stdout.split("\n")
        if said
    ]


def imports(module: Module) -> list[str]:
    """Complaints of imports that reach past `core.api`, or into other modules."""
    others = {point.module.partition(":")[0] for point in entry_points(group=GROUP) if point.name != module.name}
    complaints = []
    for path in files(module):
        for line, name in _imported(path):
            if (name == "core" or name.startswith("core.")) and not name.startswith("core.api"):
                complaints.append(f"{path.name}, line {line}: imports {name}; a module imports core.api alone")
            if any(f"{name}.".startswith(f"{other}.") for other in others):
                complaints.append(f"{path.name}, line {line}: imports {name}, which is another module's")
    return complaints


def markup(module: Module) -> list[str]:
    """Complaints of templates and files by which what people typed could become a part of the page."""
    root = module.folder("")
    found = sorted(root.rglob("*.html")) if root else []
    return [
        f"{path.name}, line {number}: {said[0].strip()} lets what people typed become HTML; leave it out"
        for path in (*found, *files(module))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (said := _RAW.search(line))
    ]


def names(module: Module, resources: Mapping[str, Resource]) -> list[str]:
    """Complaints of names that could meet another module's, or that cannot stand in an address."""
    complaints = [
        f"{name!r} cannot be the name of a resource: it takes lower case letters, digits and underscores"
        for name in resources
        if not _NAME.fullmatch(name)
    ]
    complaints += [
        f"The list of {name!r} would have no column: say listed=True of a field"
        for name, resource in resources.items()
        if not any(field.listed for field in resource.fields)
    ]
    templates = module.folder("templates")
    for path in sorted(templates.rglob("*")) if templates else ():
        if path.is_file() and path.relative_to(templates or path).parts[0] != module.name:
            complaints.append(f"The template {path.name} must lie in templates/{module.name}/, where no other can")
    migrations = module.folder("migrations")
    if migrations is not None and not (migrations / "versions").is_dir():
        complaints.append("Migrations lie in migrations/versions/; elsewhere nobody finds them")
    return complaints


def files(module: Module) -> list[Path]:
    """The module's Python files, but for its migrations and tests."""
    root = module.folder("")
    found = sorted(root.rglob("*.py")) if root else []
    return [path for path in found if not {"migrations", "tests"} & set(path.relative_to(root or path).parts)]


def _imported(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            whole = node.module or ""
            yield from ((node.lineno, whole if whole != "core" else f"core.{alias.name}") for alias in node.names)
