"""Decides by its content what kind of file this is; the name says nothing."""

import re
import zipfile

from coach.knowledge.reading.found import Format, Unread
from coach.knowledge.reading.packed import Packed

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old Office files, and new ones with a password
_BINARY = (b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x7fELF", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")
_HTML = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<!--.{0,2000}?-->\s*|<\?xml[^>]*>\s*)*"
    rb"<(?:!doctype\s+html|html|head|body|div|p|h[1-6]|title|meta|span|table|ul|a|script|style)\b",
    re.IGNORECASE | re.DOTALL,
)
_MARKDOWN = re.compile(rb"\A(?:\xef\xbb\xbf)?---[ \t]*\r?\n|^#{1,6} \S", re.MULTILINE)


def format_of(data: bytes) -> Format:
    """The kind of file that these bytes are; raises Unread when it is none of ours."""
    if not data.strip(b"\0 \t\r\n"):
        raise Unread("empty")
    if data.lstrip()[:5] == b"%PDF-":
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    if data.startswith(_OLE):
        # An encrypted package names its stream in UTF-16.
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise Unread("encrypted" if locked else "unknown_type")
    if data.startswith(_BINARY) or data.count(0) > len(data) / 5:
        raise Unread("unknown_type")
    if b"%PDF-" in data[:1024]:
        raise Unread("type_mismatch")
    if _HTML.match(data):
        return "html"
    return "markdown" if _MARKDOWN.search(data) else "text"


def _office(data: bytes) -> Format:
    try:
        with Packed(data) as packed:
            if "word/document.xml" in packed.names:
                return "docx"
            if "ppt/presentation.xml" in packed.names:
                return "pptx"
    except zipfile.BadZipFile:
        raise Unread("corrupt") from None
    raise Unread("unknown_type")
