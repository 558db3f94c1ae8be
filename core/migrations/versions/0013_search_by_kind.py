"""Let each kind of record be searched by itself, its newest first"""

import sqlalchemy as sa
from alembic import op

revision = "0013_search_by_kind"
down_revision = "0012_agreements"

# What stands in nearly every record is found by looking at the newest of a kind alone, where the index would give all
# of them. Only where there are more than are asked for may something that has to come first be among the older ones.
_FUNCTION = """
    CREATE FUNCTION search_found(of_kind text, wanted tsquery, most integer, firsts tsquery, firsts_most integer)
    RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    DECLARE
        found bigint[] := search_newest(of_kind, wanted, most);
    BEGIN
        IF cardinality(found) >= most THEN
            found := found || search_newest(of_kind, firsts, firsts_most);
        END IF;
        RETURN QUERY SELECT unnest(found);
    END
    $$
"""
_NEWEST = """
    CREATE FUNCTION search_newest(of_kind text, wanted tsquery, most integer)
    RETURNS bigint[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    DECLARE
        of_tenant bigint := nullif(current_setting('postigo.tenant', true), '')::bigint;
        found bigint[];
    BEGIN
        found := ARRAY(
            SELECT recent.id
            FROM (
                SELECT id, terms FROM search_entry WHERE tenant_id = of_tenant AND kind = of_kind
                ORDER BY id DESC LIMIT 1000
            ) recent
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
        RETURN found;
    END
    $$
"""


def upgrade() -> None:
    """Apply this revision. Entries are made anew after the upgrade: their terms are others now."""
    op.execute("DELETE FROM search_entry")
    # No batch: it would make the table anew, without its triggers.
    op.add_column("search_entry", sa.Column("kind", sa.String(length=81), server_default="", nullable=False))
    op.drop_index(op.f("ix_search_entry_tenant_id_id"), "search_entry")
    op.create_index(op.f("ix_search_entry_tenant_id_kind_id"), "search_entry", ["tenant_id", "kind", "id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION search_found(tsquery, integer)")
        op.execute(_NEWEST)
        op.execute(_FUNCTION)
