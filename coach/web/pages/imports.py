"""The admin hands in a ZIP of files, and says whether what it brings is to be published."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field, ValidationError
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from coach.errors import CoachError
from coach.knowledge.documents import DOCUMENT_KINDS, DocumentKind
from coach.knowledge.reading.heading import Head
from coach.knowledge.reading.process import MAX_FILE
from coach.people.people import KnownPerson
from coach.web.fields import Filled, Typed
from coach.web.front import AtAdminPerson, AtFront
from coach.web.importing import publishing_of, save_import
from coach.web.limits import LARGEST_UPLOAD
from coach.web.pages.library import KINDS
from coach.web.rendering import Page, greet, render
from coach.web.uploading import NoFile

router = APIRouter(prefix="/admin")
FIELDS = 6


class ImportForm(Filled):
    """What an admin says about the files of a ZIP that have no header, and about all of them."""

    kind: DocumentKind = "tutorial"
    licence: Annotated[Typed, Field(max_length=300)] = ""
    owner: Annotated[Typed, Field(max_length=300)] = ""
    publish: bool = False
    reason: Typed = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPage(Page):
    """Everything admin/import.html may mention."""

    template: ClassVar[str] = "admin/import.html"
    typed: ImportForm
    kinds: dict[str, str]
    megabytes: int
    fault: str | None


@router.get("/import")
async def choose(admin: AtAdminPerson) -> Response:
    """Show the form that takes a ZIP."""
    return render(_form(admin, ImportForm(owner=admin.name), None))


@router.post("/import", max_body_size=LARGEST_UPLOAD)
async def import_zip(request: Request, admin: AtAdminPerson, front: AtFront) -> Response:
    """Keep the files of the ZIP, and go on to the work that imports them."""
    typed = ImportForm()
    try:
        async with request.form(max_files=1, max_fields=FIELDS) as form:
            said = {name: value for name, value in form.items() if isinstance(value, str)}
            typed = _read({**said, "publish": "publish" in said})
            publishing = publishing_of(typed.publish, typed.reason)
            file = form.get("file")
            if not isinstance(file, UploadFile) or not file.filename:
                raise NoFile
            head = Head(kind=typed.kind, licence=typed.licence, owner=typed.owner)
            job_id = await save_import(front, admin.viewer, await file.read(), head, publishing)
    except CoachError as error:
        if error.status != 422:
            raise
        return render(_form(admin, typed, error.detail), error.status)
    return RedirectResponse(f"/admin/jobs/{job_id}", 303)


def _read(said: dict[str, object]) -> ImportForm:
    try:
        return ImportForm.model_validate(said)
    except ValidationError as fault:
        raise RequestValidationError(fault.errors()) from None


def _form(admin: KnownPerson, typed: ImportForm, fault: str | None) -> ImportPage:
    return ImportPage(
        you=greet(admin),
        typed=typed,
        kinds={kind: KINDS[kind] for kind in DOCUMENT_KINDS},
        megabytes=MAX_FILE // 1_000_000,
        fault=fault,
    )
