"""The same words as in the plain part, as HTML that a screen reader reads well: no pictures, no styles, nothing fetched."""

import re
from collections.abc import Iterator, Sequence
from html import escape

HEADING = "■ "
_LINK = re.compile(r"https?://\S+")


def html_of(language: str, title: str, paragraphs: Sequence[str]) -> str:
    """A whole document. A paragraph that begins with ■ becomes a heading with a list."""
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head><meta charset="utf-8"><title>{escape(title)}</title></head>\n'
        f"<body>\n<h1>{escape(title)}</h1>\n{elements(paragraphs)}\n</body>\n</html>\n"
    )


def elements(paragraphs: Sequence[str]) -> str:
    """The paragraphs below a heading, escaped."""
    return "\n".join(_element(paragraph) for paragraph in paragraphs)


def _element(paragraph: str) -> str:
    if not paragraph.startswith(HEADING):
        return f"<p>{'<br>'.join(_linked(line) for line in paragraph.splitlines())}</p>"
    handle, *told = paragraph.removeprefix(HEADING).splitlines()
    return "\n".join([f"<h2>{escape(handle)}</h2>", "<ul>", *_items(told), "</ul>"])


def _items(lines: Sequence[str]) -> Iterator[str]:
    return (f"<li>{escape(line)}</li>" for line in lines)


def _linked(line: str) -> str:
    return _LINK.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', escape(line))
