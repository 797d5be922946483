"""What `--format json` prints is what the schemas promise, for every pair of the tests."""

import json

import jsonschema
import pytest

from coach.shipped import shipped
from tests.command_line import PAIRS, call, pairs_of_the_tests

IDS = [pair["id"] for pair in pairs_of_the_tests()]
MET = [pair["id"] for pair in pairs_of_the_tests() if pair["history"]]


def validate(values: object, name: str) -> None:
    """Raise when these values are not of the schema of this name."""
    schema = json.loads((shipped("schemas") / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(values, schema, format_checker=jsonschema.FormatChecker())


@pytest.mark.parametrize("pair_id", IDS)
def test_agendas_of_every_length_have_the_form_of_their_schema(
    pair_id: str, filled: object
) -> None:
    for minutes in (15, 30, 45, 60):
        words = ("--pair", pair_id, "--minutes", str(minutes), "--format", "json")
        agenda = call("agenda", PAIRS, *words).json
        validate(agenda, "agenda")
        assert agenda["minutes"] == minutes


@pytest.mark.parametrize("pair_id", IDS)
def test_follow_ups_have_the_form_of_their_schema(pair_id: str, filled: object) -> None:
    validate(call("follow-ups", PAIRS, "--pair", pair_id, "--format", "json").json, "follow_ups")


@pytest.mark.parametrize("pair_id", MET)
@pytest.mark.parametrize(
    "words",
    [
        pytest.param((), id="a session"),
        pytest.param(("--question", "What is a pivot table?"), id="a question"),
        pytest.param(("--style", "another-way"), id="another way"),
        pytest.param(("--style", "shorter", "--session", "1"), id="shorter, of session 1"),
    ],
)
def test_recaps_have_the_form_of_their_schema(
    pair_id: str, words: tuple[str, ...], filled: object
) -> None:
    done = call("recap", PAIRS, "--pair", pair_id, *words, "--format", "json")
    assert done.code == 0, done.err
    validate(done.json, "recap")
