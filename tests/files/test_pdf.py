"""PDFs: the same for the same data, readable by everybody, and out of reach of what the data says."""

import hashlib
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from core.files.pdf import PdfError, make_pdf

PLAIN = """
#set document(title: data.title)
#set text(lang: "es")
= #data.title
#data.text
#datetime.today().display()
"""
ELSEWHERE = """
import hashlib, pathlib, sys
from core.files.pdf import make_pdf
data = {"title": "Número 1", "text": "Revisión de 12 extintores: 55,20 €"}
print(hashlib.sha256(make_pdf(pathlib.Path(sys.argv[1]), data)).hexdigest())
"""
DATA = {"title": "Número 1", "text": "Revisión de 12 extintores: 55,20 €"}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template that shows a title and a text, and asks what day it is."""
    return written(tmp_path_factory.mktemp("plain"), PLAIN)


def written(folder: Path, source: str) -> Path:
    """A template of this source, which reads `data`."""
    path = folder / "paper.typ"
    path.write_text(f"#let paper(data) = [\n{source}\n]")
    return path


def test_the_same_data_is_the_same_bytes_whenever_and_wherever_it_is_made(template: Path) -> None:
    with time_machine.travel("2020-02-29"):
        first = make_pdf(template, DATA)
    with time_machine.travel("2031-01-01"):
        assert make_pdf(template, DATA) == first
    assert make_pdf(template, {**DATA, "text": "another"}) != first
    told = subprocess.run([sys.executable, "-c", ELSEWHERE, template], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == hashlib.sha256(first).hexdigest()


def test_it_is_tagged_and_says_that_everybody_can_read_it(template: Path) -> None:
    made = make_pdf(template, DATA)
    assert made.startswith(b"%PDF-1.7")
    for mark in (
        b"<pdfuaid:part>1</pdfuaid:part>",
        b"/MarkInfo",
        b"/StructTreeRoot",
        b"/Lang",
        b"/DisplayDocTitle true",
    ):
        assert mark in made, mark


@pytest.mark.parametrize(
    "source",
    [
        '#set document(title: "x")\n#set text(font: "No Such Font")\nText',
        "Without a title",
        '#set document(title: "x")\n#panic("no")',
        '#set document(title: "x")\n#data.missing',
    ],
)
def test_a_template_that_is_wrong_says_so(tmp_path: Path, source: str) -> None:
    with pytest.raises(PdfError, match=r"paper.typ|font|title"):
        make_pdf(written(tmp_path, source), DATA)


@pytest.mark.parametrize("path", ["/etc/hostname", "../secret.txt", "/../secret.txt", "sub/../../secret.txt"])
def test_a_template_reads_nothing_outside_its_folder(tmp_path: Path, path: str) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "own.txt").write_text("own")
    shown = '#set document(title: "x")\n#read("{}")'
    assert make_pdf(written(folder, shown.format("own.txt")), {})
    with pytest.raises(PdfError):
        make_pdf(written(folder, shown.format(path)), {})


@pytest.mark.parametrize(
    "text",
    [
        '#panic("run")',
        '"]; #panic(1)',
        '\\"))) #panic(1)',
        "\\u{41}",
        "$x$ *b* _i_ `c` @a <l> \\",
        '#read("/etc/passwd")',
        "// gone",
        "= Heading",
    ],
)
def test_what_the_data_says_is_text_and_nothing_else(template: Path, text: str) -> None:
    made = make_pdf(template, {"title": text, "text": text})
    assert made not in [make_pdf(template, {"title": text, "text": other}) for other in ("other", "A")]


@pytest.mark.parametrize(
    "text", ["🔥 120 min", "日本語", "👩‍🚒 🇪🇸", "a\x00b\x07", "\ufffe", '"🔥" \\🔥 `🔥`', "ภาษาไทย"]
)
def test_what_no_font_has_a_letter_for_is_marked_and_costs_nothing_else(template: Path, text: str) -> None:
    made = make_pdf(template, {"title": "x", "text": f"before {text} after"})
    assert b"pdfuaid" in made
    assert made != make_pdf(template, {"title": "x", "text": "before  after"})


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=40))
def test_any_text_can_be_printed(template: Path, text: str) -> None:
    assert b"pdfuaid" in make_pdf(template, {"title": "x", "text": text})


def test_many_threads_at_once_get_each_their_own(template: Path) -> None:
    data: list[dict[str, Any]] = [{"title": f"{n}", "text": f"text {n}"} for n in range(24)]
    alone = [make_pdf(template, each) for each in data]
    with ThreadPoolExecutor(12) as pool:
        assert list(pool.map(lambda each: make_pdf(template, each), data)) == alone
    assert len(set(alone)) == len(data)
    makers = [thread for thread in threading.enumerate() if thread.name.startswith("pdf")]
    assert 0 < len(makers) <= 2
