"""Sorted by the day of installation, without reading what is not shown"""

from alembic import op

revision = "0002_sorted_by_the_day_of_ins"
down_revision = "0001_assets"


def upgrade() -> None:
    """Apply this revision."""
    with op.batch_alter_table("assets_asset", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assets_asset_tenant_id_owner_published_installed_on_id"),
            ["tenant_id", "owner", "published", "installed_on", "id"],
            unique=False,
        )
