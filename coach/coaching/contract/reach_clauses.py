"""The clauses about what follow-up questions reach for: FQ06-FQ09, FQ15."""

from coach.coaching.brief import Brief
from coach.coaching.contract.evidence import citation_faults, evidence_of, unsupported
from coach.coaching.contract.exhibit import Exhibit, decide, excuse, short
from coach.coaching.contract.families import NO_ANCHOR
from coach.coaching.drafts import FollowUpQuestion, FollowUps, Verdict
from coach.knowledge.words import content_stems, words

REACHING = frozenset(
    ("apply", "analyse", "transfer", "experience", "career", "obstacle", "commitment")
)
ANCHORED_SHARE = 0.6
PURPOSES = 3
LONGEST_ANSWER = 60


def fq06_both_ask(exhibit: Exhibit[FollowUps]) -> Verdict:
    """Both people ask, and one question draws on the mentee's experience for the mentor."""
    questions = exhibit.draft.questions
    faults = [f"the {person} asks nothing" for person in ("mentor", "mentee")
              if not any(one.asked_by == person for one in questions)]  # fmt: skip
    if not any(_draws_on_experience(exhibit, one) for one in questions):
        faults.append("no question draws on the mentee's experience for the mentor's career goal")
    return decide("FQ06", faults, "both ask, and the mentee's experience is drawn on")


def _draws_on_experience(exhibit: Exhibit[FollowUps], one: FollowUpQuestion) -> bool:
    if one.asked_by != "mentor" or one.purpose not in ("experience", "career"):
        return False
    goal = exhibit.brief.career_goal
    if goal is None or one.anchor.ref == goal.id:
        return True
    return bool(_stems(one.text) & _stems(" ".join((goal.text, *goal.terms))))


def fq07_purposes_vary(exhibit: Exhibit[FollowUps]) -> Verdict:
    """At least three purposes, and half of the questions reach beyond remembering."""
    purposes = [one.purpose for one in exhibit.draft.questions]
    reaching = sum(purpose in REACHING for purpose in purposes)
    faults = []
    if len(set(purposes)) < min(PURPOSES, len(purposes)) or not purposes:
        faults.append(f"{len(set(purposes))} different purposes, {PURPOSES} are wanted")
    if reaching * 2 < len(purposes):
        faults.append(f"{reaching} of {len(purposes)} questions reach beyond remembering")
    return decide("FQ07", faults, f"{len(set(purposes))} different purposes")


def _stems(text: str) -> frozenset[str]:
    return frozenset(content_stems(text)) - NO_ANCHOR


def pair_stems(brief: Brief) -> frozenset[str]:
    """The stems of what this pair wrote: goals, notes, promises, wish, concepts."""
    texts = [text for goal in brief.goals for text in (goal.text, *goal.terms)]
    texts += [promise.text for promise in brief.promises] + [brief.wish or "", *brief.focus]
    for meeting in brief.meetings:
        texts += [sentence.text for sentence in meeting.said]
        texts += [commitment.text for commitment in meeting.commitments]
        texts += [concept.concept for concept in meeting.concepts]
    return _stems("\n".join(texts))


def is_anchored(text: str, known: frozenset[str]) -> bool:
    """Whether a text shares a telling stem with what the pair wrote."""
    return bool(_stems(text) & known)


def fq08_questions_are_this_pairs(exhibit: Exhibit[FollowUps]) -> Verdict:
    """At least 60 % of the questions share a word with this pair's notes, goals or promises."""
    known = pair_stems(exhibit.brief)
    if not known:
        return excuse("FQ08", "the pair has written nothing to hang a question on")
    questions = exhibit.draft.questions
    anchored = sum(is_anchored(one.text, known) for one in questions)
    found = f"{anchored} of {len(questions)} questions speak of this pair's own matters"
    few = not questions or anchored < ANCHORED_SHARE * len(questions)
    return decide("FQ08", [f"{found}, 60 % are wanted"] if few else [], found)


def fq09_recall_has_an_answer(exhibit: Exhibit[FollowUps]) -> Verdict:
    """Questions that recall or apply carry a short answer which the library or a note bears out."""
    asked = [one for one in exhibit.draft.questions if one.purpose in ("recall", "apply")]
    faults = [fault for one in exhibit.draft.questions for citation in one.citations
              for fault in citation_faults(citation, exhibit.brief, exhibit.material)]  # fmt: skip
    if not asked and not faults:
        return excuse("FQ09", "no question recalls or applies something")
    for one in asked:
        faults += _answer_faults(exhibit, one)
    return decide("FQ09", faults, f"{len(asked)} questions carry a cited answer")


def _answer_faults(exhibit: Exhibit[FollowUps], one: FollowUpQuestion) -> list[str]:
    name = f"“{short(one.text)}”"
    if not one.model_answer or not one.citations:
        return [f"{name} has no answer with a citation"]
    if len(words(one.model_answer)) > LONGEST_ANSWER:
        return [f"the answer to {name} is longer than {LONGEST_ANSWER} words"]
    evidence = evidence_of(one.citations, exhibit.brief, exhibit.material)
    return [f"the answer to {name} says “{short(text)}”, which its citation does not carry"
            for text in unsupported(one.model_answer, evidence)]  # fmt: skip


def fq15_one_is_asked_again(exhibit: Exhibit[FollowUps]) -> Verdict:
    """At least one question has a day on which it is asked again."""
    days = [one.ask_again_on for one in exhibit.draft.questions if one.ask_again_on is not None]
    held = exhibit.brief.meetings[-1].date if exhibit.brief.meetings else None
    faults = [] if days else ["no question has a day on which it is asked again"]
    faults += [f"{day} is not after the session of {held}" for day in days
               if held is not None and day <= held]  # fmt: skip
    return decide("FQ15", faults, f"{len(days)} questions are asked again")
