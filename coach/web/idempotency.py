"""Carries the Idempotency-Key of a request to where its answer is kept, and back."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from starlette.responses import JSONResponse, Response

from coach.errors import CoachError
from coach.people import idempotency
from coach.people.idempotency import Attempt, delete_attempt, save_answer, save_attempt
from coach.resources import Resources
from coach.storage.database import Db
from coach.web.front import AtViewer, now
from coach.web.problems import problem_body

PROBLEM = "application/problem+json"
AtKey = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a route answers, in a form that can be kept; `is_kept` once its own work kept it."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)
    is_kept: bool = False

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
    resources: Resources, attempt: Attempt | None, work: Callable[[], Awaitable[Answer]]
) -> Response:
    """Do this work, or give the answer that it had before under the same key."""
    if attempt is None:
        return (await work()).respond()
    saved = await find_answer(resources, attempt)
    if saved is not None:
        return saved.respond()
    answer: Answer | None = None
    try:
        answer = await work()
    except CoachError as error:
        # A fault of ours is no answer to keep, nor is a refusal for now: the next try may work.
        is_kept = error.status != HTTPStatus.TOO_MANY_REQUESTS
        if is_kept and error.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            answer = Answer(error.status, problem_body(error))
        raise
    finally:
        if answer is None or not answer.is_kept:
            await keep_answer(resources, attempt, answer)
    return answer.respond()


async def write_once(
    resources: Resources, attempt: Attempt | None, write: Callable[[Db], Answer]
) -> Response:
    """Do this one transaction with its answer kept inside it, or give the answer it had before.

    A process killed between a write and its answer would write again when the key comes back.
    """

    async def work() -> Answer:
        if attempt is None:
            return await resources.transact(write)
        return await resources.transact(_write_and_keep, attempt, write)

    return await answer_once(resources, attempt, work)


def _write_and_keep(db: Db, attempt: Attempt, write: Callable[[Db], Answer]) -> Answer:
    answer = write(db)
    save_answer(db, attempt, _kept_form(answer), now())
    return replace(answer, is_kept=True)


async def find_answer(resources: Resources, attempt: Attempt) -> Answer | None:
    """The answer this request had before; None takes the key, and the work may begin."""
    saved = await resources.transact(save_attempt, attempt, now())
    return None if saved is None else Answer(saved.status, **json.loads(saved.body))


async def keep_answer(resources: Resources, attempt: Attempt, answer: Answer | None) -> None:
    """Keep the answer under the request's key; without one the key is free again."""
    if answer is None:
        await resources.transact(delete_attempt, attempt)
        return
    await resources.transact(save_answer, attempt, _kept_form(answer), now())


def _kept_form(answer: Answer) -> idempotency.Answer:
    body = json.dumps({"body": answer.body, "headers": answer.headers})
    return idempotency.Answer(answer.status, body)
