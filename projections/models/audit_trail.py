"""The audit trail: what happened, when, in which household and by whom, from what the log shows in clear."""

from projections.table import View

VIEW = View(
    name="audit_trail",
    query="""
        SELECT e.position, e.recorded_at, e.originator_id AS stream, e.topic, e.partition AS household,
               (m.meta ->> 'actor')::uuid AS actor,
               coalesce(m.meta ->> 'role', 'system') AS role,
               (m.meta ->> 'command_id')::uuid AS command_id
        FROM events.event e
        CROSS JOIN LATERAL (SELECT convert_from(e.meta, 'UTF8')::jsonb AS meta) m
    """,
)
