"""Codes that people copy by hand: no look-alikes, a check character, any typing accepted."""

from unicodedata import normalize

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without 0, 1, i, l and o. Their number is prime, so the check finds every wrong letter and every swapped pair."""
DIGITS = "0123456789"
GROUP = 4
READABLE_LENGTH = 10
RECOVERY_LENGTH = 16
_SEPARATORS = str.maketrans("", "", " -−‐–—ー\u3000")
_LUHN_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def readable_code(number: int) -> str:
    """A code of letters and digits such as `k7mq-3xhp-wd`: nine characters of the number and a check character."""
    letters = _written(number, ALPHABET, READABLE_LENGTH - 1)
    return _grouped(letters + _check_letter(letters))


def digit_code(number: int) -> str:
    """Sixteen digits in groups of four, the last a Luhn digit: easy on a telephone's keys."""
    digits = _written(number, DIGITS, RECOVERY_LENGTH - 1)
    return _grouped(digits + _check_digit(digits))


def read_code(typed: str) -> str:
    """A code as it was meant: full-width letters, capitals and any separators are accepted."""
    return _grouped(normalize("NFKC", typed).translate(_SEPARATORS).strip().lower())


def mistyped(code: str) -> bool:
    """Whether a login id or invitation code cannot be right, by its check character alone."""
    letters = code.replace("-", "")
    fits = len(letters) == READABLE_LENGTH and set(letters) <= set(ALPHABET)
    return not fits or _check_letter(letters[:-1]) != letters[-1]


def _written(number: int, alphabet: str, length: int) -> str:
    letters = []
    for _ in range(length):
        number, place = divmod(number, len(alphabet))
        letters.append(alphabet[place])
    return "".join(letters)


def _check_letter(letters: str) -> str:
    weighted = sum(place * ALPHABET.index(letter) for place, letter in enumerate(letters, start=1))
    return ALPHABET[weighted % len(ALPHABET)]


def _check_digit(digits: str) -> str:
    total = sum(_LUHN_DOUBLED[int(d)] if place % 2 == 0 else int(d) for place, d in enumerate(reversed(digits)))
    return str(-total % 10)


def _grouped(letters: str) -> str:
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))
