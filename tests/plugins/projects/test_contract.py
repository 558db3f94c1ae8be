"""What is asked of every module, asked of projects, on both databases."""

from plugins.projects import module
from tests.plugins.contract import Contract


class TestContract(Contract):
    """The kit, on a database of either kind."""

    module = module
