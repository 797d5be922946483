"""Scores between 0 and 1 for comparing versions of the coach; never of a person, never a gate."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from coach.coaching.drafts import (
    Agenda,
    AgendaStep,
    Citation,
    FollowUps,
    LibraryCitation,
    PrepBrief,
    Recap,
    ScoredDraft,
    Verdict,
)
from coach.coaching.questions import is_open
from coach.knowledge.words import overlap
from coach.pairs.records import PairRecord

Parts = Mapping[str, float]
USUAL_SWAP = 0.2
OPEN_TARGET, ANCHORED_TARGET, HIGHER_TARGET, VARIETY_TARGET = 0.7, 0.8, 0.5, 4
FACTUAL = ("do", "show", "explain")
HIGHER = frozenset(
    "apply analyse transfer experience career obstacle commitment".split()  # as FQ07 counts them
)
AGENDA_WEIGHTS = {
    "grounded": 0.25, "coverage": 0.15, "continuity": 0.20, "balance": 0.15, "learning": 0.25,
}  # fmt: skip
RECAP_WEIGHTS = {"grounded": 0.4, "readability": 0.2, "actionable": 0.2, "learning": 0.2}


def score_draft(draft: ScoredDraft, record: PairRecord) -> Parts:
    """The parts of a draft's score, and the whole as "score"."""
    if isinstance(draft, Agenda):
        parts = _agenda_parts(draft, record)
        whole = sum(AGENDA_WEIGHTS[name] * value for name, value in parts.items())
    elif isinstance(draft, Recap):
        parts = _recap_parts(draft)
        whole = sum(RECAP_WEIGHTS[name] * value for name, value in parts.items())
    elif isinstance(draft, PrepBrief):
        parts = _prep_parts(draft)
        whole = _mean(parts.values())
    else:
        parts = _question_parts(draft, record)
        whole = _mean(parts.values())
    return MappingProxyType({**parts, "score": whole})


# --- Agendas ----------------------------------------------------------------------------------


def _agenda_parts(agenda: Agenda, record: PairRecord) -> dict[str, float]:
    kinds = {block.kind for block in agenda.blocks}
    return {
        "grounded": _cited_share(step for block in agenda.blocks for step in block.steps),
        "coverage": _coverage(agenda, record),
        "continuity": _continuity(agenda, record),
        "balance": min(1.0, _minutes(agenda, "swap") / (USUAL_SWAP * agenda.minutes)),
        "learning": _mean(
            [
                float(_holds(agenda.contract, "AG06")),
                float(_holds(agenda.contract, "AG13")),
                float(_holds(agenda.contract, "AG21")),
                float("teach_back" in kinds or agenda.minutes < 45),
            ]
        ),
    }


def _cited_share(steps: Iterable[AgendaStep]) -> float:
    """Facts that stand in the library, of all facts told."""
    factual = [step for step in steps if step.kind in FACTUAL]
    return _share(factual, lambda step: any(map(_is_quoted, step.citations)))


def _is_quoted(citation: Citation) -> bool:
    return isinstance(citation, LibraryCitation) and bool(citation.quote)


def _coverage(agenda: Agenda, record: PairRecord) -> float:
    """The kinds of goal that the agenda works on, of those the pair has."""
    wanted = {goal.kind for goal in record.goals}
    by_kind = {"tech": ("demo", "hands_on"), "career": ("swap",)}
    cited = {
        block.kind
        for block in agenda.blocks
        for step in block.steps
        if any(map(_is_quoted, step.citations))
    }
    return _share(wanted, lambda kind: any(one in cited for one in by_kind[kind]))


def _continuity(agenda: Agenda, record: PairRecord) -> float:
    """Open commitments that come back, of all that are open."""
    named = {one for block in agenda.blocks for one in block.commitment_ids}
    named |= {one for gap in agenda.gaps for one in gap.commitment_ids}
    return _share(open_ids(record), lambda one: one in named)


def open_ids(record: PairRecord) -> frozenset[str]:
    """The ids of the commitments whose latest state is open or blocked."""
    latest = {
        commitment.id: commitment.status
        for session in record.sessions
        if session.state == "held"
        for commitment in session.commitments
        if commitment.text.strip()
    }
    return frozenset(one for one, status in latest.items() if status in ("open", "blocked"))


def _minutes(agenda: Agenda, kind: str) -> int:
    return sum(b.minutes for b in agenda.blocks if kind == b.kind or kind in b.merged_kinds)


# --- Follow-up questions ----------------------------------------------------------------------


def _question_parts(draft: FollowUps, record: PairRecord) -> dict[str, float]:
    asked = draft.questions
    before = [one for session in record.sessions[-3:] for one in session.questions_asked]
    anchored = _share(asked, lambda one: bool(one.anchor.quote) or one.anchor.type != "passage")
    return {
        "openness": min(
            1.0, _share(asked, lambda one: is_open(one.text, draft.language)) / OPEN_TARGET
        ),
        "anchoring": min(1.0, anchored / ANCHORED_TARGET),
        "variety": min(1.0, len({one.purpose for one in asked}) / VARIETY_TARGET),
        "novelty": 1.0 - max((overlap(q.text, old) for q in asked for old in before), default=0.0),
        "both_ask": float(len({one.asked_by for one in asked}) == 2),
        "bloom": min(1.0, _share(asked, lambda one: one.purpose in HIGHER) / HIGHER_TARGET),
    }


# --- Recaps -----------------------------------------------------------------------------------


def _recap_parts(recap: Recap) -> dict[str, float]:
    if recap.refused:
        # A refusal is judged by whether it was right to refuse, which is a clause of its own.
        right = float(bool(recap.not_covered))
        return dict.fromkeys(RECAP_WEIGHTS, right)
    told = [recap.answer, *recap.what_we_did, *recap.key_ideas, *recap.steps]
    asks = [recap.teach_back, recap.recall_questions]
    return {
        "grounded": _share(told, lambda part: bool(part.citations)),
        "readability": float(_holds(recap.contract, "RC08")),
        "actionable": _mean([float(recap.try_it is not None), float(bool(recap.key_ideas))]),
        "learning": _share(asks, bool),
    }


# --- Prep briefs ------------------------------------------------------------------------------


def _prep_parts(prep: PrepBrief) -> dict[str, float]:
    """How much is quoted, how many of its reader's parts are there, which clauses hold."""
    if prep.reader == "mentor":
        quoted = (*prep.says, *prep.not_to_promise, *prep.teaching)
        wanted: list[object] = [prep.says, prep.questions, prep.teaching]
    else:
        quoted = prep.try_before
        wanted = [prep.bring, prep.try_before, prep.career]
    judged = [one for one in prep.contract if one.holds is not None]
    return {
        "grounded": _share(quoted, lambda line: any(map(_is_quoted, line.citations))),
        "complete": 1.0 if prep.help else _share(wanted, bool),
        "clauses": _share(judged, lambda one: bool(one.holds)),
    }


def _holds(verdicts: Iterable[Verdict], clause: str) -> bool:
    """Whether this clause was not broken."""
    return all(one.holds is not False for one in verdicts if one.clause == clause)


def _share(items: Iterable[object], fits: Callable[..., bool]) -> float:
    """The share of the items that fit; of none, all do."""
    judged = [fits(item) for item in items]
    return sum(judged) / len(judged) if judged else 1.0


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed)
