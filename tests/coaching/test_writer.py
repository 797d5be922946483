"""Drafts that a model words: as safe as the composer's, whatever the model is like."""

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from coach.coaching.agenda import draft_agenda, stream_agenda
from coach.coaching.brief import AgendaRequest
from coach.coaching.drafts import Agenda, Draft, build_json
from coach.coaching.follow_ups import draft_follow_ups
from coach.coaching.gathering import gather_for_agenda
from coach.coaching.pipeline import Coach, brief_for
from coach.coaching.prep import PrepRequest, draft_prep
from coach.coaching.writer.sheet import Sheet, build_sheet
from coach.coaching.writer.wording import question_for, statement_for
from coach.llm.budget import Budget, Limit, Limits
from coach.llm.fakes import ScriptedChat
from coach.llm.faults import ModelDown
from coach.pairs.records import Note
from tests.coaching.make import PAIR_IDS, TODAY, starter_coach, twelve
from tests.coaching.models import Erring, careful, every_draft, model_of, survives

LINK = re.compile(r"https?:|//[a-z]|www\.|]\(|<[a-z/!]", re.IGNORECASE)
SAMPLE = 24


@pytest.fixture(scope="module")
def composer() -> Iterator[Coach]:
    with starter_coach() as coach:
        yield coach


def written_by(coach: Coach, chat: ScriptedChat) -> Coach:
    return replace(coach, model=model_of(chat))


def broken(draft: Draft) -> list[str]:
    return [f"{v.clause}: {v.detail}" for v in draft.contract if v.holds is False]


def texts(draft: Draft) -> str:
    body = build_json(draft)
    body.pop("contract")
    return json.dumps(body, ensure_ascii=False)


@pytest.mark.parametrize("pair_id", PAIR_IDS)
def test_a_careful_model_words_drafts_that_keep_the_contract(composer: Coach, pair_id: str) -> None:
    for draft in every_draft(written_by(composer, ScriptedChat(script=careful)), twelve()[pair_id]):
        assert broken(draft) == []


def test_a_careful_model_is_named_with_its_prompt_and_its_tokens(composer: Coach) -> None:
    coach = written_by(composer, ScriptedChat(script=careful))
    drafts = every_draft(coach, twelve()["P08"])
    agenda = drafts[0]
    for draft in drafts:
        assert draft.provenance.origin in ("model", "mixed")
        assert draft.provenance.model == "fake"
        assert re.fullmatch(r"[a-z_]+@[12]:[0-9a-f]{12}", draft.provenance.prompt or "")
        assert draft.provenance.input_tokens > 100
    assert isinstance(agenda, Agenda)
    assert any(step.origin == "model" for block in agenda.blocks for step in block.steps)


@pytest.mark.parametrize("pair_id", PAIR_IDS)
def test_nothing_a_model_invented_survives(composer: Coach, pair_id: str) -> None:
    for seed in range(8):
        erring = Erring(seed)
        coach = written_by(composer, ScriptedChat(script=erring))
        for draft in every_draft(coach, twelve()[pair_id]):
            assert broken(draft) == []
            shown = texts(draft)
            assert [said for said in erring.invented if survives(said, shown)] == []
            assert "97 minutes" not in shown


def test_a_dead_model_leaves_the_composers_draft_and_one_sentence(composer: Coach) -> None:
    record = twelve()["P08"]
    plain, dead = (
        every_draft(composer, record),
        every_draft(written_by(composer, ScriptedChat()), record),
    )
    for one, other in zip(plain, dead, strict=True):
        assert other.provenance.notice == (
            "The model cannot be reached, so the coach wrote this by itself."
        )
        same = replace(other.provenance, notice=None, created_at=one.provenance.created_at,
                       input_tokens=0)  # fmt: skip
        assert replace(other, provenance=same) == one


def test_a_model_that_dies_half_way_leaves_a_mixed_draft(composer: Coach) -> None:
    calls: list[int] = []

    def dying(messages: Any) -> Any:
        calls.append(1)
        return careful(messages) if len(calls) <= 2 else ModelDown()

    coach = written_by(composer, ScriptedChat(script=dying))
    agenda = asyncio.run(draft_agenda(coach, twelve()["P08"], AgendaRequest(TODAY)))
    assert agenda.provenance.origin == "mixed"
    assert agenda.provenance.notice == (
        "The model cannot be reached, so the coach wrote parts of this by itself."
    )
    assert broken(agenda) == []


