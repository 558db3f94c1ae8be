"""What is asked of every module, asked of cases, on both databases."""

from plugins.cases import module
from tests.plugins.contract import Contract


class TestContract(Contract):
    """The kit, on a database of either kind."""

    module = module
