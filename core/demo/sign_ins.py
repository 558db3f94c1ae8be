"""The sign-ins of the demonstration: made at random, kept in a file that its owner alone may read."""

import os
import secrets
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from pathlib import Path

NAME = "demo-sign-ins.txt"
# Neither 0 and o nor 1, i and l: these are read off a screen and typed.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class SignIn:
    """How one person signs in, and what they see."""

    email: str
    password: str
    shows: str


def make_password() -> str:
    """Twelve letters and digits in three groups, by chance."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))


def write_sign_ins(home: Path, sign_ins: Iterable[SignIn]) -> None:
    """Write the file into `home`, with mode 0600 from the first byte, in place of one that is there."""
    path = home / NAME
    draft = path.with_name(f"{NAME}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.writelines("\t".join(astuple(each)) + "\n" for each in sign_ins)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def read_sign_ins(home: Path) -> list[SignIn]:
    """The sign-ins that were written into `home`; none where there is no such file."""
    path = home / NAME
    if not path.is_file():
        return []
    return [SignIn(*line.split("\t")) for line in path.read_text(encoding="utf-8").splitlines()]
