"""How long it takes to open a case with a file while others read lists, beside what the floor's readers wait."""

import http.client
import re
import secrets
import threading
import time
from collections.abc import Callable
from statistics import quantiles
from urllib.parse import urlsplit

from bench import data
from bench.load import CannotMeasure
from bench.rounds import Pair
from bench.worlds import World

FORM = "/portal/cases/case/do/open"
#: 30 kB
_TEXT = b"Every minute, in the lobby.\n" * 1_100
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def compare(world: World, at: Pair, rounds: int, seconds: int) -> tuple[float, float, int]:
    """The 95th percentile, in milliseconds, of openings while lists are loaded, and of the floor's pages under the
    same load; and how many cases were opened. Raises CannotMeasure where one of them was not."""
    floor: list[float] = []
    taken: list[float] = []
    opener = _Opener(world, at.portal.url)
    for _ in range(rounds):
        floor.append(at.measure("floor", seconds)[0].p95)
        taken += _while(lambda: at.measure("case list", seconds), opener.open)
    if len(taken) < 2:
        raise CannotMeasure("too few cases could be opened in that time")
    return quantiles(taken, n=20)[-1] * 1000, sorted(floor)[len(floor) // 2], len(taken)


def _while(load: Callable[[], object], act: Callable[[], float]) -> list[float]:
    """Do something again and again while a load runs; give how long each took."""
    failed: list[Exception] = []

    def run() -> None:
        try:
            load()
        except Exception as error:  # noqa: BLE001 - told below, in the thread that asked for it
            failed.append(error)

    thread, taken = threading.Thread(target=run), []
    thread.start()
    while thread.is_alive():
        taken.append(act())
    thread.join()
    if failed:
        raise failed[0]
    return taken


class _Opener:
    """Opens cases, as one reader after the other."""

    def __init__(self, world: World, url: str) -> None:
        self._place = urlsplit(url).netloc
        self._readers = world.readers
        self._tokens: dict[int, str] = {}
        self._turn = 0

    def open(self) -> float:
        """Open one with a file; give the seconds from the request to the answer."""
        reader = self._readers[self._turn % min(len(self._readers), 20)]
        self._turn += 1
        if reader.contact_id not in self._tokens:
            self._tokens[reader.contact_id] = token_of(self._ask(reader, "GET")[1])
        body, kind = multipart({"csrf_token": self._tokens[reader.contact_id], "f_subject": "The panel beeps"})
        began = time.perf_counter()
        status, page = self._ask(reader, "POST", body, kind)
        if status != 303:
            raise CannotMeasure(f"opening a case was answered by {status}: {page[-300:]}")
        return time.perf_counter() - began

    def _ask(self, reader: data.Reader, method: str, body: bytes = b"", kind: str = "") -> tuple[int, str]:
        connection = http.client.HTTPConnection(self._place, timeout=30)
        headers = {"Host": data.HOST, "Cookie": reader.cookie} | ({"Content-Type": kind} if kind else {})
        try:
            connection.request(method, FORM, body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except OSError as error:
            raise CannotMeasure(f"{FORM} did not answer: {error}") from error
        finally:
            connection.close()


def token_of(page: str) -> str:
    """The token of the form on a page. Raises CannotMeasure where there is none."""
    found = _TOKEN.search(page)
    if found is None:
        raise CannotMeasure("the form that opens a case has no token")
    return found[1]


def multipart(fields: dict[str, str]) -> tuple[bytes, str]:
    """A form with a file, and what to call it in the header."""
    mark = secrets.token_hex(16)
    head = f"--{mark}\r\nContent-Disposition: form-data; name="
    parts = [f'{head}"{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
    file = f'{head}"files"; filename="panel.txt"\r\n\r\n'.encode()
    return b"".join([*parts, file, _TEXT, f"\r\n--{mark}--\r\n".encode()]), f"multipart/form-data; boundary={mark}"
