"""The demonstration's quotes: some to answer in each language, one that is over, and answers with what proves them."""

from collections import Counter
from hashlib import sha256

from sqlalchemy import select

from core.files.storage import Store
from core.i18n import today_in
from core.records.models import Agreement
from plugins.quotes.demo.plan import PLANS
from plugins.quotes.domain import state
from plugins.quotes.models import Line, Quote
from tests.demo.test_load import Loaded, loaded

__all__ = ["loaded"]


def test_there_are_quotes_to_answer_answered_ones_and_one_that_is_over(loaded: Loaded) -> None:
    shown = state(Quote, today_in("Europe/Madrid"))
    assert Counter(loaded.values(select(shown, Quote.id))) == {
        "sent": 2, "accepted": 3, "declined": 1, "expired": 1, "invoiced": 1, "draft": 1
    }  # fmt: skip
    assert len(PLANS) == 9
    for who in ("marta.ferrandis@miralbahia.example", "emily@seabramble.example"):
        assert "sent" in loaded.values(select(shown, Quote.id), who)
    assert "draft" not in loaded.values(select(shown, Quote.id), "ruben.estelles@trasvia.example")
    for quote in loaded.values(select(Quote)):
        lines = loaded.values(select(Line).where(Line.parent_id == quote.id))
        assert quote.total == sum(line.total for line in lines if not line.optional) > 0
        assert quote.total == quote.net + quote.tax


def test_those_that_were_accepted_here_have_their_paper_and_their_terms(loaded: Loaded) -> None:
    found = loaded.values(select(Agreement))
    store = Store(loaded.settings.home / "files")
    assert len(found) == sum(plan.signed for plan in PLANS) == 3
    for answer in found:
        paper = store.get(answer.paper_key)
        assert paper.startswith(b"%PDF")
        assert sha256(paper).hexdigest() == answer.paper_sha256
        assert sha256(answer.terms.encode()).hexdigest() == answer.terms_sha256
