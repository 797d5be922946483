"""The rules on the form: length, parts of a lesson, steps, questions, safe use, plain text."""

from collections.abc import Iterator
from itertools import pairwise

from coach.knowledge.documents import PassageKind
from coach.knowledge.lint.sheets import Finding, Heading, Sheet
from coach.knowledge.wording.phrases import company_risk
from coach.knowledge.words import words

LEAST_WORDS, MOST_WORDS = 500, 1_200
LEAST_STEPS, MOST_STEPS = 3, 9
LEAST_TITLE, MOST_TITLE = 3, 9
QUESTIONS = {"tutorial": (3, 3), "career": (3, 6), "programme": (3, 6)}
PARTS: dict[PassageKind, str] = {
    "idea": "Idea",
    "steps": "Steps",
    "slip": "Slip",
    "check": "Check",
    "example": "Example",
    "other_words": "In other words",
    "ask": "Questions to ask",
}
_PLAIN = {
    "link": "Write no link or address: a quotation cannot carry it.",
    "image": "Show no image: a quotation cannot carry it.",
    "table": "Write sentences where a table stands.",
    "code": "Write words where a block of code stands.",
    "html": "Write no HTML.",
    "nested": "Write no list inside a list.",
}


def check_length(sheet: Sheet) -> Iterator[Finding]:
    """A document is long enough to teach and short enough to stay with one subject."""
    count = len(words(sheet.document.text))
    if not LEAST_WORDS <= count <= MOST_WORDS:
        message = f"A document has {LEAST_WORDS} to {MOST_WORDS:,} words, and this one {count:,}."
        yield Finding(sheet.path, 1, "document-length", message)


def check_lessons(sheet: Sheet) -> Iterator[Finding]:
    """There is a lesson, and its heading reads like the name of one task."""
    if not sheet.lessons:
        yield Finding(sheet.path, 1, "lesson-missing", "Write at least one lesson (## heading).")
    for lesson in sheet.lessons:
        count = len(words(lesson.text))
        if ":" in lesson.text or not LEAST_TITLE <= count <= MOST_TITLE:
            message = f"Name a lesson in {LEAST_TITLE} to {MOST_TITLE} words without a colon."
            yield Finding(sheet.path, lesson.line, "lesson-title", message, lesson.text)


def check_parts(sheet: Sheet) -> Iterator[Finding]:
    """Each lesson has all its parts, once each and in order."""
    needed = [part for part in PARTS if part != "ask" or sheet.document.header.kind != "tutorial"]
    for lesson in sheet.lessons:
        for part in needed:
            if part not in lesson.parts:
                message = f"The lesson lacks the part {PARTS[part]}."
                yield Finding(sheet.path, lesson.line, "lesson-parts", message, lesson.text)
        yield from _order(sheet, lesson)


def _order(sheet: Sheet, lesson: Heading) -> Iterator[Finding]:
    order = list(PARTS)
    places = [order.index(part) for part in lesson.parts if part in PARTS]
    if any(one >= other for one, other in pairwise(places)):
        message = f"The parts come once each in this order: {', '.join(PARTS.values())}."
        yield Finding(sheet.path, lesson.line, "lesson-order", message, lesson.text)


def check_steps(sheet: Sheet) -> Iterator[Finding]:
    """The steps of a lesson are a numbered list of a length one can follow."""
    for lesson, steps in sheet.by_lesson("steps"):
        if "steps" in lesson.parts and not LEAST_STEPS <= len(steps) <= MOST_STEPS:
            message = (
                f"A lesson has {LEAST_STEPS} to {MOST_STEPS} steps, and this one {len(steps)}."
            )
            yield Finding(sheet.path, lesson.line, "steps-count", message, lesson.text)
    bullets = {mark.line for mark in sheet.marks if mark.name == "bullet"}
    for step in sheet.of_kind("steps"):
        if step.line in bullets:
            message = "Number the steps: 1. 2. 3."
            yield Finding(sheet.path, step.line, "steps-numbered", message, step.text)


def check_questions(sheet: Sheet) -> Iterator[Finding]:
    """There are as many questions as this kind of document has, and each is one."""
    questions = sheet.of_kind("ask")
    least, most = QUESTIONS[sheet.document.header.kind]
    if not least <= len(questions) <= most:
        count = f"{least}" if least == most else f"{least} to {most}"
        message = f"Such a document has {count} questions to ask, and this one {len(questions)}."
        yield Finding(sheet.path, 1, "questions-count", message)
    for question in questions:
        if not question.text.endswith("?") or question.text.count("?") > 1:
            message = "Ask one question that ends with a question mark."
            yield Finding(sheet.path, question.line, "question-mark", message, question.text)


def check_safe_use(sheet: Sheet) -> Iterator[Finding]:
    """Where a company could be harmed, the document says how to stay safe."""
    header = sheet.document.header
    risky = [text for text in (header.title, *header.topics) if company_risk(text)]
    if risky and not sheet.of_kind("safe_use"):
        message = "Such topics carry a risk: add a part Safe use."
        yield Finding(sheet.path, 1, "safe-use", message, ", ".join(risky))


def check_plain(sheet: Sheet) -> Iterator[Finding]:
    """The text is plain: no link, image, table, code, HTML or list inside a list."""
    for mark in sheet.marks:
        if mark.name in _PLAIN:
            yield Finding(sheet.path, mark.line, f"plain-{mark.name}", _PLAIN[mark.name])


RULES = (
    check_length,
    check_lessons,
    check_parts,
    check_steps,
    check_questions,
    check_safe_use,
    check_plain,
)
