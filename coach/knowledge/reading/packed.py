"""Opens packed office files: the directory is checked first, and bytes are counted."""

import io
import zipfile
import zlib
from types import TracebackType
from typing import Self

from lxml import etree

from coach.knowledge.reading.found import Unread

MAX_ENTRIES = 5_000
MAX_PART = 20 << 20
MAX_UNPACKED = 60 << 20
MAX_RATIO = 400
_LINK = 0xA
_PIECE = 1 << 16


class Packed:
    """The parts of an office file; nothing is ever written out, and no link is followed."""

    def __init__(self, data: bytes) -> None:
        self._check_directory(data)
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._unpacked = 0
        parts = [one for one in self._zip.infolist() if _is_plain(one)]
        self._parts = {one.filename: one for one in parts}
        self.names = frozenset(self._parts)
        for name in self.names:
            self._count(name)

    def __enter__(self) -> Self:
        """Give the open file."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._zip.close()

    @staticmethod
    def _check_directory(data: bytes) -> None:
        # Each entry of the directory begins so; counted before the directory is built in memory.
        if data.count(b"PK\x01\x02") > MAX_ENTRIES:
            raise Unread("too_many_entries")
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
        if any(part.flag_bits & 1 for part in parts):
            raise Unread("encrypted")
        if any(part.file_size > MAX_PART for part in parts):
            raise Unread("too_large")
        if sum(part.file_size for part in parts) > min(MAX_UNPACKED, len(data) * MAX_RATIO):
            raise Unread("too_large")

    def read(self, name: str) -> bytes:
        """The bytes of a part, whose size and checksum were found true when it was opened."""
        return self._zip.read(self._parts[name])

    def _count(self, name: str) -> None:
        """Unpack a part piece by piece and keep nothing: the directory may lie."""
        try:
            with self._zip.open(self._parts[name]) as part:
                while piece := part.read(_PIECE):
                    self._unpacked += len(piece)
                    if self._unpacked > MAX_UNPACKED:
                        raise Unread("too_large")
        except (EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError):
            raise Unread("corrupt") from None

    def tree(self, name: str) -> etree._Element:
        """A part as XML; one that declares entities or a document type is refused."""
        data = self.read(name)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError:
            # Entities that grow without end stop the parser before the declaration is seen.
            raise Unread("dtd_forbidden" if b"<!DOCTYPE" in data else "corrupt") from None
        if root.getroottree().docinfo.doctype:
            raise Unread("dtd_forbidden")
        return root


def _is_plain(part: zipfile.ZipInfo) -> bool:
    """Whether this is a file of the package, and neither a link nor a way out of it."""
    steps = part.filename.replace("\\", "/").split("/")
    return part.external_attr >> 28 != _LINK and ".." not in steps and steps[0] != ""
