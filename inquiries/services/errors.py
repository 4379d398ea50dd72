"""Errors of the services."""

from inquiries.models import Inquiry


class InquiryError(Exception):
    """An action that the state of the inquiry does not allow."""

    def __init__(self, inquiry: Inquiry, message: str) -> None:
        super().__init__(f"{inquiry}: {message}")


class ErasedInquiryError(InquiryError):
    """The buyer's personal data was erased."""

    def __init__(self, inquiry: Inquiry) -> None:
        super().__init__(inquiry, "the buyer's data was erased")


class UnassignedInquiryError(InquiryError):
    """No contact is assigned."""

    def __init__(self, inquiry: Inquiry) -> None:
        super().__init__(inquiry, "no contact is assigned")


class MissingEmailError(InquiryError):
    """The buyer has no e-mail address."""

    def __init__(self, inquiry: Inquiry) -> None:
        super().__init__(inquiry, "the buyer has no e-mail address")


class StatusChangeError(InquiryError):
    """The status is not among `Inquiry.allowed_statuses`."""

    def __init__(self, inquiry: Inquiry, status: str) -> None:
        super().__init__(inquiry, f"the status cannot change from {inquiry.status} to {status}")
