"""Comments on the code: collected for its next review, considered by a named person, erased when somebody asks.

O-review: comments and suggestions on the code are invited. Whoever reads a version may comment on it or on one of its
clauses; what was decided about each stands beside it, and is shown with the next version.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from amends.core.letters.blocks import clean, one_line
from amends.core.may import Refusal
from amends.desk import attempts
from amends.desk.models import AdoptedCode, AuditEntry, CodeComment, Provider

REVIEW: Final = "A-evidence"
FOR_ALL: Final = 60
FOR_ALL_WITHIN: Final = timedelta(hours=1)
"""So many comments may strangers leave with one provider within such a time."""
ONCE: Final = timedelta(hours=1)
"""The same words within so long are the same comment, sent twice."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of a code; name and email may be left empty."""

    words: str
    clause: str = ""
    name: str = ""
    email: str = ""


def leave(provider: Provider, code: AdoptedCode, said: Said, now: datetime) -> CodeComment | Refusal:
    """Keep a comment of a stranger; the same one sent twice is one."""
    words = clean(said.words)
    if not words:
        return Refusal(_("There is no comment"), REVIEW, _("Write what you would change."))
    comments = CodeComment.objects.filter(provider=provider)
    twice = comments.filter(code=code, clause=said.clause, words=words, at__gt=now - ONCE).first()
    if twice is not None:
        return twice
    if not attempts.take(attempts.key("comments", provider.pk), now, FOR_ALL, FOR_ALL_WITHIN):
        return Refusal(
            _("Very many comments have come within the hour"), REVIEW, _("Please write to us instead.")
        )
    return CodeComment.objects.create(
        provider=provider, code=code, clause=said.clause, at=now, words=words, name=one_line(said.name),
        email=said.email.strip(),
    )  # fmt: skip


def consider(comment: CodeComment, *, decision: str, by: str, now: datetime) -> Refusal | None:
    """Write down what was decided about a comment, and by whom. Considered again, the newer decision stands."""
    if not decision.strip():
        return Refusal(
            "It must stand what was decided",
            REVIEW,
            "Write what changes in the next version, or why nothing does.",
        )
    comment.decision, comment.considered_by, comment.considered_at = clean(decision), by, now
    comment.save(update_fields=["decision", "considered_by", "considered_at"])
    AuditEntry.objects.create(
        provider_id=comment.provider_id, at=now, by=by, what="comment on the code considered",
        detail={"comment": comment.pk, "code": comment.code_id, "clause": comment.clause},
    )  # fmt: skip
    return None


def erase(comment: CodeComment, *, why: str, by: str, now: datetime) -> Refusal | None:
    """Erase what somebody wrote and who they are. That there was a comment, and what was decided about it, stays."""
    if not why.strip():
        return Refusal(
            "Erasing needs a reason", "A-evidence", "Write whose request or which period it follows."
        )
    comment.words = comment.name = comment.email = ""
    comment.erased_at = now
    comment.save(update_fields=["words", "name", "email", "erased_at"])
    AuditEntry.objects.create(
        provider_id=comment.provider_id, at=now, by=by, what="comment on the code erased",
        detail={"comment": comment.pk, "why": why},
    )  # fmt: skip
    return None


def waiting(provider: str) -> QuerySet[CodeComment]:
    """The comments that nobody has considered yet, the oldest first."""
    return CodeComment.objects.filter(provider=provider, considered_at__isnull=True).order_by("pk")
