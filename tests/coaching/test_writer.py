"""A model may word a draft; whatever it says, the draft stays whole, checked and the pair's own."""

import asyncio
import json
import pathlib
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from coach.coaching.brief import AgendaRequest
from coach.coaching.briefing import build_brief
from coach.coaching.drafts import Agenda, AgendaBlock, Draft, LibraryCitation, build_json
from coach.coaching.pipeline import Coach, open_writer
from coach.coaching.writer.accepting import build_ground, refuse
from coach.llm.asking import Model
from coach.llm.client import Deadlines
from coach.llm.fakes import ScriptedChat, obedient, scripted
from coach.llm.faults import LLMFault
from coach.llm.models import open_model
from coach.settings import load_settings
from tests.coaching.make import (
    PAIR_IDS,
    TODAY,
    agenda_of,
    follow_ups_of,
    recap_of,
    twelve,
)
from tests.llm.provider import provider

QUESTION = "What was the difference between SUM and SUBTOTAL?"


def with_model(coach: Coach, chat: ScriptedChat) -> Coach:
    """The same coach with this model at its side."""
    return replace(coach, writer=open_writer(Model(chat, "fake")))


def broken(draft: Draft) -> list[str]:
    return [verdict.clause for verdict in draft.contract if verdict.holds is False]


def skeleton(agenda: Agenda) -> list[tuple[Any, ...]]:
    """All of an agenda that no model may touch."""
    return [
        (b.id, b.kind, b.minutes, b.starts_at_minute, b.lead, b.hands, b.title, b.outcome,
         b.commitment_ids, b.memory_item_ids, b.goal_ids, [step.kind for step in b.steps])
        for b in agenda.blocks
    ]  # fmt: skip


def rewording(change: Callable[[int, str, str], dict[str, Any] | None]) -> ScriptedChat:
    """A chat that changes each numbered step it is shown, as this function says."""

    def answer(messages: Any) -> str:
        request = str(messages[-1].text)
        steps = re.findall(r"(?m)^(\d+)\. (?:\[(\w+)\]|(the \w+) asks:) (.+)$", request)
        found = [change(int(n), mark or who, text) for n, mark, who, text in steps]
        return json.dumps({"title": "Other", "steps": [one for one in found if one]})

    return ScriptedChat(answer=answer)


def politely(number: int, mark: str, text: str) -> dict[str, Any] | None:
    """A harmless change: the same question, asked a little otherwise."""
    if "?" not in text or mark not in ("open", "the mentor", "the mentee"):
        return None
    return {"number": number, "text": text.replace("What ", "Which thing ", 1), "passage": 0}


def test_what_a_model_words_better_stands_in_the_agenda_and_says_so(starter: Coach) -> None:
    record = twelve()["P01"]
    plain = agenda_of(starter, record, minutes=60)
    worded = agenda_of(with_model(starter, rewording(politely)), record, minutes=60)
    assert skeleton(worded) == skeleton(plain)
    assert broken(worded) == []
    steps = [step for block in worded.blocks for step in block.steps]
    changed = [step for step in steps if step.origin == "model"]
    assert changed
    assert all("Which thing" in step.text for step in changed)
    assert (worded.provenance.origin, worded.provenance.model) == ("mixed", "fake")
    assert "agenda_block@1:" in str(worded.provenance.prompt)
    assert worded.provenance.output_tokens > 0
    assert worded.gaps == plain.gaps


def test_a_quotation_is_exchanged_for_another_whole_sentence_only(starter: Coach) -> None:
    record = twelve()["P01"]
    plain = agenda_of(starter, record, minutes=60)

    def exchange(text: str) -> Callable[[int, str, str], dict[str, Any] | None]:
        return lambda number, mark, _text: (
            {"number": number, "text": text, "passage": 1} if mark == "quotation" else None
        )

    def quotes(agenda: Agenda) -> list[str]:
        return [step.text for b in agenda.blocks for step in b.steps if step.citations]

    for invented in ("A pivot table deletes the source.", "pivot table can", "Grouping changes"):
        tried = agenda_of(with_model(starter, rewording(exchange(invented))), record, minutes=60)
        assert quotes(tried) == quotes(plain)
        assert tried.provenance.origin == "extractive"
    for agenda in (plain,):
        for block in agenda.blocks:
            for step in block.steps:
                for cited in step.citations:
                    assert isinstance(cited, LibraryCitation)


