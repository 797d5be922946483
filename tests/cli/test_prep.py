"""`coach prep` as a person reads it."""

import json

import jsonschema

from tests.coaching.make import schema_of
from tests.command_line import PAIRS, call


def test_the_mentor_reads_what_to_teach_and_what_not_to_promise() -> None:
    done = call("prep", PAIRS, "--pair", "P01", "--for", "mentor")
    assert done.out.startswith("P01: prep brief for session 4\nOnly for the mentor.")
    assert "What not to promise" in done.out
    assert done.out.count("  ask  ") == 3


def test_the_mentee_reads_what_to_bring_as_markdown() -> None:
    done = call("prep", PAIRS, "--pair", "P01", "--for", "mentee", "--format", "markdown")
    assert "## What to bring" in done.out
    assert "## The career question" in done.out


def test_the_json_keeps_its_schema() -> None:
    done = call("prep", PAIRS, "--pair", "P03", "--for", "mentor", "--format", "json")
    jsonschema.validate(json.loads(done.out), schema_of("prep"))


def test_without_a_reader_it_is_told_in_a_sentence() -> None:
    done = call("prep", PAIRS, "--pair", "P01")
    assert done.code == 2
    assert "--for" in done.err
