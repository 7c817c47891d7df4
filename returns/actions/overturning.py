"""A person overturns a score of abuse."""

from datetime import datetime

from oms import events
from oms.errors import FieldError, Invalid
from oms.transactions import transactional
from returns.actions.locking import lock_return
from returns.events import AbuseScoreOverturned
from returns.models import AbuseScore


@transactional
def overturn_score(*, number: str, because: str, by: str, at: datetime) -> AbuseScore | None:
    """The score has no effect any more; it and its evidence stay. Overturning twice is harmless; None: it has none.

    Raises:
        ReturnNotFound
        Invalid: no reason is given.
    """
    if not because.strip():
        raise Invalid("Say why.", errors=[FieldError("/because", "required", "Say why the score is wrong.")])
    return_ = lock_return(number)
    score = AbuseScore.objects.filter(of=return_).first()
    if score is None or score.overturned_at:
        return score

    score.overturned_at, score.overturned_by, score.overturned_because = at, by, because.strip()
    score.save(update_fields=["overturned_at", "overturned_by", "overturned_because"])
    return_.touch(at=at)
    facts = {"order": return_.order.number, "points": score.points, "effects": score.effects}
    facts["because"] = score.overturned_because
    events.publish([AbuseScoreOverturned(subject=number, by=by, at=at, facts=facts)])
    return score
