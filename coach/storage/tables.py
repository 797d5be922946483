"""The whole data model on one page: people, pairs and what they write, and the library."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from coach.storage.columns import AS_WRITTEN as AS_WRITTEN
from coach.storage.columns import JSON as JSON
from coach.storage.columns import Table as Table
from coach.storage.columns import UTCDateTime as UTCDateTime
from coach.storage.columns import belongs, key, moment, one_of
from coach.storage.columns import now as now

# --- People -----------------------------------------------------------------------------------


class Programme(Table):
    """An organisation's reverse-mentoring scheme."""

    __tablename__ = "programmes"
    id: Mapped[UUID] = key()
    name: Mapped[str] = mapped_column(unique=True)
    help_contacts: Mapped[list[str]] = mapped_column(default=list)
    created_at: Mapped[datetime] = moment()


class Person(Table):
    """Someone known to the service; a placeholder came with an imported pair, not by invitation."""

    __tablename__ = "people"
    __table_args__ = (sa.UniqueConstraint("programme_id", "email"),)
    id: Mapped[UUID] = key()
    programme_id: Mapped[UUID] = belongs("programmes.id")
    name: Mapped[str]
    email: Mapped[str | None]
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_placeholder: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = moment()


class SignInLink(Table):
    """A one-time link, known by its hash only."""

    __tablename__ = "sign_in_links"
    hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = belongs("people.id")
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignIn(Table):
    """A signed-in browser, known by the hash of its opaque id only."""

    __tablename__ = "sign_ins"
    hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = belongs("people.id")
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = moment()


class ApiToken(Table):
    """A token for programs, known by its prefix and hash."""

    __tablename__ = "api_tokens"
    id: Mapped[UUID] = key()
    person_id: Mapped[UUID] = belongs("people.id")
    name: Mapped[str]
    prefix: Mapped[str] = mapped_column(unique=True)
    hash: Mapped[str]
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = moment()


class IdempotencyKey(Table):
    """The saved answer of a request, so that the same request twice has one effect."""

    __tablename__ = "idempotency_keys"
    person_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    route: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    payload_hash: Mapped[str]
    status: Mapped[int | None]
    body: Mapped[str | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)


# --- Pairs ------------------------------------------------------------------------------------
# `keys` lists the keys an imported object had, in its order, and `extra` the values of those
# that have no column; both give the same JSON back on export. `position` is the place in the file.


class Pair(Table):
    """One mentor with one mentee; `profile` holds coach.pair/1 without goals and history."""

    __tablename__ = "pairs"
    __table_args__ = (
        sa.UniqueConstraint("programme_id", "external_id"),
        sa.CheckConstraint("mentor_id <> mentee_id", name="two_people"),
        one_of("state", "active", "paused", "ended"),
    )
    id: Mapped[UUID] = key()
    programme_id: Mapped[UUID] = belongs("programmes.id", index=False)
    external_id: Mapped[str]
    mentor_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people.id"), index=True)
    mentee_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people.id"), index=True)
    title: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="active")
    profile: Mapped[dict[str, object]] = mapped_column(AS_WRITTEN, default=dict)
    keys: Mapped[list[str] | None]
    file_hash: Mapped[str | None]
    created_at: Mapped[datetime] = moment()


class Goal(Table):
    """What a person wants from the pair."""

    __tablename__ = "goals"
    __table_args__ = (one_of("kind", "tech", "career"),)
    id: Mapped[UUID] = key()
    pair_id: Mapped[UUID] = belongs("pairs.id")
    external_id: Mapped[str]
    text: Mapped[str]
    kind: Mapped[str]
    priority: Mapped[int] = mapped_column(sa.BigInteger)
    terms: Mapped[list[str]] = mapped_column(default=list)
    position: Mapped[int] = mapped_column(default=0)
    keys: Mapped[list[str] | None]
    extra: Mapped[dict[str, object]] = mapped_column(AS_WRITTEN, default=dict)


