"""The people who work at a provider: made with a role, told apart by their id, given direct details."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from amends.core.may import Refusal
from amends.desk.models import AuditEntry, MustChange, Provider, Role, RoleName, SignInRules, SignOnLink
from amends.desk.signing import factors


def person_id(person: User) -> str:
    """The id by which facts name a person."""
    return str(person.pk)


def called(person: User) -> str:
    """What people call a colleague: their name, or that by which they sign in."""
    return person.get_full_name() or person.get_username()


def names_at(provider: str) -> dict[str, str]:
    """What the people of a provider are called, by their ids."""
    people = (
        User.objects.filter(roles__provider=provider).distinct().only("first_name", "last_name", "username")
    )
    return {person_id(p): called(p) for p in people}


def make_person(  # noqa: PLR0913 - a person, a role and their details are given together or not at all
    username: str, *, name: str, password: str | None, provider: Provider, role: RoleName, by: str, now: datetime,
    phone: str = "", email: str = "", must_change: bool = False,
) -> User | Refusal:  # fmt: skip
    """A person with a role at a provider. Somebody who is there already gets the role and keeps their password.

    Without a password they come by single sign-on; with `must_change` they choose their own at their first sign-in.
    """
    with transaction.atomic():
        person = User.objects.filter(username=username).first()
        if person is None:
            person = User(username=username, first_name=name, email=email, date_joined=now)
            refusal = _password_refused(password, person) if password is not None else None
            if refusal is not None:
                return refusal
            person.set_password(password)
            person.save()
            if must_change and password is not None:
                MustChange.objects.create(person=person, since=now)
        give_role(person, provider, role, by=by, now=now, phone=phone, email=email)
    return person


def give_role(
    person: User,
    provider: Provider,
    role: RoleName,
    *,
    by: str,
    now: datetime,
    phone: str = "",
    email: str = "",
) -> Role:
    """A role at a provider, with the direct details that its customers are given."""
    given, _ = Role.objects.update_or_create(
        person=person, provider=provider, role=role, defaults={"phone": phone, "email": email}
    )
    _audit(provider, now, by, "role given", person=person_id(person), role=role)
    return given


def take_role(person: User, provider: Provider, role: RoleName, *, by: str, now: datetime) -> None:
    """Take a role away. What the person did keeps their id."""
    taken, _ = Role.objects.filter(person=person, provider=provider, role=role).delete()
    if taken:
        _audit(provider, now, by, "role taken", person=person_id(person), role=role)


def kept_by(person: User, provider: Provider) -> bool:
    """Whether this provider alone keeps the sign-in of a person: whoever works elsewhere too is the desk's own matter.

    Else one provider's administrator, or its identity provider, could come in as them at another.
    """
    elsewhere = Role.objects.filter(person=person).exclude(provider=provider)
    here = Role.objects.filter(person=person, provider=provider)
    return here.exists() and not elsewhere.exists() and not person.is_superuser


def change_password(person: User, password: str, *, by: str, now: datetime) -> Refusal | None:
    """A person's own new password; every session but the one that asks ends with the old one."""
    refusal = _password_refused(password, person)
    if refusal is not None:
        return refusal
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        MustChange.objects.filter(person=person).delete()
        _audit_person(person, now, by, "password changed")
    return None


def reset_password(person: User, *, by: str, now: datetime) -> str:
    """A password that somebody else gives to a person: shown once, good for one sign-in, which asks for their own."""
    made = "-".join(secrets.token_hex(2) for _ in range(5))
    with transaction.atomic():
        person.set_password(made)
        person.save(update_fields=["password"])
        MustChange.objects.update_or_create(person=person, defaults={"since": now})
        end_sessions(person)
        _audit_person(person, now, by, "password reset")
    return made


def reset_second_factor(person: User, *, by: str, now: datetime) -> int:
    """A phone is lost: every second factor and recovery code of the person is gone, and every session ends."""
    with transaction.atomic():
        count = factors.remove_all(person)
        end_sessions(person)
        _audit_person(person, now, by, "second factor reset", factors=count)
    return count


def second_factor_changed(person: User, what: str, *, now: datetime) -> None:
    """Write down what a person did to their own second factors."""
    _audit_person(person, now, person_id(person), what)


def end_sessions(person: User, but: str = "") -> int:
    """Sign a person out everywhere, except where the session has this key. How many sessions ended."""
    ended = UserSession.objects.filter(user=person).exclude(session_key=but)
    for session in (found := list(ended)):
        session.end()
    return len(found)


def set_sign_in_rules(
    provider: Provider, *, roles: Iterable[str], idle_minutes: int, by: str, now: datetime
) -> SignInRules:
    """What a provider asks of whoever signs in there, from their next page on."""
    wanted = [str(role) for role in RoleName if str(role) in set(roles)]
    with transaction.atomic():
        kept, _ = SignInRules.objects.update_or_create(
            provider=provider, defaults={"second_factor_roles": wanted, "idle_minutes": idle_minutes}
        )
        detail = {"second factor": wanted, "idle minutes": idle_minutes}
        AuditEntry.objects.create(provider=provider, at=now, by=by, what="rules of signing in", detail=detail)
    return kept


def record_sign_on(
    person: User, provider: Provider, *, email: str, subject: str, by: str, now: datetime
) -> Refusal | None:
    """Who a person is at the provider's identity provider: an address, or the subject itself."""
    email, subject = email.strip().lower(), subject.strip()
    taken = SignOnLink.objects.filter(provider=provider).exclude(person=person)
    if (email and taken.filter(email=email).exists()) or (subject and taken.filter(subject=subject).exists()):
        return Refusal("Somebody else is linked to this account.", "A-evidence", "Take that link away first.")
    with transaction.atomic():
        SignOnLink.objects.update_or_create(
            provider=provider, person=person,
            defaults={"email": email, "subject": subject, "recorded_by": by, "linked": now if subject else None},
        )  # fmt: skip
        _audit(provider, now, by, "single sign-on recorded", person=person_id(person))
    return None


def remove_sign_on(person: User, provider: Provider, *, by: str, now: datetime) -> None:
    """A person comes by single sign-on no longer; where they are by it now, that ends."""
    with transaction.atomic():
        SignOnLink.objects.filter(provider=provider, person=person).delete()
        end_sessions(person)
        _audit(provider, now, by, "single sign-on removed", person=person_id(person))


def _audit_person(person: User, now: datetime, by: str, what: str, **detail: object) -> None:
    """What was done to a person stands in the audit of every provider at which they work."""
    at = Role.objects.filter(person=person).values_list("provider", flat=True).distinct()
    AuditEntry.objects.bulk_create(
        AuditEntry(provider_id=slug, at=now, by=by, what=what, detail={"person": person_id(person), **detail})
        for slug in at
    )


def _password_refused(password: str, person: User) -> Refusal | None:
    try:
        validate_password(password, person)
    except ValidationError as weak:
        return Refusal(" ".join(weak.messages), "A-evidence", "Choose a longer or less common password.")
    return None


def _audit(provider: Provider, now: datetime, by: str, what: str, **detail: str) -> None:
    AuditEntry.objects.create(provider=provider, at=now, by=by, what=what, detail=detail)
