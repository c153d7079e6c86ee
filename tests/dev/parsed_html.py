"""Parses HTML."""

from html.parser import HTMLParser

VOID = {"br", "hr", "input"}


class ParsedHtml(HTMLParser):
    """The elements of an HTML fragment.

    Attributes:
        found: each element's tag, attributes and the pieces of text within it.
        visible: all text, with a line end for each `br`.
        open: the tags of elements that aren't closed.
        odd: everything that isn't an element, such as comments and stray closing tags.
    """

    def __init__(self, piece: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.visible = ""
        self.open: list[str] = []
        self.odd: list[str] = []
        self._around: list[int] = []
        self.feed(piece)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), []))
        if tag == "br":
            self.visible += "\n"
        if tag not in VOID:
            self.open.append(tag)
            self._around.append(len(self.found) - 1)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.odd.append(f"</{tag}>")
        if self._around:
            self._around.pop()

    def handle_data(self, data: str) -> None:
        self.visible += data
        for index in self._around:
            self.found[index][2].append(data)

    def handle_comment(self, data: str) -> None:
        self.odd.append(data)

    def handle_decl(self, decl: str) -> None:
        self.odd.append(decl)

    def handle_pi(self, data: str) -> None:
        self.odd.append(data)

    def unknown_decl(self, data: str) -> None:
        self.odd.append(data)

    def all(self, tag: str, **attrs: str) -> list[dict[str, str]]:
        """Return the attributes of each of these elements, and its text as `text`."""
        return [
            {**{name: value or "" for name, value in own.items()}, "text": "".join(text).strip()}
            for found, own, text in self.found
            if found == tag and attrs.items() <= own.items()
        ]

    def one(self, tag: str, **attrs: str) -> dict[str, str]:
        (found,) = self.all(tag, **attrs)
        return found
