-- What lies on the desks of the staff, without reading the log from its end: articles as they were drafted,
-- and of each inquiry whose turn it is.
CREATE INDEX event_article ON events.event (position) WHERE topic LIKE 'article.%';
CREATE INDEX event_inquiry ON events.event (originator_id, originator_version DESC) WHERE topic LIKE 'inquiry.%';
