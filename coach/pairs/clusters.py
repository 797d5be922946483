"""Puts gaps that ask for much the same together. Pure; the same gaps give the same clusters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from coach.knowledge.words import overlap
from coach.pairs.gaps import UNHEARD, KnownGap

# Two questions that ask the same in other words; set by hand on questions of the golden file.
NEAR_MEANING = 0.6
# Of words alone half of the shorter one has to be shared.
NEAR_WORDS = 0.5
Meanings = Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class GapCluster:
    """Gaps that ask for much the same, the most frequent first; it has the topic of that one."""

    gaps: tuple[KnownGap, ...]

    @property
    def topic(self) -> str:
        """The library's word that comes nearest."""
        return self.gaps[0].topic

    @property
    def count(self) -> int:
        """How often it was asked."""
        return sum(gap.count for gap in self.gaps)

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions whose words people shared."""
        return tuple(dict.fromkeys(gap.question for gap in self.gaps if gap.question))

    @property
    def last_at(self) -> datetime:
        """When it was asked last."""
        return max(gap.last_at for gap in self.gaps)


def cluster_gaps(gaps: Sequence[KnownGap], meanings: Meanings | None) -> tuple[GapCluster, ...]:
    """The clusters, the most frequent first; each gap goes to the first whose first is near.

    `meanings` are vectors of what can be asked; without them words are compared.
    """
    ordered = sorted(gaps, key=lambda one: (-one.count, one.topic, one.reason, one.question))
    # Those with words lead, for they tell what is asked; a topic alone joins them.
    ordered.sort(key=lambda one: not one.question)
    led: list[list[KnownGap]] = []
    for gap in ordered:
        home = next((one for one in led if _is_near(one[0], gap, meanings)), None)
        if home is None:
            led.append([gap])
        else:
            home.append(gap)
    clusters = [GapCluster(tuple(one)) for one in led]
    return tuple(sorted(clusters, key=lambda one: (-one.count, one.topic, one.questions)))


def asked_texts(gaps: Sequence[KnownGap]) -> list[str]:
    """What has to have a vector before gaps are compared by meaning."""
    return list(dict.fromkeys(gap.asked for gap in gaps if gap.asked))


def _is_near(one: KnownGap, other: KnownGap, meanings: Meanings | None) -> bool:
    if one.asked is None or other.asked is None:
        return False
    if not (one.question and other.question) and one.topic == other.topic != UNHEARD:
        return True
    if meanings is None:
        return overlap(one.asked, other.asked) >= NEAR_WORDS
    return bool(meanings[one.asked] @ meanings[other.asked] >= NEAR_MEANING)
