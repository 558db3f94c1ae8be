"""What is asked of every module, asked of knowledge_base, on both databases."""

from plugins.knowledge_base import module
from tests.plugins.contract import Contract


class TestContract(Contract):
    """The kit, on a database of either kind."""

    module = module
