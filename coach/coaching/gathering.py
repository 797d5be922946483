"""Chooses from the library what a draft may quote: a lesson, a career note, the terms they use."""

from collections.abc import Collection, Iterable, Sequence, Set
from dataclasses import dataclass

from coach.coaching.brief import Brief, Lesson, Material, own_words
from coach.coaching.memory import is_mastered
from coach.knowledge.asking import Library
from coach.knowledge.chunking import split_sentences
from coach.knowledge.documents import DocumentKind, Found, Hit, LibraryQuery, Passage
from coach.knowledge.words import content_stems, words
from coach.pairs.records import Goal

_DEPTH = 12
_WISH_WEIGHT, _GOAL_WEIGHT, _TERMS_WEIGHT = 3.0, 1.0, 0.5
_TITLE_WEIGHT, _DOCUMENT_WEIGHT = 1.5, 0.3
_WHOLE_DOCUMENT = ("words", "safe_use", "ask")
_FIRST_SESSION = "first session working agreement confidentiality expectations"
_NO_CAREER_GOAL = "find out what each of you wants career goal mentor known for"


@dataclass(frozen=True, slots=True)
class Asked:
    """One query with its weight in the choice."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a choice ended with; lesson None when the library does not cover what was asked."""

    lesson: Lesson | None
    coverage: float
    hits: tuple[Hit, ...]
    found: tuple[Found, ...]


async def gather_material(
    library: Library, brief: Brief, abstain_below: float, fillers: Collection[str] = ()
) -> Material:
    """The lessons and terms for an agenda of this pair."""
    asked = ask_for(brief, brief.focus_goal, fillers)
    tech = await choose_lesson(library, "tutorial", asked, brief, abstain_below)
    career = await _choose_career(library, brief, abstain_below, fillers)
    programme = None
    if brief.first:
        first = (Asked(_FIRST_SESSION, _GOAL_WEIGHT),)
        programme = (await choose_lesson(library, "programme", first, brief, 0.0)).lesson
    lessons = [chosen for chosen in (tech.lesson, career.lesson, programme) if chosen]
    headwords = await library.headwords()
    offered = {passage.id: passage for lesson in lessons for passage in lesson.passages}
    # Any term may need its meaning beside it, so every defining passage may be quoted.
    offered |= {headword.passage.id: headword.passage for headword in headwords.values()}
    founds = (*tech.found, *career.found)
    return Material(
        library_version=await library.version(),
        offered=offered,
        headwords=headwords,
        tech=tech.lesson,
        career=career.lesson,
        programme=programme,
        hits=(*tech.hits, *career.hits),
        tech_coverage=tech.coverage,
        career_coverage=career.coverage,
        missing_legs=tuple(dict.fromkeys(leg for found in founds for leg in found.missing_legs)),
    )


async def _choose_career(
    library: Library, brief: Brief, abstain_below: float, fillers: Collection[str]
) -> Chosen:
    if brief.career_goal is None:
        unnamed = (Asked(_NO_CAREER_GOAL, _GOAL_WEIGHT),)
        return await choose_lesson(library, "programme", unnamed, brief, 0.0)
    asked = ask_for(brief, brief.career_goal, fillers)
    return await choose_lesson(library, "career", asked, brief, abstain_below)


def ask_for(brief: Brief, goal: Goal | None, fillers: Collection[str] = ()) -> tuple[Asked, ...]:
    """The queries of a wish and a goal; what was missed last time has its say too.

    Words that only speak of the session itself (`fillers`) are left out of a wish.
    """
    wish = " ".join(
        w for w in words(" ".join((*brief.focus, brief.wish or ""))) if w not in fillers
    )
    asked = [Asked(wish, _WISH_WEIGHT)]
    if goal is not None:
        asked += [Asked(own_words(goal), _GOAL_WEIGHT), Asked(" ".join(goal.terms), _TERMS_WEIGHT)]
    if goal is None or goal.kind == "tech":
        missed = " ".join(item.concept for item in brief.due if item.missed)
        asked.append(Asked(missed, _GOAL_WEIGHT))
    asked = [query for query in asked if content_stems(query.text)]
    if not asked:
        asked.append(Asked(" ".join((brief.title, *brief.mentor.tech_strengths)), _GOAL_WEIGHT))
    return tuple(asked)