def test_a_spent_budget_is_said_in_one_sentence(composer: Coach) -> None:
    model = replace(
        model_of(ScriptedChat(script=careful)),
        budget=Budget(Limits(programme=Limit(tokens=50))),
    )
    for draft in every_draft(replace(composer, model=model), twelve()["P08"]):
        assert draft.provenance.origin == "extractive"
        assert draft.provenance.notice == (
            "The programme's budget for the model is spent for today, "
            "so the coach wrote this by itself."
        )


def test_blocks_come_one_by_one_before_the_last_is_written(composer: Coach) -> None:
    seen: list[str] = []

    async def whole() -> Agenda:
        coach = written_by(composer, ScriptedChat(script=careful))
        parts = []
        async for part in stream_agenda(coach, twelve()["P08"], AgendaRequest(TODAY)):
            parts.append(part)
            seen.append(type(part).__name__)
        assert isinstance(parts[-1], Agenda)
        assert tuple(parts[:-1]) == parts[-1].blocks
        return parts[-1]

    assert broken(asyncio.run(whole())) == []
    assert seen[-1] == "Agenda"


def test_no_model_hears_of_a_pair_in_distress(composer: Coach) -> None:
    chat = ScriptedChat(script=careful)
    every_draft(written_by(composer, chat), twelve()["X08"])
    assert chat.asked == []


def test_names_and_private_notes_stay_here(composer: Coach) -> None:
    record = twelve()["P08"]
    secret = Note("canary", "CANARY-P1 The mentee worries about the merger.", "mine", "mentee")
    last = replace(record.sessions[-1], notes=(*record.sessions[-1].notes, secret))
    named = replace(
        record,
        sessions=(*record.sessions[:-1], last),
        mentor=replace(record.mentor, name="Zerlina Quux"),
        goals=tuple(replace(g, text=f"{g.text} with Zerlina") for g in record.goals),
    )
    chat = ScriptedChat(script=careful)
    coach = written_by(composer, chat)
    asyncio.run(draft_agenda(coach, named, AgendaRequest(TODAY)))
    asyncio.run(draft_follow_ups(coach, named, AgendaRequest(TODAY)))
    sent = "\n".join(str(message.text) for messages in chat.asked for message in messages)
    assert "Zerlina" not in sent
    assert "CANARY" not in sent
    assert len({str(messages[0].text) for messages in chat.asked}) == 2


@pytest.fixture(scope="module")
def sheet(composer: Coach) -> Sheet:
    async def built() -> Sheet:
        brief = await brief_for(composer, twelve()["P08"], AgendaRequest(TODAY))
        found = await gather_for_agenda(composer.library, brief, composer.abstain_below)
        return build_sheet(*found, composer.shelves.of("en").agenda, True)

    return asyncio.run(built())


def test_a_statement_is_held_to_the_sentence_it_quotes(sheet: Sheet) -> None:
    passage = next(one for one in sheet.passages if len(one.sentences) > 1)
    first, second = (passage.text[span.start : span.end] for span in passage.sentences[:2])
    word = max(re.findall(r"\w+", second), key=len).upper()
    found = statement_for(f"{first.rstrip('.')} {word}.", 1, first, sheet, [passage])
    assert found is None or word not in found[0]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("What would help you, PWNED-BY-NOTE?", id="a name nobody gave"),
        pytest.param("What would help you аt wоrk?", id="letters that look alike"),
        pytest.param("What does //collect.example/ say?", id="an address"),
    ],
)
def test_a_question_in_disguise_does_not_stand(sheet: Sheet, said: str) -> None:
    assert question_for("What would help you most at work?", sheet)
    assert question_for(said, sheet) is None


def test_a_question_recites_nobody(sheet: Sheet) -> None:
    recited = " ".join(sheet.passages[0].text.split()[:9]).rstrip(".")
    assert sheet.recites(f"Would you say that {recited}?")
    assert not sheet.recites("What would help you most at work?")


def test_a_question_that_no_longer_fits_its_answer_stays_as_it_was(composer: Coach) -> None:
    record = twelve()["P08"]
    agenda = asyncio.run(draft_agenda(composer, record, AgendaRequest(TODAY)))
    request = PrepRequest(TODAY, "mentor", agenda)
    plain = asyncio.run(draft_prep(composer, record, request))
    assert plain.questions[2].question == "How do I see that it worked?"
    for said, stands in (
        ("What helps when it goes wrong?", False),
        ("So how do I see that it worked?", True),
    ):
        reply = {"says": [], "teaching": [], "asks": [{"number": 3, "text": said}]}
        chat = ScriptedChat(lines=[json.dumps(reply)] * 2)
        prep = asyncio.run(draft_prep(written_by(composer, chat), record, request))
        assert (prep.questions[2].question == said) is stands
        assert len(chat.asked) == (1 if stands else 2)
