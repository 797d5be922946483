"""Carries the Idempotency-Key of a request to where its answer is kept, and back."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from starlette.responses import JSONResponse, Response

from coach.errors import CoachError
from coach.people import idempotency
from coach.people.idempotency import (
    Attempt,
    StillRunning,
    delete_attempt,
    save_answer,
    save_attempt,
)
from coach.resources import Resources
from coach.storage.database import Db, Save
from coach.web.clock import now
from coach.web.front import AtViewer
from coach.web.problems import problem_body

PROBLEM = "application/problem+json"
TOO_MANY = HTTPStatus.TOO_MANY_REQUESTS
AtKey = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a route answers, in a form that can be kept."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)

    def respond(self) -> Response:
        """The answer as it leaves."""
        media = PROBLEM if self.status >= 400 else "application/json"
        return JSONResponse(self.body, self.status, self.headers, media_type=media)


async def attempt_of(request: Request, viewer: AtViewer, key: AtKey = None) -> Attempt | None:
    """This request under its key, or None when it names none."""
    if key is None:
        return None
    route = f"{request.method} {getattr(request.scope.get('route'), 'path', '')}"
    payload = b"\n".join((request.url.path.encode(), await request.body()))
    return Attempt(viewer, route, key, payload)


AtAttempt = Annotated[Attempt | None, Depends(attempt_of)]


async def answer_once(
    resources: Resources, attempt: Attempt | None, think: Callable[[], Awaitable[Save[Answer]]]
) -> Response:
    """Think and write what came of it, once; or give the answer it had before under the same key.

    The key is taken first, and the answer is kept in the transaction that writes: a process killed
    between the two would write again when the key comes back.
    """
    saved = await find_answer(resources, attempt)
    if saved is not None:
        return saved.respond()
    is_over = False
    try:
        answer = await write_answer(resources, attempt, await think())
        is_over = True
    except CoachError as error:
        if attempt is not None and _is_final(error):
            refusal = Answer(error.status, problem_body(error))
            await write_answer(resources, attempt, lambda _: refusal)
            is_over = True
        raise
    finally:
        if not is_over:
            await free_key(resources, attempt)
    return answer.respond()


async def write_once(
    resources: Resources, attempt: Attempt | None, write: Save[Answer]
) -> Response:
    """Do this one transaction once, or give the answer it had before."""

    async def think() -> Save[Answer]:
        return write

    return await answer_once(resources, attempt, think)


async def find_answer(resources: Resources, attempt: Attempt | None) -> Answer | None:
    """The answer this request had before; None takes the key, and the work may begin."""
    if attempt is None:
        return None
    saved = await resources.transact(save_attempt, attempt, now())
    return None if saved is None else Answer(saved.status, **json.loads(saved.body))


async def write_answer(
    resources: Resources, attempt: Attempt | None, write: Save[Answer]
) -> Answer:
    """Do this one transaction, with its answer kept inside it under the request's key."""

    def whole(db: Db) -> Answer:
        answer = write(db)
        if attempt is not None:
            save_answer(db, attempt, _kept_form(answer), now())
        return answer

    return await resources.transact(whole)


async def free_key(resources: Resources, attempt: Attempt | None) -> None:
    """Let the key of work that was broken off be tried again."""
    if attempt is not None:
        await resources.transact(delete_attempt, attempt)


def _is_final(error: CoachError) -> bool:
    """Whether a refusal is an answer to keep; a fault of ours, or one for now, may pass."""
    is_ours = error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return not is_ours and not isinstance(error, StillRunning) and error.status != TOO_MANY


def _kept_form(answer: Answer) -> idempotency.Answer:
    body = json.dumps({"body": answer.body, "headers": answer.headers})
    return idempotency.Answer(answer.status, body)
