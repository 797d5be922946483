"""Gathers from the library what a draft may quote: a lesson, a career note, the terms they use."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from coach.coaching.brief import Brief, Lesson, Material, own_words
from coach.coaching.choosing import CLOSE
from coach.coaching.lessons import DEPTH, Asked, Chosen, choose_lesson
from coach.knowledge.asking import Library
from coach.knowledge.documents import Found, Glossary, Headword, LibraryQuery
from coach.knowledge.markdown import headwords_of
from coach.knowledge.words import content_stems, words
from coach.pairs.records import Goal

_LEADS, _FOLLOWS, _TERMS = 3.0, 1.0, 0.5
# Below this share of the threshold nothing is near; above it a wish may only be worded otherwise.
_FAR = 0.6
_FIRST_SESSION = "first session working agreement confidentiality expectations"
_NEXT_IN_WORK = "work out what you want next in your work"
_NO_CAREER_GOAL = "find out what each of you wants career goal mentor known for"


async def gather_for_agenda(
    library: Library, brief: Brief, abstain_below: float, fillers: Collection[str] = ()
) -> tuple[Brief, Material]:
    """The brief with what the library offers it; another goal comes when one has nothing fresh.

    A lesson that answers the wish and has nothing to do with the goal serves the wish alone.
    """
    asked = ask_for(brief, brief.focus_goal, fillers)
    tech = await choose_lesson(library, "tutorial", asked, brief, abstain_below)
    turned, best = brief, tech
    for goal in sorted(brief.goals, key=lambda goal: goal.priority):
        if best.lesson is None and not best.mastered or best.picked.place == CLOSE:
            break
        if goal.kind == "tech" and goal != brief.focus_goal:
            other = replace(brief, focus_goal=goal)
            queries = ask_for(other, goal, fillers)
            found = await choose_lesson(library, "tutorial", queries, other, abstain_below)
            if found.picked.place < best.picked.place:
                turned, best = other, found
    material = await _gather(library, turned, best, abstain_below, fillers)
    if turned is brief and _is_only_wished(brief, material.tech, fillers):
        return replace(brief, focus_goal=None), material
    return turned, material


async def gather_material(
    library: Library, brief: Brief, abstain_below: float, fillers: Collection[str] = ()
) -> Material:
    """The lessons and terms for an agenda of this pair."""
    asked = ask_for(brief, brief.focus_goal, fillers)
    tech = await choose_lesson(library, "tutorial", asked, brief, abstain_below)
    return await _gather(library, brief, tech, abstain_below, fillers)


async def _gather(
    library: Library, brief: Brief, tech: Chosen, abstain_below: float, fillers: Collection[str]
) -> Material:
    asked = ask_for(brief, brief.focus_goal, fillers)
    career = await _choose_career(library, brief, abstain_below, fillers)
    programme = None
    if brief.first:
        first = (Asked(_FIRST_SESSION, _FOLLOWS),)
        programme = (await choose_lesson(library, "programme", first, brief, 0.0)).lesson
    lessons = [chosen for chosen in (tech.lesson, career.lesson, programme) if chosen]
    headwords = await _headwords_for(library, lessons)
    offered = {passage.id: passage for lesson in lessons for passage in lesson.passages}
    # Any term may need its meaning beside it, so every defining passage may be quoted.
    offered |= {headword.passage.id: headword.passage for headword in headwords.values()}
    founds = (*tech.found, *career.found)
    wish = wished_words(brief, fillers)
    # The wish was asked of tutorials first: what these speak of need not be sought everywhere.
    near = asked[0].text == wish and any(_is_near(one, abstain_below) for one in tech.found[:1])
    return Material(
        library_version=await library.version(),
        # Drafted today for a later day, it is read on that day.
        offered={name: passage.as_on(brief.date) for name, passage in offered.items()},
        headwords=headwords,
        tech=tech.lesson,
        career=career.lesson,
        programme=programme,
        tech_returned=tech.picked.returned,
        career_returned=career.picked.returned,
        hits=(*tech.hits, *career.hits),
        tech_coverage=tech.coverage,
        career_coverage=career.coverage,
        mastered=tech.mastered,
        wish_unheard=not near and await _is_unheard(library, wish, abstain_below),
        missing_legs=tuple(dict.fromkeys(leg for found in founds for leg in found.missing_legs)),
    )


def _is_only_wished(brief: Brief, lesson: Lesson | None, fillers: Collection[str]) -> bool:
    """Whether a lesson's names speak of the wish, and neither they nor the rest of the goal."""
    goal = brief.focus_goal
    if lesson is None or goal is None:
        return False
    named = set(
        content_stems(" ".join((lesson.title, lesson.document_title, *lesson.passages[0].topics)))
    )
    whole = {stem for passage in lesson.passages for stem in content_stems(passage.text)}
    of_goal = named & set(content_stems(goal.text)) or whole & set(
        content_stems(" ".join(goal.terms))
    )
    return bool(named & set(content_stems(wished_words(brief, fillers)))) and not of_goal


