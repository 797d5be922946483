"""Chooses the lesson a draft teaches: the best answer that is neither mastered nor just taught."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from coach.coaching.brief import Brief, Lesson
from coach.coaching.memory import MASTERED_AFTER, Recalled, recalled, says_all
from coach.knowledge.asking import Library
from coach.knowledge.chunking import split_sentences
from coach.knowledge.documents import DocumentKind, Found, Hit, LibraryQuery, Passage
from coach.knowledge.words import content_stems, words

DEPTH = 20
_CHOICE = 10
# AG22 allows less than a half, and the words around a procedure add to what it shares.
_ALIKE, _FEW = 0.4, 20
_PRACTISED = ("demo", "hands_on", "teach_back")
_TITLE_WEIGHT, _DOCUMENT_WEIGHT = 1.5, 0.3
# Of a question whose meaning is compared, the words of a title tell little more. Chosen on the
# tuning half of the golden questions; goals and wishes are too short to go without titles.
_TITLE_BESIDE = 0.3
_WHOLE_DOCUMENT = ("words", "safe_use", "ask")


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


async def choose_lesson(
    library: Library,
    kind: DocumentKind | None,
    asked: Sequence[Asked],
    brief: Brief | None,
    abstain_below: float,
) -> Chosen:
    """The lesson that answers best, when the queries are covered at all.

    With a brief, a lesson that is mastered or was taught lately gives way to the next.
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
    by_meaning = brief is None and any(found.closeness is not None for found in founds)
    title_weight = _TITLE_BESIDE if by_meaning else _TITLE_WEIGHT
    scores = _score(weights, founds, by_meaning)
    best_documents = sorted(scores, key=lambda document: -max(scores[document].values()))
    lessons = []
    documents = await library.passages_of_each(*best_documents[:_CHOICE])
    for document, passages in documents.items():
        for title in _titles(passages):
            bonus = title_weight * _title_bonus(said, weights, title)
            score = scores[document].get(title, 0.0) + bonus + scores[document].get("", 0.0)
            lessons.append((score, build_lesson(passages, title)))
    ranked = sorted(lessons, key=lambda entry: (-entry[0], entry[1].document_id, entry[1].title))
    if brief is None:
        return Chosen(next((one for _, one in ranked), None), coverage, hits, tuple(founds))
    best = _first_open(ranked, brief)
    return Chosen(best, coverage, hits, tuple(founds), mastered=bool(ranked) and best is None)


def build_lesson(passages: Sequence[Passage], title: str) -> Lesson:
    """The parts under one heading, with what the document says for all its lessons."""
    own = [p for p in passages if _lesson_title(p) == title]
    whole = [p for p in passages if _is_for_all(p)]
    parts = tuple(sorted((*own, *whole), key=lambda passage: passage.ordinal))
    return Lesson(parts[0].document_id, parts[0].document_title, title, parts)


def _say(found: Found, abstain_below: float) -> float:
    """How much this query may say: one that this kind of document hardly answers stays quiet."""
    near = found.relevance if found.relevance >= abstain_below else 0.0
    return max(found.coverage, near)


def _score(
    weights: Sequence[float], founds: Sequence[Found], by_meaning: bool
) -> dict[str, dict[str, float]]:
    """Document → lesson title → score; "" collects what speaks for the document as a whole.

    Meanings are all somewhat alike, so the least alike of the hits is worth nothing.
    """
    scores: dict[str, dict[str, float]] = {}
    for weight, found in zip(weights, founds, strict=True):
        top = max((hit.score for hit in found.hits), default=0.0)
        least = min((hit.score for hit in found.hits), default=0.0) if by_meaning else 0.0
        span = top - least if top > least else 1.0
        for hit in found.hits:
            share = weight * max(hit.score - least, 0.0) / span
            lessons = scores.setdefault(hit.passage.document_id, {})
            title = _lesson_title(hit.passage)
            if title is None:
                lessons[""] = max(lessons.get("", 0.0), _DOCUMENT_WEIGHT * share)
            else:
                lessons[title] = max(lessons.get(title, 0.0), share)
    return scores


def _title_bonus(asked: Sequence[Asked], weights: Sequence[float], title: str) -> float:
    stems = set(content_stems(title))
    if not stems:
        return 0.0
    return sum(
        weight * len(stems & set(content_stems(query.text))) / len(stems)
        for query, weight in zip(asked, weights, strict=True)
    )


