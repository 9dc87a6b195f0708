"""The terms of use (利用規約), as files: one per version and language."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from aggregates.account.registration import Terms

LANGUAGES = ("ja", "en")


class TermsText(Struct, frozen=True):
    """One version of the terms in both languages. The hash covers the Japanese text followed by the English one."""

    version: str
    text_hash: str
    texts: dict[str, str]

    @property
    def terms(self) -> Terms:
        """What consent names."""
        return Terms(version=self.version, text_hash=self.text_hash)


@cache
def terms_in_force() -> TermsText:
    """The latest version."""
    folder = Path(__file__).parent
    version = max(path.name.partition(".")[0] for path in folder.glob("*.md"))
    texts = {language: (folder / f"{version}.{language}.md").read_text("utf-8") for language in LANGUAGES}
    return TermsText(version, sha256("".join(texts.values()).encode()).hexdigest(), texts)
