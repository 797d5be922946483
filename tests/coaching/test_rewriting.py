"""One block is written anew by whoever writes, model or composer; all other words stay."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from coach.coaching.agenda import draft_agenda
from coach.coaching.brief import AgendaRequest
from coach.coaching.drafts import Agenda
from coach.coaching.editing import EditRefused, add_block, put_words
from coach.coaching.pipeline import Coach
from coach.coaching.rewriting import Rewrite, rewrite_block
from coach.llm.fakes import ScriptedChat
from tests.coaching.make import TODAY, starter_coach, twelve
from tests.coaching.models import careful, model_of

REQUEST = AgendaRequest(TODAY)


@pytest.fixture(scope="module")
def composer() -> Iterator[Coach]:
    with starter_coach() as coach:
        yield coach


@pytest.fixture(scope="module")
def agenda(composer: Coach) -> Agenda:
    return asyncio.run(draft_agenda(composer, twelve()["P01"], REQUEST))


def anew(coach: Coach, agenda: Agenda, asked: Rewrite) -> Agenda:
    return asyncio.run(rewrite_block(coach, twelve()["P01"], REQUEST, agenda, asked))


def id_of(agenda: Agenda, kind: str) -> str:
    return next(block.id for block in agenda.blocks if block.kind == kind)


def changed(before: Agenda, after: Agenda) -> list[str]:
    return [
        new.kind
        for old, new in zip(before.blocks, after.blocks, strict=True)
        if old.steps != new.steps
    ]


def test_a_model_is_asked_for_one_block_only(composer: Coach, agenda: Agenda) -> None:
    chat = ScriptedChat(script=careful)
    coach = replace(composer, model=model_of(chat))
    mine = put_words(agenda, "b1/steps/0", "How was your week, really?")
    after = anew(coach, mine, Rewrite(id_of(agenda, "hands_on")))
    assert changed(mine, after) == ["hands_on"]
    assert len(chat.asked) == 1
    assert (after.provenance.origin, after.provenance.model) == ("mixed", "fake")
    assert [one.clause for one in after.contract if one.holds is False] == []
    assert after.blocks[0].steps[0].text == "How was your week, really?"


def test_a_model_that_fails_leaves_the_composer_to_write(composer: Coach, agenda: Agenda) -> None:
    coach = replace(composer, model=model_of(ScriptedChat(script=lambda _: "no json at all")))
    after = anew(coach, agenda, Rewrite(id_of(agenda, "swap")))
    assert changed(agenda, after) == ["swap"]
    assert after.provenance.origin == "extractive"


def test_what_cannot_be_written_anew_is_said_in_a_sentence(composer: Coach, agenda: Agenda) -> None:
    giver = id_of(agenda, "hands_on")
    own = add_block(agenda, "hands_on", "Our own", ["Try it"], (giver, 2))
    with pytest.raises(EditRefused, match="your own words"):
        anew(composer, own, Rewrite("own-1"))
    with pytest.raises(EditRefused, match="nothing to write"):
        anew(composer, agenda, Rewrite(id_of(agenda, "slack")))
    with pytest.raises(EditRefused, match="nothing near this yet"):
        anew(composer, agenda, Rewrite(giver, "How do I tune an annealer for orchid breeding?"))
