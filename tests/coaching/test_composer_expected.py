"""What people who know the pairs expect of their drafts: the labels, read here and nowhere else."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet

from coach.coaching.boundaries import is_sensitive
from coach.coaching.drafts import Agenda, FollowUps, Recap, build_json
from coach.coaching.pipeline import Coach
from coach.coaching.recap import NothingToRecap
from coach.knowledge.words import words
from tests.coaching.closure import visible_strings
from tests.coaching.conftest import Drafted
from tests.coaching.make import (
    agenda_of,
    follow_ups_of,
    pair_texts,
    recap_of,
    says_any,
    step_texts,
    twelve,
)

RECORDS = twelve()
Args = dict[str, Any]
Any_ = Agenda | FollowUps | Recap
TECH = ("demo", "hands_on", "teach_back")


def text_of(draft: Any_) -> str:
    return "\n".join(text for _, text in visible_strings(build_json(draft)))


def minutes_of(agenda: Agenda, *kinds: str) -> int:
    return sum(block.minutes for block in agenda.blocks if block.kind in kinds)


def has_hands_on_share(agenda: Agenda, args: Args) -> bool:
    tech = [block for block in agenda.blocks if block.kind in TECH]
    own = sum(block.minutes for block in tech if block.hands == "mentee")
    return own >= float(args["share"]) * sum(block.minutes for block in tech)


def covers_goals(agenda: Agenda, args: Args) -> bool:
    named = {goal for block in agenda.blocks for goal in block.goal_ids}
    return set(args["ids"]) <= named | {goal for gap in agenda.gaps for goal in gap.goal_ids}


def carries_over(agenda: Agenda, args: Args) -> bool:
    return set(args["ids"]) <= {one for block in agenda.blocks for one in block.commitment_ids}


def asks_from_memory(agenda: Agenda, args: Args) -> bool:
    asked = [s.text for b in agenda.blocks if b.kind == "warm_up" for s in b.steps]
    return any(says_any(text, args["terms"]) for text in asked)


def is_in_order(agenda: Agenda, args: Args) -> bool:
    """Whether the first terms are there before any of the later ones."""
    steps = [step.text for block in agenda.blocks for step in block.steps if step.kind == "do"]
    later = [n for n, text in enumerate(steps) if says_any(text, args["then"])]
    said = "\n".join(step_texts(agenda, "hands_on", "demo", "teach_back"))
    earlier = [n for n, text in enumerate(steps) if says_any(text, args["first"])]
    return says_any(said, args["first"]) and (not later or bool(earlier) and earlier[0] < later[0])


def has_item(agenda: Agenda, args: Args) -> bool:
    found = [block for block in agenda.blocks if block.kind == args["kind"]]
    return len(found) >= args["min_count"] and minutes_of(agenda, args["kind"]) >= int(
        args["min_minutes"]
    )


def abstains_on(draft: Any_, args: Args) -> bool:
    steps: list[str] = []
    if isinstance(draft, Agenda):
        factual = ("do", "show", "explain")
        steps = [s.text for b in draft.blocks for s in b.steps if s.kind in factual]
    if isinstance(draft, Recap):
        steps = [one.action for one in draft.steps] + [k.explanation for k in draft.key_ideas]
    return not any(says_any(text, args["terms"]) for text in steps)


def shows_nothing_first(agenda: Agenda, args: Args) -> bool:
    kinds = [block.kind for block in agenda.blocks]
    asked = next(s.text for b in agenda.blocks if b.kind == "hands_on" for s in b.steps)
    return "demo" not in kinds and "?" in asked


def merges(agenda: Agenda, args: Args) -> bool:
    steps = [text for text in step_texts(agenda) if "Share a test folder with the mentor" in text]
    return carries_over(agenda, args) and len(steps) == 1


def probes(agenda: Agenda, args: Args) -> bool:
    """Whether the mentee is asked what they know before they are told what to do."""
    taught = [block for block in agenda.blocks if block.kind in ("demo", "hands_on")]
    kinds = [step.kind for block in taught for step in block.steps]
    return "ask" in kinds and kinds.index("ask") < kinds.index("do")


def helps_first(agenda: Agenda, args: Args) -> bool:
    first = agenda.blocks[0].steps[0].text
    return says_any(first, ["help is there", "help"]) and says_any(first, ["trust", "doctor"])


def speaks_english(draft: Any_, args: Args) -> bool:
    own = re.sub(r"“[^”]*”", " ", text_of(draft))
    foreign = {"und", "der", "die", "el", "los", "una", "wir", "hemos", "ist"}
    return draft.language == "en" and not foreign & set(words(own))


AGENDA: dict[str, Callable[[Agenda, Args], bool]] = {
    "minutes_total": lambda a, args: sum(b.minutes for b in a.blocks) == args["minutes"],
    "carry_over": carries_over,
    "mentee_led_minutes_min": lambda a, args: minutes_of(a, "swap") >= args["minutes"],
    "recall_on": asks_from_memory,
    "max_new_concepts": lambda a, args: (
        sum(s.is_new for b in a.blocks for s in b.steps) <= args["n"]
    ),
    "cover_goals": covers_goals,
    "hands_on_share_min": has_hands_on_share,
    "max_items": lambda a, args: len(a.blocks) <= args["n"],
    "min_items": lambda a, args: len(a.blocks) >= args["n"],
    "order": is_in_order,
    "bridge_experience": lambda a, args: says_any(text_of(a), args["terms"]),
    "accommodate": lambda a, args: says_any("\n".join(a.adaptations), args["terms"]),
    "has_buffer": lambda a, args: minutes_of(a, "slack") >= args["min_minutes"],
    "has_item": has_item,
    "commitments_max": lambda a, args: len(a.promises) <= args["n"],
    "contracting_item": lambda a, args: minutes_of(a, "agreement") >= args["min_minutes"],
    "no_invented_history": lambda a, args: not says_any(text_of(a), args["terms"]),
    "level_unknown_probe": probes,
    "gap_listed": lambda a, args: args["reason"] in {gap.reason for gap in a.gaps},
    "crisis_first": helps_first,
    "no_worked_example_first": shows_nothing_first,
    "commitments_merged": merges,
}
FOLLOW_UPS: dict[str, Callable[[FollowUps, Args], bool]] = {
    "question_direction": lambda f, args: (
        sum(q.asked_by == args["by"] for q in f.questions) >= args["min"]
    ),
    "must_not_repeat": lambda f, args: not {q.text for q in f.questions} & set(args["texts"]),
    "count_between": lambda f, args: args["min"] <= len(f.questions) <= args["max"],
    "no_anchor_on_sensitive": lambda f, args: (
        not any(is_sensitive(q.anchor.quote or "") for q in f.questions)
    ),
}
RECAP: dict[str, Callable[[Recap, Args], bool]] = {
    "each_step_cited": lambda r, args: bool(r.steps) and all(s.citations for s in r.steps),
}
EACH: dict[str, Callable[[Any_, Args], bool]] = {
    "must_not_mention": lambda d, args: not says_any(text_of(d), args["terms"]),
    "must_not_match": lambda d, args: not re.search(args["pattern"], text_of(d)),
    "must_mention_any": lambda d, args: says_any(text_of(d), args["terms"]),
    "abstain_on": abstains_on,
    "language": speaks_english,
    "no_diagnosis": lambda d, args: (
        not says_any(
            text_of(d), ["burn-out", "burnout", "depress", "diagnos", "disorder", "symptom"]
        )
    ),
}
CHECKS: dict[str, dict[str, Callable[..., bool]]] = {
    "agenda": {**AGENDA, **EACH},
    "follow_ups": {**FOLLOW_UPS, **EACH},
    "recap": {**RECAP, **EACH},
}


def rows() -> list[ParameterSet]:
    """Every label of every pair, once for each kind of draft it speaks of."""
    found = []
    for one in pair_texts():
        for label in one["expected"]:
            kind = label["applies_to"]
            for family in CHECKS if kind == "all" else (kind,):
                name = f"{one['id']} {family} {label['check']}"
                found.append(
                    pytest.param(one["id"], family, label["check"], label["args"], id=name)
                )
    return found


def drafts(coach: Coach, drafted: Drafted, pair_id: str, family: str) -> list[Any]:
    """The pair's draft of this family; a recap also with a question about the wish."""
    record = RECORDS[pair_id]
    if family == "agenda":
        return [agenda_of(coach, record)]
    if family == "follow_ups":
        return [follow_ups_of(coach, record)]
    try:
        return [recap_of(coach, record)]
    except NothingToRecap:
        return []


@pytest.mark.parametrize(("pair_id", "family", "check", "args"), rows())
def test_a_draft_is_what_people_expect(
    pair_id: str, family: str, check: str, args: Args, starter: Coach, drafted: Drafted
) -> None:
    for draft in drafts(starter, drafted, pair_id, family):
        assert CHECKS[family][check](draft, args), text_of(draft)
