"""Versions of an agenda as HTTP knows them: ETag on the way out, If-Match on the way in."""

from typing import Annotated

from fastapi import Depends, Header

from coach.errors import CoachError


class VersionMissing(CoachError):
    """An edit must say which version its author saw."""

    status = 428
    title = "Send the ETag of the agenda you saw in the header If-Match, so that no edit is lost."


class VersionUnknown(CoachError):
    """The header holds no version of ours."""

    status = 422
    title = 'If-Match must hold the ETag of the agenda as it came, such as "3".'


def etag(version: int) -> str:
    """The version as an ETag."""
    return f'"{version}"'


def version_of(
    if_match: Annotated[str | None, Header(alias="If-Match", max_length=40)] = None,
) -> int | None:
    """The version the client saw, or None when it does not say; raises VersionUnknown."""
    if if_match is None:
        return None
    digits = if_match.strip().removeprefix('"').removesuffix('"')
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise VersionUnknown
    return int(digits)


def stated_version(version: Annotated[int | None, Depends(version_of)]) -> int:
    """The version the client saw; raises VersionMissing."""
    if version is None:
        raise VersionMissing
    return version


MayStateVersion = Annotated[int | None, Depends(version_of)]
MustStateVersion = Annotated[int, Depends(stated_version)]
