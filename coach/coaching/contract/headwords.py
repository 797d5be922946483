"""Technical terms: where a text uses one, and where it is explained."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from coach.coaching.brief import Brief, closest_expertise
from coach.coaching.contract.exhibit import plain
from coach.coaching.contract.families import EVERYDAY_SHORT_FORMS
from coach.coaching.drafts import AgendaStep
from coach.knowledge.documents import WORD, Glossary, Headword
from coach.knowledge.words import normalise, words

EXPLAINED_IN = 20
LONGEST_TERM = 5
_MOST_SOUGHT = 4_096
_SHORT_FORM = re.compile(r"(?<![\w.'’-])[A-Z]{2}[A-Z0-9]{0,3}(?=s?(?![\w-]))(?!\()")
_BRACKETS = re.compile(r"\(([^()]*)\)")


@lru_cache(maxsize=4_096)
def singular(word: str) -> str:
    """The word without an English plural ending."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@lru_cache(maxsize=4_096)
def _forms(text: str) -> tuple[str, ...]:
    return tuple(singular(word.removesuffix("'s")) for word in words(text))


def terms_in(text: str, headwords: Mapping[str, Headword]) -> tuple[str, ...]:
    """The headwords that a text uses as whole words, in order, the longest at each place.

    Looks up what stands in the text, so that a library of any size costs the same.
    """
    if not isinstance(headwords, Glossary):
        return tuple(_terms_in(text, headwords, None))
    found = headwords.sought.get(text)
    if found is None:
        found = tuple(_terms_in(text, headwords, headwords.openers))
        if len(headwords.sought) >= _MOST_SOUGHT:
            headwords.sought.clear()
        headwords.sought[text] = found
    return found


def _terms_in(
    text: str, headwords: Mapping[str, Headword], openers: frozenset[str] | None
) -> Iterator[str]:
    bare = plain(text)
    spans = [found.span() for found in WORD.finditer(bare)]
    at = 0
    while at < len(spans):
        first = bare[slice(*spans[at])]
        # In most places no term begins, and where none does no longer words need be looked up.
        if openers is not None and not _may_open(first, openers):
            at += 1
            continue
        here = _term_at(bare, spans[at : at + LONGEST_TERM], headwords)
        if here is not None:
            yield here[0]
        at += here[1] if here else 1


def _may_open(first: str, openers: frozenset[str]) -> bool:
    """Whether some term begins with this word, in the singular or the plural."""
    word = first.removesuffix("'s")
    return not openers.isdisjoint((first, word, singular(word), f"{word}s"))


def _term_at(
    bare: str, spans: list[tuple[int, int]], headwords: Mapping[str, Headword]
) -> tuple[str, int] | None:
    """The longest term that begins with the first of these words, and its word count."""
    for count in range(len(spans), 0, -1):
        last, end = spans[count - 1]
        before, word = bare[spans[0][0] : last], bare[last:end].removesuffix("'s")
        for form in (word, singular(word), f"{word}s"):
            if before + form in headwords:
                return before + form, count
    return None


def known_terms(known: Iterable[str]) -> frozenset[tuple[str, ...]]:
    """The words a person needs no help with, as they are compared."""
    return frozenset(_forms(word) for word in known)


def is_known(headword: str, known: frozenset[tuple[str, ...]]) -> bool:
    """Whether a term is among the known ones, singular or plural."""
    return _forms(headword) in known


@dataclass(frozen=True, slots=True)
class Familiar:
    """The terms that the mentee of a pair needs no help with."""

    known: frozenset[tuple[str, ...]]
    is_expert: bool

    def holds(self, term: str, headword: Headword) -> bool:
        """Whether this term is one of them."""
        is_own_field = self.is_expert and headword.passage.document_kind == "career"
        return is_own_field or is_known(term, self.known)


def familiar_to(brief: Brief, headwords: Mapping[str, Headword]) -> Familiar:
    """What the mentee named as known, speaks of as their own field, or recalled when asked.

    Who is asked for career guidance because it is their field knows the words of it.
    """
    recalled = (c for m in brief.meetings for c in m.concepts if c.last_result == "ok")
    said = "\n".join((*brief.mentee.expertise, *(one.concept for one in recalled)))
    known = known_terms((*brief.mentee.known_words, *terms_in(said, headwords)))
    return Familiar(known, closest_expertise(brief) is not None)


def without_meanings(text: str, headwords: Iterable[Headword]) -> str:
    """The text without the meanings of these terms, which may use other terms freely."""
    bare = plain(text)
    for headword in headwords:
        bare = bare.replace(plain(headword.meaning).rstrip("."), " ")
    return bare


def explains(step: AgendaStep, headword: Headword) -> bool:
    """Whether a step says what a term means in at most 20 words."""
    if step.kind in ("explain", "say") and states_meaning(step.text, headword):
        return True
    return has_bracket(step.text, headword.word)


def states_meaning(text: str, headword: Headword) -> bool:
    """Whether a text gives the library's own meaning of a term, which is short enough."""
    meaning = plain(headword.meaning).rstrip(".")
    return meaning in plain(text) and len(words(meaning)) <= EXPLAINED_IN


def has_bracket(text: str, word: str) -> bool:
    """Whether a meaning of 2 to 20 words stands in brackets right after a term."""
    wanted = _forms(word)
    for bracket in _BRACKETS.finditer(text):
        before = _forms(text[: bracket.start()])
        meaning = words(bracket.group(1))
        if before[-len(wanted) :] == wanted and 2 <= len(meaning) <= EXPLAINED_IN:
            return True
    return False


def short_forms(text: str) -> tuple[str, ...]:
    """The abbreviations of a text that not everybody reads without help."""
    if text.isupper():
        return ()
    found = dict.fromkeys(_SHORT_FORM.findall(text))
    return tuple(form for form in found if form not in EVERYDAY_SHORT_FORMS)


def is_written_out(form: str, text: str) -> bool:
    """Whether a text gives, in any place, the words whose first letters make the abbreviation."""
    letters = [character for character in normalise(form) if character.isalpha()]
    initials = [part[0] for word in words(text) for part in word.split("-")]
    width = len(letters)
    return any(initials[at : at + width] == letters for at in range(len(initials) - width + 1))
