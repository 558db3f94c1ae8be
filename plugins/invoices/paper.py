"""An invoice on paper: what was billed."""

from core.api import lined_paper
from plugins.invoices.models import CANCELLED, DRAFT

DOCUMENT = lined_paper(
    facts=("issued_on", "due_on", "site_id", "reference", "corrects"),
    totals=("net", "tax", "local_tax_1", "local_tax_2", "stamp"),
    marked={DRAFT, CANCELLED},  # what counts for nothing says so
)
