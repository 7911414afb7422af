"""Whose code a build runs: what two trust domains build never meets. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Domain:
    """One repository, or one fork of it for the time of one job.

    *repository* is ``owner/name`` of whoever wrote the code: for a fork the
    fork's own name. It is shown and finds logins, but tells no domains apart:
    a name that somebody gives up can be taken by somebody else.

    *tenant* is GitHub's number of the repository, whose domain is kept, with its
    caches, for the next job; or the id of the only job that a fork's domain serves.
    """

    repository: str
    tenant: int | str

    @property
    def kept(self) -> bool:
        """Tell whether the domain outlives the job that uses it."""
        return isinstance(self.tenant, int)

    @property
    def key(self) -> str:
        """Return a short name of the domain that an engine takes, in hex."""
        words = f"repository\0{self.tenant}" if self.kept else f"job\0{self.tenant}"
        return hashlib.sha256(words.encode()).hexdigest()[:20]
