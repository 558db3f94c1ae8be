"""The demonstration: what is in it, who sees what of it, and that it is loaded once and whole."""

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, String, func, inspect, select

from core.access.passwords import verify
from core.config import Settings
from core.crm.models import Account, Contact, Membership, Site, Staff, Tenant, TenantHost
from core.db.engine import make_engine
from core.db.record import Record
from core.db.session import WalledSession, open_session
from core.db.viewer import Kind, installation, system
from core.db.wall import Owned, Part
from core.demo.load import DemoError, load
from core.demo.people import PEOPLE
from core.demo.sign_ins import NAME, SignIn, read_sign_ins
from core.files.models import File
from core.files.storage import Store
from core.i18n import today_in
from core.modules.reach import sight_of
from core.modules.registry import load_modules
from core.records.resource import Resource
from plugins.contracts.models import Covered
from plugins.invoices import domain
from plugins.invoices.demo.plan import year
from plugins.invoices.models import Allocation, Invoice, Line, Payment
from plugins.knowledge_base.models import Article
from tests.databases import PostgresDatabases, SqliteDatabases

COMMIT = "core.db.session.WalledSession.commit"


@dataclass(frozen=True)
class Loaded:
    """A database with the demonstration in it."""

    engine: Engine
    settings: Settings
    sign_ins: list[SignIn]
    tenant_id: int

    def rows(self, statement: Any, contact: str = "") -> list[Any]:
        """The rows of a statement, for the system or as a contact sees them, by e-mail."""
        sight = system(self.tenant_id)
        if contact:
            with open_session(self.engine, sight) as session:
                contact_id = session.scalars(select(Contact.id).where(Contact.email == contact)).one()
                sight, _ = sight_of(session, load_modules(), contact_id)
        with open_session(self.engine, sight) as session:
            return list(session.execute(statement).all())

    def values(self, statement: Any, contact: str = "") -> list[Any]:
        """The first column of the rows."""
        return [row[0] for row in self.rows(statement, contact)]


def settings_for(url: str, home: Path) -> Settings:
    """Settings of an installation on that database."""
    home.mkdir(exist_ok=True)
    return Settings(home=home, database_url=url, owner_url=url, port=8000, secret_file=home / "secret.key")


@pytest.fixture(scope="module")
def loaded(
    databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Loaded]:
    """The demonstration, loaded once for the tests that only look."""
    with databases.fresh() as database:
        engine = make_engine(database.url)
        settings = settings_for(database.url, tmp_path_factory.mktemp("demo"))
        sign_ins = load(engine, load_modules(), settings)
        with open_session(engine, installation()) as session:
            tenant_id = session.scalars(select(Tenant.id)).one()
        yield Loaded(engine, settings, sign_ins, tenant_id)
        engine.dispose()


def test_it_has_the_promised_size(loaded: Loaded) -> None:
    sizes = {cls: loaded.values(select(func.count(cls.id)))[0] for cls in (Account, Site, Contact, Staff, Invoice)}
    assert sizes == {Account: 6, Site: 14, Contact: 20, Staff: 2, Invoice: 97}
    with open_session(loaded.engine, installation()) as session:
        assert set(session.scalars(select(TenantHost.host))) == {"127.0.0.1", "localhost"}


def test_it_has_every_kind_of_membership(loaded: Loaded) -> None:
    ties = loaded.rows(select(Membership.contact_id, Membership.site_id, Membership.with_subsidiaries))
    people = loaded.rows(select(Contact.id, Contact.phone_key, Contact.portal_user))
    assert any(deep for _, _, deep in ties)
    assert any(site for _, site, _ in ties)
    assert any(not site for _, site, _ in ties)
    tied = [contact for contact, _, _ in ties]
    assert any(tied.count(contact) == 2 for contact in tied)
    assert {contact for contact, _, _ in people} - set(tied)
    phones = [phone for _, phone, active in people if phone and active]
    assert len(phones) > len(set(phones)), "no two active people share a telephone"
    assert {active for _, _, active in people} == {True, False}


def test_nothing_in_it_is_anybodys() -> None:
    assert all(not person.email or person.email.endswith(".example") for person in PEOPLE)
    numbers = [number for person in PEOPLE for number in (person.phone, person.mobile) if number]
    assert all(number.startswith(("555 ", "+44 7700 900")) for number in numbers)


