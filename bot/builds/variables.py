"""The variables that say what a build is for, as BuildKit names them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

_VARIABLE = re.compile(r"\$(?P<brace>\{)?(?P<name>\w+)(?(brace)\})")


def of_platform(platform: str, native: str) -> dict[str, str]:
    """Return TARGETPLATFORM and its parts, and the same for the build itself."""
    return {**_parts("TARGET", platform), **_parts("BUILD", native)}


def expand(text: str, variables: Mapping[str, str]) -> str:
    """Substitute ``$TARGETARCH`` and its like in *text*; leave the rest."""
    return _VARIABLE.sub(lambda found: variables.get(found["name"], found[0]), text)


def _parts(prefix: str, platform: str) -> dict[str, str]:
    system, _, rest = platform.partition("/")
    machine, _, variant = rest.partition("/")
    return {
        f"{prefix}PLATFORM": platform,
        f"{prefix}OS": system,
        f"{prefix}ARCH": machine,
        f"{prefix}VARIANT": variant,
    }
