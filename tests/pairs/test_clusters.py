"""Gaps that ask for much the same stand together, always in the same way."""

from uuid import uuid4

import numpy as np
import pytest

from coach.pairs.clusters import Meanings, asked_texts, cluster_gaps
from coach.pairs.gaps import UNHEARD, KnownGap
from coach.storage.columns import now

MONTH = "How do I group my pivot table by month?"
MONTHLY = "Group the pivot table by month please"
NAPKIN = "How is a napkin folded?"


def gap(topic: str, question: str = "", count: int = 1) -> KnownGap:
    return KnownGap(uuid4(), "not_in_library", topic, question, count, now())


GAPS = [
    gap(UNHEARD, count=9),
    gap("pivot tables", MONTH, 2),
    gap("reports", MONTHLY, 1),
    gap("pivot tables", count=3),
    gap(UNHEARD, NAPKIN),
]
TOGETHER = [
    ("something", 9, ()),
    ("pivot tables", 6, (MONTH, MONTHLY)),
    ("something", 1, (NAPKIN,)),
]
VECTORS = {
    MONTH: np.array([1, 0], np.float32),
    MONTHLY: np.array([0.8, 0.6], np.float32),
    NAPKIN: np.array([0, 1], np.float32),
    "pivot tables": np.array([0.9, -0.4], np.float32),
}


@pytest.mark.parametrize("meanings", [None, VECTORS], ids=["words", "meanings"])
def test_gaps_are_clustered_by_what_was_asked_else_by_topic(meanings: Meanings | None) -> None:
    for gaps in (GAPS, GAPS[::-1]):
        found = cluster_gaps(gaps, meanings)
        seen = [
            (one.topic.replace(UNHEARD, "something"), one.count, one.questions) for one in found
        ]
        assert seen == TOGETHER
    assert set(asked_texts(GAPS)) == set(VECTORS)


def test_no_gaps_make_no_clusters() -> None:
    assert cluster_gaps([], None) == ()
