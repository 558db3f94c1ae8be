"""What is asked of every module, asked of contracts, on both databases."""

from plugins.contracts import module
from tests.plugins.contract import Contract


class TestContract(Contract):
    """The kit, on a database of either kind."""

    module = module
