"""Takes web addresses out of a document: what the library says is words, and never a way out."""

import re

LEFT_OUT = "(address left out)"
_MARKED = re.compile(r"!?\[(?P<words>[^\]\n]{0,300})\]\([^)\n]{0,2000}\)?")
_BARE = re.compile(
    r"(?:[^\W\d_][\w+.-]{0,30}:)?//[\w\[%][^\s<>\"]*?(?=[.,;:!?)\]\"]*(?:\s|\Z|[<>\"]))"
    r"|\bwww\.[^\s<>\"]+?(?=[.,;:!?)\]\"]*(?:\s|\Z|[<>\"]))"
    r"|\b(?:mailto|javascript|vbscript|data):[^\s<>\"]{2,}",
    re.IGNORECASE,
)


def without_addresses(text: str) -> str:
    """The text with its links as bare words, and a remark where an address stood."""
    if "/" not in text and ":" not in text and "www." not in text:
        return text
    return _BARE.sub(LEFT_OUT, _MARKED.sub(lambda found: found["words"], text))