async def gather_for_recap(
    library: Library, asked: Sequence[Asked], abstain_below: float
) -> Material:
    """The lesson that answers a question or explains a session, from any kind of document."""
    chosen = await choose_lesson(library, None, asked, None, abstain_below)
    headwords = await library.headwords()
    offered = {passage.id: passage for passage in chosen.lesson.passages} if chosen.lesson else {}
    offered |= {headword.passage.id: headword.passage for headword in headwords.values()}
    return Material(
        library_version=await library.version(),
        offered=offered,
        headwords=headwords,
        tech=chosen.lesson,
        hits=chosen.hits,
        tech_coverage=chosen.coverage,
        missing_legs=tuple(dict.fromkeys(leg for f in chosen.found for leg in f.missing_legs)),
    )


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
    founds = [await library.search(LibraryQuery(query.text, kind, _DEPTH)) for query in asked]
    coverage = max((found.relevance for found in founds), default=0.0)
    hits = tuple(hit for found in founds for hit in found.hits)
    if not hits or coverage < abstain_below:
        return Chosen(None, coverage, hits, tuple(founds))
    weights = [
        query.weight * _say(found, abstain_below)
        for query, found in zip(asked, founds, strict=True)
    ]
    scores = _score(weights, founds)
    best_documents = sorted(scores, key=lambda document: -max(scores[document].values()))[:3]
    lessons = []
    for document in best_documents:
        passages = await library.passages_of(document)
        for title in _titles(passages):
            bonus = _title_bonus(asked, weights, title)
            score = scores[document].get(title, 0.0) + bonus + scores[document].get("", 0.0)
            lessons.append((score, build_lesson(passages, title)))
    ranked = sorted(lessons, key=lambda entry: (-entry[0], entry[1].document_id, entry[1].title))
    best = _first_open(ranked, brief) if brief else next((lesson for _, lesson in ranked), None)
    return Chosen(best, coverage, hits, tuple(founds))


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


def _score(weights: Sequence[float], founds: Sequence[Found]) -> dict[str, dict[str, float]]:
    """Document → lesson title → score; "" collects what speaks for the document as a whole."""
    scores: dict[str, dict[str, float]] = {}
    for weight, found in zip(weights, founds, strict=True):
        top = max((hit.score for hit in found.hits), default=0.0) or 1.0
        for hit in found.hits:
            share = weight * max(hit.score, 0.0) / top
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
        _TITLE_WEIGHT * weight * len(stems & set(content_stems(query.text))) / len(stems)
        for query, weight in zip(asked, weights, strict=True)
    )


def _first_open(ranked: Iterable[tuple[float, Lesson]], brief: Brief) -> Lesson | None:
    """The best lesson neither mastered nor quoted lately; another of the same document comes next.

    What was missed may return, and so may what keeps stalling.
    """
    lessons = [lesson for _, lesson in ranked]
    if not lessons:
        return None
    near = [lesson for lesson in lessons if lesson.document_id == lessons[0].document_id]
    quoted = _quoted_lately(brief)
    for lesson in (*near, *lessons):
        returns = lesson.is_tutorial and (brief.stalled or _is_missed(lesson, brief))
        again = _is_quoted(lesson, quoted) and not returns
        if not again and not is_mastered(lesson.title, brief.meetings):
            return lesson
    # How to meet is a short text: when all of it was said lately, it is not said again.
    return None if lessons[0].passages[0].document_kind == "programme" else lessons[0]


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
        steps = meeting.agenda_steps()
        for citation in (citation for one in steps for citation in one.get("citations", [])):
            text = str(citation.get("quote", ""))
            quoted.update(text[span.start : span.end] for span in split_sentences(text))
    return quoted


def _titles(passages: Sequence[Passage]) -> list[str]:
    titles = dict.fromkeys(title for passage in passages if (title := _lesson_title(passage)))
    return list(titles)


def _lesson_title(passage: Passage) -> str | None:
    return None if _is_for_all(passage) else passage.lesson


def _is_for_all(passage: Passage) -> bool:
    return len(passage.heading_path) < 2 and passage.kind in _WHOLE_DOCUMENT
