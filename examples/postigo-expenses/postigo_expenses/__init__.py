"""Expenses: what was spent on the client's behalf, for them to approve or to ask about."""

from collections.abc import Sequence

from core.api import Module, Resource, Widget, hookimpl, lazy_gettext


class Expenses(Module):
    """The module's hooks."""

    name = "expenses"
    title = lazy_gettext("Expenses")
    version = "1.0.0"
    icon = "money"

    @hookimpl
    def postigo_resources(self) -> Sequence[Resource]:
        """Expenses, with their items."""
        from postigo_expenses.resources import EXPENSE

        return [EXPENSE]

    @hookimpl
    def postigo_widgets(self) -> Sequence[Widget]:
        """What waits for the client's word."""
        from postigo_expenses.widget import WAITING

        return [WAITING]


module = Expenses()
