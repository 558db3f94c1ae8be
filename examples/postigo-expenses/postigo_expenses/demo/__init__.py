"""The module's part of the demonstration: a few expenses for each client."""

from datetime import timedelta

from core.api import WalledSession, World
from postigo_expenses.models import APPROVED, PENDING, QUERIED, Expense, Item

# Subject, what each of its items is and costs, in cents.
WORKS = (
    ("Tasas de legalización", (("Tasa municipal", 18450), ("Visado del proyecto", 9600))),
    ("Alquiler de plataforma elevadora", (("Plataforma, dos días", 24000), ("Transporte", 6500))),
    ("Ensayo de laboratorio", (("Prueba de presión", 31000),)),
)
QUESTION = "¿A qué equipo corresponde este ensayo?"


def load(session: WalledSession, world: World) -> None:
    """Add three expenses to each client: one that is approved, one to approve, and one that was asked about."""
    number = 0
    for account in world.accounts.values():
        for (subject, items), status in zip(WORKS, (APPROVED, PENDING, QUERIED), strict=True):
            number += 1
            expense = Expense(
                account_id=account.id,
                number=f"G-{number:04d}",
                spent_on=world.today - timedelta(world.rng.randint(2, 90)),
                subject=subject,
                status=status,
                currency=world.tenant.currency,
                total=sum(amount for _, amount in items),
                cost=sum(amount for _, amount in items),
                order_number=f"PC-{1000 + number}" if status == APPROVED else "",
                question=QUESTION if status == QUERIED else "",
            )
            session.add(expense)
            session.flush()
            session.add_all(
                Item(parent_id=expense.id, description=text, currency=world.tenant.currency, amount=amount)
                for text, amount in items
            )
