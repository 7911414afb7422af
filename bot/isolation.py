"""What a runner keeps a stranger's code away from, as tried from inside. Pure."""

from __future__ import annotations

from dataclasses import dataclass

_UNBOUNDED = (
    "it mounts no file as a disk, so what one repository stores there is bounded by "
    "the free space alone"
)


@dataclass(frozen=True, slots=True)
class Isolation:
    """How the last try ended.

    *reached* says, in a sentence each, what could be reached that must not be;
    *untried* what kept the try from being made, so that nothing is known;
    *checked* is the day of the try (``2026-11-28``). *disk* tells whether what a
    domain stores is bounded by more than the free space of the runner, *engine*
    whether it can have the image of the engine that each domain gets.
    """

    checked: str
    reached: tuple[str, ...] = ()
    untried: tuple[str, ...] = ()
    disk: bool = True
    engine: bool = True

    @property
    def holds(self) -> bool:
        """Tell whether nothing could be reached that must not be."""
        return not (self.reached or self.untried)

    @property
    def unbounded(self) -> tuple[str, ...]:
        """Say where what is stored has no bound of its own; nothing where it has."""
        return () if self.disk else (_UNBOUNDED,)

    @property
    def words(self) -> str:
        """Say it in one line to the operator: it may name addresses of his."""
        return self.public if self.holds else "; ".join((*self.reached, *self.untried))

    @property
    def public(self) -> str:
        """Say it in one line to anybody: a way in is nobody's business but his."""
        if self.reached:
            return (
                "something answered from inside a build that builds must not reach, so "
                "no fork is built there; whoever runs Multiarch finds in its log what"
            )
        if not self.engine:
            return (
                "it cannot have the engine that repositories are built on, so nothing "
                "is built there; whoever runs Multiarch finds in its log why"
            )
        if self.untried:
            return (
                "it could not be tried what builds reach, so no fork is built there; "
                "whoever runs Multiarch finds in its log why"
            )
        return (
            "from inside a build only public addresses can be reached "
            f"(tried on {self.checked})"
        )
