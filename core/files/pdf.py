"""PDFs made of typst templates and data: tagged (PDF/UA-1), and byte for byte the same for the same data.

What makes them is asked for by few threads of its own, each with one compiler for each template: more
would be no faster, and a compiler that two threads use at once raises. typst must not be used on both
sides of a fork, so that nothing here begins before the first PDF is asked for."""

import json
import os
import re
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from typst import Compiler

_MAKERS = 2
_STANDARD: Final = "ua-1"
#: what stands in the place of a character that no font has, as a PDF for everybody must not have such
_MISSING = "\ufffd"
_WITHOUT_LETTER = re.compile(r'the text `"(.*?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}
_own = threading.local()


class PdfError(Exception):
    """A template cannot be made into a PDF; the message says where and why."""


def make_pdf(template: Path, data: Mapping[str, Any]) -> bytes:
    """The PDF that the typst file `template` makes: its function `paper` is given `data`, as what JSON holds of it, and
    gives the content. It reaches files of its own folder alone, no font of the machine's and no clock.
    Raises PdfError where the template fails, or typst warns of anything (a font that is not there)."""
    return _makers().submit(_make, template, json.dumps(data, ensure_ascii=False, default=str)).result()


@cache
def _makers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(min(_MAKERS, os.cpu_count() or 1), thread_name_prefix="pdf")


def _make(template: Path, text: str) -> bytes:
    from typst import TypstError

    try:
        return _compiled(template, text)
    except TypstError as error:
        missing = _without_letter(error.diagnostic)
        if not missing:
            raise PdfError(error.diagnostic) from error
    try:
        return _compiled(template, _replaced(text, missing))
    except TypstError as error:
        raise PdfError(error.diagnostic) from error


def _compiled(template: Path, text: str) -> bytes:
    made, warnings = _compiler(template).compile_with_warnings(
        input=_main(template, text).encode(), format="pdf", pdf_standards=[_STANDARD], timestamp=0
    )
    if warnings:
        raise PdfError("; ".join(each.diagnostic for each in warnings))
    assert isinstance(made, bytes)
    return made


def _main(template: Path, text: str) -> str:
    """The document that hands the data to the template. Given as an input of the compiler's, the data would be a part
    of its library, and all that typst remembers of how it set the words of other documents would be forgotten."""
    return f"#import {_quoted('/' + template.name)}: paper\n#paper(json(bytes({_quoted(text)})))"


def _quoted(text: str) -> str:
    """A text as typst writes one."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _compiler(template: Path) -> "Compiler":
    from typst import Compiler

    kept: dict[Path, Compiler] = _own.__dict__.setdefault("compilers", {})
    if template not in kept:
        kept[template] = Compiler(root=template.parent, ignore_system_fonts=True)
    return kept[template]


def _without_letter(diagnostic: str) -> set[str]:
    """The characters that typst has no letter for, as it names them when it refuses a text."""
    return {c for piece in _WITHOUT_LETTER.findall(diagnostic) for c in _ESCAPED.sub(_unescaped, piece)}


def _unescaped(found: re.Match[str]) -> str:
    code, sign = found.groups()
    return chr(int(code, 16)) if code else _ESCAPES.get(sign, sign)


def _replaced(text: str, missing: set[str]) -> str:
    """JSON with some characters of its texts replaced."""

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            return "".join(_MISSING if c in missing else c for c in value)
        if isinstance(value, dict):
            return {name: clean(each) for name, each in value.items()}
        return [clean(each) for each in value] if isinstance(value, list) else value

    return json.dumps(clean(json.loads(text)), ensure_ascii=False)
