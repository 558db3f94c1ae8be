"""Invoices: what was billed, what was paid of it, and what is due."""

from collections.abc import Sequence

from core.api import Module, Resource, Widget, hookimpl, lazy_gettext


class Invoices(Module):
    """The module's hooks."""

    name = "invoices"
    title = lazy_gettext("Invoices")
    version = "1.0"
    icon = "invoice"

    @hookimpl
    def postigo_resources(self) -> Sequence[Resource]:
        """Invoices for clients and staff, payments for staff."""
        from plugins.invoices.resources import INVOICE, PAYMENT

        return [INVOICE, PAYMENT]

    @hookimpl
    def postigo_widgets(self) -> Sequence[Widget]:
        """What is due and overdue, and what was invoiced and paid per month."""
        from plugins.invoices import months, widget

        return [widget.WIDGET, months.WIDGET]


module = Invoices()
