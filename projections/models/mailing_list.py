"""The mailing list: who is to be reminded of what and when, and why not if not.

`pending`: the child's answer has run out with the opened day and is about to be made anew.
"""

from projections.table import View

VIEW = View(
    name="mailing_list",
    query="""
        SELECT g.account_id, r.child_id, r.series, r.dose_number, r.kind, r.cycle, r.due_on, a.address_version,
               CASE
                   WHEN s.valid_until <= v.opened_on THEN 'pending'
                   WHEN a.stopped THEN 'stopped'
                   WHEN a.email_state = 'none' THEN 'no_address'
                   WHEN a.email_state = 'unconfirmed' THEN 'not_confirmed'
                   WHEN a.email_state = 'failing' THEN 'address_failing'
                   WHEN a.email_state = 'unanswered' THEN 'address_unanswered'
                   WHEN r.kind = 'checkup' AND NOT a.wish_checkups THEN 'not_wished'
                   WHEN r.kind <> 'checkup' AND NOT a.wish_vaccinations THEN 'not_wished'
                   ELSE r.withheld
               END AS withheld_reason
        FROM reminder r
        JOIN child c USING (child_id)
        JOIN schedule_answer s USING (child_id)
        JOIN projection.generation v ON v.generation = {generation}
        JOIN guardian g USING (household_id)
        JOIN account a USING (account_id)
    """,
)
