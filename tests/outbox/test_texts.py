"""A mail's text reaches its codes and nothing else."""

import pytest

from core.outbox.kinds import MailKind
from core.outbox.texts import MASK, masked, replace, replace_subject, unknown_codes

KIND = MailKind("core.example", "T", "S", "B", {"name": "Who", "link": "Where"}, lambda s, m: {})
# What would reach further in Python's own formatting, in Jinja, in printf, and in a shell.
LITERAL = (
    "{x}", "{x.__init__}", "{name.__class__}", "{name!r}", "{name:>10}", "{name[0]}", "{}", "{0}", "{{ name }}",
    "{% raw %}", "%s", "%(name)s", "$name", "${link}", "{ name}", "{__import__}", "{naïve}",
)  # fmt: skip


@pytest.mark.parametrize("text", LITERAL)
def test_what_is_no_code_stays_as_it_is(text: str) -> None:
    values = {"name": "Marta", "link": "https://a.example"}
    expected = text.replace("${link}", "$https://a.example")
    assert replace(f"<{text}>", values) == f"<{expected}>"
    assert replace("{name}", {"name": text, "link": "no"}) == text, "a value is never looked at again"


def test_each_code_is_replaced_wherever_it_stands() -> None:
    assert replace("{name}{name}, {link}: {{name}}", {"name": "M", "link": "L"}) == "MM, L: {M}"
    assert replace("{name}", {"name": "{link}", "link": "{name}"}) == "{link}"


def test_a_subject_is_one_line() -> None:
    values = {"name": "a\r\nBcc: b@example.com\n\x00\u2028c\x85d"}
    assert replace_subject("For {name}\r\nX: y", values) == "For a Bcc: b@example.com c d X: y"
    assert len(replace_subject("{name}", {"name": "x" * 5000})) == 300


def test_codes_that_are_none_are_named() -> None:
    assert unknown_codes("{name} {Link} {x} {x} {x.y} {{link}} {}", KIND) == ["Link", "x"]


def test_secrets_are_not_kept() -> None:
    assert masked({"name": "M", "link": "secret"}, KIND.secret | {"link"}) == {"name": "M", "link": MASK}
