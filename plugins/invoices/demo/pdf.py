"""The invoices of the made-up firm on paper, as its CRM would have printed them."""

from decimal import Decimal
from typing import Any

from core.api import World, make_pdf
from plugins.invoices.demo.plan import Plan
from plugins.invoices.models import CANCELLED, CREDIT_NOTE, DEPOSIT, STANDARD, Invoice
from plugins.invoices.paper import DOCUMENT

_KINDS = {STANDARD: "Factura", DEPOSIT: "Factura de anticipo", CREDIT_NOTE: "Factura rectificativa"}
_ADDRESS = ["Calle del Hidrante, 31 · Polígono La Torreta", "46980 Paterna (Valencia)", "B00000075"]
_COLUMNS = {"Concepto": (False, True), "Cantidad": (True, False), "Precio": (True, False)}
_COLUMNS |= {"Dto.": (True, False), "Importe": (True, False)}


def print_invoice(world: World, plan: Plan, invoice: Invoice) -> bytes:
    """The PDF of an invoice."""
    tenant, kind = world.tenant, _KINDS[plan.kind]
    return make_pdf(
        DOCUMENT.template,
        {
            "firm": {
                "name": tenant.name,
                "lines": [*_ADDRESS, tenant.phone, tenant.email],
                "accent": tenant.accent,
            },
            "language": "es",
            "title": f"{kind} {invoice.number}",
            "kind": kind,
            "number": invoice.number,
            "mark": "Anulada" if plan.status == CANCELLED else None,
            "client_label": "Cliente",
            "client": _client(world, plan),
            "facts": _facts(world, plan, invoice),
            "columns": [{"label": name, "number": number, "wide": wide} for name, (number, wide) in _COLUMNS.items()],
            "lines": [_line(plan.sign, each) for each in plan.works],
            "totals": [["Base imponible", euros(invoice.net)], ["IVA 21 %", euros(invoice.tax)]],
            "total": ["Total", euros(invoice.total)],
            "notes": _notes(plan),
        },
    )


def _client(world: World, plan: Plan) -> list[str]:
    """Name, number and address of who is billed."""
    account = world.accounts.get(plan.account)
    if account is None:
        return [world.contacts[plan.contact].name]
    return [account.name, account.tax_number, account.address, f"{account.postcode} {account.town}"]


def _facts(world: World, plan: Plan, invoice: Invoice) -> list[tuple[str, str]]:
    facts = [("Fecha", f"{invoice.issued_on:%d/%m/%Y}")]
    if invoice.due_on is not None:
        facts.append(("Vencimiento", f"{invoice.due_on:%d/%m/%Y}"))
    if site := world.sites.get(plan.site):
        facts.append(("Sede", site.name))
    if plan.reference:
        facts.append(("Su referencia", plan.reference))
    return facts


def _line(sign: int, each: Any) -> list[str]:
    discount = f"{each.discount:f} %" if each.discount else ""
    return [each.description, f"{sign * each.quantity:f}", decimal(each.unit_price), discount, euros(sign * each.net)]


def _notes(plan: Plan) -> list[str]:
    notes = [plan.note] if plan.note else []
    if plan.status == CANCELLED:
        return [*notes, f"Anulada. {plan.reason}."]
    if plan.kind == CREDIT_NOTE:
        return [*notes, "El importe queda a su favor."]
    return [*notes, "Pago por transferencia o recibo domiciliado antes del vencimiento. Gracias por su confianza."]


def decimal(amount: Decimal) -> str:
    """A number with two decimals as Spain writes it ("1.234,50")."""
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


def euros(cents: int) -> str:
    """An amount as Spain writes it ("1.234,50 €")."""
    return f"{decimal(Decimal(cents) / 100)} €"
