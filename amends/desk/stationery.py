"""What a provider's letters look like and say in its own words on a day: letterheads and files of words, by their dates.

Both are versions: a newer one is in force from its day on, and changes no letter that was decided before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from django.db import connection, transaction

from amends.core.calendar import london_date
from amends.core.letters.own import OwnWords
from amends.core.letters.words_file import read_words
from amends.core.may import Refusal
from amends.core.problems import Problem, Severity, Where
from amends.desk.models import AdoptedWords, AuditEntry, LetterheadVersion, Provider


@dataclass(frozen=True, slots=True)
class AdoptedOwn:
    """Own words in force for their provider; `again` where this very text had been adopted before."""

    provider: str
    words: str
    version: str
    in_force_from: date
    letters: tuple[str, ...]
    again: bool = False

    def as_json(self) -> dict[str, object]:
        """The answer of `amends words adopt`."""
        return {
            "provider": self.provider, "words": self.words, "version": self.version,
            "in_force_from": self.in_force_from.isoformat(), "letters": list(self.letters),
        }  # fmt: skip


def adopt_words(text: str, file: str, *, by: str, now: datetime) -> AdoptedOwn | tuple[Problem, ...]:
    """Put a provider's own words in force from their day; or every problem that stands against it, and then nothing.

    They never reach back: words for a day that is past would say that letters read otherwise than they did.
    """
    own, problems = read_words(text, file)
    if own is None:
        return problems
    provider = Provider.objects.filter(pk=own.provider).first()
    if provider is None:
        return (_said(file, f"There is no provider '{own.provider}' here", "Adopt its code first."),)
    with transaction.atomic():
        Provider.objects.select_for_update().get(pk=provider.pk)
        kept = AdoptedWords.objects.filter(provider=provider)
        answer = AdoptedOwn(provider.pk, own.id, own.version, own.in_force_from, tuple(own.letters))
        if kept.filter(fingerprint=own.fingerprint).exists():
            return AdoptedOwn(
                provider.pk, own.id, own.version, own.in_force_from, tuple(own.letters), again=True
            )
        if own.in_force_from < london_date(now):
            return (
                _said(
                    file,
                    f"{own.in_force_from.isoformat()} is past",
                    "Let them be in force from today or later.",
                ),
            )
        AdoptedWords.objects.create(
            provider=provider, position=kept.count() + 1, words=own.id, version=own.version, text=text,
            fingerprint=own.fingerprint, in_force_from=own.in_force_from, adopted_at=now, adopted_by=by,
        )  # fmt: skip
        AuditEntry.objects.create(
            provider=provider, at=now, by=by, what="letter words adopted",
            detail={"words": own.id, "version": own.version, "from": own.in_force_from.isoformat()},
        )  # fmt: skip
    return answer


def _said(file: str, message: str, mend: str) -> Problem:
    why = "Own words belong to one provider, and are in force from a day on."
    return Problem(Where(file, 1, 1), "CANNOT_BE_ADOPTED", Severity.BROKEN, message, why, mend)


def words_and_signature(provider: str, day: date) -> tuple[OwnWords | None, str]:
    """The own words and the signature in force on that London date, in one question: every docket asks it."""
    on = connection.ops.adapt_datefield_value(day)
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE, [provider, on, provider, on])
        said, signed = cursor.fetchone()
    return _compiled(said) if said is not None else None, signed or ""


# Composed once and not by the ORM: every mail that comes in asks it.
_IN_FORCE: Final = (
    f"SELECT (SELECT text FROM {AdoptedWords._meta.db_table} WHERE provider_id = %s AND in_force_from <= %s "  # noqa: S608 - names of our own models
    f"ORDER BY in_force_from DESC, position DESC LIMIT 1), (SELECT signature FROM {LetterheadVersion._meta.db_table} "
    "WHERE provider_id = %s AND since <= %s ORDER BY since DESC, position DESC LIMIT 1)"
)


@lru_cache(maxsize=256)
def _compiled(text: str) -> OwnWords | None:
    return read_words(text, "letter words")[0]


def unread_words(provider: str, day: date) -> tuple[AdoptedWords, tuple[Problem, ...]] | None:
    """The own words in force on that London date, where they are not read any more, with every problem in them.

    A newer program may refuse what an older one adopted. Letters then say none of them until they are mended.
    """
    rows = AdoptedWords.objects.filter(provider=provider, in_force_from__lte=day)
    row = rows.order_by("-in_force_from", "-position").first()
    own, problems = read_words(row.text, "letter words") if row is not None else (None, ())
    return (row, problems) if row is not None and own is None else None


def letterhead_on(provider: str, day: date) -> LetterheadVersion | None:
    """The letterhead of letters decided on that London date; None for the plain one."""
    rows = LetterheadVersion.objects.filter(provider=provider, since__lte=day)
    return rows.order_by("-since", "-position").first()


def set_letterhead(
    provider: Provider,
    *,
    since: date,
    address: str,
    signature: str,
    logo: bytes,
    logo_type: str,
    by: str,
    now: datetime,
) -> LetterheadVersion | Refusal:
    """Keep a letterhead for letters from a day on, today or later; `logo` has been judged by `logo.judged`."""
    if since < london_date(now):
        return Refusal(
            "That day is past", "A-evidence", "A letterhead is in force from today or a later day."
        )
    with transaction.atomic():
        Provider.objects.select_for_update().get(pk=provider.pk)
        made = LetterheadVersion.objects.create(
            provider=provider, position=LetterheadVersion.objects.filter(provider=provider).count() + 1, since=since,
            logo=logo, logo_type=logo_type, address=address, signature=signature, made_at=now, made_by=by,
        )  # fmt: skip
        AuditEntry.objects.create(
            provider=provider, at=now, by=by, what="letterhead set",
            detail={"position": made.position, "since": since.isoformat(), "logo": logo_type},
        )  # fmt: skip
    return made