class MentoringSession(Table):
    """One meeting of a pair."""

    __tablename__ = "sessions"
    __table_args__ = (
        sa.UniqueConstraint("pair_id", "number"),
        one_of("state", "planned", "held", "cancelled"),
    )
    id: Mapped[UUID] = key()
    pair_id: Mapped[UUID] = belongs("pairs.id", index=False)
    number: Mapped[int]
    date: Mapped[date]
    minutes: Mapped[int]
    state: Mapped[str] = mapped_column(default="planned")
    wish: Mapped[str | None]
    topics: Mapped[list[str]] = mapped_column(default=list)
    notes_language: Mapped[str | None]
    mentee_led_minutes: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    keys: Mapped[list[str] | None]
    extra: Mapped[dict[str, object]] = mapped_column(AS_WRITTEN, default=dict)
    created_at: Mapped[datetime] = moment()


class Note(Table):
    """What someone wrote down in a session; `form` says how the file wrote it."""

    __tablename__ = "notes"
    __table_args__ = (
        one_of("visibility", "mine", "pair"),
        one_of("author_role", "mentor", "mentee"),
        one_of("form", "string", "item"),
    )
    id: Mapped[UUID] = key()
    session_id: Mapped[UUID] = belongs("sessions.id")
    author_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    author_role: Mapped[str | None]
    visibility: Mapped[str]
    form: Mapped[str] = mapped_column(default="item")
    external_id: Mapped[str]
    text: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    keys: Mapped[list[str] | None]
    extra: Mapped[dict[str, object]] = mapped_column(AS_WRITTEN, default=dict)
    created_at: Mapped[datetime] = moment()


class Commitment(Table):
    """What a person promised; `due` is a day or the pair's own words for it."""

    __tablename__ = "commitments"
    __table_args__ = (
        one_of("owner", "mentor", "mentee"),
        one_of("status", "open", "done", "blocked", "dropped"),
        sa.CheckConstraint("length(text) <= 300", name="text"),
    )
    id: Mapped[UUID] = key()
    session_id: Mapped[UUID] = belongs("sessions.id")
    external_id: Mapped[str]
    owner: Mapped[str]
    text: Mapped[str]
    due: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="open")
    position: Mapped[int] = mapped_column(default=0)
    keys: Mapped[list[str] | None]
    extra: Mapped[dict[str, object]] = mapped_column(AS_WRITTEN, default=dict)
    created_at: Mapped[datetime] = moment()


class PromiseOffer(Table):
    """A promise one wrote down for the other; it counts once its owner accepts it."""

    __tablename__ = "promise_offers"
    __table_args__ = (
        one_of("owner", "mentor", "mentee"),
        one_of("state", "offered", "accepted", "declined"),
    )
    id: Mapped[UUID] = key()
    session_id: Mapped[UUID] = belongs("sessions.id")
    owner: Mapped[str]
    text: Mapped[str]
    due: Mapped[str]
    state: Mapped[str] = mapped_column(default="offered")
    commitment_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = moment()
    decided_at: Mapped[datetime | None]


class CommitmentChange(Table):
    """Who said what of a promise, and when; `external_id` is the promise's own in its pair."""

    __tablename__ = "commitment_changes"
    __table_args__ = (
        one_of("change", "made", "accepted", "done", "kept_open", "opened", "blocked", "dropped"),
    )
    id: Mapped[UUID] = key()
    pair_id: Mapped[UUID] = belongs("pairs.id")
    external_id: Mapped[str]
    person_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("people.id", ondelete="SET NULL"))
    change: Mapped[str]
    created_at: Mapped[datetime] = moment()


class Concept(Table):
    """One thing taught in a session and how its last recall went."""

    __tablename__ = "concepts"
    id: Mapped[UUID] = key()
    session_id: Mapped[UUID] = belongs("sessions.id")
    external_id: Mapped[str | None]
    concept: Mapped[str | None]
    last_result: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0)
    keys: Mapped[list[str] | None]
    extra: Mapped[dict[str, object]] = mapped_column(AS_WRITTEN, default=dict)


class QuestionAsked(Table):
    """A question that was put in a session."""

    __tablename__ = "questions_asked"
    id: Mapped[UUID] = key()
    session_id: Mapped[UUID] = belongs("sessions.id")
    text: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)


# --- Drafts -----------------------------------------------------------------------------------


