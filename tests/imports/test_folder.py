"""Nothing outside of the export's folder is opened, whatever a path, a value or a link says."""

import gzip
from pathlib import Path

import pytest

from core.imports import documents
from core.imports.errors import ImportFailed
from core.imports.folder import Outside, columns_of, fill, open_inside, resolve
from core.imports.profile import Document


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An export with one file, beside a secret."""
    (tmp_path / "secret.pdf").write_text("secret")
    (tmp_path / "export-2").mkdir()
    (tmp_path / "export-2" / "twin.pdf").write_text("secret")
    made = tmp_path / "export"
    (made / "docs").mkdir(parents=True)
    (made / "docs" / "a.pdf").write_text("mine")
    (made / "link.pdf").symlink_to("docs/a.pdf")
    (made / "out.pdf").symlink_to(tmp_path / "secret.pdf")
    (made / "outer").symlink_to(tmp_path)
    return made


def test_a_file_and_a_link_within_the_folder_are_found(folder: Path) -> None:
    assert resolve(folder, "docs/a.pdf") == resolve(folder, "link.pdf") == folder.resolve() / "docs" / "a.pdf"


@pytest.mark.parametrize("missing", ["docs/b.pdf", "docs", "nope/a.pdf", "x" * 5000, "a\0b"])
def test_what_is_no_file_is_not_there(folder: Path, missing: str) -> None:
    assert resolve(folder, missing) is None


@pytest.mark.parametrize("path", ["../secret.pdf", "../export-2/twin.pdf", "out.pdf", "outer/secret.pdf"])
def test_a_path_that_leads_out_is_refused(folder: Path, path: str) -> None:
    with pytest.raises(Outside):
        resolve(folder, path)
    with pytest.raises(ImportFailed):
        open_inside(folder, path)


def test_an_absolute_path_is_refused(folder: Path) -> None:
    with pytest.raises(Outside):
        resolve(folder, str(folder.parent / "secret.pdf"))


def test_a_table_is_found_compressed_and_by_a_part_of_its_name(folder: Path) -> None:
    (folder / "sales-2026.csv.gz").write_bytes(gzip.compress(b"a\n1\n"))
    for pattern in ("sales-2026.csv", "sales-2026.csv.gz", "sales*.csv", "sales*", "*2026.csv.gz"):
        opened = open_inside(folder, pattern)
        assert opened is not None
        with opened:
            assert (opened.name, opened.file.read(), opened.share) == ("sales-2026.csv.gz", b"a\n1\n", 1.0)
        assert opened.file.closed
    for pattern in ("sales.csv", "ales*.csv", "sales*.tsv", "sales-2026.csv*2026.csv"):
        assert open_inside(folder, pattern) is None


def test_of_two_tables_that_fit_none_is_chosen(folder: Path) -> None:
    (folder / "a.csv").write_text("a\n")
    (folder / "a.csv.gz").write_bytes(gzip.compress(b"a\n"))
    for pattern in ("a.csv", "a*.csv"):
        with pytest.raises(ImportFailed, match=r"a\.csv and a\.csv\.gz are both in the folder"):
            open_inside(folder, pattern)


def test_a_table_by_a_part_of_its_name_stays_within_the_folder(folder: Path) -> None:
    with pytest.raises(ImportFailed, match=r"out\.pdf leads out of the folder"):
        open_inside(folder, "out*")


@pytest.mark.parametrize("value", ["..", ".", "../x", "a/b", "a\\b", "/etc/passwd", "a\0"])
def test_a_value_is_the_name_of_one_file_or_refused(value: str) -> None:
    with pytest.raises(Outside):
        fill("docs/{number}.pdf", {"number": value})


def test_a_pattern_is_filled_from_the_row() -> None:
    assert fill("d/{a}/{b}.pdf", {"a": "x", "b": "{a}"}) == "d/x/{a}.pdf"
    assert fill("d/{a}.pdf", {"a": ""}) is None


@pytest.mark.parametrize("pattern", ["{a.b}", "{a[0]}", "{}", "{a!r}", "{a:>9}", "{a"])
def test_a_pattern_holds_plain_names_of_columns_alone(pattern: str) -> None:
    with pytest.raises(ValueError):
        columns_of(pattern)


def test_the_ending_of_a_long_name_stays(folder: Path) -> None:
    document = Document(("docs/a.pdf",), "{title}.pdf", "application/pdf")
    _, name = documents._find(folder, document, {"title": "x" * 300})
    assert (len(name), name[-5:]) == (200, "x.pdf")
