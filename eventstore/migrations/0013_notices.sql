-- Notices to many families: how far the planning of each has come, and whom it concerns. Ids and codes only.

-- The lives of notices, without reading the log from its end.
CREATE INDEX event_notice ON events.event (position) WHERE topic LIKE 'notice.%';

CREATE TABLE mail.campaign (
    notice_id uuid PRIMARY KEY,
    -- The last account that was looked at: the next chunk begins behind it, whoever plans it.
    planned_up_to uuid,
    -- Set once nothing is to be planned any more: all were looked at, or the notice was cancelled.
    closed_at timestamptz
);

-- Every guardian whom a notice is meant for, with the reason where no letter was planned.
CREATE TABLE mail.addressee (
    notice_id uuid NOT NULL REFERENCES mail.campaign,
    account_id uuid NOT NULL,
    household_id uuid NOT NULL,
    withheld text,
    PRIMARY KEY (notice_id, account_id)
);
CREATE INDEX addressee_of_household ON mail.addressee (household_id);

-- The occasion of a notice names it where others name a child.
CREATE INDEX occasion_of_notice ON mail.occasion (child_id) WHERE kind = 'notice';
