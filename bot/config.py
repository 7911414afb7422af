"""``.github/multiarch.yml``: what the owner wants, validated. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Source, Span
from bot.recipe import Recipe

PATH = ".github/multiarch.yml"


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line of the configuration that cannot be meant, and what may be."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Config:
    """The owner's choices, with defaults for everything."""

    builds: tuple[Recipe, ...] = ()
    mistakes: tuple[Mistake, ...] = ()


def parse(source: Source) -> Config:
    """Read *source*; a mistake is reported and its default used."""
    raise NotImplementedError(source.path)
