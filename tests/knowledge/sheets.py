"""Writes documents that keep every rule, so that each test can break one."""

from collections.abc import Iterable
from pathlib import Path

from coach.knowledge.lint.sheets import Finding, Sheet, read_sheet
from coach.knowledge.markdown import read_document

HEAD: dict[str, str | None] = {
    "title": "Sort a long list",
    "kind": "tutorial",
    "topics": "[sorting, lists, order]",
    "level": "basic",
    "licence": "CC-BY-4.0",
    "review_by": "2027-06-01",
    "language": "en",
    "owner": "library team",
}
PARTS: dict[str, str | None] = {
    "Idea": "A sorted list puts equal things side by side.",
    "Steps": "1. Open the list.\n2. Click one name.\n3. Choose Sort.",
    "Slip": "A common slip is to sort one column only. Undo the sort at once.",
    "Check": "Read the first and the last name.",
    "Example": "A payroll clerk sorts a list of names by town.",
    "In other words": "A sorted list works like a shelf with labels.",
}
WORDS = "## Words to know\n\n- **sorted list**: a list in which each entry has its place"
QUESTIONS = (
    "## Questions to ask\n\n- Which list do you sort today?\n- Who reads the list?\n"
    "- What goes wrong with the list?"
)


def lesson(title: str = "Sort a list by name", /, **changes: str | None) -> str:
    """A lesson with some parts changed, or left out where None is given."""
    named = {**PARTS, **{name.replace("_", " "): text for name, text in changes.items()}}
    parts = (f"### {name}\n\n{text}" for name, text in named.items() if text is not None)
    return "\n\n".join((f"## {title}", *parts))


def body(*lessons: str, words: str = WORDS, questions: str = QUESTIONS, more: str = "") -> str:
    """The body of a document."""
    return "\n\n".join((*(lessons or (lesson(),)), words, questions, more))


def source(text: str | None = None, /, **head: str | None) -> str:
    """The whole document; a field of the header is left out where None is given."""
    fields = {**HEAD, **head}
    lines = "".join(f"{name}: {value}\n" for name, value in fields.items() if value is not None)
    return f"---\n{lines}---\n\n{body() if text is None else text}\n"


def sheet(text: str | None = None, name: str = "a.md", /, **head: str | None) -> Sheet:
    """The document as the lint reads it."""
    return read_sheet(Path(name), read_document(source(text, **head), name))


def rules(findings: Iterable[Finding]) -> list[str]:
    """Which rules were broken."""
    return [one.rule for one in findings]
