"""What is asked of every module, asked of orders, on both databases."""

from plugins.orders import module
from tests.plugins.contract import Contract


class TestContract(Contract):
    """The kit, on a database of either kind."""

    module = module
