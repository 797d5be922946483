"""Writes a recap offline: the answer first, then what carries it."""

from dataclasses import replace
from datetime import date

from coach.coaching.boundaries import Limits, drop_reason
from coach.coaching.brief import NoteSentence
from coach.coaching.composer.lines import language_words
from coach.coaching.composer.recap_length import fit_length
from coach.coaching.composer.recap_parts import (
    RecapDesk,
    answer_quote,
    best_sentence,
    cited_documents,
    closest,
    comparison,
    defined,
    fresh_sentences,
    given,
    lesson_parts,
    other_explanation,
    procedure,
    quote,
    quote_note,
    slip_of,
    spoken,
    try_it,
)
from coach.coaching.drafts import (
    Cited,
    Gap,
    GapReason,
    KeyIdea,
    Provenance,
    RecallQuestion,
    Recap,
    RecapCommitment,
    RecapSource,
)
from coach.coaching.memory import choose_cue
from coach.knowledge.words import words

_LONGEST_NOTE_ANSWER = 50
_MOST_DONE = 4


def compose_recap(desk: RecapDesk, created_at: str, markers: tuple[str, ...]) -> Recap:
    """The whole recap; its verdicts are still to come."""
    if desk.question is not None and not desk.covered:
        return _refuse(desk, created_at)
    if desk.style is not None:
        return _compose_other(desk, created_at)
    if desk.question is None and desk.material.tech is None and not spoken(desk):
        return _refuse_session(desk, created_at)
    answer, told = _answer(desk)
    recap = replace(
        _frame(desk, created_at, answer),
        what_we_did=_done(desk, told),
        key_ideas=_key_ideas(desk, answer, markers),
        steps=procedure(desk.material.tech),
    )
    return _finish(desk, recap)


def _compose_other(desk: RecapDesk, created_at: str) -> Recap:
    """The same said in another way, by an example or shorter; a refusal when there is none."""
    other = other_explanation(desk)
    if other is None:
        refusal = Cited(desk.fill("refusal_other").text)
        gap = Gap("not_in_library", desk.fill("refusal_whom", whom=desk.whom).text)
        recap = _frame(desk, created_at, refusal)
        return replace(recap, refused=True, not_covered=(*recap.not_covered, gap))
    answer, idea = other
    recap = replace(
        _frame(desk, created_at, answer),
        what_we_did=_done(desk, []),
        key_ideas=(idea,) if idea else (),
    )
    return _finish(desk, recap)


def _finish(desk: RecapDesk, recap: Recap) -> Recap:
    """The recap with what every recap asks of its reader, inside its length."""
    asking = replace(
        recap,
        try_it=try_it(desk),
        recall_questions=_recall(desk),
        teach_back=desk.fill("teach_back", shift=len(desk.style or "")).text,
        mentee_gave=given(desk) if desk.question is None else None,
    )
    return _with_sources(fit_length(desk, asking))


def _refuse(desk: RecapDesk, created_at: str) -> Recap:
    whom = desk.fill("refusal_whom", whom=desk.whom).text
    private = drop_reason(
        desk.question or "", Limits(desk.brief.off_limits, reader=desk.brief.reader)
    )
    # A question may quote words that our own sentences avoid: it is no private matter for that.
    if private is not None and private != "lint":
        reason: GapReason = "crisis" if private == "crisis" else "off_topic"
        gap = Gap(reason, desk.fill(f"gap_{reason}").text)
        answer = Cited(_help_or_off_topic(desk, private))
        recap = _frame(desk, created_at, answer)
        asked = desk.fill("question_withheld").text
        return replace(recap, question=asked, refused=True, not_covered=(gap,))
    refusal = Cited(desk.fill("refusal").text)
    gap = Gap("not_in_library", whom)
    return replace(_frame(desk, created_at, refusal), refused=True, not_covered=(gap,))


def _refuse_session(desk: RecapDesk, created_at: str) -> Recap:
    """Nothing was noted and the library is silent: said plainly, with whom to ask."""
    recap = _frame(desk, created_at, Cited(desk.fill("answer_none", number=desk.number).text))
    return replace(recap, refused=True)


def _help_or_off_topic(desk: RecapDesk, reason: str) -> str:
    return desk.fill("help" if reason == "crisis" else "refusal_off_topic").text


def _frame(desk: RecapDesk, created_at: str, answer: Cited) -> Recap:
    """A recap with its answer, its promises and its gaps, and nothing else yet."""
    return Recap(
        pair_id=desk.brief.pair_id,
        session_number=desk.number,
        language=desk.frames.language,
        question=desk.question,
        answer=answer,
        refused=False,
        what_we_did=(),
        key_ideas=(),
        steps=(),
        words_to_know=(),
        try_it=None,
        recall_questions=(),
        teach_back=None,
        mentee_gave=None,
        commitments=_commitments(desk),
        not_covered=_gaps(desk),
        sources=(),
        contract=(),
        provenance=Provenance(
            "extractive", desk.material.library_version, desk.frames.fingerprint, None, created_at
        ),
    )


