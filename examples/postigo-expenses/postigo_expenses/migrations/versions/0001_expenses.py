"""Expenses and their items."""

import sqlalchemy as sa
from alembic import op

revision = "0001_expenses"
down_revision = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply this revision."""
    op.create_table(
        "expenses_expense",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("spent_on", sa.Date(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("order_number", sa.String(length=60), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("account_id", _ID, nullable=True),
        sa.Column("site_id", _ID, nullable=True),
        sa.Column("contact_id", _ID, nullable=True),
        sa.Column("owner", sa.BigInteger(), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("tenant_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_expenses_expense_account_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_expenses_expense_site_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_expenses_expense_contact_id")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_expenses_expense_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_expenses_expense_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expenses_expense")),
        sqlite_autoincrement=True,
    )
    for columns in (["tenant_id", "owner", "spent_on", "id"], ["tenant_id", "owner", "status"]):
        op.create_index(op.f(f"ix_expenses_expense_{'_'.join(columns)}"), "expenses_expense", columns)
    op.create_table(
        "expenses_item",
        sa.Column("id", _ID, nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", _ID, nullable=False),
        sa.Column("tenant_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["expenses_expense.id"], name=op.f("fk_expenses_item_parent_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_expenses_item_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expenses_item")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_expenses_item_parent_id"), "expenses_item", ["parent_id"])
