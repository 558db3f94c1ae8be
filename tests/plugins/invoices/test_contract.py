"""What is asked of every module, asked of invoices, on both databases."""

from plugins.invoices import module
from tests.plugins.contract import Contract


class TestContract(Contract):
    """The kit, on a database of either kind."""

    module = module
