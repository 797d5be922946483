"""Families of words the clauses look for. Data only: a word is added here, never in a clause."""

import re
from functools import lru_cache

from coach.knowledge.wording.phrases import read_list
from coach.knowledge.wording.tongues import code_of
from coach.knowledge.words import normalise

# What a working agreement must name (AG09): one family per topic, any member will do.
AGREEMENT: dict[str, tuple[str, ...]] = {
    "confidentiality": (
        "confidential",
        "confidentiality",
        "stays between",
        "keep private",
        "kept private",
        "between the two of you",
        "between us",
    ),
    "off-limits topics": ("off-limits", "off limits", "never raise", "not raise", "leave out"),
    "cadence and length": (
        "how often",
        "how long",
        "cadence",
        "every two weeks",
        "every week",
        "every three weeks",
        "weekly",
        "days apart",
    ),
    "who prepares": ("prepares", "prepare", "preparation"),
    "how to stop": ("stop", "end the session", "end a session", "pause"),
}
AGREEMENT_WHEN_SHORT = ("confidentiality", "off-limits topics", "how to stop")

# A history that a first session cannot have (AG09).
INVENTED_HISTORY = (
    "last time",
    "previous session",
    "previous sessions",
    "earlier session",
    "last session",
    "as we saw",
    "as you saw",
    "as before",
    "you said",
    "you told",
    "you mentioned",
    "we agreed",
    "you agreed",
    "you promised",
    "since we last",
    "since you last",
    "when we last",
    "once again",
    "remember when",
)

# Asking how something is done now, before a new way is shown (AG15).
DONE_TODAY = ("today", "at the moment", "now", "currently", "so far", "these days", "until now")

# Words that open a promise nobody can see kept (AG18).
NO_ACTION = (
    "understand",
    "know",
    "learn about",
    "think about",
    "be aware",
    "be more",
    "be better",
    "consider",
    "hope",
    "remember",
    "reflect on",
)

# Short forms everybody reads without help, and names of keys and functions (AG16).
EVERYDAY_SHORT_FORMS = frozenset(
    """OK PDF IT ID PC TV UK US USA EU UN AM PM CV HR FAQ USB SIM PIN GPS DVD CD QR Q1 Q2 Q3 Q4 CEO
    CFO CTO COO HTML AI SMS BBC NHS VAT A4 A3 SUM SUMIF AVERAGE COUNT MIN MAX IF AND OR NOT TRUE
    FALSE TRIM LEFT RIGHT MID LEN ROUND DATE DAY WEEK MONTH YEAR TODAY NOW VALUE TEXT INDEX MATCH
    IFNA SORT QUERY
    CTRL ALT TAB ESC ENTER DEL SHIFT CMD FN F1 F2 F3 F4 F5 CC BCC RE FW PS NB""".split()
)

# A judgement of how a person performs at work (FQ12).
PERFORMANCE = (
    "underperform",
    "underperforming",
    "underperformance",
    "incompetent",
    "incompetence",
    "lazy",
    "poor performer",
    "poor performance",
    "low performer",
    "performance rating",
    "rate your",
    "rate my",
    "good enough at",
    "bad at",
    "worst",
    "weak performer",
    "fire her",
    "fire him",
    "sack",
    "dismiss",
)

# Somebody who is not in the room (FQ12).
THIRD_PERSONS = frozenset("he she him her his hers himself herself".split())

# Words every pair's notes hold; they anchor nothing (FQ08).
NO_ANCHOR = frozenset(
    "mentor mente mentee session meet ask question talk today week month year time agre tri want "
    "think work help show good new person people".split()
)

# An instruction does not begin with one of these (RC09).
NO_VERB = frozenset(
    """a an the this that these those it its you your we our they he she i there here my their what
    which who why how is are was were will would should could must may might can not no yes
    """.split()
)

# A second action in the same line (RC09).
SECOND_ACTION = (" and then ", ", then ", "; then ", "; ", " after that ", " followed by ")

# An invitation to say it in one's own words (RC16).
OWN_WORDS = (
    "own words",
    "your words",
    "explain",
    "tell",
    "show",
    "teach",
    "describe",
    "talk me through",
    "walk me through",
    "say it",
)
CHECKS_UNDERSTANDING = (
    "do you understand",
    "did you understand",
    "is that clear",
    "is it clear",
    "does that make sense",
    "does this make sense",
    "have you understood",
    "got it?",
    "did you get",
)

# What a plain refusal says (RC05).
NOT_COVERED = (
    "does not cover",
    "do not cover",
    "is not covered",
    "not in the library",
    "nothing on",
    "nothing about",
    "does not say",
    "do not say",
    "cannot answer",
    "no answer",
    "is missing",
    "does not have",
    "did not find",
    "found nothing",
    "no passage",
)
WHOM_TO_ASK = (
    "ask",
    "contact",
    "turn to",
    "speak to",
    "speak with",
    "talk to",
    "talk with",
    "raise it with",
    "bring it to",
    "talk today to",
    "call",
)

# What a note says when the mentee gave something (RC21).
MENTEE_GAVE = (
    "mentee explained",
    "mentee told",
    "mentee offered",
    "mentee advised",
    "mentee's advice",
    "mentee shared",
    "mentee suggested",
    "mentee introduced",
    "mentee corrected",
    "mentee noticed",
    "mentee gave",
    "mentee said",
    "mentee recommended",
    "mentee taught",
    "mentee described how",
    "advice from the mentee",
)


@lru_cache(maxsize=256)
def _pattern(family: tuple[str, ...]) -> re.Pattern[str]:
    members = "|".join(re.escape(normalise(member)) for member in family)
    return re.compile(rf"(?<!\w)(?:{members})(?!\w)")


@lru_cache(maxsize=4_096)
def mentions(text: str, family: tuple[str, ...]) -> str | None:
    """The first member of the family that the text holds as whole words, or None."""
    found = _pattern(family).search(normalise(text))
    return found.group() if found else None


_ENGLISH: dict[str, tuple[str, ...]] = {
    **AGREEMENT,
    "done today": DONE_TODAY,
    "invented history": INVENTED_HISTORY,
    "no action": NO_ACTION,
    "not covered": NOT_COVERED,
    "whom to ask": WHOM_TO_ASK,
    "career goal": ("career", "goal"),
    "help": ("help",),
    "mentor": ("mentor",),
    "mentee": ("mentee",),
    "day or event": (),
}


@lru_cache(maxsize=256)
def family(name: str, language: str) -> tuple[str, ...]:
    """One family with its members in English and in this language, which drafts may mix."""
    own = read_list("tongues")["said"].get(code_of(language), {}).get(name, "")
    return (*_ENGLISH[name], *(one.strip() for one in own.split(",") if one.strip()))


@lru_cache(maxsize=1)
def done_today() -> tuple[str, ...]:
    """How a question says that it asks about today, in every language that is written."""
    languages = read_list("tongues")["languages"]
    return tuple(dict.fromkeys(one for code in languages for one in family("done today", code)))
