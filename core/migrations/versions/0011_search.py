"""the index of the search"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011_search"
down_revision = "0010_segments"

# Each term is one token: the words were made before, and what is not a letter or digit belongs to the key of a term.
_TOKENS = "ascii tokenchars ':.-_!'"
_ON_SQLITE = (
    f"""CREATE VIRTUAL TABLE search_terms USING fts5(
        terms, content='search_entry', content_rowid='id', detail=none, columnsize=0, tokenize="{_TOKENS}")""",
    """CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN
        INSERT INTO search_terms (rowid, terms) VALUES (new.id, new.terms);
    END""",
    """CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entry BEGIN
        INSERT INTO search_terms (search_terms, rowid, terms) VALUES ('delete', old.id, old.terms);
    END""",
    """CREATE TRIGGER search_entry_changed AFTER UPDATE ON search_entry BEGIN
        INSERT INTO search_terms (search_terms, rowid, terms) VALUES ('delete', old.id, old.terms);
        INSERT INTO search_terms (rowid, terms) VALUES (new.id, new.terms);
    END""",
)

# PostgreSQL's wall between tenants keeps an index from answering a match, since that could tell of foreign rows by an
# error. This function, of the role that owns the table, may use it, and asks for the tenant itself.
#
# What stands in every record is found by looking at the newest alone, which the index would not tell apart.
_ON_POSTGRESQL = (
    "CREATE INDEX ix_search_entry_terms ON search_entry USING gin (terms) WITH (fastupdate = off)",
    """
    CREATE FUNCTION search_found(wanted tsquery, most integer) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    DECLARE
        of_tenant bigint := nullif(current_setting('postigo.tenant', true), '')::bigint;
        found bigint[];
    BEGIN
        found := ARRAY(
            SELECT recent.id
            FROM (SELECT id, terms FROM search_entry WHERE tenant_id = of_tenant ORDER BY id DESC LIMIT 3000) recent
            WHERE recent.terms @@ wanted ORDER BY recent.id DESC LIMIT most
        );
        IF cardinality(found) < most THEN
            found := ARRAY(
                WITH hit AS MATERIALIZED (
                    SELECT id FROM search_entry WHERE tenant_id = of_tenant AND terms @@ wanted
                )
                SELECT id FROM hit ORDER BY id DESC LIMIT most
            );
        END IF;
        RETURN QUERY SELECT unnest(found);
    END
    $$
    """,
)


def upgrade() -> None:
    """Apply this revision."""
    op.create_table(
        "search_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("terms", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=False),
        sa.Column("tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_search_entry_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_search_entry_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_search_entry_tenant_id_id"), "search_entry", ["tenant_id", "id"])
    for statement in _ON_SQLITE if op.get_bind().dialect.name == "sqlite" else _ON_POSTGRESQL:
        op.execute(statement)
