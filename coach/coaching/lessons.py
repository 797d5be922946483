"""Chooses the lesson a draft teaches: the best answer that is neither mastered nor just taught."""

from collections.abc import Sequence
from dataclasses import dataclass

from coach.coaching.brief import Brief, Lesson
from coach.coaching.choosing import NOTHING, Picked, Ranked, is_for_all, pick_lesson
from coach.knowledge.asking import Library
from coach.knowledge.documents import DocumentKind, Found, Hit, LibraryQuery, Passage
from coach.knowledge.words import content_stems

DEPTH = 20
_CHOICE = 10
_TITLE_WEIGHT, _DOCUMENT_WEIGHT = 1.5, 0.3
# Where meanings are compared, the words of a title tell little more. Chosen on the tuning half of
# the golden questions.
_TITLE_BESIDE = 0.3
# A whole title, said in so many words, is still no chance.
_WHOLE_TITLE = 2
# Passages of one document share its title, topics and questions, so their scores lie close
# together; without this a title decides which of its lessons a wish brings.
_INSIDE_WEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class Asked:
    """One query with its weight in the choice."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a choice ended with; lesson None when the library does not cover what was asked.

    `mastered` tells that it does, and that the pair has mastered all of it.
    """

    lesson: Lesson | None
    coverage: float
    hits: tuple[Hit, ...]
    found: tuple[Found, ...]
    mastered: bool = False
    picked: Picked = NOTHING


async def choose_lesson(
    library: Library,
    kind: DocumentKind | None,
    asked: Sequence[Asked],
    brief: Brief | None,
    abstain_below: float,
) -> Chosen:
    """The lesson that answers best, when the queries are covered at all.

    With a brief, a lesson that is mastered or was taught this season gives way to a fresh one.
    """
    # A bare number says nothing, though some passage may hold it.
    said = [query for query in asked if any(map(str.isalpha, query.text))]
    founds = [await library.search(LibraryQuery(query.text, kind, DEPTH)) for query in said]
    coverage = max((found.relevance for found in founds), default=0.0)
    hits = tuple(hit for found in founds for hit in found.hits)
    if not hits or coverage < abstain_below:
        return Chosen(None, coverage, hits, tuple(founds))
    weights = [
        query.weight * _say(found, abstain_below) for query, found in zip(said, founds, strict=True)
    ]
    by_meaning = any(found.closeness is not None for found in founds)
    title_weight = _TITLE_BESIDE if by_meaning else _TITLE_WEIGHT
    scores = _score(weights, founds, by_meaning, 0.0 if brief is None else _INSIDE_WEIGHT)
    best_documents = sorted(scores, key=lambda document: -max(scores[document].values()))
    lessons = []
    documents = await library.passages_of_each(*best_documents[:_CHOICE])
    for document, passages in documents.items():
        for title in _titles(passages):
            bonus = _title_bonus(said, weights, title, title_weight)
            score = scores[document].get(title, 0.0) + bonus + scores[document].get("", 0.0)
            lessons.append((score, build_lesson(passages, title)))
    ranked = sorted(lessons, key=lambda entry: (-entry[0], entry[1].document_id, entry[1].title))
    if brief is None:
        return Chosen(next((one for _, one in ranked), None), coverage, hits, tuple(founds))
    is_led = bool(brief.wish) and said[0].weight > said[-1].weight
    picked = pick_lesson([Ranked(score, one) for score, one in ranked], brief, is_led)
    is_mastered = bool(ranked) and picked.lesson is None
    return Chosen(picked.lesson, coverage, hits, tuple(founds), is_mastered, picked)


def build_lesson(passages: Sequence[Passage], title: str) -> Lesson:
    """The parts under one heading, with what the document says for all its lessons."""
    own = [p for p in passages if _lesson_title(p) == title]
    whole = [p for p in passages if is_for_all(p)]
    parts = tuple(sorted((*own, *whole), key=lambda passage: passage.ordinal))
    return Lesson(parts[0].document_id, parts[0].document_title, title, parts)


def _say(found: Found, abstain_below: float) -> float:
    """How much this query may say: one that this kind of document hardly answers stays quiet."""
    near = found.relevance if found.relevance >= abstain_below else 0.0
    return max(found.coverage, near)


def _score(
    weights: Sequence[float], founds: Sequence[Found], by_meaning: bool, inside: float
) -> dict[str, dict[str, float]]:
    """Document → lesson title → score; "" collects what speaks for the document as a whole.

    Meanings are all somewhat alike, so the least alike of the hits is worth nothing. `inside` is
    how much the order among the hits of one document counts.
    """
    scores: dict[str, dict[str, float]] = {}
    for weight, found in zip(weights, founds, strict=True):
        top = max((hit.score for hit in found.hits), default=0.0)
        least = min((hit.score for hit in found.hits), default=0.0) if by_meaning else 0.0
        span = top - least if top > least else 1.0
        places = _places_inside(found.hits) if inside else {}
        for hit in found.hits:
            share = weight * max(hit.score - least, 0.0) / span
            share *= 1 + inside * places.get(hit.passage.id, 0.0)
            lessons = scores.setdefault(hit.passage.document_id, {})
            title = _lesson_title(hit.passage)
            if title is None:
                lessons[""] = max(lessons.get("", 0.0), _DOCUMENT_WEIGHT * share)
            else:
                lessons[title] = max(lessons.get(title, 0.0), share)
    return scores


def _places_inside(hits: Sequence[Hit]) -> dict[str, float]:
    """Passage id → where its score lies among the hits of its document, 0..1."""
    of_one: dict[str, list[float]] = {}
    for hit in hits:
        of_one.setdefault(hit.passage.document_id, []).append(hit.score)
    ends = {document: (min(scores), max(scores)) for document, scores in of_one.items()}
    found = {}
    for hit in hits:
        low, high = ends[hit.passage.document_id]
        found[hit.passage.id] = (hit.score - low) / (high - low) if high > low else 0.0
    return found


def _title_bonus(
    asked: Sequence[Asked], weights: Sequence[float], title: str, title_weight: float
) -> float:
    """What a title adds by the words it shares; most where all of it is said, in whatever query."""
    stems = set(content_stems(title))
    if not stems:
        return 0.0
    shared = [stems & set(content_stems(query.text)) for query in asked]
    is_whole = len(stems) >= _WHOLE_TITLE and set().union(*shared) == stems
    worth = _TITLE_WEIGHT if is_whole else title_weight
    said = zip(weights, shared, strict=True)
    return sum(worth * weight * len(one) / len(stems) for weight, one in said)


def _titles(passages: Sequence[Passage]) -> list[str]:
    titles = dict.fromkeys(title for passage in passages if (title := _lesson_title(passage)))
    return list(titles)


def _lesson_title(passage: Passage) -> str | None:
    return None if is_for_all(passage) else passage.lesson
