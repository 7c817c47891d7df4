"""What returns announce. The subject of a return's is its number, of credit's the account's key."""

from oms.events import Event


class ReturnEvent(Event):
    """Facts of all: order (its number)."""

    subject_kind = "return"


class ReturnRequested(ReturnEvent):
    """Facts: kind, source, items (line, sku, quantity, reason, resolution), method, verdict."""

    type = "return.requested"
    public = True


class ReturnApproved(ReturnEvent):
    """Facts: rule, method, node, items."""

    type = "return.approved"
    public = True


class ReturnRefused(ReturnEvent):
    """Facts: rule, explanation."""

    type = "return.refused"
    public = True


class ReturnCanceled(ReturnEvent):
    """Facts: reason."""

    type = "return.canceled"
    public = True


class ReturnInTransit(ReturnEvent):
    """The carrier scanned it for the first time. Facts: parcel, tracking_number, scanned_at."""

    type = "return.in_transit"
    public = True


class ReturnParcelReady(ReturnEvent):
    """It can be sent, or brought. Facts: parcel, method, node, carrier, tracking_number."""

    type = "return.parcel_ready"
    public = True


class ReturnLost(ReturnEvent):
    """It was scanned and never arrived. Facts: parcels (tracking_number, scanned_at), items (item, sku, quantity)."""

    type = "return.lost"


class ReturnReceived(ReturnEvent):
    """Facts: node, items (item, sku, quantity, reception)."""

    type = "return.received"
    public = True


class ReturnInspected(ReturnEvent):
    """Facts: items (item, sku, quantity, acceptance, grade, disposition, unmet)."""

    type = "return.inspected"
    public = True


class ReturnSettled(ReturnEvent):
    """The customer got something for it. Facts: settlement, remedy, given, bonus, currency, items, exchange."""

    type = "return.settled"


class ReturnReappraised(ReturnEvent):
    """Staff agreed on less, because the order has less left. Facts: less, currency, because."""

    type = "return.reappraised"


class ReturnClosed(ReturnEvent):
    """Nothing of it is open any more. Facts: because."""

    type = "return.closed"
    public = True


class ReturnReopened(ReturnEvent):
    """Something came after all, or staff decided otherwise. Facts: because."""

    type = "return.reopened"


class PhotoAsked(ReturnEvent):
    """Staff want to see it before they decide. Facts: show (a word of PhotoOf), detail (in staff's own words)."""

    type = "return.photo_asked"


class PhotoSent(ReturnEvent):
    """Somebody has shown what comes back. Facts: photo (its key), item (None: of the whole)."""

    type = "return.photo_sent"


class AbuseScoreOverturned(ReturnEvent):
    """A person says that the score is wrong: it has no effect any more. Facts: points, effects, because."""

    type = "return.score_overturned"


class ReturnTakenBack(ReturnEvent):
    """A return of the past, noted from another system's books. Facts: note, given, currency, items (sku, quantity)."""

    type = "return.taken_back"


class ReturnRunningOut(ReturnEvent):
    """Nothing of it was sent yet, and soon it closes. Facts: expires_at."""

    type = "return.running_out"


class WithdrawalAcknowledged(ReturnEvent):
    """The customer withdrew from the contract: the receipt of it. Facts: withdrawn_at, items."""

    type = "return.withdrawal_acknowledged"


class CreditEvent(Event):
    """Facts of all: customer, currency, balance."""

    subject_kind = "credit_account"


class CreditIssued(CreditEvent):
    """Facts: base, bonus, source, bonus_expires_at, base_expires_at."""

    type = "credit.issued"
    public = True


class CreditCaptured(CreditEvent):
    """Facts: authorization, amount, reference."""

    type = "credit.captured"
    public = True


class CreditReversed(CreditEvent):
    """Goods bought with it came back. Facts: authorization, base, bonus."""

    type = "credit.reversed"


class CreditExpired(CreditEvent):
    """Facts: base, bonus."""

    type = "credit.expired"
    public = True


class CreditAdvanceEarned(CreditEvent):
    """What was given in advance is the customer's own: the goods came, or it was forgiven. Facts: lot (its key), base,
    bonus, source."""

    type = "credit.advance_earned"


class CreditClawedBack(CreditEvent):
    """It was advanced and not earned. Facts: base, bonus, receivable, source."""

    type = "credit.clawed_back"
    public = True


class CreditRunningOut(CreditEvent):
    """Some of it ends soon. Facts: amount, expires_at."""

    type = "credit.running_out"


class CreditPaidOut(CreditEvent):
    """Facts: base, bonus (canceled), money, reason."""

    type = "credit.paid_out"


class CreditMoved(CreditEvent):
    """A channel keeps it for the customer from now on. Facts: base, bonus, order."""

    type = "credit.moved"


class CreditMovedBack(CreditEvent):
    """The channel would not keep it; it is ours again. Facts: base, bonus, order."""

    type = "credit.moved_back"


class CreditForgiven(CreditEvent):
    """What they owed us of an advance was written off. Facts: amount, receivable (what is still owed), reason."""

    type = "credit.forgiven"


class CreditCodeRenewed(CreditEvent):
    """Its code for tills is another one: the old one had been seen, or could not be read any more."""

    type = "credit.code_renewed"


class CreditFrozenByStaff(CreditEvent):
    """Facts: frozen, reason."""

    type = "credit.frozen"
