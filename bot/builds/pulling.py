"""Have an image on the engine for a platform, fetching it where needed.

What lies on the engine may be anybody's: it is used only where it was pulled under
the very name that is asked for.
"""

from __future__ import annotations

from bot.builds import foreign_names
from bot.builds.inspection import inspect
from bot.builds.transcript import Lines
from bot.builds.workplace import Workplace
from bot.processes import program


async def ensure(place: Workplace, image: str, platform: str) -> bool:
    """Have *image* for *platform*; where that fails the log says why."""
    if refusal := foreign_names.refusal(image):
        place.transcript.add(refusal)
        return False
    if foreign_names.invalid(image):
        place.transcript.add(f'invalid reference format: "{image}"')
        return False
    details = await place.engine.call(lambda client: inspect(client, image))
    if details is not None and details.is_for(platform):
        same = (foreign_names.names_the_same(image, one) for one in details.digests)
        if any(same):
            return True
    place.transcript.add(f"pulling {image} for {platform}")
    lines = Lines(place.transcript)
    pull = place.command("pull", "--quiet", "--platform", platform, "--", image)
    ended = await program.run(pull, lines.hear)
    await lines.finish()
    return ended.code == 0


async def ensure_chosen(place: Workplace, image: str, platform: str) -> bool:
    """Have *image*, which the operator chose: it may be one that lies there."""
    details = await place.engine.call(lambda client: inspect(client, image))
    if details is not None and details.is_for(platform):
        return True
    return await ensure(place, image, platform)
