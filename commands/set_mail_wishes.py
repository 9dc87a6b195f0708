"""Which mails a guardian wants."""

from aggregates.account import mail
from aggregates.account.facts import Language
from aggregates.account.state import MailWishes
from commands.command import Command
from commands.work import UnitOfWork


class SetMailWishes(Command):
    """Set the separate opt-ins (メール配信の希望) and the language of mails."""

    vaccinations: bool
    checkups: bool
    notices: bool
    language: Language = Language.JAPANESE

    def decide(self, work: UnitOfWork) -> None:
        """Nothing is sent before an address is confirmed."""
        wishes = MailWishes(self.vaccinations, self.checkups, self.notices, self.language)
        work.append(work.account_id, mail.set_mail_wishes(work.account(target=True), wishes))
