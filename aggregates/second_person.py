"""What touches many people is done by two: whoever drafts a thing neither approves nor publishes it (二人での確認)."""

from aggregates.refusal import Refusal


class OwnApproval(Refusal):
    """Whoever drafted it does not approve it."""

    code = "own_approval"
    status = 403


class OwnPublication(Refusal):
    """Whoever drafted it does not publish it."""

    code = "own_publication"
    status = 403


class NotApproved(Refusal):
    """No second person has approved it as it stands."""

    code = "not_approved"
