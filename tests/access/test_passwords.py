"""Hashing and comparing passwords."""

import threading
import time
from typing import Any

import pytest
from argon2 import PasswordHasher, extract_parameters

from core.access import passwords
from core.access.passwords import hash_password, is_outdated, verify
from tests.access.world import PASSWORD, hashed


def test_a_password_is_its_own_and_nobody_elses() -> None:
    assert verify(hashed(), PASSWORD)
    assert not verify(hashed(), PASSWORD + " ")
    assert not verify(hashed(), "")


def test_an_accent_is_the_same_whether_typed_as_one_character_or_two() -> None:
    assert verify(hash_password("contrase\u00f1a larga"), "contrasen\u0303a larga")


def test_thousands_of_accents_are_no_password_and_cost_nothing() -> None:
    """Anybody may send them to the door; put into their order, they kept a process busy for minutes."""
    started = time.process_time()
    assert not verify(hashed(), PASSWORD + "\u0315\u0300" * 50_000)
    assert time.process_time() - started < 2


@pytest.mark.parametrize("kept", [None, "", "nonsense", "$argon2id$v=19$m=1", "$2b$12$abcdefghijklmnopqrstuv"])
def test_without_a_hash_that_can_be_read_nothing_is_right(kept: str | None) -> None:
    assert not verify(kept, PASSWORD)
    assert not verify(kept, "")


def test_what_cannot_be_typed_is_compared_too() -> None:
    assert not verify(hashed(), "\x00\ud800" + "x" * 10_000)


@pytest.mark.usefixtures("true_hashes")
def test_the_parameters_are_those_that_were_decided() -> None:
    found = extract_parameters(hashed())
    assert (found.type.name, found.memory_cost, found.time_cost, found.parallelism) == ("ID", 19 * 1024, 2, 1)
    assert not is_outdated(hashed())
    assert is_outdated(PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash("x"))


def test_two_are_hashed_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, most, watch, second = 0, 0, threading.Lock(), threading.Barrier(2)

    class Slow:
        def verify(self, *_: Any) -> bool:
            nonlocal inside, most
            with watch:
                inside += 1
                most = max(most, inside)
            second.wait(60)
            time.sleep(0.02)  # for a third that would come in
            with watch:
                inside -= 1
            return True

    monkeypatch.setattr(passwords, "_hasher", Slow())
    threads = [threading.Thread(target=verify, args=("kept", "typed")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2
