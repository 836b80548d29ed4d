//! Which databases a test's towns are on.

use std::future::Future;

use parvis_domain::testing::Place;

use crate::towns::TwoTowns;

/// Runs `test` with both towns on SQLite, and then, when there is a PostgreSQL, with town a on SQLite and town b on PostgreSQL.
pub async fn each<F, Fut>(test: F)
where
    F: Fn(TwoTowns) -> Fut,
    Fut: Future<Output = ()>,
{
    test(TwoTowns::new().await).await;
    if let Some(towns) = mixed().await {
        test(towns).await;
    }
}

/// Town a on SQLite and town b on PostgreSQL; `None` without a PostgreSQL.
pub async fn mixed() -> Option<TwoTowns> {
    Some(TwoTowns::on(Place::sqlite(), Place::postgres()?, |_| {}).await)
}
