"""quotes"""

import sqlalchemy as sa
from alembic import op

revision = "0001_quotes"
down_revision = None


def upgrade() -> None:
    """Apply this revision."""
    op.create_table(
        "quotes_quote",
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("owner", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assignee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("assignee_name", sa.String(length=200), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("status <> 'draft' OR NOT published", name=op.f("ck_quotes_quote_draft_unpublished")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_quotes_quote_account_id")),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["staff.id"], name=op.f("fk_quotes_quote_assignee_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_quotes_quote_contact_id")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_quotes_quote_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_quotes_quote_site_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_quotes_quote_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotes_quote")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("quotes_quote", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quotes_quote_tenant_id_assignee_id_status"),
            ["tenant_id", "assignee_id", "status"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_quotes_quote_tenant_id_contact_id_issued_on_id"),
            ["tenant_id", "contact_id", "issued_on", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_quotes_quote_tenant_id_owner_published_issued_on_id"),
            ["tenant_id", "owner", "published", "issued_on", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_quotes_quote_tenant_id_owner_published_status_valid_until"),
            ["tenant_id", "owner", "published", "status", "valid_until"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_quotes_quote_tenant_id_site_id_issued_on_id"),
            ["tenant_id", "site_id", "issued_on", "id"],
            unique=False,
        )

    op.create_table(
        "quotes_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("optional", sa.Boolean(), nullable=False),
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
            ["parent_id"], ["quotes_quote.id"], name=op.f("fk_quotes_line_parent_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_quotes_line_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotes_line")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("quotes_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quotes_line_parent_id"), ["parent_id"], unique=False)
