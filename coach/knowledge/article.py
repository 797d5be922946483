"""Begins an article: a draft with its header and the headings of knowledge/README.md, unwritten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import yaml

from coach.errors import CoachError
from coach.knowledge.documents import DocumentKind, Level
from coach.knowledge.header import MAX_VALUE, id_from

# Stands where the first sentence belongs, so that nobody publishes a draft without one.
UNWRITTEN = "This article is still to be written."
LONGEST_TITLE = 120
MOST_ASKED = 10
REVIEWED_AFTER = {"tutorial": 365, "career": 730, "programme": 730}
_LESSON = (
    ("Idea", "Three to five sentences on one idea."),
    ("Steps", "A numbered list of 3 to 9 steps; each is one sentence that begins with its verb."),
    ("Slip", "What often goes wrong, and in a second sentence how it is undone."),
    ("Check", "How a person sees that it worked."),
    ("Example", "A concrete situation with a role, not a name."),
    ("In other words", "The same idea through a comparison from ordinary work."),
)
_TALK = ("Questions to ask", "Open questions that the mentor can put to the mentee.")
_END = (
    ("Words to know", "Two to six technical terms: - **term**: meaning in 20 words at most."),
    ("Safe use", "One or two sentences, where data, accounts, money or people could be harmed."),
)


class ArticleUnwritten(CoachError):
    """The draft still says that it is to be written."""

    status = 409
    title = (
        f"This draft still says “{UNWRITTEN}”: put the text in its place before it is handed in "
        "or published."
    )


@dataclass(frozen=True, slots=True)
class Outline:
    """What the header of a new article says."""

    title: str
    kind: DocumentKind
    level: Level
    topics: tuple[str, ...]
    asked_as: tuple[str, ...]
    owner: str | None


def build_article(outline: Outline, document_id: str, today: date) -> str:
    """The Markdown of a draft that waits for its sentences."""
    after = timedelta(days=REVIEWED_AFTER[outline.kind])
    head = {
        "id": document_id,
        "title": outline.title,
        "kind": outline.kind,
        "topics": list(outline.topics),
        "asked_as": list(dict.fromkeys(one[:MAX_VALUE] for one in outline.asked_as))[:MOST_ASKED],
        "level": outline.level,
        "licence": "not stated",
        "review_by": today + after,
        "language": "en",
        **({"owner": outline.owner} if outline.owner else {}),
    }
    lines = yaml.safe_dump(head, sort_keys=False, allow_unicode=True, width=100)
    is_talk = outline.kind != "tutorial"
    lesson = (*_LESSON, _TALK) if is_talk else _LESSON
    parts = [f"## {outline.title}", *_headed("###", lesson)]
    parts += _headed("##", _END if is_talk else (*_END, _TALK))
    parts.insert(2, UNWRITTEN)
    return f"---\n{lines}---\n\n" + "\n\n".join(parts) + "\n"


def title_from(topic: str | None, questions: Sequence[str]) -> str:
    """A title for an article that answers this: the first question, else the topic."""
    said = questions[0] if questions else topic or "A new article"
    words = " ".join(said.split()).rstrip("?!. ")
    if len(words) > LONGEST_TITLE:
        words = words[:LONGEST_TITLE].rsplit(" ", 1)[0]
    return words[:1].upper() + words[1:]


def free_id(title: str, taken: Sequence[str]) -> str:
    """An id made of the title that no document has."""
    wanted = id_from(f"{title.replace('.', ' ').replace('/', ' ')}.md")[:80].strip("-")
    known, number, found = set(taken), 2, wanted
    while found in known:
        found, number = f"{wanted}-{number}", number + 1
    return found


def check_written(text: str) -> None:
    """Raise ArticleUnwritten for the text of a draft that nobody wrote."""
    if UNWRITTEN in text:
        raise ArticleUnwritten


def _headed(mark: str, parts: Sequence[tuple[str, str]]) -> list[str]:
    return [f"{mark} {name}\n\n<!-- {told} -->" for name, told in parts]
