"""The clauses about how follow-up questions are put: FQ01-FQ05, FQ10-FQ14, FQ16."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from coach.coaching.contract.exhibit import (
    Exhibit,
    decide,
    excuse,
    foreign_quotes,
    own_quotes,
    short,
    unlabelled,
    without_own,
)
from coach.coaching.contract.families import PERFORMANCE, THIRD_PERSONS, mentions
from coach.coaching.contract.headwords import has_bracket, is_known, known_terms, terms_in
from coach.coaching.contract.language import boundary_faults
from coach.coaching.contract.texts import Spoken
from coach.coaching.drafts import FollowUpQuestion, FollowUps, Verdict
from coach.coaching.questions import is_double_barrelled, is_leading, is_open, question_marks
from coach.knowledge.words import overlap, words

SHORT_SESSION = 15
LONGEST_QUESTION = 30
LONGEST_QUOTE = 12
OPEN_SHARE = 0.6
SHARED_WITH_OLD = 0.5
SHARED_INSIDE = 0.33
OPENING_WORDS = 3
RECENT = 3
EASY_LEVELS = ("working", "confident")
NOT_COMPARED = ("check_in", "review", "warm_up")


def fq01_few_short_questions(exhibit: Exhibit[FollowUps]) -> Verdict:
    """Three to seven short questions, two to four after a short session."""
    questions = exhibit.draft.questions
    least, most = (2, 4) if exhibit.brief.minutes <= SHORT_SESSION else (3, 7)
    faults = []
    if not least <= len(questions) <= most:
        faults.append(f"{len(questions)} questions, {least} to {most} are wanted")
    faults += [f"“{short(one.text)}” has {len(words(one.text))} words, {LONGEST_QUESTION} at most"
               for one in questions if len(words(one.text)) > LONGEST_QUESTION]  # fmt: skip
    faults += [f"two questions have the id {one}" for one, times
               in Counter(one.id for one in questions).items() if times > 1]  # fmt: skip
    return decide("FQ01", faults, f"{len(questions)} short questions")


def fq02_most_are_open(exhibit: Exhibit[FollowUps]) -> Verdict:
    """At least 60 % of the questions are open."""
    questions, language = exhibit.draft.questions, exhibit.draft.language
    opened = sum(is_open(one.text, language) for one in questions)
    few = not questions or opened < OPEN_SHARE * len(questions)
    found = f"{opened} of {len(questions)} questions are open"
    return decide("FQ02", [f"{found}, 60 % are wanted"] if few else [], found)


def fq03_each_asks_one_thing(exhibit: Exhibit[FollowUps]) -> Verdict:
    """Each question asks one thing and has one question mark."""
    faults, language = [], exhibit.draft.language
    for one in exhibit.draft.questions:
        marks = question_marks(one.text)
        if marks != 1 or not one.text.rstrip().endswith("?"):
            faults.append(f"“{short(one.text)}” has {marks} question marks, or does not end in one")
        elif is_double_barrelled(without_own(one.text, exhibit.own), language):
            faults.append(f"“{short(one.text)}” asks two things")
    return decide("FQ03", faults, "each question asks one thing")


def fq04_none_is_leading(exhibit: Exhibit[FollowUps]) -> Verdict:
    """No question leads, advises in disguise or blames."""
    language = exhibit.draft.language
    faults = [f"“{short(one.text)}” leads or blames" for one in exhibit.draft.questions
              if is_leading(one.text, language)]  # fmt: skip
    return decide("FQ04", faults, "no question leads")


def fq05_why_at_most_once(exhibit: Exhibit[FollowUps]) -> Verdict:
    """At most one question asks why."""
    asked = [one for one in exhibit.draft.questions
             if "why" in words(without_own(one.text, exhibit.own))]  # fmt: skip
    faults = [f"{len(asked)} questions ask why, one at most"] if len(asked) > 1 else []
    return decide("FQ05", faults, "“why” is asked at most once")


def fq10_none_was_asked_before(exhibit: Exhibit[FollowUps]) -> Verdict:
    """Questions differ from those of the last three sessions, and from each other."""
    faults = [*_asked_before(exhibit), *_alike(exhibit)]
    return decide("FQ10", faults, "every question is new, and no two are alike")


def _asked_before(exhibit: Exhibit[FollowUps]) -> Iterator[str]:
    meetings = exhibit.brief.meetings[-RECENT:]
    asked = [text for meeting in meetings for text in meeting.questions_asked]
    planned = [without_own(text, exhibit.own) for meeting in meetings
               for text in agenda_questions(meeting.agenda)]  # fmt: skip
    for one in exhibit.draft.questions:
        bare = without_own(one.text, exhibit.own)
        for old in asked:
            if overlap(one.text, old) >= SHARED_WITH_OLD:
                yield f"“{short(one.text)}” is close to “{short(old)}”, asked before"
        if any(overlap(bare, old) >= SHARED_WITH_OLD for old in planned):
            yield f"“{short(one.text)}” is close to a question of an earlier agenda"


def agenda_questions(agenda: dict[str, Any] | None) -> Iterator[str]:
    """The questions of a settled agenda that new ones are compared with."""
    for block in _dicts((agenda or {}).get("blocks")):
        if block.get("kind") not in NOT_COMPARED:
            for step in _dicts(block.get("steps")):
                if step.get("kind") == "ask" and "?" in str(step.get("text")):
                    yield str(step["text"])


def _dicts(values: object) -> list[dict[str, Any]]:
    return [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []


def _alike(exhibit: Exhibit[FollowUps]) -> Iterator[str]:
    for one, other in combinations(exhibit.draft.questions, 2):
        if overlap(one.text, other.text) > SHARED_INSIDE:
            yield f"“{short(one.text)}” and “{short(other.text)}” ask nearly the same"
        if words(one.text)[:OPENING_WORDS] == words(other.text)[:OPENING_WORDS]:
            yield f"“{short(one.text)}” and “{short(other.text)}” open alike"


def fq11_looks_ahead(exhibit: Exhibit[FollowUps]) -> Verdict:
    """Whether the questions look ahead, which only a rater can say."""
    return excuse("FQ11", "needs a rater")


def fq12_keeps_to_the_boundaries(exhibit: Exhibit[FollowUps]) -> Verdict:
    """Off-limits and sensitive matters, third persons and judgements of performance stay away."""
    faults: list[str] = []
    for number, one in enumerate(exhibit.draft.questions, start=1):
        for text in (one.text, one.why, one.model_answer or "", one.anchor.quote or ""):
            faults += boundary_faults(
                Spoken(f"question {number}", text), exhibit.brief, exhibit.material
            )
        bare = without_own(one.text, exhibit.own)
        if phrase := mentions(one.text, PERFORMANCE):
            faults.append(f"question {number} judges performance (“{phrase}”)")
        if not THIRD_PERSONS.isdisjoint(words(bare)):
            faults.append(f"question {number} speaks of somebody who is not in the room")
    return decide("FQ12", faults, "every question keeps to the boundaries")


def fq13_is_safe_to_ask_upward(exhibit: Exhibit[FollowUps]) -> Verdict:
    """Whether a junior could say it aloud without risk, which only a rater can say."""
    return excuse("FQ13", "needs a rater")


def fq14_terms_are_known(exhibit: Exhibit[FollowUps]) -> Verdict:
    """No question uses a term that the mentee has not met and that it does not explain."""
    brief, headwords = exhibit.brief, exhibit.material.headwords
    if brief.level in EASY_LEVELS:
        return decide("FQ14", [], f"the mentee's level is {brief.level}")
    taught = " ".join(concept.concept for one in brief.meetings for concept in one.concepts)
    known = known_terms((*brief.mentee.known_words, *terms_in(taught, headwords)))
    faults = []
    for one in exhibit.draft.questions:
        for term in dict.fromkeys(terms_in(without_own(one.text, exhibit.own), headwords)):
            if not is_known(term, known) and not has_bracket(one.text, term):
                faults.append(
                    f"“{short(one.text)}” uses “{headwords[term].word}”, not yet explained"
                )
    return decide("FQ14", faults, "no question uses an unexplained term")


def fq16_own_words_are_whole(exhibit: Exhibit[FollowUps]) -> Verdict:
    """The pair's own words are quoted whole, and sentence frames rotate."""
    questions = exhibit.draft.questions
    faults = [fault for one in questions for fault in _quote_faults(exhibit, one)]
    used = Counter(one.frame_id for one in questions if one.frame_id)
    faults += [f"the frame {frame} is used {times} times" for frame, times in used.items()
               if times > 1]  # fmt: skip
    recent = _recent_frames(exhibit)
    faults += [f"the frame {frame} was used in the last two sessions" for frame in used
               if frame in recent]  # fmt: skip
    if not faults and not recent:
        return excuse("FQ16", "own words are whole; the history has no frames to rotate against")
    return decide("FQ16", faults, "own words are whole and frames rotate")


