//! What can be wrong with a request of the OAuth endpoints, with the codes of RFC 6749 §4.1.2.1 and §5.2.

/// What the OAuth use cases return inside a transaction: the outer error rolls back, the inner one does not, because a failed exchange must burn
/// its code (threats A2).
pub type Answer<T> = crate::Result<Result<T, OAuthError>>;

/// A refusal that a client program reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.description())]
pub enum OAuthError {
    /// A parameter is missing, repeated or unreadable.
    InvalidRequest(&'static str),
    /// The program is unknown or its secret is wrong.
    InvalidClient,
    /// The code or its verifier is wrong, used or too old.
    InvalidGrant,
    /// The program may not do this.
    UnauthorizedClient,
    /// No other grants than codes and client credentials.
    UnsupportedGrantType,
    /// No other response type than `code`.
    UnsupportedResponseType,
    /// A scope is unknown, or was not registered.
    InvalidScope,
    /// The redirect URI is not one of those registered.
    InvalidRedirect,
    /// The person said no.
    AccessDenied,
}

impl OAuthError {
    /// The code in `error`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::InvalidRequest(_) => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidRedirect => "invalid_redirect_uri",
            Self::AccessDenied => "access_denied",
        }
    }

    /// The sentence in `error_description`.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::InvalidRequest(what) => what,
            Self::InvalidClient => {
                "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method."
            }
            Self::InvalidGrant => {
                "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client."
            }
            Self::UnauthorizedClient => "You are not authorized to revoke this token.",
            Self::UnsupportedGrantType => {
                "The authorization grant type is not supported by the authorization server."
            }
            Self::UnsupportedResponseType => "The authorization server does not support this response type.",
            Self::InvalidScope => "The requested scope is invalid, unknown, or malformed.",
            Self::InvalidRedirect => {
                "The requested redirect uri is malformed or doesn't match client redirect URI."
            }
            Self::AccessDenied => "The resource owner or authorization server denied the request.",
        }
    }
}
