"""The floor of every figure: the five queries that any portal asks for a list of 25 (session, user, tenant,
count, list) in plain Flask with SQLAlchemy Core, and a bare "hello" beside it."""

from flask import Flask, render_template, request
from jinja2 import DictLoader
from sqlalchemy import MetaData, create_engine, func, select

TABLES = ("login_session", "contact", "tenant", "membership", "invoices_invoice")
PAGE = """<!doctype html><html lang="en"><title>{{ tenant.name }}</title><h1>{{ user.email }}: {{ count }}</h1><table>
{% for row in rows %}<tr>{% for value in row %}<td class="cell">{{ value }}</td>{% endfor %}</tr>
{% endfor %}</table></html>"""


def create_floor(url: str) -> Flask:
    """The floor over the database at `url`, which already holds what the portal is measured on. The cookie
    "floor" carries the digest of a sign-in token. Each page opens one connection and renders about 7 kB."""
    app, engine, tables = Flask(__name__), create_engine(url), MetaData()
    app.jinja_loader = DictLoader({"page.html": PAGE})
    tables.reflect(engine, only=TABLES)
    login, contact, tenant, member, invoice = (tables.tables[name].c for name in TABLES)
    shown = (invoice.number, invoice.kind, invoice.status, invoice.issued_on, invoice.due_on, invoice.currency)

    @app.get("/")
    def page() -> str:
        with engine.connect() as connection:
            one = lambda statement: connection.execute(statement).one()  # noqa: E731
            session = one(select(login).where(login.token_hash == request.cookies["floor"]))
            user = one(select(contact, member.account_id).join_from(contact.id.table, member.id.table).where(
                contact.id == session.contact_id, member.contact_id == contact.id))  # fmt: skip
            mine = (invoice.tenant_id == session.tenant_id, invoice.owner == user.account_id)
            count = one(select(func.count()).where(*mine))[0]
            rows = connection.execute(select(invoice.id, *shown, invoice.net, invoice.total).where(*mine).order_by(
                invoice.issued_on.desc(), invoice.id.desc()).limit(25)).all()  # fmt: skip
            portal = one(select(tenant).where(tenant.id == session.tenant_id))
        return render_template("page.html", tenant=portal, user=user, count=count, rows=rows)

    app.add_url_rule("/hello", "hello", lambda: "hello")
    return app
