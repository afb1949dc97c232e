"""What kinds of case there are: a complaint, or customer care that becomes one as soon as the customer complains.

A case is opened as a kind (docs/decisions: what a case is opened as), and whether it is a complaint stands beside it, on
every contact (A-was-it-a-complaint). Care starts no clock of a complaint, and its own promises run on it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class CaseKind(StrEnum):
    """What a case was opened as."""

    COMPLAINT = ""
    """A complaint, or a contact that may turn out to be one."""
    COPY_OF_CODE = "copy of the code"
    """Somebody asked for a copy of the code (R-04, O-copy, I-copy, L-copy)."""


COPY_LETTER: Final = "copy-of-code"
"""The letter with which a copy of the code goes."""
FORMAT_LETTER: Final = "format-sent"
"""The letter with which an earlier one goes again, in the format that the customer asked for."""
