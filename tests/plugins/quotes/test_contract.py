"""What is asked of every module, asked of quotes, on both databases."""

from plugins.quotes import module
from tests.plugins.contract import Contract


class TestContract(Contract):
    """The kit, on a database of either kind."""

    module = module
