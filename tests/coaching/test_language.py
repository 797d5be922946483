"""A pair of another language gets an English draft, and is told so in one sentence."""

import asyncio
from dataclasses import replace

import pytest

from coach.coaching.agenda import draft_agenda
from coach.coaching.brief import AgendaRequest
from coach.coaching.drafts import Draft
from coach.coaching.pipeline import Coach
from coach.llm.fakes import ScriptedChat
from coach.pairs.records import Constraints, PairRecord
from tests.coaching.make import TODAY, agenda_of, follow_ups_of, pair, prep_of, recap_of, session
from tests.coaching.models import careful, model_of

SENTENCE = "This draft is in English, because the coach does not write in German yet."


def speaking(language: str) -> PairRecord:
    """A pair of this language that met once."""
    met = session(1, "We looked at a pivot table.", topics=("pivot table",))
    return pair(met, constraints=Constraints(language=language))


def drafts_of(coach: Coach, record: PairRecord) -> list[Draft]:
    """One draft of each kind."""
    agenda = agenda_of(coach, record)
    prep = prep_of(coach, record, "mentee", agenda)
    return [agenda, follow_ups_of(coach, record), recap_of(coach, record), prep]


def test_every_kind_of_draft_says_so(starter: Coach) -> None:
    notices = [draft.provenance.notice for draft in drafts_of(starter, speaking("de"))]
    assert notices == [SENTENCE] * 4


@pytest.mark.parametrize("language", ["en", "en-GB"])
def test_a_pair_that_speaks_english_reads_nothing_of_it(starter: Coach, language: str) -> None:
    notices = [draft.provenance.notice for draft in drafts_of(starter, speaking(language))]
    assert notices == [None] * 4


def test_it_is_said_with_a_model_and_beside_what_went_wrong(starter: Coach) -> None:
    request = AgendaRequest(TODAY)
    for script, beginning in ((careful, ""), (None, "The model cannot be reached")):
        chat = ScriptedChat(script=script) if script else ScriptedChat()
        coach = replace(starter, model=model_of(chat))
        agenda = asyncio.run(draft_agenda(coach, speaking("de"), request))
        notice = agenda.provenance.notice or ""
        assert notice.startswith(beginning)
        assert notice.endswith(SENTENCE)
