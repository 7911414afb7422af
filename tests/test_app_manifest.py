"""What the App asks GitHub for: in its manifest, in the README, and in the code."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import yaml

from bot.github.credentials import READ, WRITE

ROOT = Path(__file__).parent.parent
MANIFEST = yaml.safe_load((ROOT / "app.yaml").read_text())
README = (ROOT / "README.md").read_text()


def form() -> dict[str, list[str]]:
    """Return what the README's address fills into GitHub's form."""
    (address,) = re.findall(r"https://github\.com/organizations/\S+", README)
    return parse_qs(urlsplit(address).query)


def row(part: str) -> str:
    """Return what the README says of a *part* of the form."""
    (line,) = re.findall(rf"\| {re.escape(part)} \| (.*) \|", README)
    return str(line)


def words(names: list[str]) -> str:
    """Return *names* as GitHub's form writes them."""
    return ", ".join(name.replace("_", " ").capitalize() for name in sorted(names))


def test_the_manifest_asks_for_what_tokens_are_made_with() -> None:
    """GitHub gives no token for more than the App has; and nothing is asked unused."""
    assert MANIFEST["default_permissions"] == {**READ, **WRITE}
    assert dict(WRITE) == {**READ, **WRITE}


def test_the_address_in_the_readme_fills_in_the_manifest() -> None:
    """Nobody reads two lists against each other."""
    wanted = {
        "name": ["multiarch-YOUR-ORGANISATION"],
        "url": ["https://YOUR-HOST"],
        "public": ["true" if MANIFEST["public"] else "false"],
        "webhook_active": [
            "true" if MANIFEST["hook_attributes"]["active"] else "false"
        ],
        "webhook_url": ["https://YOUR-HOST/webhook"],
        "events[]": MANIFEST["default_events"],
        **{key: [one] for key, one in MANIFEST["default_permissions"].items()},
    }

    assert form() == wanted


def test_the_readme_tells_the_form_as_github_words_it() -> None:
    """Who cannot use the address fills the form in by hand."""
    known = MANIFEST["default_permissions"].items()
    write = words([name for name, level in known if level == "write"])
    read = words([name for name, level in known if level == "read"])

    permissions = f"*Read and write*: {write}; *Read-only*: {read}"
    assert row("Repository permissions") == permissions
    assert row("Subscribe to events") == words(MANIFEST["default_events"])
