"""What every command that needs the desk does first: make or upgrade its folder, and settle what time it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from amends.cli.said import Unusable, moment

if TYPE_CHECKING:
    from amends.desk.models import CaseRow, Provider

C = TypeVar("C", bound=Callable[..., Any])


def with_now(command: C) -> C:
    """The option `--now`, for a clock that is set by hand."""
    option = click.option(
        "--now",
        "said",
        metavar="ISO",
        help="What time it is; only with AMENDS_CLOCK=manual. London's without an offset.",
    )
    return option(command)


def open_desk() -> None:
    """Make or upgrade the desk. Raises Unusable where its folder or database cannot be had."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    from amends.desk.start import ready

    try:
        ready()
        _refuse_played_mail()
    except OSError as wrong:
        raise Unusable(f"AMENDS_HOME: {wrong}") from wrong
    except ImproperlyConfigured as wrong:
        raise Unusable(str(wrong)) from wrong
    except DatabaseError as wrong:
        raise Unusable(f"the database cannot be used: {wrong}") from wrong


def _refuse_played_mail() -> None:
    """Refuse a clock set by hand where real people would get what it makes due."""
    from django.conf import settings

    if not settings.MANUAL_CLOCK:
        return
    from amends.desk.models import Mail, Mailbox
    from amends.desk.outbox import is_loopback

    live = Mailbox.objects.filter(provider__mail=Mail.LIVE).exclude(smtp_host="")
    for host, provider in live.values_list("smtp_host", "provider_id"):
        if not is_loopback(host):
            raise Unusable(
                f"AMENDS_CLOCK=manual: mail of {provider} is live through {host}; a played clock must not write to people"
            )


def time(said: str | None) -> datetime:
    """This moment: what `--now` says, or what the clock shows. Raises Unusable where it may not be said."""
    from django.conf import settings

    from amends.desk.now import ClockRefused, now, set_now

    if said is None:
        return now()
    if not settings.MANUAL_CLOCK:
        raise Unusable("--now: the time can be said only with AMENDS_CLOCK=manual")
    try:
        return set_now(moment(said, "--now").isoformat())
    except ClockRefused as refused:
        raise Unusable(f"--now: {refused}") from refused


def provider_named(slug: str) -> Provider:
    """The provider with this id. Raises Unusable, naming those that there are."""
    from amends.desk.models import Provider

    found = Provider.objects.filter(pk=slug).first()
    if found is None:
        known = ", ".join(Provider.objects.order_by("pk").values_list("pk", flat=True)[:20]) or "none yet"
        raise Unusable(f"no provider is called {slug!r}; there are: {known}")
    return found


def case_named(reference: str, provider: str | None) -> CaseRow:
    """The case with this reference, however it was typed. Raises Unusable for none, and for one at several providers."""
    from amends.desk.models import CaseRow
    from amends.desk.reference import normal

    wanted = {reference.strip(), normal(reference)} - {""}
    found = CaseRow.objects.filter(reference__in=wanted).select_related("provider", "code")
    if provider is not None:
        found = found.filter(provider=provider)
    rows = list(found.order_by("provider")[:10])
    if not rows:
        raise Unusable(f"no case is called {reference!r}{f' at {provider}' if provider else ''}")
    if len(rows) > 1:
        where = ", ".join(row.provider_id for row in rows)
        raise Unusable(f"{reference!r} is a case at {where}: add --provider")
    return rows[0]
