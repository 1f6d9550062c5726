"""Imports of rosters: read and shown first, written after a person agreed, taken back for a day."""

from server.rosters.correcting import correct, dismiss, id_text_of
from server.rosters.people import Importer
from server.rosters.plans import look
from server.rosters.previewing import confirm, counts, drop, preview, read_file
from server.rosters.runs import resume, run, start, tidy
from server.rosters.undoing import UNDO_HOURS, undo

__all__ = [
    "UNDO_HOURS",
    "Importer",
    "confirm",
    "correct",
    "counts",
    "dismiss",
    "drop",
    "id_text_of",
    "look",
    "preview",
    "read_file",
    "resume",
    "run",
    "start",
    "tidy",
    "undo",
]
