"""Access tokens of mailboxes that are opened by OAuth 2: kept sealed, renewed before they expire, by one process at a time.

RFC 6749: 4.4 (the application signs in as itself), 6 (a refresh token brings the next one, and may be replaced by it). What
is asked and what is answered is read by oauthlib; `calls` carries it, so that no redirect and no proxy is followed. An
answer that is no token is kept with the mailbox, tried again a minute later, then two, at last every hour, and stands as an
alarm; it concerns that mailbox alone.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Q
from oauthlib.oauth2 import BackendApplicationClient, OAuth2Error, WebApplicationClient

from amends.desk import home
from amends.desk.calls import NotTaken, ask
from amends.desk.models import Flow, Mailbox, MailGrant
from amends.desk.now import now

log = logging.getLogger(__name__)

EARLY: Final = timedelta(minutes=5)
"""So long before its end a token is renewed: nothing may hang on its last seconds."""
LASTS: Final = timedelta(minutes=30)
"""How long a token is believed to last whose server does not say."""
LEASE: Final = timedelta(seconds=30)
"""How long one process may take to renew a token before another tries."""
LONGEST_PAUSE: Final = timedelta(hours=1)
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


class NotGranted(Exception):
    """No token can be had; the words say why, and hold no secret."""


def grant_of(mailbox: Mailbox) -> MailGrant | None:
    """What opens this mailbox by OAuth 2; None where a password does."""
    return MailGrant.objects.filter(mailbox=mailbox.pk).first() if mailbox.pk else None


def token(grant: MailGrant, *, anew: bool = False) -> str:
    """An access token for the mailbox, a new one where the kept one ends soon or is refused (`anew`). Raises NotGranted."""
    at, refused = now(), grant.access_token if anew else ""
    grant.refresh_from_db()
    if _is_good(grant, at) and grant.access_token != refused:
        return _open(grant.access_token)
    if grant.not_before is not None and grant.not_before > at:
        raise NotGranted(grant.last_error)
    if not _taken(grant, at):
        return _of_another(grant, refused)
    # Another may have asked between the look and the lease: the refresh token that was seen then is spent.
    grant.refresh_from_db()
    if _is_good(grant, at) and grant.access_token != refused:
        MailGrant.objects.filter(pk=grant.pk).update(renewing_until=None)
        return _open(grant.access_token)
    try:
        said = _asked(grant)
    except NotGranted as broken:
        _failed(grant, str(broken), at)
        raise
    keep(grant, said, at)
    return str(said["access_token"])


def keep(grant: MailGrant, said: dict[str, Any], at: datetime) -> None:
    """Keep what a token server gave, sealed; a refresh token that comes with it replaces the one before."""
    lasts = said.get("expires_in")
    grant.access_token = home.sealed(str(said["access_token"]))
    grant.expires = at + (timedelta(seconds=min(int(lasts), 86_400)) if lasts else LASTS)
    if said.get("refresh_token"):
        grant.refresh_token = home.sealed(str(said["refresh_token"]))
    grant.renewing_until, grant.not_before, grant.failing_since = None, None, None
    grant.tries, grant.last_error = 0, ""
    grant.save()


def asked_for(
    address: str, fields: str, client_secret: str, *, private_network: bool = False
) -> dict[str, Any]:
    """What a token server answers to a request for a token. Raises NotGranted, with the server's own reason."""
    body = f"{fields}&{urlencode({'client_secret': client_secret})}" if client_secret else fields
    try:
        answer = ask("POST", address, body.encode(), FORM, private_network=private_network)
    except NotTaken as broken:
        raise NotGranted(f"the token server cannot be reached: {broken}") from broken
    return read_answer(answer.status, answer.body)


def read_answer(status: int, body: bytes) -> dict[str, Any]:
    """The token in an answer. Raises NotGranted, by the code of its error where it has one."""
    if status >= 500:
        raise NotGranted(f"the token server answered {status}")
    client = WebApplicationClient("")
    try:
        # Without a scope to compare with: what was granted is seen when the mailbox is opened.
        said = dict(client.parse_request_body_response(body.decode("utf-8", "replace")))
    except OAuth2Error as refused:
        raise Refused(str(refused.error), _one_line(refused.description or "")) from refused
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError) as broken:
        raise NotGranted(f"the token server answered {status}, and what it said is no token") from broken
    if not isinstance(said["access_token"], str) or not 200 <= status < 300:
        raise NotGranted(f"the token server answered {status}, and what it said is no token")
    return said


class Refused(NotGranted):
    """The token server says no; `code` is its reason by RFC 6749 (5.2) or RFC 8628 (3.5)."""

    def __init__(self, code: str, words: str = "") -> None:
        super().__init__(
            f"the token server refused: {_one_line(code)[:60]}{f' ({words[:200]})' if words else ''}"
        )
        self.code = code


def _one_line(words: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())


def _is_good(grant: MailGrant, at: datetime) -> bool:
    return bool(grant.access_token) and grant.expires is not None and at < grant.expires - EARLY


def _open(kept: str) -> str:
    try:
        return home.password(kept)
    except home.NoSecret as other:
        raise NotGranted(f"the kept token cannot be read: {other}") from other


def _taken(grant: MailGrant, at: datetime) -> bool:
    """Whether it is ours to ask for a new token: of several processes at one moment one is."""
    free = Q(renewing_until=None) | Q(renewing_until__lte=at)
    return bool(MailGrant.objects.filter(free, pk=grant.pk).update(renewing_until=at + LEASE))


def _of_another(grant: MailGrant, refused: str) -> str:
    """The token that another process is asking for at this moment. Raises NotGranted where it does not come."""
    for _ in range(20):
        time.sleep(0.5)
        grant.refresh_from_db()
        if grant.renewing_until is None:
            break
    if _is_good(grant, now()) and grant.access_token != refused:
        return _open(grant.access_token)
    raise NotGranted(grant.last_error or "another process asks for the token, and none has come")


def _asked(grant: MailGrant) -> dict[str, Any]:
    try:
        secret = home.password(grant.client_secret)
        refresh = home.password(grant.refresh_token)
    except home.NoSecret as missing:
        raise NotGranted(f"a secret is missing: {missing}") from missing
    if grant.flow == Flow.APPLICATION:
        client = BackendApplicationClient(grant.client_id)
        fields = client.prepare_request_body(scope=grant.scope.split(), include_client_id=True)
    elif refresh:
        client = WebApplicationClient(grant.client_id)
        fields = client.prepare_refresh_body(refresh_token=refresh, client_id=grant.client_id)
    else:
        raise NotGranted("nobody has signed in for this mailbox yet: amends mail sign-on")
    return asked_for(grant.token_url, fields, secret, private_network=grant.private_network)


def _failed(grant: MailGrant, why: str, at: datetime) -> None:
    log.warning("no token for mailbox %s: %s", grant.mailbox_id, why)
    tries = min(grant.tries + 1, 100)
    wait = min(timedelta(minutes=2 ** min(tries - 1, 10)), LONGEST_PAUSE)
    grant.tries, grant.not_before, grant.renewing_until = tries, at + wait, None
    grant.failing_since, grant.last_error = grant.failing_since or at, why.replace("\0", "")[:500]
    grant.save(update_fields=["tries", "not_before", "renewing_until", "failing_since", "last_error"])
