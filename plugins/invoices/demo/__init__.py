"""The module's part of the demonstration: a year of invoices of the made-up firm."""

from collections import Counter
from datetime import date, timedelta

from core.api import WalledSession, World
from plugins.invoices.demo.pdf import print_invoice
from plugins.invoices.demo.plan import ENGLISH, Plan, year
from plugins.invoices.demo.works import VAT
from plugins.invoices.models import CREDIT_NOTE, DEPOSIT, DRAFT, STANDARD, Allocation, Invoice, Line, Payment

_SERIES = {STANDARD: "F", DEPOSIT: "A", CREDIT_NOTE: "R"}
_METHODS = ("Transferencia", "Recibo domiciliado", "Transferencia", "Tarjeta")
_IN_ENGLISH = {"Transferencia": "Bank transfer", "Recibo domiciliado": "Direct debit", "Tarjeta": "Card"}


def load(session: WalledSession, world: World) -> None:
    """Add the invoices with their lines, payments and files."""
    plans = year(world.rng, world.sites)
    invoices = _invoices(world, plans)
    session.add_all(invoices)
    session.flush()
    for plan, invoice in zip(plans, invoices, strict=True):
        if plan.corrects:
            invoice.corrects_id = next(i.id for p, i in zip(plans, invoices, strict=True) if p.key == plan.corrects)
        if plan.key:
            world.named[f"invoices/{plan.key}"] = invoice.id
        session.add_all(_lines(plan, invoice))
    _payments(session, world, plans, invoices)
    session.flush()
    for plan, invoice in zip(plans, invoices, strict=True):
        if plan.has_file and plan.status != DRAFT:
            world.store_file(
                invoice.id, f"{invoice.number}.pdf", print_invoice(world, plan, invoice), "application/pdf"
            )


def _invoices(world: World, plans: list[Plan]) -> list[Invoice]:
    numbers: Counter[str] = Counter()
    return [_invoice(world, plan, numbers) for plan in plans]


def _invoice(world: World, plan: Plan, numbers: Counter[str]) -> Invoice:
    issued = _working_day(world.today - timedelta(plan.age))
    series = "B-" if plan.status == DRAFT else f"{_SERIES[plan.kind]}{issued:%y}-"
    numbers[series] += 1
    account, site, contact = (
        found.get(key)
        for found, key in ((world.accounts, plan.account), (world.sites, plan.site), (world.contacts, plan.contact))
    )
    net, tax = (plan.sign * sum(getattr(each, part) for each in plan.works) for part in ("net", "tax"))
    return Invoice(
        account_id=account and account.id,
        site_id=site and site.id,
        contact_id=contact and contact.id,
        number=f"{series}{numbers[series]:04d}",
        kind=plan.kind,
        status=plan.status,
        issued_on=issued,
        due_on=None if plan.term is None else issued + timedelta(plan.term),
        currency=world.tenant.currency,
        net=net,
        tax=tax,
        total=net + tax,
        reference=plan.reference,
        note=plan.note,
        reason=plan.reason,
    )


def _working_day(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(max(day.weekday() - 4, 0))


def _lines(plan: Plan, invoice: Invoice) -> list[Line]:
    return [
        Line(
            parent_id=invoice.id,
            position=position,
            description=each.description,
            quantity=plan.sign * each.quantity,
            unit_price=each.unit_price,
            discount=each.discount,
            tax_rate=VAT,
            currency=invoice.currency,
            net=plan.sign * each.net,
            tax=plan.sign * each.tax,
            total=plan.sign * (each.net + each.tax),
        )
        for position, each in enumerate(plan.works, 1)
    ]


def _payments(session: WalledSession, world: World, plans: list[Plan], invoices: list[Invoice]) -> None:
    """A payment for each that a plan names; one more came in that belongs to no invoice yet."""
    parts: list[tuple[date, Invoice, int]] = []
    in_english = {invoice.id for plan, invoice in zip(plans, invoices, strict=True) if plan.account == ENGLISH}
    for plan, invoice in zip(plans, invoices, strict=True):
        left = invoice.total
        for age, cents in plan.paid:
            amount = left if cents is None else cents
            left -= amount
            day = max(_working_day(world.today - timedelta(age)), invoice.issued_on)
            parts.append((day, invoice, amount))
    parts.sort(key=lambda part: part[0])
    for number, (day, invoice, amount) in enumerate(parts, 1):
        method = world.rng.choice(_METHODS)
        method = _IN_ENGLISH[method] if invoice.id in in_english else method
        payment = _payment(number, day, method, amount, invoice.currency)
        session.add(payment)
        session.flush()
        session.add(
            Allocation(
                parent_id=invoice.id,
                payment_id=payment.id,
                paid_on=day,
                method=method,
                currency=invoice.currency,
                amount=amount,
            )
        )
    unknown = _payment(len(parts) + 1, world.today - timedelta(3), "Transferencia", 18150, world.tenant.currency)
    unknown.note = "Sin identificar: «TRANSF. PEDIDO»"
    session.add(unknown)


def _payment(number: int, day: date, method: str, amount: int, currency: str) -> Payment:
    return Payment(number=f"C-{number:04d}", paid_on=day, method=method, amount=amount, currency=currency)
