"""The report: every row is accounted for, and nothing that it prints can do harm."""

import pytest

from core.imports.report import Gone, Report, TableReport


def test_a_table_says_how_its_rows_add_up() -> None:
    table = TableReport("a.csv", "core.account", rows=5, taken=2, unchanged=2, staff_only=1, files=3)
    table.refuse(4, "7", "name: is missing")
    table.note(2, "6", "for staff", taken=True)
    assert list(Report("p", "t", [table]).lines()) == [
        "a.csv -> core.account: 5 rows = 2 taken + 2 unchanged + 1 not taken",
        "  of the rows that are there, 1 for staff alone",
        "  files: 3",
        "  line 4 (7), not taken: name: is missing",
        "  line 2 (6), taken: for staff",
    ]


def test_rows_that_became_one_are_told_with_the_rows_of_the_file() -> None:
    table = TableReport("a.csv", "core.account", grouped=True, read=9, nameless=2, rows=3, taken=3, removed=4)
    assert list(Report("p", "t", [table]).lines()) == [
        "a.csv -> core.account: 3 rows = 3 taken + 0 unchanged + 0 not taken",
        "  put together from 9 rows of the file, 2 of which name none",
        "  removed, since what they were part of no longer holds them: 4",
    ]


def test_many_listed_rows_are_counted_and_not_all_printed() -> None:
    table = TableReport("a.csv", "core.account")
    for line in range(100):
        table.refuse(line, "", "bad")
    report = Report("p", "t", [table], [Gone("core.account", str(n), now=False) for n in range(100)])
    lines = list(report.lines())
    assert len(lines) < 50
    assert lines.count("  … and 80 more (--list FILE writes them all)") == 2
    assert len(report.listed) == 100


def test_a_table_that_is_not_there_is_said_to_be_untouched() -> None:
    assert list(Report("p", "t", [TableReport("a.csv", "core.site", there=False)]).lines()) == [
        "a.csv -> core.site: not in the folder; nothing of it was touched"
    ]


def test_text_of_the_export_does_nothing_to_a_terminal() -> None:
    table = TableReport("a.csv", "core.account")
    table.refuse(1, "\x1b[2J\r\n" + "x" * 300, "\u202e\x07" + "y" * 300)
    lines = list(Report("p", "t", [table]).lines())
    assert all(line.isprintable() and len(line) < 320 for line in lines)


def test_a_table_is_found_by_its_file_and_kind() -> None:
    tables = [TableReport("a.csv", "core.account"), TableReport("a.csv", "core.site")]
    report = Report("p", "t", tables)
    assert report.table("a.csv", "core.site") is tables[1]
    with pytest.raises(KeyError):
        report.table("b.csv")
