//! What has happened: the facts that leave a use case. `server::wire` lists who hears of them; a listener re-reads what it needs by id.

use crate::group::GroupDeed;
use crate::ids::{AccountId, FollowId, PollId, ReportId, StatusId, StrikeId};

/// One thing that happened, recorded in the transaction in which it happened.
///
/// Where the row is gone after the transaction (undo, delete), the event carries what the listeners need of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// A post or a boost came into being (local or remote).
    StatusPublished { id: StatusId, author: AccountId },
    /// Its text, media or warning changed.
    StatusEdited { id: StatusId, author: AccountId },
    /// A post is about to go; its row still stands while listeners in the transaction run.
    StatusDeleted { id: StatusId, author: AccountId, uri: String },
    /// A boost is about to go; its row still stands.
    BoostUndone { id: StatusId, author: AccountId, original: StatusId },
    /// A post was favourited.
    Favourited { status: StatusId, by: AccountId },
    /// A post was bookmarked, or no longer.
    BookmarkChanged { status: StatusId, by: AccountId },
    /// No longer. `uri` is the Like's own id when it had one.
    FavouriteUndone { status: StatusId, by: AccountId, uri: Option<String> },
    /// Somebody voted in the poll of a post.
    Voted { poll: PollId, status: StatusId, by: AccountId },
    /// The numbers of a poll of ours are to be told to others: some time after votes came, and when it ended.
    PollCounted { status: StatusId, author: AccountId },
    /// A poll has ended: `told` are people here who must know, each in one of several of these.
    PollEnded { poll: PollId, status: StatusId, author: AccountId, told: Vec<AccountId> },
    /// Somebody asks to follow.
    FollowRequested { follow: FollowId, follower: AccountId, followee: AccountId },
    /// A follow is in force.
    FollowAccepted { follow: FollowId, follower: AccountId, followee: AccountId },
    /// The followee said no, or removed a follower. `uri` is the Follow's id.
    FollowRejected { follower: AccountId, followee: AccountId, uri: String },
    /// The follower withdrew. `uri` is the Follow's id.
    Unfollowed { follower: AccountId, followee: AccountId, uri: String },
    /// Somebody blocks somebody.
    Blocked { by: AccountId, target: AccountId, uri: String },
    /// No longer.
    Unblocked { by: AccountId, target: AccountId, uri: String },
    /// Somebody mutes somebody.
    Muted { by: AccountId, target: AccountId },
    /// Name, text, pictures, keys of a profile changed.
    ProfileChanged { account: AccountId },
    /// Somebody agreed that their posts are found by their words, or no longer.
    IndexingChosen { account: AccountId },
    /// An account lives elsewhere now: who follows it here goes along.
    AccountMoved { account: AccountId, target: AccountId },
    /// A post was pinned to a profile, or no longer.
    PinChanged { account: AccountId, status: StatusId, is_pinned: bool },
    /// The town suspended an account.
    AccountSuspended { account: AccountId },
    /// The suspension was lifted.
    AccountRestored { account: AccountId },
    /// An account is going for good; its row still stands.
    AccountDeleted { account: AccountId, uri: String },
    /// A login's tokens were revoked (all when `None`).
    TokensRevoked { account: AccountId },
    /// Somebody here asks whether their post may quote one from elsewhere.
    QuoteRequested { status: StatusId, by: AccountId },
    /// A quote has its author's consent. `by` wrote the quoting post.
    QuoteAccepted { status: StatusId, by: AccountId },
    /// Somebody elsewhere asked to quote a post and may not; ids of their request and of their post.
    QuoteRefused { quoted: StatusId, by: AccountId, request: String, quoting: String },
    /// The author of a post took back that another one quotes it. `approval_uri` is what is no longer true.
    QuoteRevoked { status: StatusId, by: AccountId, quoted: StatusId, approval_uri: Option<String> },
    /// Other people may quote a post than before.
    QuotePolicyChanged { status: StatusId, author: AccountId },
    /// Somebody was reported, here or from another server.
    Reported { report: ReportId },
    /// Somebody's login is open for the first time: their address is confirmed and they are let in.
    SignedUp { account: AccountId },
    /// Staff decided about somebody of this town and tell them.
    Warned { strike: StrikeId, account: AccountId },
    /// The town has nothing to do with a server any more; `*` is everybody who is not allowed.
    ServerShutOut { host: String },
    /// Those who look after a group of this town did something there: `by` is one of them, or the group itself for the command line.
    GroupModerated { group: AccountId, by: AccountId, deed: GroupDeed },
    /// The list of blocked servers changed.
    DomainPolicyChanged,
}