def _quote_faults(exhibit: Exhibit[FollowUps], one: FollowUpQuestion) -> Iterator[str]:
    for stretch in foreign_quotes(one.text, exhibit.own):
        if _is_library_name(exhibit, stretch):
            continue
        yield f"“{short(stretch)}” is no whole text of the pair"
    for text in own_quotes(one.text, exhibit.own):
        if len(words(unlabelled(text))) > LONGEST_QUOTE:
            yield f"“{short(text)}” has over {LONGEST_QUOTE} words and belongs beside the question"
    anchored = one.anchor.quote
    if anchored and anchored not in exhibit.own and not _is_offered(exhibit, anchored):
        yield f"the anchor “{short(anchored)}” is no whole text of the pair"


def _is_library_name(exhibit: Exhibit[FollowUps], stretch: str) -> bool:
    """Whether a stretch names a lesson, a document or a term of the library."""
    names = {word.word for word in exhibit.material.headwords.values()}
    for passage in exhibit.material.offered.values():
        names.update((passage.lesson, passage.document_title))
    return stretch in names


def _is_offered(exhibit: Exhibit[FollowUps], quote: str) -> bool:
    return any(quote in passage.text for passage in exhibit.material.offered.values())


def _recent_frames(exhibit: Exhibit[FollowUps]) -> frozenset[str]:
    agendas = [meeting.agenda for meeting in exhibit.brief.meetings[-2:] if meeting.agenda]
    blocks = [block for agenda in agendas for block in _dicts(agenda.get("blocks"))]
    frames = [block.get("frame_ids") for block in blocks]
    return frozenset(str(one) for ids in frames if isinstance(ids, list) for one in ids)