async def _headwords_for(library: Library, lessons: Sequence[Lesson]) -> Mapping[str, Headword]:
    """The terms of the library, each as the document of a lesson explains it when that does."""
    own = headwords_of(passage for lesson in lessons for passage in lesson.passages)
    everyone = await library.headwords()
    return everyone.led_by(own) if isinstance(everyone, Glossary) else Glossary({**everyone, **own})


async def _choose_career(
    library: Library, brief: Brief, abstain_below: float, fillers: Collection[str]
) -> Chosen:
    if brief.career_goal is None:
        unnamed = (Asked(_NO_CAREER_GOAL, _FOLLOWS),)
        first = await choose_lesson(library, "programme", unnamed, brief, 0.0)
        if first.picked.place == CLOSE and first.picked.returned is None:
            return first
        # Where the pair has had that, a note helps to find out what the mentor wants.
        wishes = " ".join(brief.mentor.growth_goals) or _NEXT_IN_WORK
        found = await choose_lesson(library, "career", (Asked(wishes, _FOLLOWS),), brief, 0.0)
        return found if found.lesson else first
    asked = ask_for(brief, brief.career_goal, fillers)
    return await choose_lesson(library, "career", asked, brief, abstain_below)


def ask_for(brief: Brief, goal: Goal | None, fillers: Collection[str] = ()) -> tuple[Asked, ...]:
    """The queries of a wish and a goal; what was missed last time has its say too.

    A wish is the mentee's and mostly about technology: it leads there, and for a career goal it
    only follows. Words that only speak of the session itself (`fillers`) are left out of a wish.
    """
    wish = wished_words(brief, fillers)
    of_career = goal is not None and goal.kind == "career"
    wished, wanted = (_FOLLOWS, _LEADS) if of_career else (_LEADS, _FOLLOWS)
    asked = [Asked(wish, wished)]
    if goal is not None:
        asked += [Asked(own_words(goal), wanted), Asked(" ".join(goal.terms), wanted * _TERMS)]
    if goal is None or goal.kind == "tech":
        missed = " ".join(item.concept for item in brief.due if item.missed)
        asked.append(Asked(missed, _FOLLOWS))
    asked = [query for query in asked if content_stems(query.text)]
    if not asked:
        asked.append(Asked(" ".join((brief.title, *brief.mentor.tech_strengths)), _FOLLOWS))
    return tuple(asked)


def wished_words(brief: Brief, fillers: Collection[str] = ()) -> str:
    """What the wish is about, without words that only speak of the session itself."""
    wished = words(" ".join((*brief.focus, brief.wish or "")))
    return " ".join(word for word in wished if word not in fillers)


def asks_once_more(brief: Brief, sayings: Iterable[object]) -> bool:
    """Whether the wish says, in one of these ways, that something is wanted again."""
    wish = f" {' '.join(words(brief.wish or ''))} "
    return any(f" {saying} " in wish for saying in sayings)


async def _is_unheard(library: Library, wish: str, abstain_below: float) -> bool:
    """Whether nothing in the library, of any kind, comes near this wish."""
    if not content_stems(wish):
        return False
    found = await library.search(LibraryQuery(wish, None, DEPTH))
    return not _is_near(found, abstain_below)


def _is_near(found: Found, abstain_below: float) -> bool:
    return found.relevance >= _FAR * abstain_below


async def gather_for_recap(
    library: Library, asked: Sequence[Asked], abstain_below: float
) -> Material:
    """The lesson that answers a question or explains a session, from any kind of document."""
    chosen = await choose_lesson(library, None, asked, None, abstain_below)
    is_told = await _is_spoken_of(library, chosen, asked, abstain_below)
    lesson = chosen.lesson if is_told else None
    lessons = [lesson] if lesson else []
    headwords = await _headwords_for(library, lessons)
    offered = {passage.id: passage for lesson in lessons for passage in lesson.passages}
    offered |= {headword.passage.id: headword.passage for headword in headwords.values()}
    return Material(
        library_version=await library.version(),
        offered=offered,
        headwords=headwords,
        tech=lesson,
        hits=chosen.hits,
        tech_coverage=chosen.coverage,
        missing_legs=tuple(dict.fromkeys(leg for f in chosen.found for leg in f.missing_legs)),
    )


async def _is_spoken_of(
    library: Library, chosen: Chosen, asked: Sequence[Asked], share: float
) -> bool:
    """Whether one document says this share of a query's words, which several may say by chance.

    Where meanings were compared, other words for the same thing are no chance.
    """
    lesson = chosen.lesson
    if lesson is None or any(found.closeness is not None for found in chosen.found):
        return lesson is not None
    passages = await library.passages_of(lesson.document_id)
    about = [" ".join((p.document_title, *p.heading_path, *p.topics, p.text)) for p in passages]
    said = set(content_stems(" ".join(about).replace("-", " ")))
    wanted = [set(content_stems(query.text.replace("-", " "))) for query in asked]
    return any(len(said & one) >= share * len(one) for one in wanted)
