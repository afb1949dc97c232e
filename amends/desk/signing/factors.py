"""Second factors: an authenticator app (TOTP, RFC 6238), passkeys (WebAuthn), and recovery codes for a lost phone.

A code of the app holds for its half minute and for the ones beside it, so that a clock may be 30 seconds off, and counts
once: the step that was used is kept in the row, and no step up to it is taken again. A passkey whose counter does not
grow has been copied, and is refused. Recovery codes count once each.
"""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from fido2.webauthn import AuthenticationResponse

STEP: Final = 30
DRIFT: Final = 1
"""Steps by which a phone's clock may be off."""
SETTING_UP: Final = "signing: authenticator"
LAST_STEP: Final = "last step"
COUNTER: Final = "counter"

APP, PASSKEY, RECOVERY = "authenticator app", "passkey", "recovery code"

REAL: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What is a second factor by itself; recovery codes stand in for one of these."""
MALFORMED: Final = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    struct.error,
    ValidationError,
)
"""What reading a passkey's answer raises where somebody has made it up."""


def has(person: User) -> bool:
    """Whether the person has a second factor."""
    return bool(Authenticator.objects.filter(user=person, type__in=REAL).exists())


def held(person: User) -> list[Authenticator]:
    """The second factors of a person, oldest first."""
    return list(Authenticator.objects.filter(user=person, type__in=REAL).order_by("created_at", "id"))


def who_have(people: list[User]) -> set[int]:
    """Which of these people have a second factor."""
    return set(Authenticator.objects.filter(user__in=people, type__in=REAL).values_list("user_id", flat=True))


# --- authenticator app ---------------------------------------------------------------------------------------


def app_secret(request: HttpRequest) -> str:
    """The secret that is being set up: one until it is, whichever page is looked at; under the desk's key meanwhile."""
    adapter = get_adapter()
    kept = request.session.get(SETTING_UP)
    if kept is None:
        kept = request.session[SETTING_UP] = adapter.encrypt(generate_totp_secret())
    return str(adapter.decrypt(kept))


def app_picture(person: User, secret: str) -> tuple[str, str]:
    """The address that an authenticator app reads, and its picture as a `data:` address."""
    adapter = get_adapter()
    address = adapter.build_totp_url(person, secret)
    drawn = base64.b64encode(adapter.build_totp_svg(address).encode()).decode()
    return address, f"data:image/svg+xml;base64,{drawn}"


def set_up_app(request: HttpRequest, person: User, code: str, now: datetime) -> bool:
    """The app is set up where its first code is right; an app that was there before goes."""
    secret = app_secret(request)
    step = _step(secret, code, now, after=0)
    if step is None:
        return False
    with transaction.atomic():
        Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).delete()
        Authenticator.objects.create(
            user=person, type=Authenticator.Type.TOTP, created_at=now,
            data={"secret": get_adapter().encrypt(secret), LAST_STEP: step},
        )  # fmt: skip
    request.session.pop(SETTING_UP, None)
    return True


def _step(secret: str, code: str, now: datetime, *, after: int) -> int | None:
    """The half minute, later than `after`, whose code this is."""
    at = int(now.timestamp()) // STEP
    for step in range(at - DRIFT, at + DRIFT + 1):
        fits = compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step)))
        if fits and step > after:
            return step
    return None


# --- codes at the sign-in -------------------------------------------------------------------------------------


def check_code(person: User, code: str, now: datetime) -> str:
    """What this code is, spent by being right: a code of the app or a recovery code; nothing where it is wrong."""
    with transaction.atomic():
        for row in Authenticator.objects.select_for_update().filter(user=person).order_by("id"):
            if row.type == Authenticator.Type.TOTP:
                step = _step(
                    get_adapter().decrypt(row.data["secret"]), code, now, after=row.data.get(LAST_STEP, 0)
                )
                if step is not None:
                    row.data[LAST_STEP] = step
                    return _used(row, APP, now)
            elif row.type == Authenticator.Type.RECOVERY_CODES and RecoveryCodes(row).validate_code(code):
                row.refresh_from_db()
                return _used(row, RECOVERY, now)
    return ""


def _used(row: Authenticator, name: str, now: datetime) -> str:
    row.last_used_at = now
    row.save(update_fields=["data", "last_used_at"])
    return name


def codes_left(person: User) -> int:
    """How many recovery codes have not been used."""
    row = Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(RecoveryCodes(row).get_unused_codes()) if row else 0


def new_codes(person: User, now: datetime) -> list[str]:
    """Ten new recovery codes; the old ones open nothing any more."""
    with transaction.atomic():
        Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES).delete()
        made = RecoveryCodes.activate(person)
        Authenticator.objects.filter(pk=made.instance.pk).update(created_at=now)
    return [f"{code[:4]} {code[4:]}" for code in made.generate_codes()]


# --- passkeys -------------------------------------------------------------------------------------------------


def passkey_offer(person: User) -> str:
    """What a browser is asked in order to make a passkey, as JSON. The challenge is kept in the session."""
    return json.dumps(webauthn.begin_registration(person, passwordless=False), default=dict)


def set_up_passkey(person: User, name: str, answer: Mapping[str, Any], now: datetime) -> bool:
    """The passkey is kept where the browser's answer fits what was asked; asked is once."""
    try:
        made = webauthn.complete_registration(dict(answer))
    except MALFORMED:
        return False
    finally:
        webauthn.clear_state()
    Authenticator.objects.create(
        user=person, type=Authenticator.Type.WEBAUTHN, created_at=now,
        data={"name": name, "credential": answer, COUNTER: made.counter},
    )  # fmt: skip
    return True


def passkey_question(person: User) -> str:
    """What a browser is asked in order to use one, as JSON; nothing for somebody who has none."""
    if not Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).exists():
        return ""
    return json.dumps(webauthn.begin_authentication(person), default=dict)


def check_passkey(person: User, answer: Mapping[str, Any], now: datetime) -> bool:
    """Whether this is an answer of one of the person's passkeys to what was asked; asked is once."""
    try:
        found = webauthn.complete_authentication(person, dict(answer))
        counter = AuthenticationResponse.from_dict(dict(answer)).response.authenticator_data.counter
    except MALFORMED:
        return False
    finally:
        webauthn.clear_state()
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=found.pk)
        if (counter or row.data.get(COUNTER)) and counter <= row.data.get(COUNTER, 0):
            return False
        row.data[COUNTER] = counter
        _used(row, PASSKEY, now)
    return True


# --- taken away -----------------------------------------------------------------------------------------------


def remove(person: User, number: int) -> str:
    """Take one second factor away, and with the last the recovery codes; what it was, or nothing."""
    with transaction.atomic():
        row = Authenticator.objects.filter(user=person, pk=number, type__in=REAL).first()
        if row is None:
            return ""
        row.delete()
        if not has(person):
            Authenticator.objects.filter(user=person).delete()
    return APP if row.type == Authenticator.Type.TOTP else PASSKEY


def remove_all(person: User) -> int:
    """Take every second factor and recovery code away: a phone is lost. How many factors there were."""
    count = len(held(person))
    Authenticator.objects.filter(user=person).delete()
    return count
