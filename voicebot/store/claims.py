"""Taking due work: which enrolment is next, and whose it is meanwhile. Rule: each look-up is one step into an index."""

from __future__ import annotations

from voicebot.store.database import Database, Row

NEXT = """
    SELECT * FROM enrolments WHERE campaign_id = :campaign_id AND status = 'due' AND next_at > '' AND next_at <= :now
    ORDER BY next_at LIMIT 1
"""

NEXT_PROMISED = """
    SELECT * FROM enrolments WHERE campaign_id = :campaign_id AND status = 'due' AND callback_at <> ''
        AND next_at > '' AND next_at <= :now
    ORDER BY next_at LIMIT 1
"""

EARLIEST = """
    SELECT min(next_at) FROM enrolments WHERE campaign_id = :campaign_id AND status = 'due' AND next_at > ''
"""


def next_due(db: Database, now: str) -> Row | None:
    """The enrolment to dial next: who was promised a call comes first, then who has been due for longest.

    The cost grows with the number of running campaigns, not with that of enrolments.
    """
    for query in (NEXT_PROMISED, NEXT):
        found = [db.one(query, campaign_id=campaign["id"], now=now) for campaign in _running(db)]
        due = [row for row in found if row is not None]
        if due:
            return min(due, key=lambda row: (row["next_at"], row["id"]))
    return None


def earliest(db: Database) -> str:
    """The moment at which the next enrolment falls due, or an empty text when none will."""
    moments = (earliest_of(db, campaign["id"]) for campaign in _running(db))
    return min((moment for moment in moments if moment), default="")


def earliest_of(db: Database, campaign_id: int) -> str:
    """The moment at which a campaign's next enrolment falls due, or an empty text."""
    return db.value(EARLIEST, campaign_id=campaign_id) or ""


def _running(db: Database) -> list[Row]:
    return db.rows("SELECT id FROM campaigns WHERE status = 'running'")


def lease(db: Database, enrolment_id: int, by: str, until: str, at: str) -> bool:
    """Take a due enrolment; False when it is not due any more."""
    return bool(
        db.execute(
            """
            UPDATE enrolments SET status = 'leased', lease_by = :by, lease_until = :until, blocked_why = '',
                updated_at = :at
            WHERE id = :id AND status = 'due'
            """,
            id=enrolment_id,
            by=by,
            until=until,
            at=at,
        )
    )


def dial(db: Database, enrolment_id: int, by: str, at: str) -> bool:
    """The provider is about to be asked: the dial counts. False when the lease is no longer `by`'s."""
    return bool(
        db.execute(
            """
            UPDATE enrolments SET status = 'in_call', attempts = attempts + 1, lease_by = '', lease_until = '',
                updated_at = :at
            WHERE id = :id AND status = 'leased' AND lease_by = :by
            """,
            id=enrolment_id,
            by=by,
            at=at,
        )
    )


def give_back(db: Database, enrolment_id: int, next_at: str, at: str) -> bool:
    """Make a taken enrolment due again, since it was certainly not dialled; a dial that was counted is taken back."""
    return bool(
        db.execute(
            """
            UPDATE enrolments SET attempts = attempts - CASE status WHEN 'in_call' THEN 1 ELSE 0 END,
                status = 'due', next_at = :next_at,
                lease_by = '', lease_until = '', updated_at = :at
            WHERE id = :id AND status IN ('leased', 'in_call')
            """,
            id=enrolment_id,
            next_at=next_at,
            at=at,
        )
    )


def postpone(db: Database, enrolment_id: int, next_at: str, why: str, policy_version: str, at: str) -> None:
    """Look at a due enrolment again at `next_at`. `why` names what stands against it, where it is not the hour."""
    db.execute(
        """
        UPDATE enrolments SET next_at = :next_at, blocked_why = :why, policy_version = :version, updated_at = :at
        WHERE id = :id AND status = 'due'
        """,
        id=enrolment_id,
        next_at=next_at,
        why=why,
        version=policy_version,
        at=at,
    )


def has_no_hour(db: Database) -> bool:
    """Whether there are due enrolments for which no allowed moment was found when their last call ended."""
    return bool(db.value("SELECT EXISTS (SELECT 1 FROM enrolments WHERE status = 'due' AND next_at = '')"))


def give_an_hour(db: Database, next_at: str, at: str) -> int:
    """Look at them again at `next_at`; how many there were."""
    return db.execute(
        "UPDATE enrolments SET next_at = :next_at, updated_at = :at WHERE status = 'due' AND next_at = ''",
        next_at=next_at,
        at=at,
    )


def finish(db: Database, enrolment_id: int, why: str, at: str) -> bool:
    """No further call in this campaign, for a reason that no call has given."""
    return _freeze(db, enrolment_id, "done", why, at)


def review(db: Database, enrolment_id: int, why: str, at: str) -> bool:
    """No further call until a human has looked."""
    return _freeze(db, enrolment_id, "review", why, at)


def _freeze(db: Database, enrolment_id: int, status: str, why: str, at: str) -> bool:
    return bool(
        db.execute(
            """
            UPDATE enrolments SET status = :status, next_at = '', callback_at = '', lease_by = '', lease_until = '',
                blocked_why = :why, updated_at = :at
            WHERE id = :id AND status NOT IN ('done', 'review')
            """,
            id=enrolment_id,
            status=status,
            why=why,
            at=at,
        )
    )