def test_every_state_and_kind_of_invoice_is_there_within_a_year(loaded: Loaded) -> None:
    today = today_in("Europe/Madrid")
    states = loaded.rows(select(Invoice.kind, domain.state(Invoice, today)))
    assert {state for _, state in states} == {"draft", "pending", "overdue", "in_credit", "paid", "cancelled"}
    assert {kind for kind, _ in states} == {"standard", "deposit", "credit_note"}
    days = loaded.values(select(Invoice.issued_on))
    assert max(days) <= today
    assert min(days) >= today - timedelta(366)
    assert sum(loaded.values(select(domain.credit(Invoice)))) > 0
    partly = select(Invoice.id).where(domain.allocated(Invoice) > 0, domain.due(Invoice) > 0)
    assert loaded.values(partly)
    assert loaded.values(select(Invoice.corrects_id).where(Invoice.corrects_id.is_not(None)))


def test_the_amounts_of_each_invoice_add_up(loaded: Loaded) -> None:
    sums = (
        select(Line.parent_id, func.sum(Line.net), func.sum(Line.tax), func.sum(Line.total))
        .group_by(Line.parent_id)
        .order_by(Line.parent_id)
    )
    stated = select(Invoice.id, Invoice.net, Invoice.tax, Invoice.total).order_by(Invoice.id)
    assert loaded.rows(sums) == loaded.rows(stated)
    assert all(net + tax == total for _, net, tax, total in loaded.rows(stated))
    settled = select(Invoice.total - domain.allocated(Invoice)).where(
        Invoice.status == "paid", Invoice.kind != "credit_note"
    )
    assert set(loaded.values(settled)) == {0}
    assert loaded.values(select(Payment.id).where(domain.spent(Payment) == 0))


def test_most_invoices_have_their_pdf_and_drafts_none(loaded: Loaded) -> None:
    store = Store(loaded.settings.home / "files")
    of_invoices = select(File.name, File.key, Record.number).join(Record, Record.id == File.parent_id)
    files = loaded.rows(of_invoices.where(Record.module == "invoices"))
    assert len(files) >= 80
    assert all(name == f"{number}.pdf" for name, _, number in files)
    assert not any(name.startswith("B-") for name, _, _ in files)
    assert all(store.get(key).startswith(b"%PDF-") for _, key, _ in files)


@pytest.mark.parametrize(
    ("email", "accounts"),
    [
        ("marta.ferrandis@miralbahia.example", {"Hoteles Miralbahía, S.A.", "Lavandería Industrial Miralbahía, S.L."}),
        ("mantenimiento@miralbahia.example", {"Hoteles Miralbahía, S.A."}),
        ("ramon@fincasvidal.example", {"C. P. Edificio Girasolar", "Colegio Siete Almendrales"}),
        ("emily@seabramble.example", {"Seabramble Language Centre, S.L."}),
        ("laura.quiles@correo.example", {None}),
    ],
)
def test_each_client_sees_their_own(loaded: Loaded, email: str, accounts: set[str | None]) -> None:
    seen = select(Invoice.account_id, Invoice.status)
    names = dict(map(tuple, loaded.rows(select(Account.id, Account.name))))
    rows = loaded.rows(seen, email)
    assert {names.get(account) for account, _ in rows} == accounts
    assert "draft" not in {status for _, status in rows}


def test_a_member_of_one_site_sees_its_invoices_alone(loaded: Loaded) -> None:
    sites = loaded.values(select(Site.name).join(Invoice, Invoice.site_id == Site.id), "lucia.marco@trasvia.example")
    assert set(sites) == {"Almacén de Riba-roja"}
    seen = loaded.values(select(func.count(Invoice.id)), "lucia.marco@trasvia.example")
    assert seen == [len(sites)]


def test_the_sign_ins_work_and_are_kept_from_others(loaded: Loaded) -> None:
    path = loaded.settings.home / NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_sign_ins(loaded.settings.home) == loaded.sign_ins
    hashes = dict(map(tuple, loaded.rows(select(Contact.email, Contact.password_hash))))
    hashes |= dict(map(tuple, loaded.rows(select(Staff.email, Staff.password_hash))))
    assert len(loaded.sign_ins) >= 4
    assert all(verify(hashes[each.email], each.password) for each in loaded.sign_ins)
    assert len({each.password for each in loaded.sign_ins}) == len(loaded.sign_ins)
    given = {each.email for each in loaded.sign_ins}
    assert all(kept is None for email, kept in hashes.items() if email not in given)


def test_the_firm_is_the_same_each_time() -> None:
    sites = ["hotel/playa", "logistica/riba", "academia/aulas"]
    assert year(Random("x"), sites) == year(Random("x"), sites)
    assert year(Random("x"), sites) != year(Random("y"), sites)


def test_loading_again_changes_nothing(engine: Engine, settings: Settings) -> None:
    settings.home.mkdir()
    first = load(engine, load_modules(), settings)
    before = everything(engine), (settings.home / NAME).read_bytes()
    assert load(engine, load_modules(), settings) == first
    assert (everything(engine), (settings.home / NAME).read_bytes()) == before


