"""What is announced about mails. The subject is the mail's key."""

from oms.events import Event


class MailEvent(Event):
    """Facts of all: kind, about_kind, about, to."""

    subject_kind = "mail"


class MailFailed(MailEvent):
    """It did not reach its address and is not tried any more. Facts: why, error."""

    type = "mail.failed"


class MailBounced(MailEvent):
    """It was sent and came back. Facts: error."""

    type = "mail.bounced"


class MailSentAgain(MailEvent):
    """Somebody had it sent once more. Facts: again (the key of the new one, or its own)."""

    type = "mail.sent_again"
