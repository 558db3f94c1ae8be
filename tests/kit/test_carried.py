"""Migrations that lose what is there, or reach into what is not the module's."""

from pathlib import Path

import pytest

from core.kit.carried import carried
from tests.db.strangers import TABLE, stranger

_ADD = '    op.add_column("{name}_thing", sa.Column("day", sa.Date(), nullable=False'
_REMADE = """
    with op.batch_alter_table("{name}_thing", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_column("note")
    op.add_column("{name}_thing", sa.Column("note", sa.Text(), nullable=False, server_default=""))
"""
_CARRIED = """
    op.add_column("{name}_thing", sa.Column("remark", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE {name}_thing SET remark = note")
    with op.batch_alter_table("{name}_thing", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_column("note")
"""


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (_CARRIED, ""),
        (_ADD + ", server_default='2026-01-01'))", ""),
        (_ADD + "))", "The migration '0002' fails where there are rows: OperationalError: "),
        (_REMADE, "The migration '0002' loses what was in 'note' of 'sheds_thing': carry it over"),
        ('    op.execute("DELETE FROM {name}_thing")', "The migration '0002' deletes rows of 'sheds_thing'"),
        (
            '    op.execute("UPDATE account SET name = NULL WHERE id < 0")',
            "The migration '0002' writes into 'account', which is not a table of 'sheds'",
        ),
        (
            '    op.create_index("ix_more", "record", ["title"])',
            "The migration '0002' writes into 'record', which is not a table of 'sheds'",
        ),
    ],
)
def test_what_a_migration_does_to_rows_and_to_others_is_told(tmp_path: Path, body: str, said: str) -> None:
    module = stranger(tmp_path, "sheds", TABLE)
    module.revise("0002", body, "0001")
    found = carried(module)
    assert len(found) == bool(said), found
    assert "".join(found).startswith(said)
