"""PostgreSQL's own wall between tenants: row-level security on every table that names a tenant."""

from sqlalchemy import Connection, Engine, text

# The tenant that `core.db.telling` tells at the start of each transaction, and for no longer.
_TENANT = "(SELECT nullif(current_setting('postigo.tenant', true), '')::bigint)"

_TABLES = """
SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,
       ARRAY(SELECT polname::text FROM pg_policy WHERE polrelid = c.oid)
FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
  AND pg_has_role(c.relowner, 'USAGE')
  AND EXISTS (SELECT 1 FROM pg_attribute a
              WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)
ORDER BY 1
"""

# A role that may become another is as strong as that one.
_ROLES = """
SELECT r.rolname, r.rolsuper, r.rolbypassrls,
       EXISTS (SELECT 1 FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace
               AND c.relkind IN ('r', 'p') AND c.relowner = r.oid)
FROM pg_roles r WHERE pg_has_role(r.oid, 'MEMBER')
"""


def protect(connection: Connection, role: str | None) -> None:
    """Put every table with a `tenant_id`, whoever made it, behind its policies, and let `role`, which
    serves, use what it needs. Runs as the owner, after each upgrade; doing it again changes nothing."""
    quote = connection.dialect.identifier_preparer.quote
    for name, forced, policies in connection.execute(text(_TABLES)).all():
        table = quote(name)
        if not forced:
            connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            connection.exec_driver_sql(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        if "postigo_tenant" not in policies:
            rule = f"tenant_id = {_TENANT}"
            connection.exec_driver_sql(f"CREATE POLICY postigo_tenant ON {table} USING ({rule}) WITH CHECK ({rule})")
        if "postigo_owner" not in policies:
            # Without it, a migration of the owner's would update no row, and say nothing.
            connection.exec_driver_sql(
                f"CREATE POLICY postigo_owner ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)"
            )
    if role is not None and role != connection.scalar(text("SELECT current_user")):
        _grant(connection, quote(role))


def _grant(connection: Connection, role: str) -> None:
    """The serving role reads and writes rows, and reads how far the migrations have come."""
    quote = connection.dialect.identifier_preparer.quote
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tableowner = current_user"
    for name in connection.scalars(text(tables)).all():
        if name.startswith("alembic_version"):
            connection.exec_driver_sql(f"REVOKE ALL ON {quote(name)} FROM {role}")
            connection.exec_driver_sql(f"GRANT SELECT ON {quote(name)} TO {role}")
        else:
            connection.exec_driver_sql(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {quote(name)} TO {role}")
    sequences = (
        "SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema() AND sequenceowner = current_user"
    )
    for name in connection.scalars(text(sequences)).all():
        connection.exec_driver_sql(f"GRANT USAGE ON SEQUENCE {quote(name)} TO {role}")


def role_problems(engine: Engine) -> list[str]:
    """Why the role of `engine` (one without a guard) must not serve: one sentence for each reason, none
    on SQLite. Row-level security does not hold back a superuser, nor an owner who has a policy."""
    if engine.dialect.name != "postgresql":
        return []
    with engine.connect() as connection:
        me = connection.scalar(text("SELECT current_user"))
        rows = connection.execute(text(_ROLES)).all()
    problems = []
    if any(superuser or bypasses for name, superuser, bypasses, _ in rows if name == me):
        return [f"The role {me} may see the rows of every tenant (SUPERUSER or BYPASSRLS)."]
    for name, superuser, bypasses, owns in sorted(rows):
        may_become = "" if name == me else f", which {me} may become,"
        if superuser or bypasses:
            problems.append(f"The role {name}{may_become} may see the rows of every tenant.")
        if owns:
            problems.append(f"The role {name}{may_become} owns tables; serve with a role that owns none.")
    return problems