class Agenda(Table):
    """The plan of one session as coach.agenda/1; each change raises `version`."""

    __tablename__ = "agendas"
    __table_args__ = (one_of("state", "draft", "edited", "settled"),)
    id: Mapped[UUID] = key()
    session_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("sessions.id", ondelete="CASCADE"), unique=True
    )
    body: Mapped[dict[str, object]] = mapped_column(AS_WRITTEN)
    state: Mapped[str] = mapped_column(default="draft")
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class SessionRun(Table):
    """A session as it goes: its agenda with the minutes that blocks really took.

    The settled agenda stays the plan; `anchor_at` is when the part now under way began.
    """

    __tablename__ = "session_runs"
    id: Mapped[UUID] = key()
    session_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("sessions.id", ondelete="CASCADE"), unique=True
    )
    body: Mapped[dict[str, object]] = mapped_column(AS_WRITTEN)
    version: Mapped[int] = mapped_column(default=1)
    started_at: Mapped[datetime] = moment()
    anchor_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class FollowUps(Table):
    """Follow-up questions for a pair as coach.follow_ups/1."""

    __tablename__ = "follow_ups"
    id: Mapped[UUID] = key()
    session_id: Mapped[UUID] = belongs("sessions.id")
    body: Mapped[dict[str, object]] = mapped_column(AS_WRITTEN)
    created_at: Mapped[datetime] = moment()


class Recap(Table):
    """A recap as coach.recap/1, for the one person who asked."""

    __tablename__ = "recaps"
    id: Mapped[UUID] = key()
    session_id: Mapped[UUID] = belongs("sessions.id")
    reader_id: Mapped[UUID] = belongs("people.id")
    body: Mapped[dict[str, object]] = mapped_column(AS_WRITTEN)
    created_at: Mapped[datetime] = moment()


class RecapShare(Table):
    """That a recap may be read by the mentor too, as its mentee wants it."""

    __tablename__ = "recap_shares"
    recap_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("recaps.id", ondelete="CASCADE"), primary_key=True
    )
    created_at: Mapped[datetime] = moment()


class PrepBrief(Table):
    """A prep brief as coach.prep/1, for the one person who reads it."""

    __tablename__ = "prep_briefs"
    id: Mapped[UUID] = key()
    session_id: Mapped[UUID] = belongs("sessions.id")
    reader_id: Mapped[UUID] = belongs("people.id")
    body: Mapped[dict[str, object]] = mapped_column(AS_WRITTEN)
    created_at: Mapped[datetime] = moment()


class QuestionTurn(Table):
    """What became of one follow-up question, for both to see."""

    __tablename__ = "question_turns"
    __table_args__ = (
        sa.UniqueConstraint("follow_ups_id", "question_id"),
        one_of("state", "for_next", "asked", "skipped"),
    )
    id: Mapped[UUID] = key()
    follow_ups_id: Mapped[UUID] = belongs("follow_ups.id", index=False)
    question_id: Mapped[str]
    state: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class QuestionAnswer(Table):
    """Which note answers a follow-up question; who may read it is the note's to say."""

    __tablename__ = "question_answers"
    id: Mapped[UUID] = key()
    follow_ups_id: Mapped[UUID] = belongs("follow_ups.id")
    question_id: Mapped[str]
    note_id: Mapped[UUID] = belongs("notes.id")


class MemoryItem(Table):
    """Something taught, as its mentee alone keeps it; once deleted, without words and day."""

    __tablename__ = "memory_items"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "session_id", "external_id"),
        one_of("last_answer", "knew_it", "partly", "not"),
    )
    id: Mapped[UUID] = key()
    session_id: Mapped[UUID] = belongs("sessions.id")
    person_id: Mapped[UUID] = belongs("people.id", index=False)
    external_id: Mapped[str]
    concept: Mapped[str | None]
    card: Mapped[dict[str, object] | None] = mapped_column(JSON)
    due_on: Mapped[date | None]
    last_answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = moment()