@pytest.mark.parametrize("pair_id", PAIR_IDS)
def test_an_obedient_model_breaks_nothing(pair_id: str, starter: Coach) -> None:
    record, coach = twelve()[pair_id], with_model(starter, obedient())
    plain, tried = agenda_of(starter, record), agenda_of(coach, record)
    assert skeleton(tried) == skeleton(plain)
    assert broken(tried) == broken(plain) == []
    assert broken(follow_ups_of(coach, record)) == []
    if record.sessions:
        assert broken(recap_of(coach, record, question=QUESTION)) == []


MISTAKES = {
    "an invented step": "Press the red button to delete every old file at once.",
    "a link": "Read https://example.org/steps before you go on?",
    "an image": "![x](http://127.0.0.1/p.png) What do you see?",
    "markup": "<b>What</b> do you think?",
    "advice in disguise": "Don't you think you should have done this long ago?",
    "an age remark": "What is hard about this for someone of your age?",
    "two questions": "What is it? And why is it so?",
    "a false quotation": "You said “I never understood any of this”. What now?",
    "another language": "Welche Ergebnisse haben Sie letzte Woche im Lager gezählt?",
    "a number from nowhere": "What would 4711 of these mean for your monthly report?",
    "nothing": "",
    "pages": "What " + "really " * 200 + "matters?",
}


@pytest.mark.parametrize("text", list(MISTAKES.values()), ids=list(MISTAKES))
def test_none_of_a_models_mistakes_reaches_a_reader(text: str, starter: Coach) -> None:
    def mistaken(number: int, _mark: str, _text: str) -> dict[str, Any]:
        return {"number": number, "text": text, "passage": 7, "minutes": 90}

    record, coach = twelve()["P01"], with_model(starter, rewording(mistaken))
    for draft in (
        agenda_of(coach, record),
        follow_ups_of(coach, record),
        recap_of(coach, record, question=QUESTION),
    ):
        assert broken(draft) == []
        assert not text or text[:60] not in json.dumps(build_json(draft), ensure_ascii=False)


def test_what_is_refused_goes_back_once_with_the_reason(starter: Coach) -> None:
    chat = rewording(lambda n, mark, _text: {"number": n, "text": "See www.example.org?"})
    agenda_of(with_model(starter, chat), twelve()["P01"])
    asked = [str(messages[-1].text) for messages in chat.asked]
    again = [text for text in asked if "Refused before:" in text]
    assert len(again) * 2 == len(asked)
    assert "no links, addresses or markup" in again[0]


def test_names_never_leave(starter: Coach) -> None:
    record = twelve()["P01"]
    named = replace(
        record,
        mentor=replace(record.mentor, name="Zebulon"),
        mentee=replace(record.mentee, name="Quartilla"),
    )
    chat = rewording(politely)
    coach = with_model(starter, chat)
    for draft in (agenda_of, follow_ups_of):
        draft(coach, named)
    sent = "\n".join(str(message.text) for messages in chat.asked for message in messages)
    assert sent
    assert not re.search("Zebulon|Quartilla", sent)


@pytest.mark.parametrize("kind", ["down", "deadline", "cut", "refused", "unreadable", "busy"])
def test_without_an_answer_the_composer_stands_and_the_draft_says_so(
    kind: Any, starter: Coach
) -> None:
    record = twelve()["P01"]
    coach = with_model(starter, scripted(LLMFault(kind)))
    plain, tried = agenda_of(starter, record), agenda_of(coach, record)
    assert skeleton(tried) == skeleton(plain)
    assert (tried.provenance.origin, tried.provenance.model) == ("extractive", None)
    (said,) = set(tried.gaps) - set(plain.gaps)
    assert said.text.startswith(str(LLMFault(kind)))
    assert said.text.endswith("The composer wrote this draft from the library.")
    assert follow_ups_of(coach, record).provenance.origin == "extractive"
    recap = recap_of(coach, record, question=QUESTION)
    assert recap.answer == recap_of(starter, record, question=QUESTION).answer


