"""The boundaries as clauses ask them: once per text, however many clauses ask."""

from collections.abc import Iterator
from functools import lru_cache

from coach.coaching.boundaries import hits_confidential, hits_off_limits, is_sensitive, lint
from coach.coaching.brief import Brief, Material, Reader
from coach.coaching.contract.exhibit import says, short
from coach.coaching.contract.texts import Spoken
from coach.knowledge.chunking import split_sentences
from coach.pairs.records import OffLimits


@lru_cache(maxsize=4_096)
def _is_disrespectful(text: str) -> bool:
    return bool(lint(text))


@lru_cache(maxsize=4_096)
def _is_sensitive(text: str) -> bool:
    return is_sensitive(text)


@lru_cache(maxsize=4_096)
def _raises(text: str, off_limits: tuple[OffLimits, ...], reader: Reader) -> bool:
    return hits_off_limits(text, off_limits, reader)


@lru_cache(maxsize=4_096)
def _tells(text: str, confidentiality: tuple[str, ...]) -> bool:
    return hits_confidential(text, confidentiality)


def boundary_faults(spoken: Spoken, brief: Brief, material: Material) -> Iterator[str]:
    """What of the respect and safety rules a text breaks; a sensitive text is not repeated."""
    if _is_disrespectful(spoken.text):
        yield f"{spoken.where} breaks the language rules: “{short(spoken.text)}”"
    if brief.off_limits and _raises(spoken.text, brief.off_limits, brief.reader):
        yield f"{spoken.where} touches an off-limits topic"
    if _is_sensitive(spoken.text) and _is_sensitive(_unpublished(spoken.text, material)):
        yield f"{spoken.where} says something sensitive"
    if _tells_confidence(spoken.text, brief, material):
        yield f"{spoken.where} says what the pair keeps confidential"


def _unpublished(text: str, material: Material) -> str:
    """What of a text the library has not published word for word: sentences, terms, titles.

    A document may speak of illness or of a reorganisation; what it says is no pair's private life.
    """
    for name in _published_names(material):
        text = text.replace(name, " ")
    published = [passage.text for passage in material.offered.values()]
    sentences = [text[span.start : span.end] for span in split_sentences(text)]
    return " ".join(one for one in sentences if not any(one in whole for whole in published))


def _published_names(material: Material) -> Iterator[str]:
    """The titles of lessons, and terms with their meanings, which drafts set into sentences."""
    for lesson in (material.tech, material.career, material.programme):
        if lesson is not None:
            yield lesson.title
    for headword in material.headwords.values():
        yield f"“{headword.word}” means {headword.meaning.rstrip('.')}"


def _tells_confidence(text: str, brief: Brief, material: Material) -> bool:
    """Whether the pair's own confidence is told; the library, and the line itself, tell none."""
    lines = brief.constraints.confidentiality
    if not lines or not _tells(text, lines):
        return False
    is_public = any(text in passage.text for passage in material.offered.values())
    return not is_public and not any(says(text, line) for line in lines)