def _answer(desk: RecapDesk) -> tuple[Cited, list[NoteSentence]]:
    """The answer, and the note sentences it used up."""
    lesson, said = desk.material.tech, spoken(desk)
    if desk.question is None:
        opening = _opening(said)
        if opening:
            return quote_note(opening), opening
    elif meaning := defined(desk, desk.question):
        return meaning, []
    if lesson is not None:
        passage, number = best_sentence(lesson, desk.question or lesson.title)
        return answer_quote(passage, number), []
    if desk.question is not None and (near := closest(desk.question, said)):
        return quote_note(near[:1]), near[:1]
    return Cited(desk.fill("answer_none", number=desk.number).text), []


def _opening(said: list[NoteSentence]) -> list[NoteSentence]:
    """The first sentences of the session's notes that make an answer: two, when they stay short."""
    for count in (2, 1):
        first = said[:count]
        # Lines without a stop do not make a sentence together.
        apart = all(s.text.endswith((".", "!", "?", "…")) for s in first[:-1])
        if first and apart and len(words(" ".join(s.text for s in first))) <= _LONGEST_NOTE_ANSWER:
            return first
    return []


def _done(desk: RecapDesk, told: list[NoteSentence]) -> tuple[Cited, ...]:
    rest = [s for s in spoken(desk) if s not in told]
    if desk.question is None:
        gave = given(desk)
        kept = [s for s in rest if gave is None or s.text != gave.text]
        return tuple(quote_note([s]) for s in kept[:_MOST_DONE])
    return tuple(quote_note([s]) for s in [*closest(desk.question, rest), *rest][:1])


def _key_ideas(desk: RecapDesk, answer: Cited, markers: tuple[str, ...]) -> tuple[KeyIdea, ...]:
    """The main idea, said by what the answer has not said; readers at ease get the check first."""
    lesson = desk.material.tech
    if lesson is None:
        return ()
    kinds = ("idea", "text") if desk.is_beginner else ("check", "tip", "idea", "text")
    told = (fresh_sentences(p, answer.text, 2) for p in lesson_parts(lesson, *kinds))
    said = next((cited for cited in told if cited is not None), None)
    if said is None:
        return ()
    picture = comparison(desk, markers)
    return (KeyIdea(lesson.title, said.text, said.citations, slip_of(lesson), picture),)


def _recall(desk: RecapDesk) -> tuple[RecallQuestion, ...]:
    due = desk.due
    if desk.question is None and (cards := _cards(desk)):
        return cards
    meeting, lesson = desk.meeting, desk.material.tech
    own = meeting is not None and desk.question is None and not desk.brief.keeps_cards
    concepts = meeting.concepts if meeting and own else ()
    cue_words = (*(t for g in desk.brief.goals for t in g.terms), *desk.material.headwords)
    for concept in concepts:
        cue = choose_cue(concept.concept, cue_words)
        if cue and spoken(desk):
            question = desk.fill("recall_cue", cue=cue).text
            return (RecallQuestion(question, concept.concept, due),)
    if lesson is not None and (parts := lesson_parts(lesson, "idea", "text")):
        question = desk.fill("recall_lesson", lesson=lesson.title).text
        return (RecallQuestion(question, quote(parts[0]).text, due),)
    said = spoken(desk)
    if not said:
        return ()
    question = desk.fill("recall_session", number=desk.number).text
    return (RecallQuestion(question, said[0].text, due),)


def _cards(desk: RecapDesk) -> tuple[RecallQuestion, ...]:
    """What the mentee's own cards have due by the next session: its warm-up asks the same."""
    if not desk.brief.keeps_cards or not spoken(desk):
        return ()
    return tuple(
        RecallQuestion(desk.fill("recall_cue", place, cue=item.cue).text, item.concept, desk.due)
        for place, item in enumerate(desk.brief.due)
        if item.cue
    )


def _commitments(desk: RecapDesk) -> tuple[RecapCommitment, ...]:
    made = desk.meeting.commitments if desk.meeting else ()
    return tuple(RecapCommitment(c.id, c.owner, c.text, _day(c.due)) for c in made)


def _day(due: str | None) -> date | None:
    try:
        return date.fromisoformat(due) if due else None
    except ValueError:
        return None


def _gaps(desk: RecapDesk) -> tuple[Gap, ...]:
    brief = desk.brief
    # Where help is comes before everything else that is left out.
    gaps = [Gap("crisis", desk.fill("help").text)] if brief.crisis else []
    said = desk.meeting.said if desk.meeting else ()
    foreign = tuple(dict.fromkeys(s.language for s in said if s.language != brief.language))
    if foreign:
        text = desk.fill("gap_language", languages=language_words(desk.frames, foreign)).text
        gaps.append(Gap("language", text))
    if desk.question is None and desk.material.tech is None:
        gaps.append(Gap("not_in_library", desk.fill("gap_library", whom=desk.whom).text))
    return tuple(gaps)


def _with_sources(recap: Recap) -> Recap:
    found = cited_documents(
        recap.answer.citations,
        *(part.citations for part in recap.what_we_did),
        *(idea.citations for idea in recap.key_ideas),
        *(idea.common_slip.citations for idea in recap.key_ideas if idea.common_slip),
        *(step.citations for step in recap.steps),
        *(word.citations for word in recap.words_to_know),
    )
    sources = tuple(RecapSource(document, title) for document, title in found.items())
    return replace(recap, sources=sources)
