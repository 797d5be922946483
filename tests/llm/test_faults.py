"""Whatever a provider sends, the model layer has a typed error, and a person has a draft."""

import asyncio
import json
import pathlib
import time
from dataclasses import replace
from typing import Any

import pytest
from langchain_core.messages import HumanMessage

from coach.coaching.agenda import draft_agenda, stream_agenda
from coach.coaching.brief import AgendaRequest, RecapRequest
from coach.coaching.drafts import Agenda, Draft
from coach.coaching.follow_ups import draft_follow_ups
from coach.coaching.pipeline import Coach
from coach.coaching.prep import PrepRequest, draft_prep
from coach.coaching.recap import draft_recap
from coach.llm.client import Deadlines
from coach.llm.faults import LLMFault
from tests.coaching.make import TODAY, starter_coach, twelve
from tests.llm.provider import KEY, PATIENT, SHORT, Provider, model_at

WHOLE = {
    "stream-good",
    "stream-comments",
    "stream-split-utf8",
    "stream-nochoices",
    "stream-dupe",
    "stream-afterdone",
    "stream-sseinject",
    "json-5",
    "json-9",
}
PAIR = "P08"


def load_scenarios(folder: pathlib.Path) -> list[dict[str, Any]]:
    lines = (folder / "security" / "llm_faults" / "scenarios.jsonl").read_text().splitlines()
    found = [json.loads(line) for line in lines if line.strip()]
    return [one for one in found if one["kind"] != "embeddings"]


async def ask(base_url: str, deadlines: Deadlines = SHORT) -> str:
    model = model_at(base_url, deadlines)
    try:
        return str((await model.chat.ainvoke([HumanMessage("Hello?")])).text)
    finally:
        await model.aclose()


@pytest.mark.shared_data
async def test_every_fault_of_a_provider_has_a_type(
    shared_data: pathlib.Path, caplog: pytest.LogCaptureFixture
) -> None:
    for scenario in load_scenarios(shared_data):
        provider = Provider(scenario)
        async with provider.serving() as base_url:
            before = time.monotonic()
            if scenario["id"] in WHOLE:
                # How fast a whole answer comes is this machine's affair.
                assert await ask(base_url, PATIENT), scenario["id"]
            else:
                with pytest.raises(LLMFault) as caught:
                    await ask(base_url)
                assert KEY not in repr(caught.value) + caught.value.detail, scenario["id"]
                assert time.monotonic() - before < 6, scenario["id"]
        limit = 3 if scenario["kind"] in ("http_rate", "http_try_again", "network") else 1
        assert provider.requests <= limit, scenario["id"]
    assert KEY not in caplog.text


async def draft_all(coach: Coach, mentor: bool = True) -> list[Draft]:
    record = twelve()[PAIR]
    agenda = await draft_agenda(coach, record, AgendaRequest(TODAY))
    prepared = PrepRequest(TODAY, "mentor" if mentor else "mentee", agenda)
    return [
        agenda,
        await draft_prep(coach, record, prepared),
        await draft_follow_ups(coach, record, AgendaRequest(TODAY)),
        await draft_recap(coach, record, RecapRequest(TODAY)),
    ]


@pytest.mark.shared_data
async def test_a_draft_comes_whatever_the_provider_sends(shared_data: pathlib.Path) -> None:
    with starter_coach() as coach:
        for turn, scenario in enumerate(load_scenarios(shared_data)):
            async with Provider(scenario).serving() as base_url:
                model = model_at(base_url)
                drafts = await draft_all(replace(coach, model=model), mentor=turn % 2 == 0)
                await model.aclose()
            for draft in drafts:
                told = f"{scenario['id']}: {draft.schema}"
                assert [v for v in draft.contract if v.holds is False] == [], told
                assert draft.provenance.origin == "extractive", told
                assert draft.provenance.notice, told
                assert draft.provenance.notice.count(".") == 1, told
                assert KEY not in str(draft), told


async def test_a_stream_goes_on_when_the_model_dies_half_way() -> None:
    scenario = {"http_status": 500, "headers": {}, "body": "out of order"}
    with starter_coach() as coach:
        async with Provider(scenario).serving() as base_url:
            model = model_at(base_url)
            parts = [
                part
                async for part in stream_agenda(
                    replace(coach, model=model), twelve()[PAIR], AgendaRequest(TODAY)
                )
            ]
            await model.aclose()
    agenda = parts[-1]
    assert isinstance(agenda, Agenda)
    assert tuple(parts[:-1]) == agenda.blocks
    assert agenda.provenance.notice


def test_the_loop_is_left_clean() -> None:
    """A draft in a loop of its own leaves no task behind."""

    async def whole() -> int:
        scenario = {"tcp": "refuse"}
        async with Provider(scenario).serving() as base_url:
            model = model_at(base_url)
            with starter_coach() as coach:
                await draft_all(replace(coach, model=model))
            await model.aclose()
        return len(asyncio.all_tasks())

    assert asyncio.run(whole()) == 1
