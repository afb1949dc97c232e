"""Letting the desk into a mailbox by OAuth 2: as an application, or because somebody signs in once and agrees.

A person agrees on any machine by typing a code (RFC 8628), or in a browser that comes back to this machine, or whose address
they carry over (RFC 8252, with PKCE by RFC 7636 and a state that must come back). What comes of it is tried before it is
kept; who let the desk in stands in the audit, and no secret does.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from django.db import transaction
from oauthlib.oauth2 import DeviceClient, WebApplicationClient

from amends.desk import calls, grants, home
from amends.desk.grants import NotGranted, Refused, asked_for
from amends.desk.mail_services import Service
from amends.desk.models import AuditEntry, Flow, Mailbox, MailGrant

PENDING, SLOWER = "authorization_pending", "slow_down"
LONGER: Final = 5
"""Seconds by which the pauses grow when a server asks for that (RFC 8628, 3.5)."""


@dataclass(frozen=True, slots=True)
class Application:
    """The application as the service knows it. `secret` names a password as rows do, or is empty for a public one."""

    service: Service
    client_id: str
    secret: str = ""
    private_network: bool = False

    def ask(self, fields: str) -> dict[str, Any]:
        """Ask for a token. Raises NotGranted."""
        try:
            secret = home.password(self.secret)
        except home.NoSecret as missing:
            raise NotGranted(f"a secret is missing: {missing}") from missing
        return asked_for(self.service.token_url, fields, secret, private_network=self.private_network)


@dataclass(frozen=True, slots=True)
class Code:
    """A code that a person types at an address, on any machine."""

    device: str
    said: str
    address: str
    interval: int
    lasts: int


def begin_device(app: Application) -> Code:
    """Ask for a code. Raises NotGranted."""
    if not app.service.device_url:
        raise NotGranted(f"{app.service.name} lets no device ask for mail: sign in with a browser")
    body = urlencode({"client_id": app.client_id, "scope": app.service.scope})
    try:
        answer = calls.ask(
            "POST", app.service.device_url, body.encode(), grants.FORM, private_network=app.private_network
        )
        said = json.loads(answer.body)
        if isinstance(said, dict) and said.get("error"):
            raise Refused(str(said["error"]), str(said.get("error_description", ""))[:200])
        # Google calls the address by another name than the standard.
        address = said.get("verification_uri") or said["verification_url"]
        return Code(
            str(said["device_code"]), str(said["user_code"]), str(address), int(said.get("interval", 5)),
            int(said["expires_in"]),
        )  # fmt: skip
    except calls.NotTaken as broken:
        raise NotGranted(f"the token server cannot be reached: {broken}") from broken
    except (ValueError, TypeError, KeyError, AttributeError) as broken:
        raise NotGranted("the token server gave no code") from broken


def wait_for_device(app: Application, code: Code, sleep: Callable[[float], None]) -> dict[str, Any]:
    """The token, as soon as the person has agreed. Raises NotGranted where they refuse or take too long."""
    fields = DeviceClient(app.client_id).prepare_request_body(code.device, include_client_id=True)
    waited, interval = 0, max(1, code.interval)
    while waited < code.lasts:
        sleep(interval)
        waited += interval
        try:
            return app.ask(fields)
        except Refused as not_yet:
            if not_yet.code not in (PENDING, SLOWER):
                raise
            interval += LONGER if not_yet.code == SLOWER else 0
    raise NotGranted("nobody agreed in time")


@dataclass(frozen=True, slots=True)
class Visit:
    """A browser's way to the page of agreement and back; `address` is where it begins."""

    address: str
    back: str
    state: str
    verifier: str


def begin_visit(app: Application, back: str, user: str) -> Visit:
    """A visit to the page of agreement that ends at `back`, an address on this machine."""
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code", "client_id": app.client_id, "redirect_uri": back, "scope": app.service.scope,
        "state": state, "code_challenge": challenge, "code_challenge_method": "S256", "login_hint": user,
        **app.service.extra,
    }  # fmt: skip
    return Visit(f"{app.service.authorize_url}?{urlencode(asked)}", back, state, verifier)


def end_visit(app: Application, visit: Visit, ended: str) -> dict[str, Any]:
    """The token for the address at which the browser ended. Raises NotGranted."""
    said = {name: values[0] for name, values in parse_qs(urlsplit(ended.strip()).query).items()}
    if not hmac.compare_digest(said.get("state", "").encode(), visit.state.encode()):
        raise NotGranted("this is not the address at which that visit ended: begin again")
    if said.get("error") or not said.get("code"):
        raise Refused(said.get("error", "no code"), said.get("error_description", "")[:200])
    fields = WebApplicationClient(app.client_id).prepare_request_body(
        code=said["code"], redirect_uri=visit.back, code_verifier=visit.verifier
    )
    return app.ask(fields)


def as_application(app: Application, mailbox: Mailbox, *, by: str, now: datetime) -> MailGrant:
    """Let the desk in as the application itself. The first token is asked for here. Raises NotGranted."""
    if not app.service.application_scope:
        raise NotGranted(f"{app.service.name} lets no application in as itself: somebody signs in")
    grant = _grant(app, mailbox, Flow.APPLICATION, app.service.application_scope, now)
    said = app.ask(
        urlencode({
            "grant_type": "client_credentials", "client_id": app.client_id, "scope": app.service.application_scope
        })
    )  # fmt: skip
    return _kept(grant, said, by=by, now=now)


def as_person(
    app: Application, mailbox: Mailbox, said: dict[str, Any], *, by: str, now: datetime
) -> MailGrant:
    """Keep what somebody's agreement brought. Raises NotGranted where it would end within the hour."""
    if not said.get("refresh_token"):
        raise NotGranted("the token server gave no refresh token: the desk would be shut out within the hour")
    return _kept(_grant(app, mailbox, Flow.PERSON, app.service.scope, now), said, by=by, now=now)


def end(mailbox: Mailbox, *, by: str, now: datetime) -> bool:
    """A password opens the mailbox again; False where nothing else did. What is kept of tokens is deleted."""
    with transaction.atomic():
        ended = bool(MailGrant.objects.filter(mailbox=mailbox).delete()[0])
        if ended:
            _audit(mailbox, now, by, "mailbox sign-on ended", {})
    return ended


def _grant(app: Application, mailbox: Mailbox, flow: Flow, scope: str, now: datetime) -> MailGrant:
    return MailGrant(
        mailbox=mailbox, provider=mailbox.provider, service=app.service.name, flow=flow, token_url=app.service.token_url,
        scope=scope, client_id=app.client_id, client_secret=app.secret, private_network=app.private_network, agreed=now,
    )  # fmt: skip


def _kept(grant: MailGrant, said: dict[str, Any], *, by: str, now: datetime) -> MailGrant:
    with transaction.atomic():
        MailGrant.objects.filter(mailbox=grant.mailbox_id).delete()
        grants.keep(grant, said, now)
        shown = {"service": grant.service, "flow": grant.flow, "client_id": grant.client_id}
        _audit(grant.mailbox, now, by, "mailbox signs on by OAuth 2", shown)
    return grant


def _audit(mailbox: Mailbox, now: datetime, by: str, what: str, detail: dict[str, Any]) -> None:
    AuditEntry.objects.create(
        provider=mailbox.provider, at=now, by=by, what=what, detail={"mailbox": mailbox.address, **detail}
    )
