"""The label that everything carries which parents have entered."""

UNOFFICIAL = {"ja": "保護者入力・公的記録ではありません", "en": "Entered by parents. Not an official record."}
UNOFFICIAL_IN_BOTH = " / ".join(UNOFFICIAL.values())
