"""The libraries that answer: the one in a database, and the starter library in one of its own."""

from coach.knowledge.asking import Library
from coach.knowledge.sql_library import SqlLibrary
from coach.knowledge.starter import open_starter_library

__all__ = ["Library", "SqlLibrary", "open_starter_library"]
