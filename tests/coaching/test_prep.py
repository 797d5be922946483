"""A prep brief tells one person what the agenda asks of them, and nothing of the other's."""

import asyncio
from dataclasses import replace

import jsonschema
import pytest

from coach.coaching.brief import AgendaRequest
from coach.coaching.briefing import build_brief
from coach.coaching.contract.prep_clauses import agenda_texts
from coach.coaching.drafts import AgendaStep, Gap, LibraryCitation, build_json
from coach.coaching.pipeline import Coach
from coach.coaching.prep import PrepAsked, PrepRequest, gather_for_prep
from coach.pairs.records import Note, OffLimits, PairRecord, Role
from tests.coaching.closure import Origins, visible_strings
from tests.coaching.conftest import Drafted
from tests.coaching.make import (
    PAIR_IDS,
    TODAY,
    agenda_of,
    false_clauses,
    note,
    pair,
    prep_of,
    promise,
    schema_of,
    session,
    twelve,
    undated,
)

READERS: tuple[Role, Role] = ("mentor", "mentee")
CANARY = "CANARY-7 is my own secret plan."


def held() -> PairRecord:
    """A pair that met once, with a promise of each."""
    promises = (promise("c1", "Make one pivot table", "mentee"), promise("c2", "Send it", "mentor"))
    return pair(session(1, "We looked at the report.", commitments=promises))


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("pair_id", PAIR_IDS)
def test_every_brief_keeps_the_contract_and_its_schema(
    starter: Coach, drafted: Drafted, pair_id: str, reader: Role
) -> None:
    prep = prep_of(starter, twelve()[pair_id], reader, drafted(pair_id, 45))
    assert not false_clauses(prep)
    jsonschema.validate(build_json(prep), schema_of("prep"))


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("pair_id", PAIR_IDS)
def test_every_sentence_comes_from_somewhere(
    starter: Coach, drafted: Drafted, pair_id: str, reader: Role
) -> None:
    record, agenda = twelve()[pair_id], drafted(pair_id, 45)
    prep = prep_of(starter, record, reader, agenda)
    coming = AgendaRequest(TODAY, 45, None, agenda.date, session_number=agenda.session_number)
    asked = PrepAsked(build_brief(record, coming, reader), PrepRequest(TODAY, reader, agenda))
    desk = asyncio.run(gather_for_prep(starter, asked))
    origins = Origins(desk.brief, desk.material)
    origins.own |= {one.text for one in desk.brief.off_limits} | agenda_texts(agenda)
    told = [(p, t) for p, t in visible_strings(build_json(prep)) if p not in (".reader", ".ids")]
    assert [
        text for place, text in told if ".promises" not in place and not origins.know(text)
    ] == []


@pytest.mark.parametrize(("reader", "other"), [READERS, READERS[::-1]])
def test_the_others_private_note_never_arrives(starter: Coach, reader: Role, other: Role) -> None:
    record = pair(session(1, note(CANARY, "mine", other)))
    prep = prep_of(starter, record, reader, agenda_of(starter, record))
    assert "CANARY" not in str(build_json(prep))


def test_the_mentor_is_told_how_to_teach_from_the_library(starter: Coach) -> None:
    record = held()
    prep = prep_of(starter, record, "mentor", agenda_of(starter, record))
    cited = [c for one in prep.teaching for c in one.citations if isinstance(c, LibraryCitation)]
    documents = {one.document_id for one in cited}
    assert documents == {"hands-off-the-keyboard", "teach-with-patience"}
    assert {one.owner for one in prep.promises} == {"mentor", "mentee"}


def test_the_mentee_sees_only_own_promises(starter: Coach) -> None:
    record = held()
    prep = prep_of(starter, record, "mentee", agenda_of(starter, record))
    assert [one.ids for one in prep.promises] == [("c1",)]


def test_an_off_limits_topic_is_named_to_the_mentor_as_one(starter: Coach) -> None:
    record = replace(held(), off_limits=(OffLimits("the merger", ("merger",)),))
    prep = prep_of(starter, record, "mentor", agenda_of(starter, record))
    assert any("“the merger”" in one.text for one in prep.not_to_promise)
    assert not false_clauses(prep)


def test_what_the_library_lacks_is_left_open(starter: Coach) -> None:
    record = pair(goals=(), title="Knitting a jumper by hand")
    agenda = agenda_of(starter, record)
    bare = tuple(
        replace(b, steps=tuple(AgendaStep(s.kind, s.text, "pair") for s in b.steps))
        for b in agenda.blocks
    )
    gaps = (Gap("not_in_library", "Nothing on it."),)
    prep = prep_of(starter, record, "mentor", replace(agenda, blocks=bare, gaps=gaps))
    assert all(not q.citations and "find out" in q.answer for q in prep.questions)
    assert len(prep.questions) == 3
    assert not false_clauses(prep)


def test_changed_material_is_said_and_not_quoted(starter: Coach) -> None:
    record = held()
    agenda = agenda_of(starter, record)
    gone = LibraryCitation("gone", "Gone", "gone-1", 0, 4, "Gone")
    step = AgendaStep("say", "Gone", "quotation", (gone,))
    blocks = (replace(agenda.blocks[0], steps=(step,)), *agenda.blocks[1:])
    prep = prep_of(starter, record, "mentor", replace(agenda, blocks=blocks))
    assert [gap.reason for gap in prep.not_covered] == ["stale_source"]
    assert not false_clauses(prep)


def test_own_words_of_crisis_bring_help_and_nothing_else(starter: Coach) -> None:
    own = Note("n", "I want to end my life.", "mine", "mentor")
    record = pair(session(1, own))
    agenda = agenda_of(starter, record)
    prep = prep_of(starter, record, "mentor", agenda)
    assert prep.help
    assert not prep.told()
    assert not false_clauses(prep)
    assert not prep_of(starter, record, "mentee", agenda).help


def test_the_same_brief_comes_twice(starter: Coach) -> None:
    record = held()
    agenda = agenda_of(starter, record)
    first, again = (prep_of(starter, record, "mentor", agenda) for _ in range(2))
    assert undated(first) == undated(again)
