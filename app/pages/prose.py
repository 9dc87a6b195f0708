"""The text of articles as HTML: paragraphs, lists and links in the manner of Markdown, and nothing else.

What is HTML in the text is shown as it was typed. A link to a place that is not on the list stays plain text, although no
such article can be drafted: a list may become shorter after an article was written.
"""

from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

from aggregates.article.links import allowed


def _link_open(self: Any, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    tokens[index].attrs = {"href": tokens[index].attrs["href"], "rel": "external noreferrer"}
    return str(self.renderToken(tokens, index, options, env))


class _Prose(MarkdownIt):
    def __init__(self) -> None:
        super().__init__("zero", {"html": False})
        self.enable(["list", "link"])
        self.add_render_rule("link_open", _link_open)

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's seam
        return allowed(url)


_PROSE = _Prose()


def prose(text: str) -> Markup:
    """The text as HTML."""
    return Markup(_PROSE.render(text))  # noqa: S704 - the library escapes all but the elements it makes itself
