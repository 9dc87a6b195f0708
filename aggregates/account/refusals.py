"""What the rules of a login refuse."""

from aggregates.refusal import Refusal


class TermsOutdated(Refusal):
    """The terms in force (利用規約) have not been accepted; `version` names them."""

    code = "terms_outdated"


class InvalidEmail(Refusal):
    """No mail server could accept this address."""

    code = "invalid_email"
    status = 422


class InvalidPostalCode(Refusal):
    """A postal code (郵便番号) has seven digits."""

    code = "invalid_postal_code"
    status = 422


class ConfirmationLapsed(Refusal):
    """The link is older than it may be, or the address was changed since."""

    code = "confirmation_lapsed"
    status = 410
