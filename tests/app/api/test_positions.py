import pytest

from app.positions import Positions, SealBroken


def test_a_sealed_position_opens_again() -> None:
    positions = Positions(bytes(32))
    assert positions.open(positions.seal(4711, "read"), "read") == 4711


def test_two_seals_of_one_position_look_different() -> None:
    positions = Positions(bytes(32))
    assert positions.seal(1, "read") != positions.seal(1, "read")


@pytest.mark.parametrize("text", ["", "x", "ü", "AAAA", "A" * 48])
def test_a_foreign_text_does_not_open(text: str) -> None:
    with pytest.raises(SealBroken):
        Positions(bytes(32)).open(text, "read")


def test_a_seal_does_not_open_for_another_purpose_or_service() -> None:
    sealed = Positions(bytes(32)).seal(1, "read")
    with pytest.raises(SealBroken):
        Positions(bytes(32)).open(sealed, "audit")
    with pytest.raises(SealBroken):
        Positions(b"\1" * 32).open(sealed, "read")
