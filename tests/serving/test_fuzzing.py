"""Bodies that nobody should send: each gets a problem or a score, and the service goes on as before."""

from __future__ import annotations

import gc
import json
import pickle
import random
import time
import tracemalloc

import pytest

from serving.problems import PROBLEM_JSON

SEED = 20261101
ROUNDS = 400
SECONDS = 12.0
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252", "utf-7", "cp037")
TYPES = (
    "application/json",
    "application/json; charset=utf-8",
    "application/json; charset=utf-16",
    "application/vnd.bentoml+pickle",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b",
    "text/plain",
    "application/octet-stream",
    "application/json, application/json",
    "image/png",
    "",
    ";;;",
)
ODD = (
    None,
    True,
    0,
    -0.0,
    10**400,
    -(10**30),
    1e308,
    5e-324,
    "",
    " ",
    "\x00",
    "\ufeff",
    "\u202eabc",
    "🦊" * 50,
    "a" * 20_000,
    "=cmd|' /C calc'!A0",
    "<script>",
    "2026-13-45T99:99:99Z",
    "9999999999-01-01",
    "0000-00-00",
    [],
    {},
    [[]],
    {"": {"": None}},
)


def encoded(random_, text):
    return text.replace("Nordwind", "Nørd ☃").encode(random_.choice(ENCODINGS), "replace")


def cut(random_, text):
    return text[: random_.randrange(len(text))].encode()


def flipped(random_, text):
    spoilt = bytearray(text.encode())
    for _ in range(random_.randrange(1, 6)):
        spoilt[random_.randrange(len(spoilt))] = random_.randrange(256)
    return bytes(spoilt)


def deep(random_, _text):
    opening, closing = random_.choice((("[", "]"), ('{"a":', "}")))
    levels = random_.choice((10, 300, 50_000))
    return (opening * levels + closing * levels).encode()


def huge(random_, text):
    number = random_.choice(("1e999", "-1e999", "9" * 5_000, "0." + "1" * 5_000, "NaN", "1E+", "01"))
    return text.replace("250", number).encode()


def repeated(random_, text):
    key = random_.choice(('"leads"', '"lead_id"', '"fields"', '"industry"', '"reasons"'))
    return text.replace("{", f"{{{key}: null, {key}: 1, ", random_.randrange(1, 4)).encode()


def pickled(random_, text):
    return pickle.dumps(json.loads(text), protocol=random_.randrange(6))


def odd(random_, text):
    return json.dumps(misplaced(random_, json.loads(text))).encode()


def noise(random_, _text):
    return random_.randbytes(random_.randrange(2_000))


WAYS = (encoded, cut, flipped, deep, huge, repeated, pickled, odd, noise)


def bodies(random_, lead):
    """Yield bodies without end, each spoilt in its own way."""
    text = json.dumps({"leads": [lead]})
    while True:
        yield random_.choice(WAYS)(random_, text)


def misplaced(random_, message):
    """Return the message with something odd somewhere."""
    spoilt = json.loads(json.dumps(message))
    place = random_.choice(
        (spoilt, spoilt["leads"][0], spoilt["leads"][0]["fields"], spoilt["leads"][0]["fields"])
    )
    known = random_.choice((*place, "activities", "stage_changes", "as_of", "a" * 300, "\u0000", "lead_id"))
    place[known] = random_.choice(ODD)
    return spoilt


@pytest.fixture
def steady(service, a_lead):
    """The service, and a check that it scores a good lead as it always did."""
    expected = service.score([a_lead()]).json()["scores"][0]["probability"]

    def check():
        answer = service.score([a_lead()])
        assert answer.status_code == 200, answer.text
        assert answer.json()["scores"][0]["probability"] == expected

    return service, check


def is_told(answer):
    """Tell whether an answer is a score or a problem document, and no failure of Baton's."""
    if answer.status_code == 200:
        return answer.json()["scores"][0]["lead_id"] is not None
    problem = answer.json()
    assert answer.headers["content-type"] == PROBLEM_JSON
    assert problem["status"] == answer.status_code
    return 400 <= answer.status_code < 500 and "Traceback" not in answer.text


def test_no_body_brings_the_service_down(steady, a_lead):
    """Encodings, cuts, flipped bytes, depth, huge numbers, repeated keys, pickles: a problem or a score."""
    service, check = steady
    random_ = random.Random(SEED)
    spoilt = bodies(random_, a_lead())
    end, seen = time.monotonic() + SECONDS, set()
    for number in range(ROUNDS):
        body = next(spoilt)
        kind = "application/json" if number % 3 else random_.choice(TYPES)
        answer = service.send(body, kind)
        assert is_told(answer), (number, kind, body[:200], answer.text)
        seen.add(answer.json().get("type", "score"))
        if time.monotonic() > end:
            break
    check()
    assert {"score", "/docs#problem-not-json", "/docs#problem-wrong-type"} <= seen


@pytest.mark.parametrize("length", ["0", "1", "-1", "99999999999999999999", "1e3", "٣", "", "12, 13"])
def test_a_wrong_length_is_a_problem_and_no_more(steady, a_lead, length):
    """Whatever Content-Length says, the answer is a score or a problem."""
    service, check = steady
    answer = service.send(json.dumps({"leads": [a_lead()]}), **{"Content-Length": length.encode()})
    assert is_told(answer)
    check()


def test_forms_of_any_kind_bring_nothing_down(service):
    """The pages' forms take what anybody can type or forge."""
    random_ = random.Random(SEED)
    headers = {"Origin": "http://testserver"}
    service.client.post("/sign-in", data={"key": service.key}, headers=headers)
    for _ in range(60):
        body = random_.choice((random_.randbytes(300), b"&" * 5_000, b"field.%ff=%00&as_of=\xff", b"=&=&="))
        answer = service.client.post(
            random_.choice(("/try", "/sign-in")),
            content=body,
            headers={**headers, "Content-Type": "application/x-www-form-urlencoded"},
            follow_redirects=False,
        )
        assert answer.status_code < 500, body


def test_spoilt_bodies_leave_no_memory_behind(steady, a_lead):
    """After a warm-up, the same kinds of bodies do not make the process grow."""
    service, check = steady

    def send(seed):
        spoilt = bodies(random.Random(seed), a_lead())
        for _ in range(40):
            service.send(next(spoilt))
        gc.collect()

    send(1)
    send(2)
    tracemalloc.start()
    try:
        send(3)
        before, _ = tracemalloc.get_traced_memory()
        send(4)
        send(5)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 400_000
    check()
