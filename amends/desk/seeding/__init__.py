"""Seeding: thousands of believable cases of invented customers, written through the one writer like any other case."""

from amends.desk.seeding.sow import SeedRefused, Sown, believable, made_up_provider, sow

__all__ = ["SeedRefused", "Sown", "believable", "made_up_provider", "sow"]
