"""What each of the two gave over the season: minutes led and promises kept, counts and no words."""

from dataclasses import dataclass
from typing import Any

from coach.pairs.records import PairRecord, PastSession, Role


@dataclass(frozen=True, slots=True)
class Share:
    """One direction of a season: minutes led, and promises kept of those that are settled."""

    minutes: int
    kept: int
    promised: int


@dataclass(frozen=True, slots=True)
class Balance:
    """Both directions of a season; `minutes` are those of all sessions that say who led."""

    minutes: int
    mentor: Share
    mentee: Share

    @property
    def both_minutes(self) -> int:
        """The minutes that nobody led alone."""
        return self.minutes - self.mentor.minutes - self.mentee.minutes


def build_balance(record: PairRecord) -> Balance:
    """The balance of a pair's held sessions; a session nobody kept an agenda of counts nothing."""
    held = [session for session in record.sessions if session.state == "held"]
    known = [session for session in held if blocks_of(session)]
    return Balance(
        minutes=sum(_minutes(session, None) for session in known),
        mentor=_build_share(record, known, "mentor"),
        mentee=_build_share(record, known, "mentee"),
    )


def _build_share(record: PairRecord, known: list[PastSession], role: Role) -> Share:
    latest = {c.id: c for session in record.sessions for c in session.commitments}
    settled = [c for c in latest.values() if c.owner == role and c.status in ("done", "dropped")]
    return Share(
        minutes=sum(_minutes(session, role) for session in known),
        kept=sum(one.status == "done" for one in settled),
        promised=len(settled),
    )


def _minutes(session: PastSession, lead: Role | None) -> int:
    """The minutes of a session that this person led, or all of them."""
    return sum(
        _length(block) for block in blocks_of(session) if lead is None or block.get("lead") == lead
    )


def _length(block: dict[str, Any]) -> int:
    """The minutes a block took when the two marked it, 0 for a skipped one; else its plan."""
    taken = block.get("actual_minutes")
    return int(block.get("minutes") or 0) if taken is None else int(taken)


def blocks_of(session: PastSession) -> list[dict[str, Any]]:
    """The blocks of the agenda kept with a session; none when there was none."""
    found = (session.agenda or {}).get("blocks")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