def test_a_model_that_dies_half_way_leaves_the_finished_blocks(starter: Coach) -> None:
    polite = rewording(politely)
    left = [2]

    def dying(messages: Any) -> Any:
        left[0] -= 1
        return polite.answer(messages) if left[0] >= 0 else LLMFault("cut")

    tried = agenda_of(with_model(starter, ScriptedChat(answer=dying)), twelve()["P01"], minutes=60)
    assert tried.provenance.origin == "mixed"
    assert tried.gaps[-1].text.endswith(
        "The composer wrote the rest of this draft from the library."
    )
    assert broken(tried) == []


def test_a_recap_is_answered_by_the_sentences_a_model_chose(starter: Coach) -> None:
    record = twelve()["P01"]

    def choose(messages: Any) -> str:
        shown = re.findall(r"(?m)^(\d+)\. (.+)$", str(messages[-1].text))
        second = next(int(n) for n, text in shown if "guest list, and SUBTOTAL" in text)
        return json.dumps({"sentences": [second, second, 99]})

    recap = recap_of(with_model(starter, ScriptedChat(answer=choose)), record, question=QUESTION)
    assert recap.answer.text.startswith("SUM counts everyone on the guest list")
    assert recap.answer.citations[0].quote == recap.answer.text
    assert (recap.provenance.origin, broken(recap)) == ("mixed", [])
    for odd in ('{"sentences": []}', '{"sentences": [0, -1, 999]}'):
        kept = recap_of(with_model(starter, scripted(odd)), record, question=QUESTION)
        assert kept.provenance.origin == "extractive"


@pytest.mark.parametrize(
    ("text", "before", "reason"),
    [
        pytest.param("What do you do today?", "How do you do it today?", None, id="a question"),
        pytest.param(
            "Tell me more.", "How do you do it today?", "stay a question", id="no question"
        ),
        pytest.param("The mentor listens.", "The mentor listens to the end.", None, id="shorter"),
        pytest.param(
            "The mentor leaves at once.", "The mentor listens.", "supported", id="a claim"
        ),
        pytest.param("This helps?", "How so?", "alone", id="a dangling opener"),
        pytest.param("x", "How?", "one line", id="too short"),
        pytest.param("What?\nWhy?", "How?", "one line", id="two lines"),
    ],
)
def test_a_text_is_accepted_or_refused_with_its_reason(
    text: str, before: str, reason: str | None
) -> None:
    brief = build_brief(twelve()["P01"], AgendaRequest(TODAY), "pair")
    found = refuse(text, before, build_ground(brief, ()))
    assert (found or "") == "" if reason is None else reason in str(found)


def test_blocks_stream_in_order_as_they_are_checked(starter: Coach) -> None:
    from_stream = agenda_of(with_model(starter, rewording(politely)), twelve()["P01"])
    assert [b.id for b in from_stream.blocks] == [
        f"b{n}" for n in range(1, len(from_stream.blocks) + 1)
    ]
    assert all(isinstance(block, AgendaBlock) for block in from_stream.blocks)


def scenarios(folder: pathlib.Path) -> list[dict[str, Any]]:
    lines = (folder / "security" / "llm_faults" / "scenarios.jsonl").read_text("utf-8").splitlines()
    return [one for one in map(json.loads, lines) if one["kind"] != "embeddings"]


@pytest.mark.shared_data
def test_every_fault_of_a_provider_ends_in_a_whole_draft(
    shared_data: pathlib.Path, starter: Coach
) -> None:
    record = twelve()["P01"]
    plain = agenda_of(starter, record)

    async def draft_all(scenario: dict[str, Any]) -> list[Draft]:
        async with provider(scenario) as made:
            model = open_model(load_settings(llm_base_url=made.url, llm_model="m", llm_api_key="k"))
            assert model is not None
            model.chat.deadlines = Deadlines(0.5, 0.5, 1.0)  # type: ignore[attr-defined]
            coach = replace(starter, writer=open_writer(model))
            return [
                await asyncio.to_thread(agenda_of, coach, record),
                await asyncio.to_thread(follow_ups_of, coach, record),
                await asyncio.to_thread(lambda: recap_of(coach, record, question=QUESTION)),
            ]

    found = scenarios(shared_data)
    assert len(found) == 30
    for scenario in found:
        agenda, *others = asyncio.run(draft_all(scenario))
        assert isinstance(agenda, Agenda)
        assert skeleton(agenda) == skeleton(plain), scenario["id"]
        for draft in (agenda, *others):
            assert broken(draft) == [], scenario["id"]
            assert draft.provenance.origin == "extractive", scenario["id"]
