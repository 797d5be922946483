"""What the questions people ask teach a search: which document answers, and whether any does.

Both are ridge regressions over vectors, solved at once. A nearest line alone decides by chance.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coach.llm.embeddings import Vectors

# How stiff the plane between both sides is, and from how many lines anything may be learned.
RIDGE, ENOUGH_TO_LEARN = 20.0, 50
# How stiff the planes of the documents are; chosen on the tuning half of the golden questions.
RIDGE_OF_EACH = 1.0


@dataclass(frozen=True, slots=True)
class Answerers:
    """The documents that say what they are asked for, each with what sets its questions apart."""

    owners: NDArray[np.int64]
    planes: Vectors

    def weigh(self, vector: Vectors) -> Vectors:
        """How much of a question belongs to each: near 1 for its own, near 0 for others."""
        return np.asarray(self.planes[:, :-1] @ vector + self.planes[:, -1], dtype=np.float32)


def learn_answerers(asked: Vectors, owners: NDArray[np.int64], outside: Vectors) -> Answerers:
    """What sets the questions of each document apart from those of all others and from `outside`.

    None at all while there is little to learn from.
    """
    width = asked.shape[1] + 1
    if min(len(asked), len(outside)) < ENOUGH_TO_LEARN:
        return Answerers(np.zeros(0, dtype=np.int64), np.zeros((0, width), dtype=np.float32))
    lines = np.ones((len(asked) + len(outside), width))
    lines[:, :-1] = np.concatenate((asked, outside))
    those, places = np.unique(owners, return_inverse=True)
    own = np.zeros((len(those), width))
    np.add.at(own, places, lines[: len(asked)])
    planes = np.linalg.solve(lines.T @ lines + RIDGE_OF_EACH * np.eye(width), own.T).T
    return Answerers(those, np.asarray(planes, dtype=np.float32))


def learn_side(answered: Vectors, outside: Vectors) -> Vectors:
    """The plane between what is answered and what is not: a ridge regression, both sides equal.

    The nearest line alone decides by chance where two worlds meet. One number for each number of a
    vector, and one more for where the plane lies; all 0 while there is little to learn from.
    """
    width = outside.shape[1] + 1
    if min(len(answered), len(outside)) < ENOUGH_TO_LEARN:
        return np.zeros(width, dtype=np.float32)
    lines = np.ones((len(answered) + len(outside), width))
    lines[:, :-1] = np.concatenate((answered, outside))
    wanted = np.r_[np.ones(len(answered)), -np.ones(len(outside))]
    shares = (
        len(lines)
        / 2
        / np.r_[np.full(len(answered), len(answered)), np.full(len(outside), len(outside))]
    )
    weighed = lines * shares[:, None]
    bound = np.full(width, RIDGE)
    bound[-1] = 0.0
    side = np.linalg.solve(weighed.T @ lines + np.diag(bound), weighed.T @ wanted)
    return np.asarray(side, dtype=np.float32)
