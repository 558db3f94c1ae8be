"""The oracle is of use only while it shares nothing with what it judges."""

import ast
from pathlib import Path


def test_the_oracle_imports_nothing_of_the_product() -> None:
    tree = ast.parse(Path(__file__).with_name("oracle.py").read_text())
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names}.isdisjoint({"core", "plugins", "tests", "sqlalchemy", ""})
