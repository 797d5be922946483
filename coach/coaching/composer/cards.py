"""How a mentee is asked for something taught: by one word of it, never by the answer."""

from collections.abc import Iterable

from coach.coaching.composer.frames import Frames
from coach.coaching.memory import choose_cue


def ask_card(frames: Frames, concept: str, number: int, cue_words: Iterable[str] = ()) -> str:
    """The question on a card about something met in session `number`."""
    cue = choose_cue(concept, cue_words)
    if cue is None:
        return frames.fill("recall_session", number, number=number).text
    return frames.fill("recall_cue", number, cue=cue).text
