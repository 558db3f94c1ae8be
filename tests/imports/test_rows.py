"""CSV files are read strictly, row by row: what is broken is named, and what follows is read."""

import gzip
import io

import pytest

from core.imports.errors import ImportFailed
from core.imports.rows import Row, Rows


def rows(content: bytes) -> list[Row]:
    return list(Rows(io.BytesIO(content), "t.csv"))


def good(content: bytes) -> list[list[str]]:
    found = rows(content)
    assert not [row for row in found if row.problem]
    return [row.cells for row in found]


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,x y\n2,z\n",
        b"a,b\r\n1,x y\r\n2,z\r\n",
        b"\xef\xbb\xbfa,b\n1,x y\n2,z\n",
        b'"a","b"\n"1","x y"\n"2","z"',
        b"a,b\n\n1,x y\n\n2,z\n\n",
    ],
    ids=["plain", "crlf", "bom", "quoted", "blank lines"],
)
def test_any_ordinary_writing_of_a_table_reads_the_same(content: bytes) -> None:
    table = Rows(io.BytesIO(content), "t.csv")
    assert table.header == ["a", "b"]
    assert [row.cells for row in table] == [["1", "x y"], ["2", "z"]]


def test_semicolons_part_the_columns_where_the_first_line_has_no_comma() -> None:
    table = Rows(io.BytesIO(b'\xef\xbb\xbfa;"b"\r\n1;"x;y"\r\n2,5;z\r\n"broken;3\r\n4;5\r\n'), "t.csv")
    assert table.header == ["a", "b"]
    found = list(table)
    assert [row.cells for row in found if not row.problem] == [["1", "x;y"], ["2,5", "z"], ["4", "5"]]
    assert [row.line for row in found if row.problem] == [4]


def test_quotes_line_ends_and_semicolons_within_a_value_are_kept() -> None:
    assert good(b'a,b\n1,"one ""two""; three\nfour, five"\n') == [["1", 'one "two"; three\nfour, five']]


def test_a_row_has_the_line_on_which_it_begins() -> None:
    assert [row.line for row in rows(b'a,b\n1,"x\ny"\n2,z\n')] == [2, 4]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"2", "has 1 columns where the first line names 2"),
        (b"2,y,z", "has 3 columns where the first line names 2"),
        (b"2,y\0", "holds a NUL character"),
        (b"2,caf\xe9", "is not UTF-8 text"),
        (b'2,"y', "has broken quoting"),
        (b'2,"y"z', "has broken quoting"),
        (b'2,"y\rz"x', "has broken quoting"),
    ],
)
def test_a_broken_row_is_named_and_those_around_it_are_read(bad: bytes, reason: str) -> None:
    before, broken, after, last = rows(b'a,b\n1,x\n%s\n3,"z"\n4,w\n' % bad)
    assert before == Row(2, ["1", "x"])
    assert broken.line == 3
    assert reason in broken.problem
    assert (after, last) == (Row(4, ["3", "z"]), Row(5, ["4", "w"]))


def test_a_quote_that_never_closes_costs_its_own_row_alone() -> None:
    found = rows(b'a,b\n1,"x\n' + b"".join(b"%d,y\n" % n for n in range(2, 500)))
    assert [row.line for row in found if row.problem] == [2]
    assert [row.cells[0] for row in found if not row.problem] == [str(n) for n in range(2, 500)]


def test_text_that_looks_like_rows_is_no_row() -> None:
    """A client can write what they like into a text that the CRM exports with its quotes in order."""
    text = b"x" * 200_000 + b"\n99,forged\n"
    assert [row.cells[0] for row in rows(b'a,b\n1,"' + text + b'"\n2,y\n')] == ["1", "2"]
    wrong_count = rows(b'a,b\n1,"text\n99,forged\n",more\n2,y\n')
    assert [(row.line, bool(row.problem)) for row in wrong_count] == [(2, True), (5, False)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "t.csv is empty; its first line must name the columns"),
        (b"a,b,a\n", "names a column twice: a"),
        (b"a,caf\xe9\n", "is not UTF-8 text"),
        ("a,b\n".encode("utf-16"), "t.csv, line 1"),
        (b'a,"b\n', "cannot be read"),
    ],
)
def test_a_header_that_names_no_columns_ends_the_import(content: bytes, message: str) -> None:
    with pytest.raises(ImportFailed, match=message):
        Rows(io.BytesIO(content), "t.csv")


def test_a_value_without_end_ends_the_import(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.imports.rows._LONGEST_VALUE", 1000)
    with pytest.raises(ImportFailed, match="line 2: a value without end"):
        rows(b'a,b\n1,"' + b"x" * 2000 + b"\n99,forged\n")


def test_a_file_that_breaks_off_ends_the_import() -> None:
    packed = gzip.compress(b"a,b\n" + b"".join(b"%d,x%d\n" % (n, n * n) for n in range(20_000)))
    assert len(list(Rows(gzip.GzipFile(fileobj=io.BytesIO(packed)), "t.csv.gz"))) == 20_000
    with pytest.raises(ImportFailed, match=r"t\.csv\.gz, below line \d+: cannot be read"):
        list(Rows(gzip.GzipFile(fileobj=io.BytesIO(packed[: len(packed) // 2])), "t.csv.gz"))


def test_a_line_without_end_ends_the_import_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few kilobytes may unpack to gigabytes without a line end."""
    monkeypatch.setattr("core.imports.rows._LONGEST_VALUE", 1000)
    file = io.BytesIO(b"a,b\n1," + b"x" * 1_000_000)
    with pytest.raises(ImportFailed, match="line 2: a value without end"):
        list(Rows(file, "t.csv"))
    assert file.tell() < 3000
