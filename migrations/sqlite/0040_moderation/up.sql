-- Limits of accounts, reports, what was decided and how that was answered, and the record of it all.
-- Neighbours: crates/store/src/{reports,strikes,audit}.rs.
ALTER TABLE accounts ADD COLUMN silenced_at BIGINT;
ALTER TABLE accounts ADD COLUMN sensitized_at BIGINT;
ALTER TABLE logins ADD COLUMN disabled_at BIGINT;

CREATE TABLE reports (
    id INTEGER PRIMARY KEY NOT NULL,
    -- ours, or the id of the Flag that came in: the same one counts once
    uri TEXT NOT NULL CHECK (length(uri) <= 2048),
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    target_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    category TEXT NOT NULL CHECK (length(category) <= 20),
    comment TEXT NOT NULL DEFAULT '' CHECK (length(comment) <= 5000),
    -- JSON list of numbers
    rule_ids TEXT NOT NULL DEFAULT '[]' CHECK (length(rule_ids) <= 1000),
    is_forwarded BOOLEAN NOT NULL DEFAULT FALSE,
    assigned_id BIGINT REFERENCES accounts (id) ON DELETE SET NULL,
    acted_by_id BIGINT REFERENCES accounts (id) ON DELETE SET NULL,
    acted_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX reports_uri ON reports (uri);
CREATE INDEX reports_account ON reports (account_id, id);
CREATE INDEX reports_target ON reports (target_id, id);
CREATE INDEX reports_open ON reports (id) WHERE acted_at IS NULL;
CREATE INDEX reports_assigned ON reports (assigned_id) WHERE assigned_id IS NOT NULL;
CREATE INDEX reports_acted_by ON reports (acted_by_id) WHERE acted_by_id IS NOT NULL;

CREATE TABLE report_statuses (
    report_id BIGINT NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    status_id BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    PRIMARY KEY (report_id, status_id)
);
CREATE INDEX report_statuses_status ON report_statuses (status_id);

-- What was decided about somebody and told to them.
CREATE TABLE strikes (
    id INTEGER PRIMARY KEY NOT NULL,
    -- who decided; nobody when it was the command line
    account_id BIGINT REFERENCES accounts (id) ON DELETE SET NULL,
    target_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    action TEXT NOT NULL CHECK (length(action) <= 40),
    text TEXT NOT NULL DEFAULT '' CHECK (length(text) <= 5000),
    report_id BIGINT REFERENCES reports (id) ON DELETE SET NULL,
    created_at BIGINT NOT NULL,
    overruled_at BIGINT
);
CREATE INDEX strikes_account ON strikes (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX strikes_target ON strikes (target_id, id);
CREATE INDEX strikes_report ON strikes (report_id) WHERE report_id IS NOT NULL;

-- One answer to a decision.
CREATE TABLE appeals (
    id INTEGER PRIMARY KEY NOT NULL,
    strike_id BIGINT NOT NULL REFERENCES strikes (id) ON DELETE CASCADE,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    text TEXT NOT NULL CHECK (length(text) <= 2000),
    created_at BIGINT NOT NULL,
    decided_at BIGINT,
    is_approved BOOLEAN NOT NULL DEFAULT FALSE,
    decided_by_id BIGINT REFERENCES accounts (id) ON DELETE SET NULL
);
CREATE UNIQUE INDEX appeals_strike ON appeals (strike_id);
CREATE INDEX appeals_account ON appeals (account_id);
CREATE INDEX appeals_open ON appeals (id) WHERE decided_at IS NULL;
CREATE INDEX appeals_decided_by ON appeals (decided_by_id) WHERE decided_by_id IS NOT NULL;

ALTER TABLE notifications ADD COLUMN report_id BIGINT REFERENCES reports (id) ON DELETE CASCADE;
ALTER TABLE notifications ADD COLUMN strike_id BIGINT REFERENCES strikes (id) ON DELETE CASCADE;
CREATE INDEX notifications_report ON notifications (report_id) WHERE report_id IS NOT NULL;
CREATE INDEX notifications_strike ON notifications (strike_id) WHERE strike_id IS NOT NULL;

-- Texts that moderators choose from instead of writing the same again.
CREATE TABLE warning_presets (
    id INTEGER PRIMARY KEY NOT NULL,
    title TEXT NOT NULL CHECK (length(title) <= 100),
    text TEXT NOT NULL CHECK (length(text) <= 5000)
);

-- Who did what to whom, when and why. Nothing is ever changed or removed here, so it refers to nothing that can go.
CREATE TABLE audit_log (
    id INTEGER PRIMARY KEY NOT NULL,
    account_id BIGINT,
    actor TEXT NOT NULL CHECK (length(actor) <= 320),
    action TEXT NOT NULL CHECK (length(action) <= 60),
    target_kind TEXT NOT NULL CHECK (length(target_kind) <= 40),
    target_id BIGINT,
    target TEXT NOT NULL CHECK (length(target) <= 400),
    reason TEXT NOT NULL DEFAULT '' CHECK (length(reason) <= 5000),
    created_at BIGINT NOT NULL
);
CREATE INDEX audit_log_target ON audit_log (target_kind, target_id);
