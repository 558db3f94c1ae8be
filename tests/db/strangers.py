"""Modules made on the spot, as a stranger's package would bring them: a folder with migrations."""

from pathlib import Path

from core.modules.module import Module
from core.modules.registry import Registry

REVISION = """
import sqlalchemy as sa
from alembic import op
revision = "{revision}"
down_revision = {before!r}
def upgrade():
{body}
"""
TABLE = """
    op.create_table(
        "{name}_thing",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("tenant_id", sa.BigInteger(), sa.ForeignKey("tenant.id"), nullable=False),
        sa.Column("note", sa.String(20), nullable=False, server_default=""),
    )
"""


class Stranger(Module):
    """A module whose package is a folder of the test's."""

    def __init__(self, name: str, package: Path) -> None:
        self.name, self.title = name, name
        self._package = package

    def folder(self, name: str) -> Path | None:
        """One of the folders of the package, if it is there."""
        path = self._package / name
        return path if path.is_dir() else None

    def revise(self, revision: str, body: str, before: str | None = None) -> None:
        """Add a revision with `body` as what it does (`{name}` is the module's)."""
        versions = self._package / "migrations" / "versions"
        versions.mkdir(parents=True, exist_ok=True)
        text = REVISION.format(revision=revision, before=before, body=body.replace("{name}", self.name))
        (versions / f"{revision}.py").write_text(text)


def stranger(folder: Path, name: str, *bodies: str) -> Stranger:
    """A module with one revision for each of `bodies`, in order."""
    (folder / name).mkdir()
    made = Stranger(name, folder / name)
    before = None
    for number, body in enumerate(bodies, 1):
        made.revise(f"{number:04d}", body, before)
        before = f"{number:04d}"
    return made


def registry_of(*modules: Stranger) -> Registry:
    """A registry that holds these modules and no others."""
    registry = Registry()
    for module in modules:
        registry.modules[module.name] = module
    return registry
