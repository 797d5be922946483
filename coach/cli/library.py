"""The table of the commands below `coach library`."""

import click

from coach.cli.lazy import Later, LazyGroup

_READS, _WRITES = "coach.cli.library_reading", "coach.cli.library_writing"
_HISTORY = "coach.cli.library_history"
_FILES = "coach.cli.library_files"
_BULK = "coach.cli.library_bulk"
_PINS, _GAPS = "coach.cli.library_pins", "coach.cli.library_gaps"
COMMANDS = {
    "add": Later(f"{_WRITES}:add", "Put documents into the library."),
    "preview": Later(f"{_FILES}:preview", "Show the text that would be taken from a file."),
    "check": Later("coach.cli.library_checking:check", "Check documents by the rules of writing."),
    "list": Later(f"{_READS}:list_", "List the documents with their states."),
    "show": Later(f"{_READS}:show", "Show a document as it was read."),
    "versions": Later(f"{_HISTORY}:versions", "List the versions of a document."),
    "diff": Later(f"{_HISTORY}:diff", "Show what changed between two versions of a document."),
    "restore": Later(f"{_HISTORY}:restore", "Bring an old version back as the newest."),
    "submit": Later(f"{_HISTORY}:submit", "Hand drafts in for review."),
    "try": Later(
        "coach.cli.library_trying:try_",
        "Show what publishing a document would change for the golden questions.",
    ),
    "publish": Later(f"{_WRITES}:publish", "Let drafts quote the newest version of documents."),
    "archive": Later(f"{_WRITES}:archive", "Take documents out of search and drafts."),
    "search": Later(f"{_READS}:search", "Search the library as the coach does."),
    "bench": Later(f"{_PINS}:bench", "Ask one question as a recap does, and see why."),
    "pin": Later(f"{_PINS}:pin", "Pin a golden question that every publication is tried with."),
    "pins": Later(f"{_PINS}:pins", "List the pinned golden questions."),
    "unpin": Later(f"{_PINS}:unpin", "Unpin a golden question."),
    "gaps": Later(f"{_GAPS}:gaps", "List what the library could not answer."),
    "write": Later(f"{_GAPS}:write", "Begin an article that is to answer gaps."),
    "reports": Later(
        "coach.cli.library_reports:reports",
        "List the quotations that readers say are wrong.",
    ),
    "golden": Later(
        "coach.cli.library_golden:golden", "Measure search and refusals on golden questions."
    ),
    "export": Later(
        f"{_BULK}:export",
        "Print every document with its passages as JSON, or write the whole library as files.",
    ),
    "import": Later(
        f"{_BULK}:import_",
        "Bring a folder or ZIP of files, or an exported library, into the library.",
    ),
    "re-embed": Later(
        "coach.cli.library_model:re_embed",
        "Change the embedding model, or make its vectors anew.",
    ),
    "rebuild-index": Later(f"{_WRITES}:rebuild_index", "Build the index of meanings anew."),
}


@click.group(cls=LazyGroup)
def library() -> None:
    """Look after the documents that drafts quote."""


library.shelve(COMMANDS)
