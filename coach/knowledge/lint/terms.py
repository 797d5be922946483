"""The rules on words to know: written as a list of terms, short, and used in the document."""

from collections.abc import Iterator
from dataclasses import dataclass

from coach.knowledge.lint.sheets import Finding, Sheet
from coach.knowledge.markdown import headwords_of
from coach.knowledge.wording.phrases import read_words
from coach.knowledge.words import stem, words

MOST_WORDS = 20


@dataclass(frozen=True, slots=True)
class Term:
    """A term that a document explains: its forms, its meaning and where it stands."""

    word: str
    forms: tuple[str, ...]
    meaning: str
    line: int


def terms_of(sheet: Sheet) -> tuple[Term, ...]:
    """The terms that this document explains."""
    lines = {one.text: one.line for one in sheet.of_kind("words")}
    forms: dict[str, list[str]] = {}
    found = {}
    for form, headword in headwords_of(sheet.document.passages).items():
        forms.setdefault(headword.word, []).append(form)
        found[headword.word] = headword
    return tuple(
        Term(
            word,
            tuple(forms[word]),
            one.meaning,
            lines.get(one.passage.text[one.span.start : one.span.end], 1),
        )
        for word, one in found.items()
    )


def check_form(sheet: Sheet) -> Iterator[Finding]:
    """Every entry is a term, a colon and its meaning."""
    known = {term.line for term in terms_of(sheet)}
    for one in sheet.of_kind("words"):
        if one.line not in known:
            message = "Write a term that stands once, a colon and its meaning."
            yield Finding(sheet.path, one.line, "term-form", message, one.text)


def check_length(sheet: Sheet) -> Iterator[Finding]:
    """A meaning is short enough to stand in brackets beside its term."""
    for term in terms_of(sheet):
        count = len(words(term.meaning))
        if count > MOST_WORDS:
            message = f"Explain the term in {MOST_WORDS} words or fewer; these are {count}."
            yield Finding(sheet.path, term.line, "term-length", message, term.meaning)


def check_used(sheet: Sheet) -> Iterator[Finding]:
    """A term is worth explaining because the document uses it."""
    texts = [one.text for one in sheet.sentences if one.kind != "words"]
    texts += [lesson.text for lesson in sheet.lessons]
    said = "".join(map(_stemmed, texts))
    for term in terms_of(sheet):
        if not any(_stemmed(form).rstrip("\n") in said for form in term.forms):
            message = "The document does not use this term: use it, or leave it out."
            yield Finding(sheet.path, term.line, "term-unused", message, term.word)


def check_rare(sheet: Sheet) -> Iterator[Finding]:
    """A term is no everyday word, which drafts would explain again and again."""
    everyday = {_stemmed(word) for word in read_words("documents", "everyday")}
    for term in terms_of(sheet):
        if any(_stemmed(form) in everyday for form in term.forms):
            message = "Drafts would explain this everyday word wherever it occurs: leave it out."
            yield Finding(sheet.path, term.line, "term-everyday", message, term.word)


def _stemmed(text: str) -> str:
    """The stems of a text in one line, each between blanks."""
    return f" {' '.join(stem(word) for word in words(text))} \n"


RULES = (check_form, check_length, check_used, check_rare)
