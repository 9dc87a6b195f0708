"""Reading an XML file into nodes that know their line, so that every complaint can name it."""

from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat


class SupportingDataError(ValueError):
    """The supporting data cannot be used.

    Args:
        path: The file, or the folder where no single file is at fault.
        line: The line in it, 0 where no single line is at fault.
        problem: A sentence on what is wrong.
    """

    def __init__(self, path: Path, line: int, problem: str) -> None:
        super().__init__(f"{path}:{line}: {problem}" if line else f"{path}: {problem}")
        self.path = path
        self.line = line
        self.problem = problem


class Node:
    """One element: its tag, text, line and child elements."""

    __slots__ = ("children", "line", "path", "tag", "text")

    def __init__(self, path: Path, tag: str, line: int) -> None:
        self.path = path
        self.tag = tag
        self.line = line
        self.text = ""
        self.children: list[Node] = []

    def error(self, problem: str) -> SupportingDataError:
        """A complaint about this element."""
        return SupportingDataError(self.path, self.line, problem)

    def find(self, tag: str) -> "Node | None":
        """The first child of a tag, if there is one."""
        return next(self.every(tag), None)

    def need(self, tag: str) -> "Node":
        """The first child of a tag.

        Raises:
            SupportingDataError: There is none.
        """
        child = self.find(tag)
        if child is None:
            raise self.error(f"<{self.tag}> lacks <{tag}>")
        return child

    def every(self, tag: str) -> "Iterator[Node]":
        """All children of a tag."""
        return (child for child in self.children if child.tag == tag)

    def filled(self, tag: str) -> "Iterator[Node]":
        """All children of a tag that themselves have children (an empty element means «not applicable»)."""
        return (child for child in self.children if child.tag == tag and child.children)

    def only(self, *tags: str) -> None:
        """Refuse children that the reader does not know, so that no rule is dropped in silence.

        Raises:
            SupportingDataError: A child has another tag.
        """
        for child in self.children:
            if child.tag not in tags:
                raise child.error(f"<{child.tag}> is not known inside <{self.tag}>")


class _Builder:
    """Collects the nodes that expat reports."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._top = Node(path, "", 0)
        self._open = [self._top]

    def build(self, content: bytes) -> Node:
        try:
            self._parser.Parse(content, True)  # noqa: FBT003 -- the parser takes its «final» flag by position
        except expat.ExpatError as error:
            raise SupportingDataError(
                self._path, error.lineno, f"not well-formed XML: {expat.errors.messages[error.code]}"
            ) from None
        return self._top.children[0]

    def _start(self, tag: str, _attributes: dict[str, str]) -> None:
        node = Node(self._path, tag, self._parser.CurrentLineNumber)
        self._open[-1].children.append(node)
        self._open.append(node)

    def _end(self, _tag: str) -> None:
        node = self._open.pop()
        node.text = node.text.strip()

    def _text(self, text: str) -> None:
        self._open[-1].text += text

    def _doctype(self, *_declaration: object) -> None:
        raise SupportingDataError(self._path, self._parser.CurrentLineNumber, "document type declarations are not allowed")


def read_xml(path: Path, root: str) -> Node:
    """Read one file whose outermost element has the given tag.

    Raises:
        SupportingDataError: The file cannot be read, is not well-formed or is about something else.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SupportingDataError(path, 0, f"cannot be read: {error.strerror}") from None
    node = _Builder(path).build(content)
    if node.tag != root:
        raise node.error(f"expected <{root}>, found <{node.tag}>")
    return node
