"""A provider's single sign-on is set up and taken away: by whoever keeps the desk, for it says where the desk connects."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from amends.desk.home import NoSecret, keep_password, password
from amends.desk.models import AuditEntry, Provider, SignOn, SignOnLink
from amends.desk.people import end_sessions
from amends.desk.signing.sign_on import is_private_address


def set_up(  # noqa: PLR0913 - an identity provider is described at once or not at all
    provider: Provider, *, name: str, issuer: str, client_id: str, client_secret: str, kept: str,
    has_second_factor: bool, by: str, now: datetime,
) -> str:  # fmt: skip
    """Set single sign-on up; `kept` is a secret to be written into the desk's folder under what `client_secret` names.

    What is wrong is the answer, in one line. Another issuer knows other people by the same ids: its links begin anew.
    """
    if not is_private_address(issuer):
        return f"--issuer: {issuer!r} is no https address"
    if not client_id or not client_secret:
        return "--client-id and --client-secret or --client-secret-stdin are needed"
    if kept:
        keep_password(client_secret.removeprefix("file:"), kept)
    try:
        password(client_secret)
    except NoSecret:
        return f"--client-secret: nothing is kept as {client_secret}"
    with transaction.atomic():
        before = SignOn.objects.filter(provider=provider).first()
        if before is not None and before.issuer != issuer:
            SignOnLink.objects.filter(provider=provider).update(subject="", linked=None)
            SignOnLink.objects.filter(provider=provider, email="").delete()
        SignOn.objects.update_or_create(
            provider=provider,
            defaults={
                "name": name or "your work account", "issuer": issuer, "client_id": client_id,
                "client_secret": client_secret, "has_second_factor": has_second_factor,
            },
        )  # fmt: skip
        _audit(provider, now, by, "single sign-on set up", issuer)
    return ""


def take_away(provider: Provider, *, by: str, now: datetime) -> None:
    """Nobody comes by single sign-on any longer; whoever had no password needs a new one."""
    with transaction.atomic():
        for link in SignOnLink.objects.filter(provider=provider).select_related("person"):
            end_sessions(link.person)
            link.delete()
        if SignOn.objects.filter(provider=provider).delete()[0]:
            _audit(provider, now, by, "single sign-on taken away", "")


def _audit(provider: Provider, now: datetime, by: str, what: str, issuer: str) -> None:
    AuditEntry.objects.create(provider=provider, at=now, by=by, what=what, detail={"issuer": issuer})
