"""The rules on a header: complete, and with a review date that fits how fast its facts change."""

from collections.abc import Iterator
from datetime import date

from coach.knowledge.documents import LEVELS
from coach.knowledge.header import FIELDS
from coach.knowledge.lint.sheets import Finding, Sheet
from coach.knowledge.wording.phrases import families_in

LEAST_TOPICS = 3
_EXPECTED = tuple(field for field in FIELDS if field not in {"id", "asked_as"})
# How many months a review may lie ahead, by how fast the facts change.
_AI, _TOOLS, _PEOPLE = 6, 12, 24


def check_fields(sheet: Sheet, _today: date) -> Iterator[Finding]:
    """Every field of the header is stated."""
    for field in _EXPECTED:
        if field not in sheet.fields:
            hint = f" ({', '.join(LEVELS)})" if field == "level" else ""
            yield Finding(sheet.path, 1, "header-field", f"The header lacks {field}{hint}.")


def check_topics(sheet: Sheet, _today: date) -> Iterator[Finding]:
    """A document is found under three words or more."""
    topics = sheet.document.header.topics
    if "topics" in sheet.fields and len(topics) < LEAST_TOPICS:
        line, message = sheet.fields["topics"], f"Name at least {LEAST_TOPICS} topics."
        yield Finding(sheet.path, line, "header-topics", message, ", ".join(topics))


def check_review(sheet: Sheet, today: date) -> Iterator[Finding]:
    """The review date lies ahead, and no further than such facts can be trusted."""
    due = sheet.document.header.review_by
    if due is None:
        return
    line = sheet.fields["review_by"]
    months = trusted_months(sheet)
    if due < today:
        message = "The review date is over: check the facts and set a new one."
        yield Finding(sheet.path, line, "review-past", message, due.isoformat())
    elif due > _later(today, months):
        message = f"Such facts are reviewed within {months} months: set an earlier day."
        yield Finding(sheet.path, line, "review-window", message, due.isoformat())


def trusted_months(sheet: Sheet) -> int:
    """For how many months the facts of this document can be trusted."""
    header = sheet.document.header
    if header.kind != "tutorial":
        return _PEOPLE
    about = " . ".join((header.title, *header.topics))
    return _AI if "ai_tools" in families_in("risk", about) else _TOOLS


def _later(day: date, months: int) -> date:
    """The day so many months on; the last of the month where the month is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(day.year + years, month + 1, last)
        except ValueError:
            continue
    return date(day.year + years, month + 1, day.day)


RULES = (check_fields, check_topics, check_review)
