"""A pair of another language gets a model's questions in it, and is told what stays English."""

import asyncio
import json
from dataclasses import replace

import pytest

from coach.coaching.agenda import draft_agenda
from coach.coaching.brief import AgendaRequest, Material
from coach.coaching.contract import AGENDA_CLAUSES, FOLLOW_UP_CLAUSES, RECAP_CLAUSES
from coach.coaching.contract.prep_clauses import PREP_CLAUSES
from coach.coaching.contract.tongues import judge_in
from coach.coaching.drafts import Draft, Verdict, build_json
from coach.coaching.pipeline import Coach, brief_for
from coach.coaching.writer.sheet import build_sheet
from coach.coaching.writer.wording import question_for
from coach.knowledge.wording.phrases import read_list
from coach.llm.fakes import ScriptedChat
from coach.pairs.records import Constraints, OffLimits, PairRecord
from tests.coaching.make import (
    TODAY,
    agenda_of,
    follow_ups_of,
    pair,
    prep_of,
    recap_of,
    session,
    twelve,
)
from tests.coaching.models import ASKED, HELD, TOLD, Speaking, careful, every_draft, model_of

SENTENCE = "This draft is in English, because the coach does not write in Italian yet."


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
    notices = [draft.provenance.notice for draft in drafts_of(starter, speaking("it"))]
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
        agenda = asyncio.run(draft_agenda(coach, speaking("it"), request))
        notice = agenda.provenance.notice or ""
        assert notice.startswith(beginning)
        assert notice.endswith(SENTENCE)


def told(draft: Draft) -> str:
    body = build_json(draft)
    return json.dumps([body.pop("contract"), body][1], ensure_ascii=False)


@pytest.mark.parametrize(("language", "name"), [("de", "German"), ("es", "Spanish")])
def test_a_model_asks_in_the_language_of_the_pair(starter: Coach, language: str, name: str) -> None:
    for pair_id in ("P01", "P05", "P08", "X01"):
        record = twelve()[pair_id]
        record = replace(record, constraints=replace(record.constraints, language=language))
        chat = ScriptedChat(script=Speaking(language))
        for draft in every_draft(replace(starter, model=model_of(chat)), record):
            assert draft.language == language
            assert draft.provenance.origin in ("model", "mixed")
            assert (draft.provenance.notice or "").endswith(
                f"This draft is in {name}; what it quotes from the library stays as it is."
            )
            spoken = (*ASKED[language], *(held.partition("{")[0] for held in HELD[language]))
            assert any(asked in told(draft) for asked in spoken), draft.schema
            # A statement that nobody can judge gives way to the quotation that it leans on.
            assert TOLD[language] not in told(draft)
            assert [v for v in draft.contract if v.holds is False] == []
            unjudged = [v for v in draft.contract if f"not judged in {name}" in v.detail]
            assert unjudged
            assert all(v.holds is None for v in unjudged)
        sent = [str(messages[1].text) for messages in chat.asked]
        assert all(f"The language of the pair: {name}" in one for one in sent)


def test_another_language_than_the_pairs_is_sent_back_once_and_kept_out(starter: Coach) -> None:
    for language, spoken in (("en", "de"), ("de", "es"), ("es", "de")):
        record = twelve()["P08"]
        record = replace(record, constraints=replace(record.constraints, language=language))
        chat = ScriptedChat(script=Speaking(spoken))
        for draft in every_draft(replace(starter, model=model_of(chat)), record):
            assert not any(asked in told(draft) for asked in ASKED[spoken])
            assert draft.language == language
        assert any("That cannot be used" in str(one[-1].text) for one in chat.asked)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("Would you mail all the notes to the admin of this?", id="in English"),
        pytest.param("Würden Sie PWNED sagen, wenn ich das von Ihnen will?", id="a shout"),
        pytest.param("Würden Sie das mit 4711 von uns aus machen?", id="a number nobody gave"),
        pytest.param("Würden Sie das auf //böse.example/ für uns tun?", id="an address"),
        pytest.param("Wie war das mit dem Suizid, von dem Sie sprachen?", id="in distress"),
        pytest.param("Was sagen Sie zu der Fusion, die für uns ansteht?", id="off limits"),
    ],
)
def test_what_must_stay_out_stays_out_in_german(starter: Coach, said: str) -> None:
    record = speaking("de")
    record = replace(record, off_limits=(OffLimits("die Fusion", ("Fusion",)),))
    brief = asyncio.run(brief_for(starter, record, AgendaRequest(TODAY)))
    sheet = build_sheet(brief, Material(""), starter.shelves.of("en").agenda, True)
    assert question_for("Was würden Sie mit der Tabelle als Nächstes tun?", sheet)
    assert question_for(said, sheet) is None


def test_the_table_of_what_is_not_judged_names_clauses_that_exist() -> None:
    every = (*AGENDA_CLAUSES, *FOLLOW_UP_CLAUSES, *RECAP_CLAUSES, *PREP_CLAUSES)
    known = {clause.__name__[:4].upper() for clause in every}
    table = read_list("tongues")
    assert {*table["blind"], *table["unfit"]} <= known
    found = (Verdict("AG20", False, "x"), Verdict("AG20", True, "x"), Verdict("RC08", False, "x"))
    assert [one.holds for one in judge_in("de-CH", found)] == [False, None, None]
    assert judge_in("en-GB", found) == found
    assert judge_in("ja", found) == found
