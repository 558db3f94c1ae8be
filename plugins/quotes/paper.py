"""A quote on paper: what is offered, until when, and for how much."""

from core.api import lined_paper
from plugins.quotes.models import DRAFT, WITHDRAWN

DOCUMENT = lined_paper(facts=("issued_on", "valid_until", "site_id", "reference"), marked={DRAFT, WITHDRAWN})
