"""The invoices of the made-up firm on paper, as its CRM would have printed them."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import typst

from core.api import World
from plugins.invoices.demo.plan import Plan
from plugins.invoices.models import CANCELLED, CREDIT_NOTE, DEPOSIT, STANDARD, Invoice

_TEMPLATE = Path(__file__).with_name("invoice.typ")
_KINDS = {STANDARD: "Factura", DEPOSIT: "Factura de anticipo", CREDIT_NOTE: "Factura rectificativa"}
_ADDRESS = ["Calle del Hidrante, 31 · Polígono La Torreta", "46980 Paterna (Valencia)"]
_TAX_NUMBER = "B00000075"


class Printer:
    """Prints one invoice after the other with the same compiler."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._compiler = typst.Compiler(_TEMPLATE, ignore_system_fonts=True)

    def print(self, plan: Plan, invoice: Invoice) -> bytes:
        """The PDF of an invoice."""
        data = json.dumps(self._data(plan, invoice), ensure_ascii=False)
        printed = self._compiler.compile(format="pdf", sys_inputs={"data": data})
        assert isinstance(printed, bytes)
        return printed

    def _data(self, plan: Plan, invoice: Invoice) -> dict[str, Any]:
        tenant = self._world.tenant
        kind = _KINDS[plan.kind]
        firm = {"name": tenant.name, "phone": tenant.phone, "email": tenant.email}
        return {
            "accent": tenant.accent,
            "title": f"{kind} {invoice.number}",
            "firm": {**firm, "tax_number": _TAX_NUMBER, "address": _ADDRESS},
            "kind": kind,
            "number": invoice.number,
            "client": self._client(plan),
            "facts": self._facts(plan, invoice),
            "lines": [_line(plan.sign, each) for each in plan.works],
            "totals": [["Base imponible", euros(invoice.net)], ["IVA 21 %", euros(invoice.tax)]],
            "total": euros(invoice.total),
            "notes": _notes(plan),
        }

    def _client(self, plan: Plan) -> list[str]:
        """Name, number and address of who is billed."""
        account = self._world.accounts.get(plan.account)
        if account is None:
            return [self._world.contacts[plan.contact].name]
        return [account.name, account.tax_number, account.address, f"{account.postcode} {account.town}"]

    def _facts(self, plan: Plan, invoice: Invoice) -> list[tuple[str, str]]:
        facts = [("Fecha", f"{invoice.issued_on:%d/%m/%Y}")]
        if invoice.due_on is not None:
            facts.append(("Vencimiento", f"{invoice.due_on:%d/%m/%Y}"))
        if site := self._world.sites.get(plan.site):
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
