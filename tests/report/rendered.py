"""Read Markdown as GitHub's own renderer (cmark-gfm) shows it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import cmarkgfm  # type: ignore[import-untyped]  # it has no types
from cmarkgfm.cmark import Options  # type: ignore[import-untyped]  # see above

_CALLING = re.compile(r"@\w|#\d|GH-\d", re.IGNORECASE)


class Shown(HTMLParser):
    """What a reader sees: the text of each element, and which elements there are."""

    def __init__(self, markdown: str) -> None:
        """Render *markdown*, HTML in it included."""
        super().__init__()
        self.tags: list[str] = []
        self.comments: list[str] = []
        self.code: list[str] = []
        self.text = ""
        self._inside = 0
        html = cmarkgfm.github_flavored_markdown_to_html(
            markdown, Options.CMARK_OPT_UNSAFE
        )
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.tags.append(tag)
        if tag == "code":
            self._inside += 1
            self.code.append("")

    def handle_endtag(self, tag: str) -> None:
        """Note where code ends."""
        if tag == "code":
            self._inside -= 1

    def handle_data(self, data: str) -> None:
        """Note text, in code or outside."""
        if self._inside:
            self.code[-1] += data
        else:
            self.text += data

    def handle_comment(self, data: str) -> None:
        """Note an HTML comment."""
        self.comments.append(data)

    @property
    def calls(self) -> list[str]:
        """Return what would notify somebody or link somewhere."""
        return _CALLING.findall(self.text)
