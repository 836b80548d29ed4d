DROP TABLE oauth_tokens;
DROP TABLE oauth_codes;
DROP TABLE oauth_apps;
DROP TABLE web_sessions;
DROP TABLE email_links;
DROP TABLE logins;
