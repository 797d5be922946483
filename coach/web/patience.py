"""How long the service waits for a sender: for the head of a request, and then for its body."""

import asyncio
from typing import ClassVar

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_WITHIN, BODY_WITHIN = 15.0, 60.0


class ImpatientProtocol(HttpToolsProtocol):
    """Closes a connection on which the head of a request has not come whole in time."""

    within: ClassVar[float] = HEAD_WITHIN
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def on_message_begin(self) -> None:
        """Begin to wait for the head of a request that has begun."""
        self._wait()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Stop waiting: what follows is the body, for which another waits."""
        self._stop()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting: nobody is there."""
        self._stop()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._stop()
        self._timer = self.loop.call_later(self.within, self.transport.close)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


class Body:
    """What still comes of a request; a body that is not whole in so many seconds ends with 408."""

    def __init__(self, receive: Receive, within: float) -> None:
        self.whole = False
        self._receive, self._within = receive, within
        self._due: float | None = None

    async def receive(self) -> Message:
        """The next piece, as the application asks for it."""
        if self.whole:
            return await self._receive()  # waits for the reader to leave, however long that takes
        self._due = self._due or asyncio.get_running_loop().time() + self._within
        try:
            async with asyncio.timeout_at(self._due):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(408) from None
        self.whole = not message.get("more_body", False)
        return message
