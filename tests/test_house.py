"""The rules of the house: who imports whom, how long things get, and that public names say what they do."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
#: rooms of the core from the ground up; each imports from those before it and from none beside it
ROOMS = (
    {"config"},
    {"db"},
    {"i18n"},
    {"crm"},
    {"audit"},
    {"files", "outbox"},
    {"modules"},
    {"installation"},
    {"access", "records"},
    {"conversations", "search"},
    {"worker"},
    {"web", "imports", "demo", "scaffold"},
    {"portal", "staff", "rest"},
    {"app"},
    {"kit"},
    {"kit"},
    {"beside"},
    {"serve", "upgrade"},
    {"commands"},
    {"import_command", "module_command", "search_command", "work"},
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
    nodes: list[ast.AST] = [ast.parse(path.read_text())]
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


@pytest.mark.parametrize("path", [p for p in sources("core") if p.parent.name != "versions"], ids=name_of)
def test_a_room_imports_only_from_those_below_it(path: Path) -> None:
    room = path.relative_to(ROOT / "core").parts[0].removesuffix(".py")
    if room == "__init__":
        return
    assert room in RANK, f"{room} is a room that ROOMS does not name"
    for module in imports(path):
        assert not module.startswith("plugins"), "the core knows no module by name"
        if module.startswith("core."):
            other = room_of(module)
            assert other == room or RANK[other] < RANK[room], f"{room} imports {module}"


@pytest.mark.parametrize("path", sources("plugins"), ids=name_of)
def test_a_module_imports_nothing_of_the_core_but_its_api_and_nothing_of_other_modules(path: Path) -> None:
    own = f"plugins.{path.relative_to(ROOT / 'plugins').parts[0]}"
    for module in imports(path):
        if module.startswith("core"):
            assert module.startswith("core.api."), f"{module} is not of core.api"
        elif module.startswith("plugins"):
            assert module == own or module.startswith(f"{own}."), f"{module} is another module's"


@pytest.mark.parametrize("path", [ROOT / "run.py", *sources("core", "plugins", "tools", "bench", "tests")], ids=name_of)
def test_nothing_gets_too_long(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= LONGEST_FILE
    if path.parent.name == "versions":
        return  # a migration is a list
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, Function):
            lines = (node.end_lineno or 0) - node.lineno + 1
            assert lines <= LONGEST_FUNCTION, f"{node.name} has {lines} lines"


@pytest.mark.parametrize("path", [ROOT / "run.py", *sources("core", "plugins", "tools", "bench")], ids=name_of)
def test_what_is_public_says_what_it_does(path: Path) -> None:
    tree = ast.parse(path.read_text())
    if not tree.body:
        return
    silent = [name for name, node in public(tree) if ast.get_docstring(node) is None]
    if ast.get_docstring(tree) is None:
        silent.insert(0, "the file itself")
    assert silent == []


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
