"""The accepted quotes of the made-up firm on paper, as their clients had them before them."""

from dataclasses import dataclass
from decimal import Decimal

from core.api import World, make_pdf
from plugins.quotes.demo.plan import Plan
from plugins.quotes.models import Line, Quote
from plugins.quotes.paper import DOCUMENT


@dataclass(frozen=True)
class Words:
    """What the paper says in one language."""

    kind: str
    client: str
    day: str
    until: str
    columns: tuple[str, str, str, str, str]
    totals: tuple[str, str, str]
    yes_no: tuple[str, str]


_WORDS = {
    "es": Words(
        "Presupuesto", "Cliente", "Fecha", "Válido hasta",
        ("Descripción", "Opcional", "Cantidad", "Precio unitario", "Base imponible"),
        ("Base imponible", "IVA", "Total"), ("Sí", "No"),
    ),
    "en": Words(
        "Quote", "Client", "Date", "Valid until",
        ("Description", "Optional", "Quantity", "Unit price", "Net amount"),
        ("Net amount", "VAT", "Total"), ("Yes", "No"),
    ),
}  # fmt: skip


def print_quote(world: World, plan: Plan, quote: Quote, lines: list[Line]) -> bytes:
    """The PDF of a quote."""
    tenant, words = world.tenant, _WORDS[plan.language]
    has_options = any(line.optional for line in lines)
    kept = [place for place in range(len(words.columns)) if place != 1 or has_options]
    amounts = [euros(amount, plan.language) for amount in (quote.net, quote.tax, quote.total)]
    totals = [list(each) for each in zip(words.totals, amounts, strict=True)]
    return make_pdf(
        DOCUMENT.template,
        {
            "firm": {"name": tenant.name, "lines": [tenant.phone, tenant.email], "accent": tenant.accent},
            "language": plan.language,
            "title": f"{words.kind} {quote.number}",
            "kind": words.kind,
            "number": quote.number,
            "mark": None,
            "client_label": words.client,
            "client": [world.accounts[plan.account].name],
            "facts": [(words.day, f"{quote.issued_on:%d/%m/%Y}"), (words.until, f"{quote.valid_until:%d/%m/%Y}")],
            "columns": [{"label": words.columns[i], "number": i > 1, "wide": i == 0} for i in kept],
            "lines": [[_cells(line, plan.language)[i] for i in kept] for line in lines],
            "totals": totals[:2],
            "total": totals[2],
            "notes": [quote.note] if quote.note else [],
        },
    )


def _cells(line: Line, language: str) -> list[str]:
    yes, no = _WORDS[language].yes_no
    price, net = _number(line.unit_price, language), euros(line.net, language)
    return [line.description, yes if line.optional else no, f"{line.quantity:f}", price, net]


def _number(amount: Decimal, language: str) -> str:
    text = f"{amount:,.2f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "es" else text


def euros(cents: int, language: str) -> str:
    """An amount as the language writes it ("1.234,50 €", "€1,234.50")."""
    text = _number(Decimal(cents) / 100, language)
    return f"{text} €" if language == "es" else f"€{text}"
