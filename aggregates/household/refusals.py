"""What the rules of a household refuse."""

from aggregates.refusal import Refusal


class ChildLimit(Refusal):
    """A household holds at most `limit` children."""

    code = "child_limit"


class GuardianLimit(Refusal):
    """A household holds at most `limit` guardians (保護者), open invitations included."""

    code = "guardian_limit"


class LastGuardian(Refusal):
    """The only guardian cannot be removed, only delete the account."""

    code = "last_guardian"


class InvitationLapsed(Refusal):
    """The code was used, withdrawn, is too old, or never was."""

    code = "invitation_lapsed"
    status = 410