def _first_open(ranked: Sequence[tuple[float, Lesson]], brief: Brief) -> Lesson | None:
    """The best lesson neither mastered nor quoted lately; another of the same document comes next.

    What was missed may return, and so may what keeps stalling. Among the rest, one that says
    much the same as the last two sessions comes later. None when all of them are mastered.
    """
    lessons = [lesson for _, lesson in ranked]
    if not lessons:
        return None
    near = [lesson for lesson in lessons if lesson.document_id == lessons[0].document_id]
    order = dict.fromkeys((*map(id, near), *map(id, lessons)))
    by_id = {id(lesson): lesson for lesson in lessons}
    sure = [one for one in recalled(brief.meetings) if one.streak >= MASTERED_AFTER]
    unmastered = [by_id[one] for one in order if not _is_mastered(by_id[one], sure)]
    quoted, practised = _quoted_lately(brief), _practised_lately(brief)
    fresh = [one for one in unmastered if _returns(one, brief) or not _is_quoted(one, quoted)]
    unlike = [one for one in fresh if _returns(one, brief) or not _is_alike(one, practised)]
    chosen = next(iter((*unlike, *fresh)), None)
    if chosen is None and lessons[0].passages[0].document_kind == "career":
        # Career guidance is a conversation: the same note carries another one.
        return next(iter(unmastered), lessons[0])
    # How to meet is a short text: when all of it was said lately, it is not said again.
    is_meeting = lessons[0].passages[0].document_kind == "programme"
    return chosen if chosen or is_meeting else next(iter(unmastered), None)


def _returns(lesson: Lesson, brief: Brief) -> bool:
    return lesson.is_tutorial and (brief.stalled or _is_missed(lesson, brief))


def _is_mastered(lesson: Lesson, sure: Sequence[Recalled]) -> bool:
    """Whether what this lesson taught, or what its title says, is among what is surely known."""
    if not sure:
        return False
    own = {words(quote) for p in lesson.passages if not _is_for_all(p) for quote in p.quotes()}
    wanted = set(content_stems(lesson.title))
    return any(words(item.concept) in own or says_all(item.concept, wanted) for item in sure)


def _practised_lately(brief: Brief) -> list[set[str]]:
    """The content words of each procedure of the last two settled agendas."""
    blocks = [block for meeting in brief.meetings[-2:] for block in meeting.agenda_blocks()]
    practised = [quotes_in(block) for block in blocks if block.get("kind") in _PRACTISED]
    return [set(content_stems("\n".join(quotes))) for quotes in practised]


def _is_alike(lesson: Lesson, practised: Sequence[set[str]]) -> bool:
    """Whether most content words of its procedure were in a procedure of the last two sessions."""
    parts = lesson.of("steps", "check", "slip")
    own = {stem for part in parts for stem in content_stems(part.text)}
    return any(
        own and len(own & before) >= _ALIKE * max(min(len(own), len(before)), _FEW)
        for before in practised
    )


def _is_quoted(lesson: Lesson, quoted: Set[str]) -> bool:
    own = [p for p in lesson.passages if not _is_for_all(p)]
    return any(quote in quoted for passage in own for quote in passage.quotes())


def _is_missed(lesson: Lesson, brief: Brief) -> bool:
    wanted = set(content_stems(lesson.title))
    return any(item.missed and wanted & set(content_stems(item.concept)) for item in brief.due)


def _quoted_lately(brief: Brief) -> set[str]:
    """Every sentence that the last two settled agendas quoted from the library."""
    quoted: set[str] = set()
    for meeting in brief.meetings[-2:]:
        for text in (text for block in meeting.agenda_blocks() for text in quotes_in(block)):
            quoted.update(text[span.start : span.end] for span in split_sentences(text))
    return quoted


def quotes_in(block: Mapping[str, Any]) -> list[str]:
    """Every quotation in a block of an agenda as it was kept."""
    steps = (one for one in block.get("steps", ()) if isinstance(one, dict))
    return [str(cited.get("quote", "")) for one in steps for cited in one.get("citations", ())]


def _titles(passages: Sequence[Passage]) -> list[str]:
    titles = dict.fromkeys(title for passage in passages if (title := _lesson_title(passage)))
    return list(titles)


def _lesson_title(passage: Passage) -> str | None:
    return None if _is_for_all(passage) else passage.lesson


def _is_for_all(passage: Passage) -> bool:
    return len(passage.heading_path) < 2 and passage.kind in _WHOLE_DOCUMENT
