"""The words of an agenda: outcomes, terms, respect and safety."""

import pytest

from coach.coaching.drafts import Agenda
from coach.knowledge.documents import Headword, Span
from coach.pairs.records import Constraints, Mentee, OffLimits
from tests.coaching.contract.make import (
    PASSAGES,
    SAFE,
    Row,
    agenda,
    assert_judged,
    brief,
    cases,
    first_brief,
    material,
    passage,
    step,
    steps_in,
    with_block,
    with_steps,
)


def saying(text: str) -> Agenda:
    """The good agenda with another line at its end."""
    return with_steps("slack", step("say", text))


AG07 = [
    Row("every outcome can be seen", True, "can be seen", agenda()),
    Row("understands", False, "nobody can see",
        with_block("demo", outcome="The mentee understands grouping")),
    Row("knows about", False, "demo", with_block("demo", outcome="The mentee knows about months")),
    Row("none", False, "nobody can see", with_block("demo", outcome=" ")),
]  # fmt: skip
AG14 = [Row("only a rater can say", None, "needs a rater", agenda())]

DEMO = steps_in("demo")
KNOWS = brief(mentee=Mentee("operations director", known_words=("pivot tables", "raw export")))
BRACKET = step("say", "A pivot table (a short summary of a long list) shows months.")
LONG = "A pivot table (" + " ".join(["one"] * 21) + ") shows months."
AG16 = [
    Row("explained before it is used", True, "2 technical terms", agenda()),
    Row("explained in brackets", True, "2 technical", with_steps("demo", BRACKET, *DEMO)),
    Row("known to the mentee", True, "0 technical", with_steps("demo", DEMO[3]), KNOWS),
    Row("in the pair's own words", True, "0 technical", with_steps("demo", DEMO[0]), KNOWS),
    Row("an everyday short form", True, "technical", saying("Send a PDF.")),
    Row("written out", True, "technical",
        saying("Turn on multi-factor safety rules (MFSR).")),
    Row("never explained", False, "“pivot table”, not yet explained", with_steps("demo", DEMO[3])),
    Row("used before it is explained", False, "step 1 of review", with_steps("review",
        step("ask", "Which raw export did you use?"))),
    Row("explained too late in the block", False, "step 1 of demo",
        with_steps("demo", DEMO[3], *DEMO[:3])),
    Row("explained at length", False, "pivot table", with_steps("demo", step("say", LONG))),
    Row("the plural too", False, "pivot table", with_steps("review",
        step("ask", "Which pivot tables did you make?"))),
    Row("a short form", False, "“MFSR” without writing it out",
        with_steps("slack", step("say", "Turn on MFSR."))),
]  # fmt: skip

RISKY = brief(wish="Use an AI assistant with our customer data")
WITHOUT_SAFE = material(offered={one.id: one for one in PASSAGES if one.kind != "safe_use"})
UNSAFE = with_steps("hands_on", *(one for one in steps_in("hands_on")
                                  if one.text != SAFE.text))  # fmt: skip
CRISIS = first_brief(crisis=True, help_contacts=("Employee line 555",))
HELP = step("say", "Help is there at any time: Employee line 555.")


ILLNESS = passage("p-ill", "safe_use", ("Safe use",), "Keep illness out of a shared list.")
REPORTING = Headword("reporting channel", "a way to report harassment", ILLNESS, Span(0, 34))
DELICATE = material(
    offered={one.id: one for one in (*PASSAGES, ILLNESS)},
    headwords={"reporting channel": REPORTING},
)
MEANS = "The term “reporting channel” means a way to report harassment."

AG20 = [
    Row("respectful", True, "respectful", agenda()),
    Row("a safe-use line for a risky topic", True, "safe", agenda(), RISKY),
    Row("the library has no safe-use line", True, "offers no", UNSAFE, RISKY, WITHOUT_SAFE),
    Row("a crisis opens with help", True, "respectful", with_steps("review", HELP), CRISIS),
    Row("a minimiser", False, "breaks the language rules", saying("Simply click the button.")),
    Row("an age remark", False, "language rules", saying("This is easy, even at your age.")),
    Row("a topic off limits", False, "off-limits", saying("Talk about the merger."),
        brief(off_limits=(OffLimits("the merger", ("merger",)),))),
    Row("something sensitive", False, "sensitive", saying("Mentor was diagnosed with cancer.")),
    Row("a library sentence on illness", True, "respectful", saying(ILLNESS.text),
        lib=DELICATE),
    Row("a meaning that names a harm", True, "respectful", saying(MEANS), lib=DELICATE),
    Row("a library sentence beside an illness", False, "sensitive",
        saying(f"{ILLNESS.text} Mentor was diagnosed with cancer."), lib=DELICATE),
    Row("a confidence", False, "confidential", saying("Compare Depot North with Depot South."),
        brief(constraints=Constraints(confidentiality=("no depot names in shared recap",)))),
    Row("no safe-use line", False, "no safe-use line is quoted", UNSAFE, RISKY),
    Row("a crisis without help", False, "where to find help", agenda(), CRISIS),
    Row("a crisis without the contact", False, "help contact",
        with_steps("review", step("say", "Help is there at any time.")), CRISIS),
]  # fmt: skip
TABLES = cases(AG07=AG07, AG14=AG14, AG16=AG16, AG20=AG20)


@pytest.mark.parametrize(("clause", "one"), TABLES)
def test_a_clause_about_words_says(clause: str, one: Row) -> None:
    assert_judged(clause, one)
