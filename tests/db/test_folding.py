"""Text folded for searching says the same in Python and in both databases."""

from sqlalchemy import Engine, select

from core.crm.models import Account
from core.db.folding import fold, folded
from core.db.session import open_session
from tests.db.conftest import World

TEXTS = ["Señalización", "ÉCLAIR Çà", "ÀÉÎÕÜ Ñandú", "Łódź", "ŠKODA", "plain TEXT 12", "", "%_'\"\\", "Ørsted", "ÿŸ"]


def test_both_databases_fold_as_python_does(world: World, engine: Engine) -> None:
    with open_session(engine, world.staff.sight(), writes=True) as session:
        session.add_all(Account(name=text, code="fold") for text in TEXTS)
        session.flush()
        found = session.execute(select(Account.name, folded(Account.name)).where(Account.code == "fold"))
        told = {name: text for name, text in found.all()}  # noqa: C416 - rows, not pairs
    assert told == {text: fold(text) for text in TEXTS}


def test_case_and_accents_are_gone() -> None:
    assert fold("Señalización DE Évacuación") == "senalizacion de evacuacion"
    assert fold(None) is None
