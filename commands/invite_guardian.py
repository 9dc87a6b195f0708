"""A guardian wants another to see and record too."""

from uuid import UUID

from aggregates.household import guardians
from commands.command import Command
from commands.context import Context
from commands.identity.codes import read_code, readable_code
from commands.work import UnitOfWork


class InviteGuardian(Command):
    """Invite a second guardian (保護者の招待): the answer holds a code, good for two weeks."""

    invitation_id: UUID

    def decide(self, work: UnitOfWork) -> None:
        """The log keeps a fingerprint of the code; a table beside it leads from the code to the household."""
        household_id, household = work.household(target=True)
        digest = code_digest(work.context, self._code(work.account_id, work.command_id, work.context))
        (invited,) = guardians.invite(household, self.invitation_id, digest.hex(), work.today)
        work.append(household_id, [invited])
        work.answer["expires_on"] = invited.expires_on.isoformat()
        work.besides.append(lambda cursor: work.context.credentials.store.insert_invitation(cursor, digest, household_id))

    def secrets(self, account_id: UUID, command_id: UUID, context: Context) -> dict[str, str]:
        """The code, told to the guardian who invites."""
        return {"code": self._code(account_id, command_id, context)}

    def _code(self, account_id: UUID, command_id: UUID, context: Context) -> str:
        return readable_code(context.derivation.number("invitation", account_id, command_id, self.invitation_id))


def code_digest(context: Context, typed: str) -> bytes:
    """The fingerprint of an invitation code, however it was typed."""
    return context.derivation.digest("invitation code", read_code(typed))
