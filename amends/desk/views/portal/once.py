"""A form of the portal that one browser sends twice within the hour opens one case, and never two.

Other words, another browser, another hour: another case, for it is worse to lose one than to have one twice. The form
carries a signed mark; with it and with what was typed the reference of the case is drawn, so the second sending comes
to the same reference.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from amends.core import facts as f
from amends.desk import ledger, uploads
from amends.desk import reference as references
from amends.desk.actions import NewContact
from amends.desk.models import CaseRow
from amends.desk.views.portal.page import BROWSER, Door

_SALT: Final = "portal complaint"
FORM_LASTS: Final = timedelta(days=1)
"""How long a form is known to be the one that a browser asked for; it may be sent later, as another case."""
ONCE: Final = timedelta(hours=1)
"""The same form within so long is the same case, sent twice."""


def marked(request: HttpRequest, at: Door, page: Callable[[str], HttpResponse]) -> HttpResponse:
    """The page of a new form for this browser; `page` is given the mark to put into the form's box `which`."""
    browser = request.COOKIES.get(BROWSER) or new_browser()
    made = {"provider": at.provider.pk, "nonce": secrets.token_urlsafe(12), "browser": _digest(browser)}
    return known_by(page(signing.dumps(made, salt=_SALT)), browser)


def new_browser() -> str:
    """By what a browser is known from now on: nobody can guess it."""
    return secrets.token_urlsafe(16)


def known_by(answer: HttpResponse, browser: str) -> HttpResponse:
    """The answer, which tells the browser by what it is known for another day."""
    # Not the session: that gets a new key as soon as the case is open, and a second click still brings the old one.
    answer.set_cookie(
        BROWSER, browser, max_age=FORM_LASTS, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return answer


def one_case(
    lot: bytes,
    at: Door,
    contact: NewContact,
    known: f.CustomerKnown,
    opening: Callable[[str | None], CaseRow],
) -> CaseRow:
    """The case that `opening` makes with a reference, or the one that this lot has opened with these words just now."""
    if not lot:
        return opening(None)
    for turn in count():
        reference = references.drawn_from(
            references.initials(at.provider.name), lot + bytes(str(turn), "ascii")
        )
        try:
            return opening(reference)
        except IntegrityError:
            there = CaseRow.objects.filter(provider=at.provider, reference=reference).first()
            if there is None:
                raise
            if _is_this(there, contact, known):
                return there
    raise AssertionError("counting ends nowhere")


def lot_of(request: HttpRequest, at: Door, cleaned: Mapping[str, Any]) -> bytes:
    """What this form with these words draws its reference from; empty where this browser has not asked for it."""
    said = dict(cleaned)
    try:
        made = signing.loads(said.pop("which"), salt=_SALT, max_age=FORM_LASTS)
    except signing.BadSignature:
        return b""
    browser = request.COOKIES.get(BROWSER, "")
    if not browser or made["browser"] != _digest(browser) or made["provider"] != at.provider.pk:
        return b""
    return salted_hmac(_SALT, made["nonce"] + json.dumps(said, sort_keys=True), algorithm="sha256").digest()


def _is_this(there: CaseRow, contact: NewContact, known: f.CustomerKnown) -> bool:
    """Whether a case was opened just now by this very form, and does not bear the same reference by chance."""
    facts = ledger.load([there.pk])[there.pk]
    first = next((x for x in facts if isinstance(x, f.ContactReceived)), None)
    who = next((x for x in facts if isinstance(x, f.CustomerKnown)), None)
    if first is None or who is None or known.logged - first.logged > ONCE:
        return False
    sent = ledger.keepable(replace(known, at=who.at, logged=who.logged))
    heard = replace(first, words=contact.words, sender=contact.sender, channel=contact.channel)
    said = ledger.keepable(replace(heard, files=uploads.digests(contact.files)))
    return (said, sent) == (first, who)


def _digest(browser: str) -> str:
    return hashlib.sha256(browser.encode("utf-8", "replace")).hexdigest()