class Gap(Table):
    """Something the library could not answer; `question` is empty unless a person shared it.

    `version` is of the library when it was asked last, `asked_again` what came of that.
    """

    __tablename__ = "gaps"
    __table_args__ = (sa.UniqueConstraint("programme_id", "reason", "topic", "digest"),)
    id: Mapped[UUID] = key()
    programme_id: Mapped[UUID] = belongs("programmes.id", index=False)
    reason: Mapped[str]
    topic: Mapped[str]
    question: Mapped[str] = mapped_column(default="")
    digest: Mapped[str] = mapped_column(default="")
    count: Mapped[int] = mapped_column(default=1)
    last_at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[str | None]
    asked_again: Mapped[dict[str, object] | None]
    article: Mapped[str | None]
    closed_at: Mapped[datetime | None]


# --- Library ----------------------------------------------------------------------------------
# Beside these stand the lexical tables of coach.storage.lexical: `passages_fts` on both databases
# and `passages_trigram_fts` on SQLite, filled by code in the transaction that writes the passages.


class Document(Table):
    """A source file in the library; without a programme it belongs to all of them.

    The version ids are plain ids, for a foreign key would close a circle of tables.
    """

    __tablename__ = "documents"
    __table_args__ = (
        one_of("state", "draft", "in_review", "published", "needs_check", "archived"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    programme_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("programmes.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str]
    owner: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="draft", index=True)
    current_version_id: Mapped[UUID | None]
    published_version_id: Mapped[UUID | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = moment()
    changed_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class DocumentVersion(Table):
    """One version of a document; it never changes."""

    __tablename__ = "document_versions"
    __table_args__ = (sa.UniqueConstraint("document_id", "number"),)
    id: Mapped[UUID] = key()
    document_id: Mapped[str] = mapped_column(sa.ForeignKey("documents.id", ondelete="CASCADE"))
    number: Mapped[int]
    source: Mapped[str]
    text: Mapped[str]
    header: Mapped[dict[str, object]]
    content_hash: Mapped[str] = mapped_column(index=True)
    author: Mapped[str | None]
    reason: Mapped[str | None]
    created_at: Mapped[datetime] = moment()


class Passage(Table):
    """A stretch of one version: whole sentences under one heading.

    The same words keep their `id` from version to version; `key` is their full-text row.
    """

    __tablename__ = "passages"
    __table_args__ = (sa.UniqueConstraint("version_id", "ordinal"),)
    key: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(index=True)
    document_id: Mapped[str] = mapped_column(
        sa.ForeignKey("documents.id", ondelete="CASCADE"), index=True
    )
    version_id: Mapped[UUID] = belongs("document_versions.id", index=False)
    ordinal: Mapped[int]
    kind: Mapped[str]
    heading_path: Mapped[list[str]]
    start: Mapped[int]
    end: Mapped[int]
    text: Mapped[str]
    sentences: Mapped[list[object]]
    content_hash: Mapped[str] = mapped_column(index=True)


class LibraryState(Table):
    """One row: the digest of everything published, changed with it in the same transaction."""

    __tablename__ = "library_state"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[str]


class Vector(Table):
    """The vector of a text under one model, as little-endian float32: the truth of the index."""

    __tablename__ = "vectors"
    content_hash: Mapped[str] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(primary_key=True)
    dimension: Mapped[int]
    values: Mapped[bytes]


class IndexGeneration(Table):
    """One build of the dense index in its own path."""

    __tablename__ = "index_generations"
    __table_args__ = (one_of("state", "building", "live", "retired", "broken"),)
    id: Mapped[UUID] = key()
    name: Mapped[str] = mapped_column(unique=True)
    model: Mapped[str]
    dimension: Mapped[int]
    state: Mapped[str] = mapped_column(default="building")
    created_at: Mapped[datetime] = moment()


class Upload(Table):
    """A file handed in, as it was read, until it is a draft or a day has passed."""

    __tablename__ = "uploads"
    id: Mapped[UUID] = key()
    name: Mapped[str]
    format: Mapped[str]
    markdown: Mapped[str]
    findings: Mapped[list[object]]
    created_at: Mapped[datetime] = moment()


class PassageReport(Table):
    """A reader's word that a quotation is wrong; nothing says who or which pair it was."""

    __tablename__ = "passage_reports"
    __table_args__ = (sa.CheckConstraint("length(reason) <= 500", name="reason"),)
    id: Mapped[UUID] = key()
    programme_id: Mapped[UUID] = belongs("programmes.id")
    document_id: Mapped[str] = mapped_column(
        sa.ForeignKey("documents.id", ondelete="CASCADE"), index=True
    )
    passage_id: Mapped[str]
    version: Mapped[int]
    reason: Mapped[str]
    answer: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = moment()


class PublicationTrial(Table):
    """What publishing a version would change, tried before; and why it was published then."""

    __tablename__ = "publication_trials"
    id: Mapped[UUID] = key()
    document_id: Mapped[str] = mapped_column(
        sa.ForeignKey("documents.id", ondelete="CASCADE"), index=True
    )
    version: Mapped[int]
    asked: Mapped[int]
    before: Mapped[float]
    after: Mapped[float]
    lost: Mapped[list[str]]
    won: Mapped[list[str]]
    author: Mapped[str | None]
    reason: Mapped[str | None]
    created_at: Mapped[datetime] = moment()


class GoldenPin(Table):
    """A question an admin pinned: the documents that are to be found for it, or none."""

    __tablename__ = "golden_pins"
    id: Mapped[UUID] = key()
    question: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    expected: Mapped[list[str]]
    owner: Mapped[str | None]
    reason: Mapped[str | None]
    created_at: Mapped[datetime] = moment()


class ModelChange(Table):
    """What another embedding model changes for the golden questions, and what was decided."""

    __tablename__ = "model_changes"
    __table_args__ = (one_of("state", "asks", "taken", "back"),)
    id: Mapped[UUID] = key()
    old: Mapped[str]
    new: Mapped[str]
    state: Mapped[str]
    figures: Mapped[dict[str, object]] = mapped_column(default=dict)
    author: Mapped[str | None]
    reason: Mapped[str | None]
    created_at: Mapped[datetime] = moment()


class IndexAnswer(Table):
    """The version of the library that a generation was last read back as."""

    __tablename__ = "index_answers"
    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str]


# --- Models -----------------------------------------------------------------------------------


class ModelUsage(Table):
    """What one draft took of a model; numbers only, and it stays when the person has gone."""

    __tablename__ = "model_usage"
    __table_args__ = (sa.Index(None, "programme_id", "day"), sa.Index(None, "person_id", "day"))
    id: Mapped[UUID] = key()
    programme_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("programmes.id", ondelete="CASCADE")
    )
    person_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("people.id", ondelete="SET NULL"))
    day: Mapped[date]
    purpose: Mapped[str]
    model: Mapped[str]
    input_tokens: Mapped[int]
    output_tokens: Mapped[int]
    cost: Mapped[float | None]
    created_at: Mapped[datetime] = moment()


