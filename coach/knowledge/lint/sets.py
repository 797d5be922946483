"""The rules between documents: no sentence, lesson or term is given twice in different places."""

from collections.abc import Iterator, Sequence

from coach.knowledge.lint.sheets import Finding, Sheet
from coach.knowledge.lint.terms import terms_of
from coach.knowledge.words import normalise


def check_sentences(sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """No sentence stands twice."""
    seen: dict[str, str] = {}
    for sheet in sheets:
        for one in sheet.sentences:
            place = f"{sheet.path}:{one.line}"
            first = seen.setdefault(normalise(one.text), place)
            # A term may be explained in several documents, always in the same words.
            if first != place and one.kind != "words":
                message = f"The same sentence stands in {first}: say it in one place only."
                yield Finding(sheet.path, one.line, "sentence-twice", message, one.text)


def check_lessons(sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """No two lessons have the same title."""
    seen: dict[str, str] = {}
    for sheet in sheets:
        for lesson in sheet.lessons:
            place = f"{sheet.path}:{lesson.line}"
            first = seen.setdefault(normalise(lesson.text), place)
            if first != place:
                message = f"A lesson in {first} has the same title: give each its own."
                yield Finding(sheet.path, lesson.line, "lesson-twice", message, lesson.text)


def check_terms(sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """A term has one meaning, wherever it is explained."""
    seen: dict[str, tuple[str, str]] = {}
    for sheet in sheets:
        for term in terms_of(sheet):
            for form in term.forms:
                meaning, first = seen.setdefault(form, (term.meaning, str(sheet.path)))
                if normalise(meaning) != normalise(term.meaning):
                    message = f"{first} explains this term as “{meaning}”: use the same words."
                    yield Finding(sheet.path, term.line, "term-conflict", message, term.word)


RULES = (check_sentences, check_lessons, check_terms)
