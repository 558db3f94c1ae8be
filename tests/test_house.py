"""The rules of the house: who imports whom, how long things get, and that public names say what they do."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
#: rooms of the core from the ground up; each imports from those before it and from none beside it
ROOMS = (
    {"config"},
    {"db"},
    {"i18n"},
    {"formats"},
    {"crm"},
    {"audit"},
    {"files", "outbox"},
    {"modules"},
    {"installation"},
    {"access", "records"},
    {"conversations", "search"},
    {"agreements"},
    {"worker"},
    {"web", "imports", "demo", "scaffold"},
    {"portal", "staff", "rest"},
    {"app"},
    {"kit"},
    {"kit"},
    {"beside"},
    {"serve", "upgrade"},
    {"commands"},
    {"work"},
    {"cli"},
    {"api"},
)
LONGEST_FILE, LONGEST_FUNCTION = 400, 60
Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources(*folders: str) -> list[Path]:
    """Python files below these folders."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports when it runs: not those for the type checker alone."""
    nodes: list[ast.AST] = [tree_of(path)]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        nodes += ast.iter_child_nodes(node)


def room_of(module: str) -> str:
    return module.split(".")[1]


RANK = {room: rank for rank, rooms in enumerate(ROOMS) for room in rooms}


def tree_of(path: Path) -> ast.Module:
    """What a file says, read once for all rules."""
    return _tree(path, path.stat().st_mtime_ns)


@cache
def _tree(path: Path, stamp: int) -> ast.Module:
    return ast.parse(path.read_text())


def none_of(complaints: Iterable[str]) -> None:
    """Fail with the complaints of all files, if there are any."""
    assert not (found := list(complaints)), "\n".join(found)


def test_a_room_imports_only_from_those_below_it() -> None:
    none_of(each for path in sources("core") if path.parent.name != "versions" for each in upwards(path))


def upwards(path: Path) -> Iterator[str]:
    """What a file of the core imports that stands above it, or beside it."""
    room = path.relative_to(ROOT / "core").parts[0].removesuffix(".py")
    if room == "__init__":
        return
    if room not in RANK:
        yield f"{name_of(path)}: {room} is a room that ROOMS does not name"
        return
    for module in imports(path):
        if module.startswith("plugins"):
            yield f"{name_of(path)}: the core knows no module by name"
        if module.startswith("core."):
            other = room_of(module)
            if other != room and RANK[other] >= RANK[room]:
                yield f"{name_of(path)}: {room} imports {module}"


def test_a_module_imports_nothing_of_the_core_but_its_api_and_nothing_of_other_modules() -> None:
    none_of(each for path in sources("plugins") for each in sideways(path))


def sideways(path: Path) -> Iterator[str]:
    """What a file of a module imports that is not of `core.api`, nor its own."""
    own = f"plugins.{path.relative_to(ROOT / 'plugins').parts[0]}"
    for module in imports(path):
        if module.startswith("core") and not module.startswith("core.api."):
            yield f"{name_of(path)}: {module} is not of core.api"
        if module.startswith("plugins") and not f"{module}.".startswith(f"{own}."):
            yield f"{name_of(path)}: {module} is another module's"


def test_nothing_gets_too_long() -> None:
    paths = [ROOT / "run.py", *sources("core", "plugins", "tools", "bench", "tests")]
    none_of(each for path in paths for each in too_long(path))


def too_long(path: Path) -> Iterator[str]:
    """Whether a file is too long, and which of its functions are; a migration is a list."""
    if (lines := len(path.read_text().splitlines())) > LONGEST_FILE:
        yield f"{name_of(path)} has {lines} lines"
    for node in ast.walk(tree_of(path)) if path.parent.name != "versions" else ():
        if isinstance(node, Function):
            lines = (node.end_lineno or 0) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{name_of(path)}: {node.name} has {lines} lines"


def test_what_is_public_says_what_it_does() -> None:
    none_of(each for path in [ROOT / "run.py", *sources("core", "plugins", "tools", "bench")] for each in silent(path))


def silent(path: Path) -> Iterator[str]:
    """What is public in a file and has no docstring, the file itself among it."""
    tree = tree_of(path)
    if tree.body and ast.get_docstring(tree) is None:
        yield f"{name_of(path)} itself says nothing"
    yield from (f"{name_of(path)}: {name} says nothing" for name, node in public(tree) if not ast.get_docstring(node))


def public(node: ast.Module | ast.ClassDef, prefix: str = "") -> Iterator[tuple[str, Function | ast.ClassDef]]:
    """Public functions and classes, and the public methods of classes that override nothing foreign."""
    for child in node.body:
        if isinstance(child, Function | ast.ClassDef) and not child.name.startswith("_"):
            if isinstance(node, ast.ClassDef) and _overrides(node, child):
                continue
            yield prefix + child.name, child
            if isinstance(child, ast.ClassDef):
                yield from public(child, f"{child.name}.")


def _overrides(owner: ast.ClassDef, method: Function | ast.ClassDef) -> bool:
    """Whether a method is one that another class has told of already: its base's, or SQLAlchemy's."""
    return bool(owner.bases) and method.name in _TOLD_BY_THE_BASE


#: SQLAlchemy's own names for what a type or a mixin answers
_TOLD_BY_THE_BASE = {
    "process_bind_param", "process_result_value", "load_dialect_impl", "seen_by_contact", "id", "record", "parent_id",
}  # fmt: skip


def test_a_late_import_counts_and_one_for_types_does_not(tmp_path: Path) -> None:
    path = tmp_path / "some.py"
    path.write_text("if TYPE_CHECKING:\n    import a\ndef f():\n    from core.staff import b\n")
    assert list(imports(path)) == ["core.staff.b"]


def test_each_rule_finds_what_breaks_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    long = "def f():\n" + "    pass\n" * LONGEST_FUNCTION
    broken = {
        "core/db/a.py": "import core.crm\nimport plugins.cases\n",
        "plugins/cases/b.py": "from core.db import x\nimport plugins.invoices\nimport plugins.cases.c\n",
        "core/db/c.py": long + "\n" * LONGEST_FILE,
        "core/attic/d.py": "",
    }
    for name, text in broken.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert len([*upwards(tmp_path / "core/db/a.py")]) == 2
    assert len([*sideways(tmp_path / "plugins/cases/b.py")]) == 2
    assert len([*too_long(tmp_path / "core/db/c.py")]) == 2
    assert len([*silent(tmp_path / "core/db/c.py")]) == 2
    assert [*upwards(tmp_path / "core/attic/d.py")] == ["core/attic/d.py: attic is a room that ROOMS does not name"]
