"""What the portal asks of every module, asked of this one."""

from postigo_expenses import module

from core.api import ModuleContract


class TestContract(ModuleContract):
    module = module
