"""Agendas for pairs that wrote little, much or oddly, and for a pair that goes on meeting."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from coach.coaching.drafts import Agenda, Draft, build_json
from coach.coaching.pipeline import Coach
from coach.pairs.records import (
    Constraints,
    Goal,
    Mentee,
    Mentor,
    OffLimits,
    PairRecord,
    PastSession,
    Wish,
)
from tests.coaching.make import (
    CAREER,
    PAIR_IDS,
    TECH,
    agenda_of,
    concept,
    false_clauses,
    follow_ups_of,
    note,
    pair,
    promise,
    recap_of,
    schema_of,
    session,
    step_texts,
    twelve,
)

SCHEMAS = {name: schema_of(name) for name in ("agenda", "follow_ups", "recap")}
LENGTHS = (10, 30, 45, 60, 180)


def faults_in(draft: Draft, name: str = "agenda") -> list[str]:
    """What the schema finds wrong with a draft."""
    found = Draft202012Validator(SCHEMAS[name]).iter_errors(build_json(draft))
    return [f"{error.json_path}: {error.message}" for error in found]


def broken(agenda: Agenda) -> set[str]:
    return {one.partition(":")[0] for one in false_clauses(agenda)}


def promises(count: int, length: int = 0) -> tuple[Any, ...]:
    """So many open promises of both, each of this length."""
    found = []
    for number in range(count):
        text = f"Send result number {number} of the depot list"
        filler = " ".join(f"word{number}x{place}" for place in range(60))
        text = f"{text} {filler}"[:length].strip() if length else text
        found.append(promise(f"c{number}", text, "mentor" if number % 2 else "mentee"))
    return tuple(found)


@pytest.mark.parametrize("minutes", LENGTHS)
@pytest.mark.parametrize(
    ("count", "length"),
    [
        pytest.param(0, 0, id="none"),
        pytest.param(1, 300, id="one long"),
        pytest.param(7, 300, id="seven long"),
        pytest.param(8, 0, id="eight"),
        pytest.param(9, 0, id="nine"),
        pytest.param(9, 300, id="nine long"),
        pytest.param(20, 150, id="twenty"),
        pytest.param(40, 0, id="forty"),
    ],
)
def test_every_promise_comes_back_however_many_there_are(
    count: int, length: int, minutes: int, starter: Coach
) -> None:
    record = pair(session(1, "We met.", commitments=promises(count, length)))
    agenda = agenda_of(starter, record, minutes=minutes)
    assert (false_clauses(agenda), faults_in(agenda)) == ([], [])


def test_promises_without_room_are_named_in_a_gap_and_not_claimed(starter: Coach) -> None:
    record = pair(session(1, "We met.", commitments=promises(40, 300)))
    agenda = agenda_of(starter, record, minutes=45)
    shown = [one for block in agenda.blocks for one in block.commitment_ids]
    left = [one for gap in agenda.gaps if gap.reason == "scope" for one in gap.commitment_ids]
    assert sorted(shown + left) == sorted(f"c{number}" for number in range(40))
    assert left
    text = "\n".join(step_texts(agenda))
    for one in record.sessions[0].commitments:
        assert (one.text in text) == (one.id in shown)
    assert (faults_in(agenda), broken(agenda)) == ([], {"AG08"})


LONG = ("Build the monthly report with a pivot table and say what it shows " * 40)[:2000]
SPARSE = {
    "no goals": pair(session(1, "We met."), goals=()),
    "no goals, never met": pair(goals=()),
    "only a tech goal": pair(session(1, "We met."), goals=(TECH,)),
    "only a career goal": pair(session(1, "We met."), goals=(CAREER,)),
    "no expertise": pair(session(1, "We met."), mentee=Mentee("director")),
    "a goal that asks": pair(
        goals=(TECH, replace(CAREER, text="How do I build a promotion case?"))
    ),
    "a concept of one word": pair(session(1, "We met.", concepts=(concept("k", "pivot"),))),
    "a concept without words": pair(session(1, "We met.", concepts=(concept("k", "🎉"),))),
    "a concept of 1,000 characters": pair(
        session(1, "We met.", concepts=(concept("k", "a filter hides rows " * 50, "missed"),))
    ),
    "expertise of 500 characters": pair(mentee=Mentee("director", expertise=("boards " * 70,))),
    "a setting of 2,000 characters": pair(constraints=Constraints(setting="a hall " * 280)),
    "a due date in many words": pair(
        session(1, "We met.", commitments=(promise("c1", "Send it", due="when " * 90),))
    ),
    "a wish of 2,000 characters": pair(wish=Wish("show us the pivot table " * 80)),
    "drafts in German": pair(constraints=Constraints(language="de")),
}


@pytest.mark.parametrize("minutes", LENGTHS)
@pytest.mark.parametrize("name", SPARSE)
def test_no_clause_is_false_for_a_pair_that_wrote_little_or_much(
    name: str, minutes: int, starter: Coach
) -> None:
    agenda = agenda_of(starter, SPARSE[name], minutes=minutes)
    assert (false_clauses(agenda), faults_in(agenda)) == ([], [])


@pytest.mark.parametrize("minutes", LENGTHS)
def test_a_goal_too_long_to_quote_costs_one_clause_and_no_more(
    minutes: int, starter: Coach
) -> None:
    goals = (replace(TECH, text=LONG), replace(CAREER, text=f"Mentor: {LONG}"))
    agenda = agenda_of(starter, pair(goals=goals), minutes=minutes)
    assert (broken(agenda), faults_in(agenda)) == ({"AG05"}, [])
    assert "no question of the swap quotes" in " ".join(false_clauses(agenda))


def written_everywhere(text: str) -> PairRecord:
    """A pair that has this text in every field, with a word of the field beside it."""
    past = session(
        1,
        f"We looked at {text} together. Then {text} was done.",
        topics=(f"{text} spreadsheets",),
        commitments=(promise("c1", f"Bring {text} export", due=f"{text} soon"),),
        concepts=(concept("k1", f"{text} filter hides rows", "missed"),),
        questions_asked=(f"What is {text} for?",),
    )
    return PairRecord(
        "T2",
        f"{text} title",
        Mentor(f"{text} analyst", None, text, (text,), (f"{text} sheets",), (f"{text} growth",)),
        Mentee(f"{text} director", None, 3, ((f"{text} tables", "basic"),),
               (f"{text} budgets", f"{text} panels"), f"{text} tries", (f"{text} known",)),
        (Goal("g1", f"{text} build the report", "tech", 1, (f"{text} pivot table",)),
         Goal("g2", f"Mentor: prepare {text} promotion", "career", 1, (f"{text} promotion",))),
        Constraints(45, 14, f"{text} room", "en", (f"{text} print",), ()),
        (past,),
        Wish(f"Show {text} grouping", None, None, (f"{text} focus",)),
    )  # fmt: skip


STRANGE = {
    "emoji": "🎉 👩‍💻",
    "right to left": "بناء التقرير",
    "direction marks": "report \u202e reversed \u202c",
    "a Jinja expression": "{{7*7}}",
    "a format field": "{x.__class__}",
    "a Jinja block": "{% for x in y %}",
    "markup": "<script>alert(1)</script>",
    "straight quotes": "\"big\" and 'small'",
    "a line break": "one line\nanother",
    "a stop": "Now!",
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE.keys())
def test_strange_text_stays_text(text: str, starter: Coach) -> None:
    record = written_everywhere(text)
    agenda = agenda_of(starter, record)
    assert (false_clauses(agenda), faults_in(agenda)) == ([], [])
    assert f"“Bring {text} export”" in "\n".join(step_texts(agenda, "review"))
    follow_ups, recap = follow_ups_of(starter, record), recap_of(starter, record)
    assert faults_in(follow_ups, "follow_ups") == faults_in(recap, "recap") == []
    assert {one.partition(":")[0] for one in false_clauses(follow_ups)} <= {"FQ08"}
    assert "49" not in "".join(step_texts(agenda))


def test_blank_words_everywhere_break_nothing(starter: Coach) -> None:
    past = session(
        1, "", topics=("",), commitments=(promise("c1", "", due=""),),
        concepts=(concept("k1", "", "missed"),), questions_asked=("",),
    )  # fmt: skip
    blank = PairRecord(
        "T3", "", Mentor("", "", "", ("",), ("",), ("",)),
        Mentee("", "", None, (("", "basic"),), ("",), "", ("",)),
        (Goal("g1", "", "tech", 1, ("",)), Goal("g2", "", "career", 1, ("",))),
        Constraints(access_needs=("",), confidentiality=("",)), (past,), Wish("", focus=("",)),
        (OffLimits("", ("",)),),
    )  # fmt: skip
    agenda = agenda_of(starter, blank)
    drafts = (follow_ups_of(starter, blank), recap_of(starter, blank))
    assert faults_in(agenda) == faults_in(drafts[0], "follow_ups") == []
    assert faults_in(drafts[1], "recap") == []
    # Nothing can name a task of somebody who has named nothing, not even a role.
    assert broken(agenda) <= {"AG15"}
    assert all(step.strip() and "“”" not in step for step in step_texts(agenda))
    assert drafts[1].refused


def settled(record: PairRecord, agenda: Agenda) -> PairRecord:
    """The pair after it has met with this agenda, with a small note and one concept."""
    done = build_json(agenda) | {"state": "settled"}
    numbers = [one.number for one in record.sessions]
    taught = next((b.title for b in agenda.blocks if b.kind == "hands_on"), "what we explored")
    held = PastSession(
        number=agenda.session_number,
        date=agenda.date,
        minutes=agenda.minutes,
        notes=(replace(note("The mentee did it alone.", "pair"), id=f"n{len(numbers) + 90}"),),
        concepts=(concept(f"k{len(numbers) + 90}", taught, "new"),),
        agenda=done,
    )
    return replace(record, sessions=(*record.sessions, held), wish=None)


@pytest.mark.parametrize("pair_id", PAIR_IDS)
def test_three_sessions_in_a_row_keep_every_clause_and_turn_their_frames(
    pair_id: str, starter: Coach
) -> None:
    record = twelve()[pair_id]
    agendas = []
    for _ in range(3):
        day = record.sessions[-1].date + timedelta(days=14) if record.sessions else None
        agenda = agenda_of(starter, record, minutes=45, for_date=day)
        assert (false_clauses(agenda), faults_in(agenda)) == ([], [])
        agendas.append(agenda)
        record = settled(record, agenda)
    for kind in ("teach_back", "swap", "reflection"):
        used = [frames_in(agenda, kind) for agenda in agendas]
        assert not any(a and a == b for a, b in zip(used, used[1:], strict=False)), (kind, used)


def frames_in(agenda: Agenda, kind: str) -> tuple[str, ...]:
    return tuple(f for block in agenda.blocks if block.kind == kind for f in block.frame_ids)
