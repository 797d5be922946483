"""Judges single sentences of a model: grounded, quoted instead, or gone."""

import re
from collections.abc import Sequence

from coach.coaching.boundaries import dangling_opener, drop_reason
from coach.coaching.composer.lines import LONGEST_STEP, cite_span
from coach.coaching.contract.evidence import sentences
from coach.coaching.drafts import LibraryCitation
from coach.coaching.grounding import judge, quotation_for
from coach.coaching.guards import names
from coach.coaching.questions import is_double_barrelled, is_leading
from coach.coaching.writer.sheet import Sheet
from coach.knowledge.documents import Passage
from coach.knowledge.wording.tongues import ENGLISH, is_elsewhere, is_in
from coach.knowledge.words import content_stems, normalise, words

_MARKUP = re.compile(
    r"https?:|www\.|//|mailto:|javascript:|data:|[<>{}`|\\^~=*_#@“”\"«»\[\]]|\]\(|\w{41,}"
    r"|\b[\w-]+\.(?:com|net|org|io|example|dev|app|test|invalid)\b",
    re.IGNORECASE,
)
# A word of letters that look alike in two scripts is a disguise.
_LATIN, _ALIKE = re.compile(r"[a-z]", re.IGNORECASE), re.compile("[\u0370-\u058f\u13a0-\u13ff]")
_NUMBER = re.compile(r"\d+")
# Some languages write every noun with a capital, but none writes capitals inside a word.
_SHOUTED = re.compile(r"\b\w+[A-ZÄÖÜÁÉÍÓÚÑ]\w*")
_KNOWN_SHARE = 0.8
_LONGEST_QUESTION = 30
_LONGEST_TITLE = 80


def is_plain(text: str, sheet: Sheet) -> bool:
    """Whether a text is words alone, respectful and inside the boundaries, in visible letters."""
    if not 3 <= len(text) <= LONGEST_STEP or not text.isprintable() or _MARKUP.search(text):
        return False
    people = {normalise(name) for name in sheet.names}
    if any(word in people or is_disguised(word) for word in words(text)):
        return False
    return drop_reason(text, sheet.limits) is None


def is_disguised(word: str) -> bool:
    """Whether a word mixes Latin letters with letters that look like them."""
    return bool(_LATIN.search(word) and _ALIKE.search(word))


def is_known(text: str, known: frozenset[str]) -> bool:
    """Whether a text is made of these stems, nearly all of it, and of no other numbers."""
    stems = set(content_stems(text))
    if not stems or len(stems & known) < _KNOWN_SHARE * len(stems):
        return False
    return all(number in known for number in _NUMBER.findall(text))


def title_for(text: str, sheet: Sheet) -> str | None:
    """A model's title, when it may stand."""
    title = " ".join(text.split()).rstrip(".")
    fits = len(title) <= _LONGEST_TITLE and "?" not in title and len(sentences(title)) == 1
    return title if fits and is_plain(title, sheet) and _is_worded(title, sheet) else None


def _is_worded(title: str, sheet: Sheet) -> bool:
    """Whether a title is made of known words, or is surely in the pair's own language."""
    if sheet.language == ENGLISH:
        return is_known(title, sheet.naming)
    return is_in(title, sheet.language) and is_quiet(title, sheet)


def question_for(text: str, sheet: Sheet, reworded: str = "") -> str | None:
    """A model's question, when it is one question, unleading, in the pair's language.

    In English it is made of known words, and names nothing but what the headings name, or the
    question of ours that it rewords. In another language neither can be told, so that nothing in it
    may look like a name of its own or be a number that nobody gave.
    """
    asked = " ".join(text.split())
    if not asked.endswith("?") or len(sentences(asked)) != 1:
        return None
    if is_double_barrelled(asked, sheet.language) or is_leading(asked, sheet.language):
        return None
    if len(words(asked)) > _LONGEST_QUESTION:
        return None
    if sheet.recites(asked) or not is_plain(asked, sheet):
        return None
    if sheet.language != ENGLISH:
        return asked if is_in(asked, sheet.language) and is_quiet(asked, sheet) else None
    if not is_known(asked, sheet.vocabulary) or is_elsewhere(asked, ENGLISH):
        return None
    return asked if names(asked) <= sheet.named | frozenset(words(reworded)) else None


def is_quiet(text: str, sheet: Sheet) -> bool:
    """Whether a text in another language has no numbers or capitals within words of its own."""
    if not all(number in sheet.vocabulary for number in _NUMBER.findall(text)):
        return False
    shouted = {normalise(word) for word in _SHOUTED.findall(text)}
    return shouted <= sheet.named


def statement_for(
    text: str, number: int, quote: str, sheet: Sheet, among: Sequence[Passage]
) -> tuple[str, LibraryCitation] | None:
    """A model's statement with its citation; the quotation it leans on where it says more.

    None when it leans on nothing that was shown.
    """
    said = " ".join(text.split())
    passage = sheet.passage(number)
    passage = passage if passage in among else None
    citation = whole_quote(passage, quote) if passage else None
    citation = citation or quotation_for(said, [passage] if passage else [])
    citation = citation or quotation_for(said, among)
    if citation is None or len(citation.quote) > LONGEST_STEP or not sheet.on_topic(citation):
        return None
    stands = is_plain(said, sheet) and not dangling_opener(said)
    # Against the quoted sentences alone: what stands elsewhere in the passage is not what they say.
    if stands and all(judge(one, (citation.quote,)).grounded for one in sentences(said)):
        return said, citation
    if dangling_opener(citation.quote) or drop_reason(citation.quote, sheet.limits):
        return None
    return citation.quote, citation


def whole_quote(passage: Passage, quote: str) -> LibraryCitation | None:
    """The whole sentences in which these very words stand, or None when they do not stand there."""
    start = passage.text.find(quote) if len(quote.strip()) > 3 else -1
    if start < 0:
        return None
    end = start + len(quote)
    spans: Sequence[tuple[int, int]] = [
        (span.start, span.end)
        for span in passage.sentences
        if span.start < end and start < span.end
    ]
    return cite_span(passage, spans[0][0], spans[-1][1]) if spans else None
