"""Small drafts to be rendered, and hostile words to fill them with."""

from dataclasses import replace
from datetime import date

from coach.coaching.drafts import (
    Agenda,
    AgendaBlock,
    AgendaStep,
    Anchor,
    Cited,
    FollowUpQuestion,
    FollowUps,
    Gap,
    KeyIdea,
    LibraryCitation,
    NoteCitation,
    Prep,
    PrepTask,
    Promise,
    Provenance,
    RecallQuestion,
    Recap,
    RecapCommitment,
    RecapStep,
    Source,
    TryIt,
    Verdict,
    WordToKnow,
)

HOSTILE = (
    "<script>alert(1)</script> [x](javascript:alert(1)) ![y](http://evil.example/z) *b* `c` "
    "\x1b[31mred\x1b]0;title\x07 http://evil.example www.evil.example a@b.example &lt; \u202eflip"
)
PROVENANCE = Provenance("extractive", "abc", "composer@1:x", None, "2026-11-23T09:00:00+00:00")
QUOTE = LibraryCitation("cranes", "Paper cranes", "cranes#1", 0, 18, "Fold it once more.")
OTHER = LibraryCitation("boats", "Paper boats", "boats#1", 0, 12, "Turn it over")
NOTE = NoteCitation("n1", 2, 0, 14, "We folded one.")
VERDICTS = (Verdict("AG01", True, "filled"), Verdict("AG14", None, "needs a rater"))


def an_agenda(words: str = "Ask how it is done today.") -> Agenda:
    """An agenda of two blocks, with these words wherever words may stand."""
    steps = (
        AgendaStep("ask", words, "template"),
        AgendaStep("do", "Fold it once more.", "quotation", (QUOTE,)),
        AgendaStep("explain", "Turn it over.", "template", (OTHER, QUOTE)),
    )
    swap = AgendaStep("ask", "Which step comes next?", "template")
    return Agenda(
        pair_id="P01",
        session_number=2,
        date=date(2026, 12, 1),
        minutes=20,
        language="en",
        purpose=words,
        blocks=(
            AgendaBlock("b1", "hands_on", words, 12, 0, "mentor", "mentee", words, steps),
            AgendaBlock("b2", "swap", "Swap", 8, 12, "mentee", "both", "Named.", (swap,)),
        ),
        promises=(Promise("mentor", words, "by 2 December"), Promise("mentee", "B", "by May")),
        gaps=(Gap("not_in_library", words),),
        adaptations=(words,),
        prep=Prep(mentor=(PrepTask(words, 5),)),
        sources=(
            Source("cranes", "Paper cranes", "needs_check", date(2026, 1, 31)),
            Source("boats", "Paper boats", "published", None),
        ),
        contract=VERDICTS,
        provenance=PROVENANCE,
    )


def some_follow_ups(words: str = "What came of it?") -> FollowUps:
    """Two questions, one with an answer."""
    first = FollowUpQuestion(
        "q1", words, "mentor", "recall", Anchor("note", "n1", words), words,
        model_answer="Fold it once more.", citations=(QUOTE,), ask_again_on=date(2026, 12, 9),
    )  # fmt: skip
    second = replace(first, id="q2", asked_by="mentee", model_answer=None, citations=())
    return FollowUps("P01", 2, "en", (first, second), VERDICTS, PROVENANCE)


def a_recap(words: str = "Folded twice.") -> Recap:
    """A recap with something in each of its parts."""
    return Recap(
        pair_id="P01",
        session_number=2,
        language="en",
        question=words,
        answer=Cited("We folded one.", (NOTE,)),
        refused=False,
        what_we_did=(Cited(words),),
        key_ideas=(
            KeyIdea(
                words, "Fold it once more.", (QUOTE,), Cited(words, (OTHER,)), comparison=words
            ),
        ),
        steps=(
            RecapStep(1, "Fold it once more.", (QUOTE,)),
            RecapStep(3, words, (), skipped_before=True),
        ),
        words_to_know=(WordToKnow(words, "a folded bird", (QUOTE,)),),
        try_it=TryIt(words, 10, "by Friday"),
        recall_questions=(RecallQuestion(words, words, date(2026, 12, 5)),),
        teach_back=words,
        mentee_gave=Cited(words, (NOTE,)),
        commitments=(RecapCommitment("c1", "mentee", words, date(2026, 12, 9)),),
        not_covered=(Gap("off_topic", words),),
        sources=(),
        contract=VERDICTS,
        provenance=PROVENANCE,
        mentor_growth=words,
    )
