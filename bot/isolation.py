"""What a runner keeps a stranger's code away from, as tried from inside. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Isolation:
    """How the last try ended.

    *broken* says, in a sentence each, what could be reached that must not be;
    *checked* is the day of the try (``2026-11-28``). *disk* tells whether what a
    domain stores is bounded by more than the free space of the runner.
    """

    checked: str
    broken: tuple[str, ...] = ()
    disk: bool = True

    @property
    def holds(self) -> bool:
        """Tell whether nothing could be reached that must not be."""
        return not self.broken

    @property
    def words(self) -> str:
        """Say it in one line to the operator: it may name addresses of his."""
        return self.public if self.holds else "; ".join(self.broken)

    @property
    def public(self) -> str:
        """Say it in one line to anybody: a way in is nobody's business but his."""
        if not self.holds:
            return (
                "it is not shown that builds reach public addresses alone, so no fork "
                "is built there; whoever runs Multiarch finds the reason in its log"
            )
        return (
            "from inside a build only public addresses can be reached "
            f"(tried on {self.checked})"
        )
