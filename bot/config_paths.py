"""Whether the paths that the configuration names are in the repository. Pure."""

from __future__ import annotations

import difflib
import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.building import Places
from bot.config import Config, Mistake, Named
from bot.recipe import Recipe


def checked(config: Config, places: Places) -> Config:
    """Return *config* with a mistake for each path that is not in *places*.

    A build without its Dockerfile is none; one without its context gets the root.
    """
    absent = [one for one in config.named if not _is_there(one, places)]
    found = (_mistake(one, places) for one in absent)
    mistakes = sorted((*config.mistakes, *found), key=lambda mistake: mistake.span)
    builds = tuple(_without(config.builds, absent))
    return replace(config, builds=builds, mistakes=tuple(mistakes))


def _without(builds: Iterable[Recipe], absent: Iterable[Named]) -> Iterator[Recipe]:
    known = {(one.build, one.key) for one in absent}
    for build in builds:
        if (build.name, "dockerfile") in known:
            continue
        lost = (build.name, "context") in known
        yield replace(build, context=".") if lost else build


def _is_there(one: Named, places: Places) -> bool:
    """Tell whether it is there; what is behind a link or in a submodule may be."""
    known = places.folders if one.key == "context" else places.paths
    return one.path in known or any(each in places.paths for each in _upwards(one))


def _upwards(one: Named) -> Iterator[str]:
    path = one.path if one.key == "context" else posixpath.dirname(one.path)
    while path:
        yield path
        path = posixpath.dirname(path)


def _mistake(one: Named, places: Places) -> Mistake:
    folder = one.key == "context"
    what = "folder" if folder else "file"
    known = places.folders if folder else places.paths
    message = (
        f"`{one.path}` is no {what} of this repository. It is ignored. "
        f"{_nearest(one.path, known)}"
    )
    return Mistake(one.span, message)


def _nearest(path: str, known: Iterable[str]) -> str:
    """Say what may be meant: among what has the same name, else among all."""
    name = posixpath.basename(path)
    like = [each for each in known if posixpath.basename(each) == name]
    close = difflib.get_close_matches(path, sorted(like or known)[:_MOST], n=1)
    if close:
        return f"Did you mean `{close[0]}`?"
    return "Name one that is, or the step that makes it with `prepare`."


_MOST = 200
"""How many paths are compared; each costs time."""
