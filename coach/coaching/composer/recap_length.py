"""Brings a recap inside its length: the least needed goes first, terms left are explained."""

from collections.abc import Callable
from dataclasses import replace

from coach.coaching.composer.recap_parts import MOST_WORDS_TO_KNOW, RecapDesk, word_to_know
from coach.coaching.contract.exhibit import own_texts, without_own
from coach.coaching.contract.headwords import is_known, known_terms, terms_in
from coach.coaching.contract.texts import reading_text
from coach.coaching.drafts import Cited, KeyIdea, Recap
from coach.knowledge.chunking import split_sentences
from coach.knowledge.words import words

_LONGEST = {"session": 400, "question": 250, "shorter": 120}


def fit_length(desk: RecapDesk, recap: Recap) -> Recap:
    """The recap inside its length, the least needed parts left out first, its terms explained."""
    kind = "session" if desk.question is None else "question"
    longest = _LONGEST["shorter" if desk.style == "shorter" else kind]
    done = recap.what_we_did[:1]
    for slim in (lambda r: r, *_slimmer(desk)):
        recap = slim(recap)
        # What went early may have room again once something longer has gone.
        for trial in (replace(recap, what_we_did=recap.what_we_did or done), recap):
            complete = _explained(desk, trial)
            if complete is not None and len(words(reading_text(complete))) <= longest:
                return complete
    return replace(recap, words_to_know=())


def _slimmer(desk: RecapDesk) -> tuple[Callable[[Recap], Recap], ...]:
    """What may go, least needed first; a procedure goes with its slip, or stays with it."""
    asking = desk.frames.listed("asks_how")
    how = desk.question is None or any(word in asking for word in words(desk.question)[:3])

    def shorten(recap: Recap) -> Recap:
        return replace(recap, key_ideas=tuple(_first_sentence(idea) for idea in recap.key_ideas))

    last: Callable[[Recap], Recap] = lambda recap: replace(recap, steps=())  # noqa: E731
    cut: Callable[[Recap], Recap] = lambda recap: replace(recap, answer=_first_of(recap.answer))  # noqa: E731
    # What was asked for shortly is an answer first, so ideas beside it go before its own words.
    is_short = desk.style == "shorter"
    return (
        lambda recap: replace(recap, what_we_did=recap.what_we_did[:2]),
        *(() if how else (last,)),
        lambda recap: replace(
            recap, key_ideas=tuple(replace(idea, comparison=None) for idea in recap.key_ideas)
        ),
        shorten,
        _without_ideas if is_short else cut,
        # Without a promise to show, a line of the notes is all that ties the recap to the session.
        lambda recap: replace(recap, what_we_did=() if recap.commitments else recap.what_we_did),
        lambda recap: replace(recap, teach_back=desk.fill("teach_back_short").text),
        last,
        lambda recap: replace(
            recap, key_ideas=tuple(replace(idea, common_slip=None) for idea in recap.key_ideas)
        ),
        cut if is_short else _without_ideas,
    )


def _without_ideas(recap: Recap) -> Recap:
    return replace(recap, key_ideas=())


def _first_of(answer: Cited) -> Cited:
    """The answer's first sentence, when the library says it."""
    spans, citations = split_sentences(answer.text), answer.citations
    if len(spans) < 2 or len(citations) != 1 or citations[0].quote != answer.text:
        return answer
    text = answer.text[: spans[0].end]
    end = citations[0].start + len(text)
    return Cited(text, (replace(citations[0], end=end, quote=text),))


def _first_sentence(idea: KeyIdea) -> KeyIdea:
    """The idea with only the first sentence of its explanation."""
    spans = split_sentences(idea.explanation)
    if len(spans) < 2 or not idea.citations:
        return idea
    text = idea.explanation[: spans[0].end]
    citation = replace(idea.citations[0], end=idea.citations[0].start + len(text), quote=text)
    return replace(idea, explanation=text, citations=(citation,))


def _explained(desk: RecapDesk, recap: Recap) -> Recap | None:
    """The recap with every term it uses explained, or None when those are too many."""
    headwords, known = desk.material.headwords, known_terms(desk.brief.mentee.known_words)
    own = own_texts(desk.brief)
    text = without_own(reading_text(recap), own)
    terms = [t for t in dict.fromkeys(terms_in(text, headwords)) if not is_known(t, known)]
    if len(terms) > MOST_WORDS_TO_KNOW:
        return None
    return replace(recap, words_to_know=tuple(word_to_know(headwords[term]) for term in terms))
