"""Which make targets publish what they build."""

from __future__ import annotations

import pytest

from bot.model import Source
from bot.parse import makefile
from bot.parse.make_publishing import publishes
from bot.parse.make_unit import units


def answer(text: str, target: str = "all") -> bool:
    """Tell what is said of *target*, whose rule is the first of the Makefile."""
    (unit,) = units({"Makefile": makefile.parse(Source("Makefile", text))}, [])
    return publishes(unit, unit.rules[0], target)


@pytest.mark.parametrize(
    "text",
    [
        "all:\n\tdocker push x\n",
        "all:\n\t@gcloud docker -- push x\n",
        "all:\n\tdocker buildx build --push .\n",
        "all:\n\tdocker build . && docker push x\n",
        "all:\n\t$(MAKE) docker-push\n",
        "all: send\nsend:\n\tdocker push x\n",
        "TO = send\nall: $(TO)\nsend: more\nmore:\n\tcrane push x\n",
        "all: image-push\nimage-push:\n\tscp x y\n",
        "ifneq ($(X),1)\nall:\n\tdocker push x\nendif\n",
    ],
)
def test_finds_pushes(text: str) -> None:
    """A proof that publishes an image would be worse than no proof."""
    assert answer(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "all:\n\tdocker build .\n",
        "all:\n\tdocker buildx build --push=false .\n",
        "all:\n\t@echo run docker push x next\n",
        "all:\n\tgo build ./cmd/push/main.go\n",
        'all:\n\tif [ "$(PUSH)" = yes ]; then docker push x; fi\n',
        "all:\nifeq ($(PUSH),yes)\n\tdocker push x\nendif\n",
        "all: app\napp: all\n",
        "all:\n\tdocker build .\nsend: all\n\tdocker push x\n",
    ],
)
def test_leaves_what_publishes_nothing(text: str) -> None:
    """A push that has to be wished for is not made unasked."""
    assert answer(text) is False
