"""Have an image on the engine for a platform, fetching it where needed."""

from __future__ import annotations

from bot.builds.inspection import inspect
from bot.builds.transcript import Lines
from bot.builds.workplace import Workplace
from bot.images import reference
from bot.images.reference import Invalid
from bot.processes import program


async def ensure(place: Workplace, image: str, platform: str) -> bool:
    """Have *image* for *platform*; where that fails the log says why."""
    details = await place.engine.call(lambda client: inspect(client, image))
    if details is not None and details.is_for(platform):
        return True
    if isinstance(reference.parse(image), Invalid):
        place.transcript.add(f'invalid reference format: "{image}"')
        return False
    place.transcript.add(f"pulling {image} for {platform}")
    lines = Lines(place.transcript)
    pull = place.command("pull", "--quiet", "--platform", platform, "--", image)
    ended = await program.run(pull, lines.feed)
    lines.close()
    return ended.code == 0
