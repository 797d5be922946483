"""A file of pairs is read whole, or refused in one sentence that names the place."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from coach.pairs.checking import PairFault
from coach.pairs.exchange import read_pairs

Edit = Callable[[dict[str, Any]], object]
NOTE = {"id": "n", "author": "mentor", "visibility": "mine", "text": "x"}


@pytest.mark.parametrize(
    "wrap",
    [
        pytest.param(lambda pair: pair, id="one pair"),
        pytest.param(lambda pair: [pair], id="a list"),
        pytest.param(lambda pair: {"schema": "coach.pairs/1", "pairs": [pair]}, id="an object"),
    ],
)
def test_a_file_holds_one_pair_a_list_or_an_object(
    first: dict[str, Any], wrap: Callable[[Any], Any]
) -> None:
    (found,) = read_pairs(json.dumps(wrap(first)), "pairs.json")
    assert found.raw == first
    assert found.record.id == "P01"
    assert [session.number for session in found.record.sessions] == [1, 2, 3]


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        pytest.param(
            lambda p: p.pop("mentor"), "pairs[0] lacks the field mentor", id="field missing"
        ),
        pytest.param(
            lambda p: p["goals"][1].update(kind="other"),
            "pairs[0].goals[1].kind must be one of tech, career",
            id="word not in the list",
        ),
        pytest.param(
            lambda p: p["mentee"].update(years_experience="many"),
            "pairs[0].mentee.years_experience must be a whole number or null",
            id="wrong type",
        ),
        pytest.param(
            lambda p: p["history"][0].update(date="20260928"),
            "pairs[0].history[0].date must be a day such as 2026-11-23",
            id="day in another spelling",
        ),
        pytest.param(
            lambda p: p["history"][0].update(date="2026-02-30"),
            "pairs[0].history[0].date must be a day such as 2026-11-23",
            id="day that never was",
        ),
        pytest.param(
            lambda p: p["history"][0].update(notes=7),
            "pairs[0].history[0].notes must be text, or a list of notes",
            id="notes of no form",
        ),
        pytest.param(
            lambda p: p["history"][0].update(notes=[{**NOTE, "author": "boss"}]),
            "pairs[0].history[0].notes[0].author must be one of mentor, mentee",
            id="note of a third person",
        ),
        pytest.param(
            lambda p: p.update(schema="coach.pair/2"),
            "pairs[0].schema must be coach.pair/1",
            id="another schema",
        ),
        pytest.param(
            lambda p: p["request"].update(minutes=5),
            "pairs[0].request.minutes must be from 10 to 180",
            id="five minutes",
        ),
        pytest.param(
            lambda p: p["constraints"].update(session_minutes=600),
            "pairs[0].constraints.session_minutes must be from 10 to 180",
            id="six hundred minutes",
        ),
        pytest.param(
            lambda p: p["history"][0].update(state="planned", minutes=5),
            "pairs[0].history[0].minutes must be from 10 to 180",
            id="five minutes planned",
        ),
        pytest.param(
            lambda p: p["history"][1].update(session_number=1),
            "pairs[0].history[1].session_number stands there twice",
            id="session twice",
        ),
        pytest.param(
            lambda p: p["history"][0]["commitments"][1].update(text="x" * 301),
            "pairs[0].history[0].commitments[1].text must have at most 300 characters",
            id="long promise",
        ),
        pytest.param(
            lambda p: p.update(title="half \ud83d"),
            "pairs[0].title holds half a character",
            id="lone surrogate",
        ),
        pytest.param(
            lambda p: p["mentor"].update({"key \ud83d": 1}),
            "pairs[0].mentor holds half a character",
            id="lone surrogate in a key",
        ),
        pytest.param(
            lambda p: p["history"][0]["topics"].append("a\x00b"),
            "pairs[0].history[0].topics[2] holds a NUL character",
            id="NUL",
        ),
        pytest.param(lambda p: p.update(id=""), "pairs[0].id must have 1 to 100", id="empty id"),
        pytest.param(lambda p: p.update(more=2**60), "Numbers must lie between", id="huge number"),
        pytest.param(
            lambda p: p.update(more=float("nan")), "Numbers must lie between", id="not a number"
        ),
    ],
)
def test_a_fault_names_the_field_and_what_was_expected(
    first: dict[str, Any], edit: Edit, sentence: str
) -> None:
    edit(first)
    with pytest.raises(PairFault) as fault:
        read_pairs(json.dumps({"pairs": [first]}), "pairs.json")
    assert fault.value.detail.startswith("pairs.json: ")
    assert sentence in fault.value.detail


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param('{"id": 1,\n "a": }', "at line 2, column 7", id="broken"),
        pytest.param("", "at line 1, column 1", id="empty"),
        pytest.param("\ufeff{}", "at line 1, column 1", id="byte order mark"),
        pytest.param("[]", "There is no pair in this file", id="empty list"),
        pytest.param("7", "must hold one pair or a list of pairs", id="a number"),
        pytest.param('{"pairs": {}}', "pairs must hold one pair or a list", id="pairs is no list"),
        pytest.param('{"id": "a", "id": "b"}', "the same key twice", id="key twice"),
        pytest.param("[" * 100_000, "at most 60 deep", id="deep"),
        pytest.param('{"a":' * 70 + "1" + "}" * 70, "at most 60 deep", id="rather deep"),
        pytest.param("9" * 5000, "Numbers must lie between", id="five thousand digits"),
        pytest.param('{"a": 1e999}', "Numbers must lie between", id="infinite"),
    ],
)
def test_text_that_holds_no_pair_is_refused_with_its_place(text: str, sentence: str) -> None:
    with pytest.raises(PairFault) as fault:
        read_pairs(text, "pairs.json")
    assert sentence in fault.value.detail


def test_two_pairs_of_one_id_are_refused(first: dict[str, Any]) -> None:
    with pytest.raises(PairFault, match="Two pairs have the id P01"):
        read_pairs(json.dumps([first, first]), "pairs.json")


def test_a_fault_never_repeats_what_a_pair_wrote(first: dict[str, Any]) -> None:
    first["mentee"]["tech_levels"] = {"CANARY-KEY, said in trust": "CANARY-VALUE"}
    with pytest.raises(PairFault) as fault:
        read_pairs(json.dumps(first), "pairs.json")
    assert "CANARY" not in fault.value.detail


def test_labels_for_evaluation_are_kept_and_never_drafted_from(first: dict[str, Any]) -> None:
    bare = {key: value for key, value in first.items() if key not in ("library_topics", "expected")}
    (labelled,) = read_pairs(json.dumps(first), "pairs.json")
    (unlabelled,) = read_pairs(json.dumps(bare), "pairs.json")
    assert labelled.raw["expected"] == first["expected"]
    assert labelled.record == unlabelled.record


def test_a_string_note_is_a_shared_note_of_both(first: dict[str, Any]) -> None:
    (found,) = read_pairs(json.dumps(first), "pairs.json")
    (note,) = found.record.sessions[0].notes
    assert (note.text, note.visibility, note.author) == (first["history"][0]["notes"], "pair", None)


def test_a_wish_comes_before_the_words_of_the_request(first: dict[str, Any]) -> None:
    first["wish"] = {"text": "Show me charts", "by": "mentee"}
    (found,) = read_pairs(json.dumps(first), "pairs.json")
    assert found.record.wish is not None
    assert (found.record.wish.text, found.record.wish.minutes) == ("Show me charts", 60)
