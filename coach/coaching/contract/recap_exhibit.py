"""What the recap clauses look at beside the recap: the session, an earlier text, hidden texts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypedDict

from coach.coaching.brief import Brief, Material, NoteSentence, PastMeeting
from coach.coaching.contract.families import MENTEE_GAVE, mentions
from coach.coaching.drafts import Recap, Verdict

REFUSED = "the recap says plainly that the question is not covered"


class RecapContext(TypedDict, total=False):
    """What some clauses need beside the recap; a clause that misses it is not judged.

    `before` is the text that was to be said differently, `other_level` the same recap for another
    level, `hidden` what its reader may not see, `is_short` whether a short one was asked for.
    """

    before: Recap | str | None
    other_level: Recap | None
    hidden: tuple[str, ...]
    is_short: bool


@dataclass(frozen=True, slots=True)
class RecapExhibit:
    """A recap beside what its author knew, with its RecapContext."""

    draft: Recap
    brief: Brief
    material: Material
    own: tuple[str, ...]
    before: Recap | str | None = None
    other_level: Recap | None = None
    hidden: tuple[str, ...] = ()
    is_short: bool = False

    @property
    def session(self) -> PastMeeting | None:
        """The session that the recap is about, as its reader may know it."""
        number = self.draft.session_number
        return next((one for one in self.brief.meetings if one.number == number), None)

    @property
    def is_whole_session(self) -> bool:
        """Whether the whole session was to be recapped, not one question."""
        return self.draft.question is None

    def given(self) -> tuple[NoteSentence, ...]:
        """The sentences, noted in the pair's language, that say what the mentee gave."""
        said = self.session.said if self.session else ()
        known = (one for one in said if one.language == self.brief.language)
        return tuple(one for one in known if mentions(one.text, MENTEE_GAVE))


RecapClause = Callable[[RecapExhibit], Verdict]
