"""What may be wrong with a job that somebody asks for or works on."""

from coach.errors import CoachError


class JobNotFound(CoachError):
    """There is no job of this id."""

    status = 404
    title = "There is no job of this id. `coach jobs list` shows those there are."


class JobSettled(CoachError):
    """The job is not in a state in which this can be done."""

    status = 409
    title = "A job that has ended cannot be cancelled, and only a failed or cancelled one retried."


class ClaimLost(CoachError):
    """The job was cancelled, or another worker has taken it over."""

    status = 409
    title = "This job was cancelled, or another worker has taken it over."
