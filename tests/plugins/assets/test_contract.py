"""What is asked of every module, asked of assets, on both databases."""

from plugins.assets import module
from tests.plugins.contract import Contract


class TestContract(Contract):
    """The kit, on a database of either kind."""

    module = module