# --- Jobs -------------------------------------------------------------------------------------


class Job(Table):
    """Work that outlives the process: `turn` rises with each claim, `once` lets only one wait."""

    __tablename__ = "jobs"
    __table_args__ = (
        one_of("kind", "import", "index", "re-embed", "freshness", "trial", "re-ask"),
        one_of("state", "waiting", "running", "done", "failed", "cancelled"),
        sa.Index(None, "state", "created_at"),
    )
    id: Mapped[UUID] = key()
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    stage: Mapped[str] = mapped_column(default="waiting")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    turn: Mapped[int] = mapped_column(default=0)
    argument: Mapped[dict[str, object]] = mapped_column(default=dict)
    told: Mapped[str | None]
    error: Mapped[str | None]
    hint: Mapped[str | None]
    author: Mapped[str | None]
    worker: Mapped[str | None]
    once: Mapped[str | None] = mapped_column(unique=True)
    due_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = moment()
    changed_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    found: Mapped[dict[str, object] | None]


class JobFile(Table):
    """One file handed in for an import, and what it became; its bytes go when it is done."""

    __tablename__ = "job_files"
    job_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    data: Mapped[bytes | None]
    outcome: Mapped[str | None]
    told: Mapped[str | None]
    document_id: Mapped[str | None]
    version: Mapped[int | None]
