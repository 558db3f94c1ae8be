"""contracts"""

import sqlalchemy as sa
from alembic import op

revision = "0001_contracts"
down_revision = None


def upgrade() -> None:
    """Apply this revision."""
    op.create_table(
        "contracts_contract",
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("coverage", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("renewal", sa.String(length=20), nullable=False),
        sa.Column("notice_days", sa.Integer(), nullable=True),
        sa.Column("notice_on", sa.Date(), nullable=True),
        sa.Column("told_of_end", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("owner", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("status <> 'draft' OR NOT published", name=op.f("ck_contracts_contract_draft_unpublished")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_contracts_contract_account_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_contracts_contract_contact_id")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_contracts_contract_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_contracts_contract_site_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_contracts_contract_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts_contract")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("contracts_contract", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contracts_contract_tenant_id_contact_id_starts_on_id"),
            ["tenant_id", "contact_id", "starts_on", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_contracts_contract_tenant_id_owner_published_starts_on_id"),
            ["tenant_id", "owner", "published", "starts_on", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_contracts_contract_notice"),
            ["tenant_id", "owner", "status", "published", "notice_on"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_contracts_contract_tenant_id_site_id_starts_on_id"),
            ["tenant_id", "site_id", "starts_on", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_contracts_contract_tenant_id_status_notice_on"),
            ["tenant_id", "status", "notice_on"],
            unique=False,
        )

    op.create_table(
        "contracts_covered",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["contracts_contract.id"], name=op.f("fk_contracts_covered_parent_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_contracts_covered_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts_covered")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("contracts_covered", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contracts_covered_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "contracts_service",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("unit_price", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("discount", sa.Numeric(precision=9, scale=4), nullable=False),
        sa.Column("tax_rate", sa.Numeric(precision=9, scale=4), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["contracts_contract.id"], name=op.f("fk_contracts_service_parent_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_contracts_service_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts_service")),
        sa.UniqueConstraint("parent_id", "position", name=op.f("uq_contracts_service_parent_id_position")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("contracts_service", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contracts_service_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "contracts_use",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=False),
        sa.Column("units", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("what_for", sa.String(length=200), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["contracts_contract.id"], name=op.f("fk_contracts_use_parent_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_contracts_use_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts_use")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("contracts_use", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contracts_use_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index("ix_contracts_use_sums", ["parent_id", "line", "units", "tenant_id"], unique=False)
