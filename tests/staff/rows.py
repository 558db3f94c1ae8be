"""Rows of the CRM for tests, as the contract kit makes them."""

from core.kit.crm import account, contact, make_tenant, member, site, writing

__all__ = ["account", "contact", "make_tenant", "member", "site", "writing"]