def test_other_tenants_are_not_touched(engine: Engine, settings: Settings) -> None:
    settings.home.mkdir()
    with open_session(engine, installation(), writes=True) as session:
        session.add(Tenant(slug="ours", name="Ours", hosts=[TenantHost(host="ours.example")]))
        session.commit()
    load(engine, load_modules(), settings)
    with open_session(engine, installation()) as session:
        ours = session.scalars(select(Tenant).where(Tenant.slug == "ours")).one()
        assert [host.host for host in ours.hosts] == ["ours.example"]
    with open_session(engine, system(ours.id)) as session:
        assert session.scalar(select(func.count(Account.id))) == 0
        assert session.scalar(select(func.count(Invoice.id))) == 0


def test_it_refuses_hosts_that_another_tenant_holds(engine: Engine, settings: Settings) -> None:
    settings.home.mkdir()
    with open_session(engine, installation(), writes=True) as session:
        session.add(Tenant(slug="ours", name="Ours", hosts=[TenantHost(host="localhost")]))
        session.commit()
    before = everything(engine)
    with pytest.raises(DemoError, match="ours"):
        load(engine, load_modules(), settings)
    assert everything(engine) == before
    assert list(settings.home.iterdir()) == []


@pytest.mark.parametrize("at", ["plugins.invoices.demo.load", "core.demo.load.write_sign_ins", COMMIT])
def test_a_failure_leaves_nothing_behind(
    engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    settings.home.mkdir()
    before = everything(engine)
    commit = WalledSession.commit

    def fail(*given: Any) -> None:
        if at == COMMIT and given[0].sight.viewer.kind is not Kind.SYSTEM:
            return commit(given[0])
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(at, fail)
        with pytest.raises(OSError, match="no space left"):
            load(engine, load_modules(), settings)
    assert everything(engine) == before
    assert [path for path in settings.home.rglob("*") if path.is_file()] == []


def test_a_loading_that_was_killed_is_taken_up(
    engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.home.mkdir()
    with open_session(engine, installation(), writes=True) as session:
        session.add(Tenant(slug="demo", name="Killed before it was filled"))
        session.commit()
    with monkeypatch.context() as patch:
        patch.setattr("core.demo.load.HOSTS", ())  # killed before it got its hosts
        first = load(engine, load_modules(), settings)
    assert load(engine, load_modules(), settings) == first
    with open_session(engine, installation()) as session:
        assert session.scalars(select(Tenant.slug)).all() == ["demo"]
        assert len(session.scalars(select(TenantHost.host)).all()) == 2
        tenant_id = session.scalars(select(Tenant.id)).one()
    with open_session(engine, system(tenant_id)) as session:
        assert session.scalar(select(func.count(Account.id))) == 6


def everything(engine: Engine) -> list[Any]:
    """The tenants, their hosts, and how much of everything each has, with a sum over the amounts."""
    found: list[Any] = []
    with open_session(engine, installation()) as session:
        tenants = session.execute(select(Tenant.id, Tenant.slug, Tenant.version).order_by(Tenant.id)).all()
        found += [tenants, session.execute(select(TenantHost.host, TenantHost.owner_tenant)).all()]
    for tenant_id, _, _ in tenants:
        with open_session(engine, system(tenant_id)) as session:
            for cls in (Account, Site, Contact, Membership, Staff, Record, File, Invoice, Line, Payment, Allocation):
                found.append(session.scalar(select(func.count(cls.id))))
            found.append(session.execute(select(Contact.id, Contact.password_hash).order_by(Contact.id)).all())
    return found


def test_who_is_written_to_in_english_reads_no_spanish(loaded: Loaded) -> None:
    emily = "emily@seabramble.example"
    spanish = re.compile(r"\b(de|del|la|con|en|por|para|y)\b|[íóúñ¿¡]", re.IGNORECASE)
    models = {table.model for each in all_resources() for table in (each, *each.children) if is_theirs(table.model)}
    columns = [
        getattr(model, name) for model in models for name, column in inspect(model).columns.items()
        if isinstance(column.type, String) and (model, name) != (Covered, "name")  # a site is called as it is
    ]  # fmt: skip
    told = {text for column in columns for text in loaded.values(select(column).where(column != ""), emily)}
    assert len(told) > 100
    assert [text for text in told if spanish.search(text)] == []
    keys = [set(loaded.values(select(Article.key).where(Article.language == code), emily)) for code in ("es", "en")]
    assert keys[0] - keys[1] == set(), "what is there in Spanish alone"


def all_resources() -> list[Resource]:
    """Those of all modules."""
    return [each for resources in load_modules().resources.values() for each in resources.values()]


def is_theirs(model: Any) -> bool:
    """Whether rows of a class are a client's own."""
    return issubclass(model, Owned) or (issubclass(model, Part) and issubclass(model.part_of, Owned))
