"""Budgets for the tests."""

from __future__ import annotations

from bot.builds.budget import Allowance, Budget


def made(
    size: int = 1 << 30, entries: int = 1000, calls: int = 1000, held: int = 1 << 20
) -> Budget:
    """Return a budget that is enough for an honest test, but for what is given."""
    allowance = Allowance(size, entries, calls, held=held)
    return Budget(allowance, "It", "Send less.")
