"""Each record has a tag: who knows it is not sent the record again, and does not write over what they never read."""

import threading

from core.db.flags import Flags
from tests.petitions import WITHDRAWN, add
from tests.petitions.acting import flagged
from tests.petitions.acting import read as row_of
from tests.petitions.fixtures import petitions
from tests.rest.reading import refused
from tests.rest.writing import PETITIONS, Program, made
from tests.worlds.world import World

__all__ = ["petitions"]


def test_what_is_known_is_not_sent_again(petitions: World) -> None:
    browser, url = petitions.contact("whole"), f"{PETITIONS}{add(petitions)}"
    answer = browser.get(url)
    tag = answer.headers["ETag"]
    for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        again = browser.get(url, headers={"If-None-Match": known})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag), known
    assert browser.head(url, headers={"If-None-Match": tag}).status_code == 304
    for other in ('"x"', "", "nonsense"):
        assert browser.get(url, headers={"If-None-Match": other}).data == answer.data


def test_a_tag_is_of_the_record_as_its_reader_has_it(petitions: World) -> None:
    record_id = add(petitions)
    url, client = f"{PETITIONS}{record_id}", petitions.contact("whole")
    tags = [client.get(url).headers["ETag"], petitions.staff().get(url).headers["ETag"]]
    tags.append(client.get(url, headers={"Accept-Language": "es"}).headers["ETag"])
    with flagged(petitions, ("body", Flags(seen=False))):
        tags.append(client.get(url).headers["ETag"])
    with petitions.writing() as session:
        session.get(type(row_of(petitions, record_id)), record_id).body = "new"
    tags.append(client.get(url).headers["ETag"])
    # petitions have no word of Spanish: the second language says the same
    assert len(set(tags)) == len(tags) - (tags[0] == tags[2])
    assert client.get(url, headers={"If-None-Match": tags[0]}).status_code == 200


def test_a_write_answers_with_the_tag_that_reading_gives(petitions: World) -> None:
    client = Program(petitions.contact("child"))
    answer = client.post(PETITIONS, {"subject": "x"})
    url = made(answer)["url"]
    assert answer.headers["ETag"] == client.browser.get(url).headers["ETag"]
    changed = client.patch(url, {"subject": "y"})
    assert changed.headers["ETag"] == client.browser.get(url).headers["ETag"] != answer.headers["ETag"]


def test_what_was_changed_meanwhile_is_not_written_over(petitions: World) -> None:
    record_id = add(petitions)
    url, client = f"{PETITIONS}{record_id}", Program(petitions.contact("whole"))
    old = client.browser.get(url).headers["ETag"]
    assert client.patch(url, {"subject": "first"}, If_Match=old).status_code == 200
    for method, there in (("PATCH", url), ("POST", f"{url}/actions/edit"), ("POST", f"{url}/actions/remind")):
        for tag in (old, f"W/{old}", '"x"', "nonsense", ""):
            sent = {} if there.endswith("remind") else {"subject": "second"}
            answer = client.send(method, there, sent, If_Match=tag)
            body = refused(answer, 412)
            assert body["record"]["fields"]["subject"] == "first"
            assert answer.headers["ETag"] == client.browser.get(url).headers["ETag"]
    assert row_of(petitions, record_id).subject == "first"
    new = client.browser.get(url).headers["ETag"]
    spanish = client.browser.get(url, headers={"Accept-Language": "es"}).headers["ETag"]
    for form in ("{}", '"other", {}'):
        assert client.patch(url, {"subject": "third"}, If_Match=form.format(new)).status_code == 200
        new = client.browser.get(url).headers["ETag"]
    assert spanish != new
    assert client.patch(url, {"subject": "fourth"}, If_Match="*").status_code == 200


def test_a_tag_goes_before_whether_it_is_offered(petitions: World) -> None:
    record_id = add(petitions)
    url, client = f"{PETITIONS}{record_id}", Program(petitions.contact("whole"))
    old = client.browser.get(url).headers["ETag"]
    assert client.post(f"{url}/actions/withdraw", {}).status_code == 200
    gone = refused(client.post(f"{url}/actions/withdraw", {}, If_Match=old), 412)
    assert gone["record"]["fields"]["status"]["value"] == WITHDRAWN
    refused(client.post(f"{url}/actions/withdraw", {}), 409)


def test_of_many_who_read_the_same_one_writes(petitions: World) -> None:
    record_id = add(petitions)
    url, programs = f"{PETITIONS}{record_id}", [Program(petitions.contact("whole")) for _ in range(5)]
    tag = programs[0].browser.get(url).headers["ETag"]
    start, answers = threading.Barrier(len(programs)), []

    def write(n: int) -> None:
        start.wait()
        answers.append(programs[n].patch(url, {"subject": f"of {n}"}, If_Match=tag).status_code)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(len(programs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 412, 412, 412, 412]
