"""The session contract as code: every clause a function, every draft judged by the same ones.

Knows drafts, briefs and material as values. Knows nothing of who wrote a draft, and changes none.
"""

from typing import Unpack

from coach.coaching.brief import Brief, Material
from coach.coaching.contract.answer_clauses import (
    rc01_answer_comes_first,
    rc02_few_key_ideas,
    rc03_facts_are_cited,
    rc04_nothing_contradicts,
    rc05_refuses_plainly_or_cites,
    rc06_says_what_is_left_out,
    rc07_speaks_of_this_session,
    rc14_names_a_slip,
    rc18_is_really_different,
    rc19_promises_are_as_stored,
    rc20_nothing_hidden_is_shown,
    rc21_says_what_the_mentee_gave,
)
from coach.coaching.contract.exhibit import Clause, build_exhibit, own_texts
from coach.coaching.contract.frame_clauses import (
    ag08_every_promise_comes_back,
    ag09_first_session_agrees,
    ag18_promises_are_concrete,
    ag19_preparation_is_small,
    ag21_warm_up_asks_what_is_due,
    ag25_needs_are_met,
)
from coach.coaching.contract.grounding_clauses import (
    ag10_steps_cite_the_library,
    ag11_steps_say_what_they_cite,
    ag12_old_sources_are_marked,
    ag23_procedures_are_whole,
)
from coach.coaching.contract.learning_clauses import (
    ag13_few_new_concepts,
    ag15_hands_on_is_their_own,
    ag24_goals_are_covered,
)
from coach.coaching.contract.novelty_clauses import ag22_brings_something_new
from coach.coaching.contract.question_clauses import (
    fq01_few_short_questions,
    fq02_most_are_open,
    fq03_each_asks_one_thing,
    fq04_none_is_leading,
    fq05_why_at_most_once,
    fq10_none_was_asked_before,
    fq11_looks_ahead,
    fq12_keeps_to_the_boundaries,
    fq13_is_safe_to_ask_upward,
    fq14_terms_are_known,
    fq16_own_words_are_whole,
)
from coach.coaching.contract.reach_clauses import (
    fq06_both_ask,
    fq07_purposes_vary,
    fq08_questions_are_this_pairs,
    fq09_recall_has_an_answer,
    fq15_one_is_asked_again,
)
from coach.coaching.contract.reading_clauses import (
    rc08_is_easy_to_read,
    rc09_procedure_is_followable,
    rc10_has_the_right_length,
    rc11_terms_are_explained,
    rc12_differs_by_level,
    rc13_comparison_is_theirs,
    rc15_there_is_one_thing_to_try,
    rc16_invites_to_teach_back,
    rc17_something_is_asked_again,
)
from coach.coaching.contract.recap_exhibit import RecapClause, RecapContext, RecapExhibit
from coach.coaching.contract.shape_clauses import (
    ag01_minutes_fill_the_session,
    ag02_length_is_as_asked,
    ag03_kinds_are_in_order,
    ag04_each_block_has_its_leader,
    ag05_swap_is_career,
    ag06_mentee_has_the_hands,
    ag17_there_is_slack,
)
from coach.coaching.contract.texts import reading_text
from coach.coaching.contract.tongues import judge_in
from coach.coaching.contract.words_clauses import (
    ag07_outcomes_can_be_seen,
    ag14_is_this_pairs_own,
    ag16_terms_are_explained,
    ag20_is_respectful_and_safe,
)
from coach.coaching.drafts import Agenda, FollowUps, Recap, Verdict

__all__ = [
    "AGENDA_CLAUSES",
    "FOLLOW_UP_CLAUSES",
    "RECAP_CLAUSES",
    "RecapContext",
    "check_agenda",
    "check_follow_ups",
    "check_recap",
    "own_texts",
    "reading_text",
]

AGENDA_CLAUSES: tuple[Clause[Agenda], ...] = (
    ag01_minutes_fill_the_session,
    ag02_length_is_as_asked,
    ag03_kinds_are_in_order,
    ag04_each_block_has_its_leader,
    ag05_swap_is_career,
    ag06_mentee_has_the_hands,
    ag07_outcomes_can_be_seen,
    ag08_every_promise_comes_back,
    ag09_first_session_agrees,
    ag10_steps_cite_the_library,
    ag11_steps_say_what_they_cite,
    ag12_old_sources_are_marked,
    ag13_few_new_concepts,
    ag14_is_this_pairs_own,
    ag15_hands_on_is_their_own,
    ag16_terms_are_explained,
    ag17_there_is_slack,
    ag18_promises_are_concrete,
    ag19_preparation_is_small,
    ag20_is_respectful_and_safe,
    ag21_warm_up_asks_what_is_due,
    ag22_brings_something_new,
    ag23_procedures_are_whole,
    ag24_goals_are_covered,
    ag25_needs_are_met,
)
FOLLOW_UP_CLAUSES: tuple[Clause[FollowUps], ...] = (
    fq01_few_short_questions,
    fq02_most_are_open,
    fq03_each_asks_one_thing,
    fq04_none_is_leading,
    fq05_why_at_most_once,
    fq06_both_ask,
    fq07_purposes_vary,
    fq08_questions_are_this_pairs,
    fq09_recall_has_an_answer,
    fq10_none_was_asked_before,
    fq11_looks_ahead,
    fq12_keeps_to_the_boundaries,
    fq13_is_safe_to_ask_upward,
    fq14_terms_are_known,
    fq15_one_is_asked_again,
    fq16_own_words_are_whole,
)
RECAP_CLAUSES: tuple[RecapClause, ...] = (
    rc01_answer_comes_first,
    rc02_few_key_ideas,
    rc03_facts_are_cited,
    rc04_nothing_contradicts,
    rc05_refuses_plainly_or_cites,
    rc06_says_what_is_left_out,
    rc07_speaks_of_this_session,
    rc08_is_easy_to_read,
    rc09_procedure_is_followable,
    rc10_has_the_right_length,
    rc11_terms_are_explained,
    rc12_differs_by_level,
    rc13_comparison_is_theirs,
    rc14_names_a_slip,
    rc15_there_is_one_thing_to_try,
    rc16_invites_to_teach_back,
    rc17_something_is_asked_again,
    rc18_is_really_different,
    rc19_promises_are_as_stored,
    rc20_nothing_hidden_is_shown,
    rc21_says_what_the_mentee_gave,
)


def check_agenda(agenda: Agenda, brief: Brief, material: Material) -> tuple[Verdict, ...]:
    """The verdicts of all agenda clauses, in the order of their ids."""
    exhibit = build_exhibit(agenda, brief, material)
    return judge_in(agenda.language, (clause(exhibit) for clause in AGENDA_CLAUSES))


def check_follow_ups(
    follow_ups: FollowUps, brief: Brief, material: Material
) -> tuple[Verdict, ...]:
    """The verdicts of all follow-up clauses, in the order of their ids."""
    exhibit = build_exhibit(follow_ups, brief, material)
    return judge_in(follow_ups.language, (clause(exhibit) for clause in FOLLOW_UP_CLAUSES))


def check_recap(
    recap: Recap, brief: Brief, material: Material, **context: Unpack[RecapContext]
) -> tuple[Verdict, ...]:
    """The verdicts of all recap clauses, in the order of their ids."""
    exhibit = RecapExhibit(recap, brief, material, own_texts(brief), **context)
    return judge_in(recap.language, (clause(exhibit) for clause in RECAP_CLAUSES))
