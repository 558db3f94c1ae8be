"""Bytes of files: names are made up, and what a transaction did not keep is not there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from core.db.session import open_session
from core.db.viewer import system
from core.files.models import File
from core.files.names import label
from core.files.storage import StorageError, Store, attach
from tests.worlds.world import World

PDF = "application/pdf"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store of this test's own."""
    return Store(tmp_path / "files")


def kept(tmp_path: Path) -> set[bytes]:
    """What lies in the store, whatever it is called."""
    return {path.read_bytes() for path in (tmp_path / "files").rglob("*") if path.is_file()}


@pytest.fixture
def record(world: World) -> Iterator[int]:
    """A record without files; what a test adds to it is removed."""
    record_id = world.one.invoices["nobodys_at_g1"]
    with world.writing() as session:
        for file in session.scalars(select(File).where(File.parent_id == record_id)):
            session.delete(file)
    yield record_id
    with world.writing() as session:
        for file in session.scalars(select(File).where(File.parent_id == record_id)):
            session.delete(file)


def test_a_key_is_made_up(store: Store) -> None:
    keys = {store.put(b"same") for _ in range(20)}
    assert len(keys) == 20
    assert all(re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{38}", key) for key in keys)


def test_what_a_commit_keeps_is_there(world: World, record: int, store: Store, tmp_path: Path) -> None:
    with world.writing() as session:
        key = attach(session, store, record, "a.pdf", b"one", PDF).key
    assert store.get(key) == b"one"
    assert kept(tmp_path) == {b"one"}


@pytest.mark.parametrize("end", ["rollback", "close", "raise"])
def test_what_a_transaction_does_not_keep_is_gone(
    world: World, record: int, store: Store, tmp_path: Path, end: str
) -> None:
    class Stop(Exception):
        pass

    with pytest.raises(Stop), open_session(world.engine, system(world.one.id), writes=True) as session:
        attach(session, store, record, "a.pdf", b"one", PDF)
        assert kept(tmp_path) == {b"one"}
        if end == "rollback":
            session.rollback()
        if end == "close":
            session.close()
        raise Stop
    assert kept(tmp_path) == set()
    with world.writing() as session:
        assert session.scalars(select(File).where(File.parent_id == record)).all() == []


def test_replaced_bytes_go_after_the_commit_and_not_before(
    world: World, record: int, store: Store, tmp_path: Path
) -> None:
    with world.writing() as session:
        attach(session, store, record, "a.pdf", b"one", PDF)
    with open_session(world.engine, system(world.one.id), writes=True) as session:
        attach(session, store, record, "a.pdf", b"two", PDF)
        assert kept(tmp_path) == {b"one", b"two"}
    assert kept(tmp_path) == {b"one"}
    with world.writing() as session:
        attach(session, store, record, "a.pdf", b"two", PDF)
        attach(session, store, record, "a.pdf", b"three", PDF)
    assert kept(tmp_path) == {b"three"}


def test_the_same_bytes_again_change_nothing(world: World, record: int, store: Store, tmp_path: Path) -> None:
    with world.writing() as session:
        first = attach(session, store, record, "a.pdf", b"one", PDF).key
    with world.writing() as session:
        assert attach(session, store, record, "a.pdf", b"one", PDF).key == first
        assert not session.dirty
    assert kept(tmp_path) == {b"one"}


def test_the_next_transaction_of_a_session_stands_alone(
    world: World, record: int, store: Store, tmp_path: Path
) -> None:
    with open_session(world.engine, system(world.one.id), writes=True) as session:
        attach(session, store, record, "a.pdf", b"one", PDF)
        session.commit()
        attach(session, store, record, "b.pdf", b"two", PDF)
        session.rollback()
    assert kept(tmp_path) == {b"one"}


@pytest.mark.parametrize("key", ["", "..", "../../etc/passwd", "/etc/passwd", "00/nothing", "a\0b"])
def test_what_is_not_there_is_said_to_be_out_of_order(store: Store, key: str) -> None:
    with pytest.raises(StorageError):
        store.get(key)
    store.delete(key)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("FA-1.pdf", "FA-1.pdf"), ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie: x=1.pdf"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("C:\\x.pdf", "C:_x.pdf"), ("a\0b.pdf", "a b.pdf"), ("ann\u202efdp.exe", "annfdp.exe"),
        ("🔥 factura.pdf", "🔥 factura.pdf"),
        ("", "file"), (" \n ", "file"), ("x" * 300 + ".pdf", "x" * 196 + ".pdf"), ("." + "y" * 300, "." + "y" * 199),
        ("\ud800.pdf", "?.pdf"),
    ],
)  # fmt: skip
def test_a_label_is_one_line_that_says_what_it_is(given: str, expected: str) -> None:
    assert label(given) == expected
