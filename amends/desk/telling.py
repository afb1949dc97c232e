"""Tells alarms outside the house, for a desk that is asleep can show nothing: by mail, by webhook, and by a ping.

It stands apart from customers' mail: an alarm leaves although the provider's mail is off or goes into a folder, for
whoever set the way asked for it, and it is never a letter of a case. A way that fails is tried again, one minute later,
then two, at last every hour; that it fails is an alarm too.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from amends.core.calendar import in_london
from amends.desk import home
from amends.desk.calls import NotTaken, call
from amends.desk.digest import Digest, due
from amends.desk.models import AlarmTold, AlarmWay, By, Heartbeat, Mailbox
from amends.desk.outbox import is_loopback, pause, server_of
from amends.desk.smtp import InDoubt, Line, NotSent

log = logging.getLogger(__name__)

QUIET: Final = timedelta(minutes=15)
"""How long a way rests after a digest: what is raised meanwhile comes together."""
PING: Final = timedelta(minutes=5)
ALIVE: Final = timedelta(minutes=5)
"""A desk whose ticker did its last round longer ago is not alive, whatever else of it runs."""
LEASE: Final = timedelta(minutes=5)
"""How long a way belongs to the process that uses it; one that dies gives it back then."""


class NotTold(Exception):
    """An alarm did not leave; the words say why."""


def tell(now: datetime, *, ping: bool = True) -> int:
    """Tell by every way what it has to tell now; how many calls and mails arrived. `ping`: whether this is the worker."""
    free = Q(not_before__isnull=True) | Q(not_before__lte=now)
    ways = AlarmWay.objects.filter(free).select_related("provider").order_by("pk")
    return sum(_tell(way, now) for way in (ways if ping else ways.exclude(by=By.PING)))


def _tell(way: AlarmWay, now: datetime) -> bool:
    digest = None if way.by == By.PING else due(way, now)
    if digest is None and not (way.by == By.PING and _alive(now)):
        return False
    free = Q(not_before__isnull=True) | Q(not_before__lte=now)
    if not AlarmWay.objects.filter(free, pk=way.pk).update(not_before=now + LEASE):
        return False  # another worker is at it
    try:
        leave(way, digest, now)
    except NotTold as broken:
        _failed(way, str(broken), now)
        return False
    except Exception as fault:
        log.exception("alarms of %s by %s: the program failed", way.provider_id, way.by)
        _failed(way, f"a fault of ours: {type(fault).__name__}", now)
        return False
    _arrived(way, digest, now)
    return True


def _alive(now: datetime) -> bool:
    last = Heartbeat.objects.filter(name="ticker").values_list("at", flat=True).first()
    return last is not None and now - last <= ALIVE


def _failed(way: AlarmWay, why: str, now: datetime) -> None:
    log.warning("alarms of %s did not leave by %s: %s", way.provider_id, way.by, why)
    tries = way.tries + 1
    AlarmWay.objects.filter(pk=way.pk).update(
        tries=tries, not_before=now + pause(tries), last_error=why.replace("\0", "")[:500],
        failing_since=way.failing_since or now,
    )  # fmt: skip


def _arrived(way: AlarmWay, digest: Digest | None, now: datetime) -> None:
    with transaction.atomic():
        AlarmWay.objects.filter(pk=way.pk).update(
            tries=0, failing_since=None, last_error="", last_told=now,
            not_before=now + (PING if digest is None else QUIET),
        )  # fmt: skip
        rows = [
            AlarmTold(way=way, alarm=alarm, raised=alarm.raised, at=now)
            for alarm in (digest.alarms if digest else ())
        ]
        AlarmTold.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["way", "alarm"], update_fields=["raised", "at"]
        )


# --- the ways ----------------------------------------------------------------------------------------------


def leave(way: AlarmWay, digest: Digest | None, now: datetime) -> None:
    """Use a way once, with this digest, or with none for a ping. Raises NotTold; nothing is written down."""
    try:
        _LEAVE[By(way.by)](way, digest, now)
    except (NotSent, InDoubt, NotTaken, home.NoSecret) as broken:
        raise NotTold(str(broken)) from broken


def _by_mail(way: AlarmWay, digest: Digest | None, now: datetime) -> None:
    assert digest is not None
    box = Mailbox.objects.filter(provider=way.provider_id).exclude(smtp_host="").order_by("pk").first()
    if box is None:
        raise NotTold("the provider has no mailbox that can send: amends mail set")
    with Line(server_of(box), box.address.rpartition("@")[2]) as line:
        line.send(box.address, way.target, mail(box, way.target, digest, now).as_bytes())


def mail(box: Mailbox, recipient: str, digest: Digest, now: datetime) -> EmailMessage:
    """The mail of a digest. An answer to it goes to whoever got it: at the mailbox it would be somebody's complaint."""
    made = EmailMessage()
    made["From"] = formataddr((box.from_name or digest.way.provider.name, box.address))
    made["To"] = made["Reply-To"] = recipient
    made["Subject"] = digest.subject
    made["Date"] = format_datetime(in_london(now))
    made["Message-ID"] = f"<alarms-{digest.id}@{box.address.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    made.set_content(digest.text)
    return made


def _by_webhook(way: AlarmWay, digest: Digest | None, now: datetime) -> None:
    assert digest is not None
    body = json.dumps(digest.as_json(), ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Amends-Signature": signature(home.password(way.secret), body, now),
        "Amends-Delivery": digest.id,
    }
    _call("POST", way, body, headers)


def signature(secret: str, body: bytes, now: datetime) -> str:
    """`t=SECONDS,v1=HEX`: the HMAC-SHA256 of the seconds since 1970, a dot and the body, under the secret."""
    seconds = int(now.timestamp())
    return f"t={seconds},v1={hmac.digest(secret.encode(), b'%d.' % seconds + body, 'sha256').hex()}"


def _ping(way: AlarmWay, _digest: Digest | None, _now: datetime) -> None:
    _call("GET", way)


def _call(method: str, way: AlarmWay, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
    address = home.password(way.target) if way.target.startswith("env:") else way.target
    if settings.MANUAL_CLOCK and not is_loopback(urlsplit(address).hostname or ""):
        raise NotTold("the clock is set by hand (AMENDS_CLOCK=manual): nothing leaves this machine")
    call(method, address, body, headers, private_network=way.private_network)


_LEAVE: Final[dict[By, Callable[[AlarmWay, Digest | None, datetime], None]]] = {
    By.MAIL: _by_mail, By.WEBHOOK: _by_webhook, By.PING: _ping,
}  # fmt: skip
