"""Repeated keys, whichever JSON holds them; bodies that come too slowly; paths that a person can read."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from serving.fault_path import fault_path
from serving.parsing import parse_score_request
from serving.problems import REPEATED_KEY, SLOW_BODY, Problem
from serving.repeated_keys import repeated_key
from serving.request_body import read_body

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(value=JSON)
def test_an_object_written_from_a_dictionary_repeats_no_key(value):
    """What has no repetition is never accused of one."""
    assert repeated_key(json.dumps(value)) is None


@given(value=JSON, key=st.text(max_size=5), depth=st.integers(0, 3))
def test_a_repetition_is_found_at_any_depth(value, key, depth):
    """A key that is written twice is found, and its path leads to it."""
    name = json.dumps(key)
    text = (
        f'{{{name}: {json.dumps(value)}, "other": 1, {name}: 2}}'
        if key != "other"
        else '{"other":1,"other":2}'
    )
    for _ in range(depth):
        text = f'[0, {{"inner": {text}}}]'
    assert repeated_key(text) == fault_path((1, "inner") * depth + (key,))


WRITTEN = {
    '"reasons"': "true",
    '"lead_id"': '"L-1"',
    '"fields"': "{}",
    '"color"': '"a \\": b"',
    '"occurred_at"': '"2026-09-01T08:30:00Z"',
    '"stage"': '"New"',
}
"""A key of each object of a request, and a value that it may have."""


@pytest.mark.parametrize("twice", WRITTEN)
@given(space=st.text(" \t\n\r", max_size=2), value=st.text(':" \n', max_size=3).map(json.dumps))
def test_a_request_that_repeats_a_key_is_refused_wherever_it_does(twice, space, value):
    """Whether a text can repeat a key at all is told by counting: no white space or colon hides one."""
    given_twice = f"{twice}{space}: {WRITTEN[twice]}, {twice}{space}: {WRITTEN[twice]}"
    lead = f'"lead_id": "L-1", "fields": {{"color": {value}, "size"{space}:{value}}}'
    activity = f'"activity_type": {value}, "occurred_at": "2026-09-01T08:30:00Z"'
    change = f'"stage": {value}, "changed_at": "2026-09-01T08:30:00Z"'
    text = f'{{"leads": [{{{lead}, "activities": [{{{activity}}}], "stage_changes": [{{{change}}}]}}]}}'
    assert len(parse_score_request(text.encode(), 1).leads) == 1
    bodies = {
        '"reasons"': text.replace('{"leads"', f'{{{given_twice}, "leads"'),
        '"color"': text.replace(f'"color": {value}', given_twice),
        '"fields"': text.replace(', "activities"', f', {twice}{space}: {{}}, "activities"'),
        '"lead_id"': text.replace('"lead_id": "L-1"', given_twice),
        '"occurred_at"': text.replace('"occurred_at": "2026-09-01T08:30:00Z"', given_twice),
        '"stage"': text.replace(f'"stage": {value}', given_twice),
    }
    with pytest.raises(Problem) as caught:
        parse_score_request(bodies[twice].encode(), 1)
    assert caught.value.kind == REPEATED_KEY
    assert caught.value.faults[0].path.endswith(json.loads(twice))


@pytest.mark.parametrize(
    ("steps", "path"),
    [
        (("leads", 0, "lead_id"), "leads[0].lead_id"),
        (("leads", 3, "fields", "größe"), 'leads[3].fields["gr\\u00f6\\u00dfe"]'),
        (("leads", 0, "fields", 'a"b\n'), 'leads[0].fields["a\\"b\\n"]'),
        ((), "the body"),
    ],
)
def test_a_path_is_one_line_of_ascii(steps, path):
    """A path can be read, copied and logged, whatever the key was."""
    assert fault_path(steps) == path
    assert path.isascii()
    assert path.isprintable()


def test_a_client_that_goes_away_is_no_failure_of_baton():
    """A connection that ends in mid-body is the client's doing, and no incident."""

    async def receive():
        return {"type": "http.disconnect"}

    with pytest.raises(Problem) as raised:
        asyncio.run(read_body(Request({"type": "http", "headers": []}, receive), 1000, 1.0))
    assert raised.value.kind.status == 408


def test_a_body_that_does_not_come_is_not_waited_for():
    """A client that stops in mid-body gets 408 after the agreed time."""
    sent = [{"type": "http.request", "body": b"{", "more_body": True}]

    async def receive():
        if sent:
            return sent.pop()
        return await asyncio.sleep(30)

    request = Request({"type": "http", "headers": []}, receive)
    with pytest.raises(Problem) as raised:
        asyncio.run(read_body(request, 1000, 0.05))
    assert raised.value.kind is SLOW_BODY
