"""Redress: what is paid back, credited or charged, with its arithmetic in words. From plain dates, times and prices.

Each room works out one kind of sum and gives a `Sum`, or the `Mistake`s in what it was given. Nothing here decides
whether a customer should get anything: people do that, except where a provider signed the code of automatic
compensation. Money is `Decimal` pounds, exact until the one step in which it becomes whole pence, which says its name.
"""
