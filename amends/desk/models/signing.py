"""How people sign in: what their provider asks of them, its single sign-on, who comes by it, and a log of every try."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from amends.desk.models.providers import Provider


class SignInRules(models.Model):
    """What a provider asks of whoever signs in there. Without a row nothing is asked but the password."""

    provider = models.OneToOneField(Provider, models.PROTECT, primary_key=True, related_name="sign_in_rules")
    second_factor_roles = models.JSONField(default=list)
    """The roles whose people need a second factor."""
    idle_minutes = models.PositiveIntegerField(default=60)
    """After so long without a page somebody is signed out."""

    def __str__(self) -> str:
        return f"sign-in at {self.provider_id}"


class SignOn(models.Model):
    """A provider's OpenID Connect identity provider. Its secret is named, never kept here."""

    provider = models.OneToOneField(Provider, models.PROTECT, primary_key=True, related_name="sign_on")
    name = models.CharField(max_length=100)
    """What people call it: Microsoft, Google."""
    issuer = models.URLField(max_length=500)
    client_id = models.CharField(max_length=255)
    client_secret = models.CharField(max_length=200)
    """`env:NAME` or `file:NAME`, as `home.password` reads it."""
    has_second_factor = models.BooleanField(default=False)
    """Whether the identity provider itself asks everybody for a second factor, so that we need not."""

    def __str__(self) -> str:
        return f"{self.name} of {self.provider_id}"


class SignOnLink(models.Model):
    """Who a person is at their provider's identity provider: recorded by an administrator, found by the subject.

    Until the subject is known there is an address: who comes with it, verified, for the first time, is that person.
    """

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="sign_on_links")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="sign_on_links")
    email = models.CharField(max_length=320, blank=True)
    """In lower case."""
    subject = models.CharField(max_length=255, blank=True)
    recorded_by = models.CharField(max_length=64)
    linked = models.DateTimeField(null=True)
    """When the subject became known."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "person"], name="one_link_a_person"),
            models.UniqueConstraint(
                fields=["provider", "email"], condition=~Q(email=""), name="one_person_an_address"
            ),
            models.UniqueConstraint(
                fields=["provider", "subject"], condition=~Q(subject=""), name="one_person_a_subject"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.provider_id}"


class MustChange(models.Model):
    """A person whose password somebody else has set: they choose their own before anything else."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="must_change"
    )
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id} since {self.since}"


class Tried(StrEnum):
    """What became of a try to sign in."""

    IN = "signed in"
    WRONG_PASSWORD = "wrong password"  # noqa: S105 - the name of a mistake
    WRONG_FACTOR = "wrong second factor"
    LOCKED = "locked"
    REFUSED = "single sign-on refused"
    OUT = "signed out"
    IDLE = "signed out after a pause"


class SignIn(models.Model):
    """One line of the sign-in log. What was typed as a name is not kept: it may have been a password."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="sign_ins")
    """None for a name that nobody has."""
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="+")
    """By whose single sign-on; None for a password, which is a person's wherever they work."""
    tried = models.CharField(max_length=30)
    by = models.CharField(max_length=60, blank=True)
    """By what: password, authenticator app, passkey, recovery code, single sign-on."""
    subject = models.CharField(max_length=255, blank=True)
    """Who the identity provider said it was, where nobody is linked to it."""
    email = models.CharField(max_length=320, blank=True)
    why = models.CharField(max_length=200, blank=True)
    """Why single sign-on was refused, for whoever set it up."""
    address = models.CharField(max_length=64, blank=True)
    """From which network address."""
    browser = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "-id"], name="sign_ins_of_a_person"),
            models.Index(fields=["provider", "-id"], name="sign_ins_by_sign_on"),
        ]

    def __str__(self) -> str:
        return f"{self.tried} at {self.at}"
