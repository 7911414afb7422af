"""Whose code a build runs: what two trust domains build never meets. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Domain:
    """One repository, or one fork of it for the time of one job.

    *repository* is ``owner/name`` of whoever wrote the code: for a fork the
    fork's own name. *job* names the only job that a fork's domain serves;
    where it is empty the domain is kept, with its caches, for the next job.
    """

    repository: str
    job: str = ""

    @property
    def kept(self) -> bool:
        """Tell whether the domain outlives the job that uses it."""
        return not self.job

    @property
    def key(self) -> str:
        """Return a short name of the domain that an engine takes, in hex.

        GitHub does not tell the case of a repository's letters apart.
        """
        words = f"{self.repository.lower()}\0{self.job}"
        return hashlib.sha256(words.encode()).hexdigest()[:20]
