"""Imports of a CRM's export, by profiles: tables, columns and files to records, accounts and people."""

from core.imports.errors import ImportFailed, ProfileError
from core.imports.feed import Progress
from core.imports.report import Report
from core.imports.runner import run

__all__ = ["ImportFailed", "ProfileError", "Progress", "Report", "run"]
