"""The base of every error a person may read; each concrete error lives next to what raises it."""


class CoachError(Exception):
    """An error that says in one sentence what to do; never carries what a pair wrote.

    `status` is the HTTP status of the answer, `title` the sentence when no detail is given.
    The command line prints the sentence and exits with code 2.
    """

    status = 400
    title = "This request cannot be answered as it stands."

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or self.title)

    @property
    def detail(self) -> str:
        """The sentence a person reads."""
        return str(self)


class NotFound(CoachError):
    """Foreign, deleted and unknown ids share this one answer."""

    status = 404
    title = "There is nothing here under that address, or it is not yours to see."
