"""What vaccines are called on the pages."""

from collections.abc import Sequence

from app.pages.options import Option
from app.pages.text import Words
from schedule.contract import SeriesForecast
from schedule.japan import Edition


class Names:
    """Names of series and products in the reader's language.

    Series have names that parents know, from the catalogue; one that it lacks is called as the edition calls it.

    Args:
        edition: The rules in use, with their own labels.
        words: The reader's language.
    """

    def __init__(self, edition: Edition, words: Words) -> None:
        self._edition = edition
        self._words = words

    def series(self, code: str) -> str:
        """A series, such as B型肝炎."""
        key = f"series.{code}"
        if self._words.has(key):
            return str(self._words(key))
        label = self._edition.series.get(code)
        return code if label is None else self._spoken(label.ja, label.en)

    def series_sub(self, code: str) -> str:
        """What it is against or what kind it is, where the name does not tell."""
        key = f"series_sub.{code}"
        return str(self._words(key)) if self._words.has(key) else ""

    def voluntary(self, code: str) -> bool:
        """Whether a series is outside the public programme (任意接種)."""
        label = self._edition.series.get(code)
        return label is not None and label.programme == "voluntary"

    def doses_of(self, series: str) -> int:
        """How many doses the longest course of a series has."""
        found = [source for file in self._edition.sources.files for source in file.series if source.code == series]
        return max((max(dose.given) + 1 for source in found for course in source.course for dose in course.dose), default=1)

    def product(self, code: str) -> str:
        """A product, as it stands in the handbook."""
        label = self._edition.products.get(code)
        return code if label is None else self._spoken(label.ja, label.en)

    def knows(self, code: str) -> bool:
        """Whether the edition names this product."""
        return code in self._edition.products

    def products_of(self, forecast: SeriesForecast) -> Sequence[str]:
        """The products that the next dose of a series may be given with, the usual one first."""
        if forecast.products:
            return forecast.products
        return [code for code, label in self._edition.products.items() if forecast.series in label.series]

    def all_products(self) -> list[Option]:
        """Every product that can be recorded."""
        return [Option(code, self.product(code)) for code in self._edition.products]

    def _spoken(self, japanese: str, english: str) -> str:
        return self._words.read(japanese) if self._words.japanese else english
