"""What a clause looks at, and how it says what it found. Judges values and text, never `origin`."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from coach.coaching.brief import Brief, Material
from coach.coaching.drafts import Agenda, FollowUps, Recap, Verdict
from coach.knowledge.words import normalise

DraftT = TypeVar("DraftT", Agenda, FollowUps, Recap)
_LABEL = re.compile(r"^(?:mentor|mentee)\s*:\s*", re.IGNORECASE)
_QUOTED = re.compile("“([^“”]*)”")
_SHOWN_FAULTS = 3


@dataclass(frozen=True, slots=True)
class Exhibit(Generic[DraftT]):
    """A draft beside what its author knew; `own` are the pair's own texts, longest first."""

    draft: DraftT
    brief: Brief
    material: Material
    own: tuple[str, ...]


Clause = Callable[[Exhibit[DraftT]], Verdict]


def build_exhibit(draft: DraftT, brief: Brief, material: Material) -> Exhibit[DraftT]:
    """The draft laid beside its brief and its material."""
    return Exhibit(draft, brief, material, own_texts(brief))


def decide(clause: str, faults: Iterable[str], good: str) -> Verdict:
    """The verdict on what was found: it holds when there is no fault."""
    found = list(dict.fromkeys(faults))
    if not found:
        return Verdict(clause, True, good)
    more = len(found) - _SHOWN_FAULTS
    tail = f" (and {more} more)" if more > 0 else ""
    return Verdict(clause, False, "; ".join(found[:_SHOWN_FAULTS]) + tail)


def excuse(clause: str, reason: str) -> Verdict:
    """The verdict of a clause that cannot apply, with the reason."""
    return Verdict(clause, None, reason)


def unlabelled(text: str) -> str:
    """A goal's text without the role it is labelled with ("Mentor: …")."""
    return _LABEL.sub("", text.strip())


def quoted(text: str) -> str:
    """The text in the marks that stand around the pair's own words."""
    return f"“{text}”"


def short(text: str) -> str:
    """The beginning of a text, to name it in a verdict."""
    return text if len(text) <= 60 else text[:57].rstrip() + "…"


def own_texts(brief: Brief) -> tuple[str, ...]:
    """Every text the pair wrote itself that this reader may see, longest first."""
    goals = [goal.text for goal in brief.goals]
    goals += [unlabelled(text) for text in goals]
    goals += [text.rstrip(".") for text in goals]
    promises = [promise.text for promise in brief.promises]
    texts = [*goals, *promises, *_history_texts(brief), *_profile_texts(brief)]
    return tuple(sorted({text for text in texts if text}, key=lambda text: (-len(text), text)))


def _history_texts(brief: Brief) -> list[str]:
    texts = [text for due in brief.due for text in (due.concept, due.cue or "")]
    for meeting in brief.meetings:
        texts += [sentence.text for sentence in meeting.said]
        texts += [commitment.text for commitment in meeting.commitments]
        texts += [concept.concept for concept in meeting.concepts]
        texts += [*meeting.topics, *meeting.questions_asked]
    return texts


def _profile_texts(brief: Brief) -> list[str]:
    mentor, mentee = brief.mentor, brief.mentee
    texts = [mentor.role, mentor.background, *mentor.interests, *mentor.tech_strengths]
    texts += [*mentor.growth_goals, mentee.role, *mentee.expertise, mentee.learning_style]
    texts += [*mentee.known_words, *(topic for topic, _ in mentee.tech_levels)]
    texts += [*brief.focus, *(term for goal in brief.goals for term in goal.terms)]
    texts += [brief.title, brief.wish or "", brief.constraints.setting, *brief.dropped_before]
    return [*texts, *brief.constraints.access_needs, *brief.constraints.confidentiality]


def without_own(text: str, own: tuple[str, ...]) -> str:
    """The text without the pair's own words quoted whole in it."""
    return _without(text, own) if "“" in text else text


@lru_cache(maxsize=4_096)
def _without(text: str, own: tuple[str, ...]) -> str:
    for words in own:
        text = text.replace(quoted(words), " ")
    return text


def foreign_quotes(text: str, own: tuple[str, ...]) -> tuple[str, ...]:
    """The stretches in quotation marks that are no whole text of the pair."""
    return tuple(_QUOTED.findall(without_own(text, own)))


def own_quotes(text: str, own: tuple[str, ...]) -> tuple[str, ...]:
    """The pair's own words that stand whole and quoted in the text."""
    if "“" not in text:
        return ()
    return tuple(words for words in own if quoted(words) in text)


@lru_cache(maxsize=4_096)
def plain(text: str) -> str:
    """The text normalised, once per text."""
    return normalise(text)


def says(text: str, words: str) -> bool:
    """Whether a text holds these words, whatever their case and quotes."""
    return bool(words) and plain(words) in plain(text)
