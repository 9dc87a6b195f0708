"""A second guardian comes by invitation."""

from aggregates.household import guardians
from aggregates.household.refusals import InvitationLapsed
from commands.command import Secret
from commands.invite_guardian import code_digest
from commands.register_account import Registration
from commands.work import HOUSEHOLD, UnitOfWork


class JoinHousehold(Registration):
    """Register with an invitation code (招待コード) and share the invited household's children."""

    invitation_code: Secret

    def decide(self, work: UnitOfWork) -> None:
        """The code leads to the household; whether it is still good, the household says."""
        digest = code_digest(work.context, self.invitation_code.get_secret_value())
        household_id = work.context.credentials.store.invited_household(digest)
        if household_id is None:
            raise InvitationLapsed
        household = work.load(household_id, HOUSEHOLD)
        joined = guardians.join(household, self.account_id, digest.hex(), work.today)
        self.register(work, household_id)
        work.append(household_id, joined)
