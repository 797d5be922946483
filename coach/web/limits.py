"""How much a request may carry: little, except where an admin hands in a file."""

from coach.errors import CoachError
from coach.knowledge.reading.process import MAX_FILE

LARGEST_BODY = 2_000_000
# A form around the file takes some room of its own.
LARGEST_UPLOAD = MAX_FILE + 100_000
UPLOADS = frozenset({"/api/v1/library/uploads", "/admin/upload"})
IMPORTS = frozenset({"/api/v1/library/imports", "/admin/import"})


class BodyTooLarge(CoachError):
    """The body is larger than anything this service takes."""

    status = 413
    title = f"A request may hold at most {LARGEST_BODY} bytes."


class UploadTooLarge(CoachError):
    """The file is larger than one document may be."""

    status = 413
    title = (
        f"A file may have at most {MAX_FILE / 1e6:.0f} MB: split it by subject, "
        "or save it without its pictures."
    )


class ImportTooLarge(CoachError):
    """The ZIP is larger than one request may carry."""

    status = 413
    title = (
        f"A ZIP may have at most {MAX_FILE / 1e6:.0f} MB here: split it, or hand it in with "
        "`coach jobs import`."
    )


def largest_body(path: str) -> int:
    """How many bytes a request to this path may hold."""
    return LARGEST_UPLOAD if path in UPLOADS | IMPORTS else LARGEST_BODY


def too_large(path: str) -> CoachError:
    """What is said of a larger one."""
    if path in IMPORTS:
        return ImportTooLarge()
    return UploadTooLarge() if path in UPLOADS else BodyTooLarge()
