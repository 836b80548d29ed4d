//! Servers that are slow, down, overloaded or gone, and a process that is killed.

use parvis_model::time::{DAY, HOUR, MINUTE};

use super::*;

#[tokio::test]
async fn r1_a_server_that_was_down_gets_everything_in_order_when_it_is_back() {
    both(|town, ana| async move {
        let is_up = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let up = Arc::clone(&is_up);
        let answer = move |_: &Arrival| if up.load(Ordering::SeqCst) { 202 } else { 503 };
        let elsewhere = Elsewhere::answering(&town, ana, answer).await;
        follower(&town, ana, &elsewhere.host("a"), "bea", true).await;
        let delivery = delivery(&town);
        for n in 1..=20 {
            create(&town, ana, n..=n).await;
            delivery.deliver_due().await.unwrap();
        }
        assert_eq!(elsewhere.arrivals().len(), 1, "whoever failed is left alone");
        for _ in 0..5 {
            town.clock.advance(HOUR);
            delivery.deliver_due().await.unwrap();
        }
        assert_eq!(elsewhere.arrivals().len(), 6);
        is_up.store(true, Ordering::SeqCst);
        town.clock.advance(HOUR);
        assert_eq!(delivery.deliver_due().await.unwrap(), 20);
        assert_eq!(elsewhere.at("a").split_off(6), creates(1..=20));
    })
    .await;
}

#[tokio::test]
async fn r1_a_dead_server_is_probed_daily_and_comes_back_when_it_speaks() {
    both(|town, ana| async move {
        let is_up = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let up = Arc::clone(&is_up);
        let answer = move |_: &Arrival| if up.load(Ordering::SeqCst) { 202 } else { 502 };
        let elsewhere = Elsewhere::answering(&town, ana, answer).await;
        let host = elsewhere.host("a");
        follower(&town, ana, &host, "bea", true).await;
        let delivery = delivery(&town);
        create(&town, ana, 1..=2).await;
        delivery.deliver_due().await.unwrap();
        town.clock.advance(8 * DAY);
        delivery.deliver_due().await.unwrap();
        let before = elsewhere.arrivals().len();
        for _ in 0..24 {
            town.clock.advance(HOUR);
            delivery.deliver_due().await.unwrap();
        }
        assert!(elsewhere.arrivals().len() - before <= 2, "once a day, give or take a fifth");
        is_up.store(true, Ordering::SeqCst);
        assert_eq!(delivery.deliver_due().await.unwrap(), 0);
        town.write(move |tx| outbox::revive(tx, &host)).await;
        assert_eq!(delivery.deliver_due().await.unwrap(), 2);
    })
    .await;
}

#[tokio::test]
async fn r2_servers_that_never_answer_do_not_hold_up_the_others() {
    both(|town, ana| async move {
        // The silent ones answer when everybody else has everything; if anybody waited for them, nothing would ever be done.
        let release = Arc::new(Semaphore::new(0));
        let gate = Arc::clone(&release);
        let elsewhere = Elsewhere::new(&town, ana, move |arrival| {
            let gate = Arc::clone(&gate);
            Box::pin(async move {
                if arrival.host.starts_with("silent") {
                    gate.acquire().await.unwrap().forget();
                    return StatusCode::SERVICE_UNAVAILABLE.into_response();
                }
                StatusCode::ACCEPTED.into_response()
            })
        })
        .await;
        for n in 0..10 {
            follower(&town, ana, &elsewhere.host(&format!("silent{n}")), "bea", true).await;
        }
        follower(&town, ana, &elsewhere.host("well"), "cleo", true).await;
        let limits =
            Limits { at_once: 2, at_once_failing: 1, slow_after: Duration::ZERO, ..Limits::default() };
        let delivery = Delivery::with_limits(town.handle(), patient_client_of(&town), limits);
        let (tracker, cancel) = (TaskTracker::new(), CancellationToken::new());
        delivery.spawn(&tracker, cancel.clone());
        create(&town, ana, 1..=20).await;
        while elsewhere.at("well").len() < 20 {
            elsewhere.next().await;
        }
        release.add_permits(10);
        cancel.cancel();
        tracker.close();
        tracker.wait().await;
        assert_eq!(elsewhere.at("well"), creates(1..=20));
        for n in 0..10 {
            let came = elsewhere.at(&format!("silent{n}")).len();
            assert!(came <= 1, "one delivery on the line for each server: {came}");
        }
    })
    .await;
}

#[tokio::test]
async fn r2_servers_that_failed_wait_for_one_another_only() {
    both(|town, ana| async move {
        let failing = Arc::new(AtomicUsize::new(0));
        let (release, count) = (Arc::new(Semaphore::new(0)), Arc::clone(&failing));
        let gate = Arc::clone(&release);
        let elsewhere = Elsewhere::new(&town, ana, move |arrival| {
            let (gate, count) = (Arc::clone(&gate), Arc::clone(&count));
            Box::pin(async move {
                if !arrival.host.starts_with("silent") {
                    return StatusCode::ACCEPTED.into_response();
                }
                // The first time they fail at once.
                if count.fetch_add(1, Ordering::SeqCst) >= 10 {
                    gate.acquire().await.unwrap().forget();
                }
                StatusCode::SERVICE_UNAVAILABLE.into_response()
            })
        })
        .await;
        for n in 0..10 {
            follower(&town, ana, &elsewhere.host(&format!("silent{n}")), "bea", true).await;
        }
        follower(&town, ana, &elsewhere.host("well"), "cleo", true).await;
        let limits = Limits {
            at_once: 1,
            at_once_failing: 2,
            slow_after: Duration::from_secs(3_600),
            ..Limits::default()
        };
        let delivery = Delivery::with_limits(town.handle(), patient_client_of(&town), limits);
        create(&town, ana, 1..=1).await;
        delivery.deliver_due().await.unwrap();
        assert_eq!(failing.load(Ordering::SeqCst), 10);
        town.clock.advance(HOUR);

        let (tracker, cancel) = (TaskTracker::new(), CancellationToken::new());
        delivery.spawn(&tracker, cancel.clone());
        create(&town, ana, 2..=20).await;
        while elsewhere.at("well").len() < 20 {
            elsewhere.next().await;
        }
        cancel.cancel();
        release.add_permits(10);
        tracker.close();
        tracker.wait().await;
        let on_the_line = failing.load(Ordering::SeqCst) - 10;
        assert!(on_the_line <= 2, "{on_the_line} deliveries to servers that failed before");
    })
    .await;
}

#[tokio::test]
async fn r3_a_server_that_asks_for_time_gets_it() {
    both(|town, ana| async move {
        let elsewhere = Elsewhere::new(&town, ana, |arrival| {
            Box::pin(async move {
                match arrival.nth {
                    0 => (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "7200")]).into_response(),
                    _ => StatusCode::ACCEPTED.into_response(),
                }
            })
        })
        .await;
        follower(&town, ana, &elsewhere.host("a"), "bea", true).await;
        let delivery = delivery(&town);
        create(&town, ana, 1..=2).await;
        delivery.deliver_due().await.unwrap();
        town.clock.advance(2 * HOUR - 1);
        assert_eq!(delivery.deliver_due().await.unwrap(), 0);
        assert_eq!(elsewhere.arrivals().len(), 1);
        town.clock.advance(1);
        assert_eq!(delivery.deliver_due().await.unwrap(), 2);
    })
    .await;
}

#[tokio::test]
async fn r3_what_is_refused_is_not_sent_again_and_holds_up_nothing() {
    both(|town, ana| async move {
        let answer = |a: &Arrival| match a.activity.as_str() {
            "Create/1" => 422,
            "Create/2" => 404,
            _ => 202,
        };
        let elsewhere = Elsewhere::answering(&town, ana, answer).await;
        follower(&town, ana, &elsewhere.host("a"), "bea", true).await;
        let delivery = delivery(&town);
        create(&town, ana, 1..=3).await;
        assert_eq!(delivery.deliver_due().await.unwrap(), 1);
        town.clock.advance(DAY);
        assert_eq!(delivery.deliver_due().await.unwrap(), 0);
        assert_eq!(elsewhere.at("a"), creates(1..=3));
    })
    .await;
}

#[tokio::test]
async fn r3_an_inbox_that_is_gone_takes_its_follower_along_and_a_server_dies_of_its_last() {
    both(|town, ana| async move {
        let answer = |a: &Arrival| match a.path.as_str() {
            "/users/cleo/inbox" => 202,
            _ => 410,
        };
        let elsewhere = Elsewhere::answering(&town, ana, answer).await;
        follower(&town, ana, &elsewhere.host("a"), "bea", false).await;
        follower(&town, ana, &elsewhere.host("a"), "cleo", false).await;
        let whole = elsewhere.host("b");
        follower(&town, ana, &whole, "dora", true).await;
        let delivery = delivery(&town);
        create(&town, ana, 1..=2).await;
        assert_eq!(delivery.deliver_due().await.unwrap(), 2);
        let paths: Vec<String> = {
            let at_a = elsewhere.arrivals().into_iter().filter(|a| a.host == "a.localhost");
            at_a.map(|a| a.path).collect()
        };
        let (bea, cleo) = ("/users/bea/inbox", "/users/cleo/inbox");
        // The batch was read before bea was gone, so she is asked once more at most; the next post is not for her.
        assert!(paths.iter().filter(|p| *p == bea).count() <= 2);
        create(&town, ana, 3..=3).await;
        let before = elsewhere.arrivals().len();
        assert_eq!(delivery.deliver_due().await.unwrap(), 1);
        let since = elsewhere.arrivals().split_off(before);
        assert_eq!(since.iter().map(|a| a.path.as_str()).collect::<Vec<_>>(), [cleo]);
        let peer = town.read(move |c| outbox::peer(c, &whole)).await.unwrap();
        assert!(peer.is_dead);
        assert_eq!(elsewhere.at("b").len(), 1);
    })
    .await;
}

#[tokio::test]
async fn r4_what_is_remembered_of_servers_goes_when_they_have_everything() {
    both(|town, ana| async move {
        let elsewhere =
            Elsewhere::answering(&town, ana, |a| if a.host.starts_with("ill") { 500 } else { 202 }).await;
        for n in 0..20 {
            let kind = if n % 2 == 0 { "ill" } else { "well" };
            follower(&town, ana, &elsewhere.host(&format!("{kind}{n}")), "bea", true).await;
        }
        let delivery = delivery(&town);
        create(&town, ana, 1..=1).await;
        delivery.deliver_due().await.unwrap();
        for _ in 0..20 {
            town.clock.advance(MINUTE);
            delivery.deliver_due().await.unwrap();
        }
        let tries = elsewhere.arrivals().iter().filter(|a| a.host.starts_with("ill")).count();
        assert!(tries <= 10 * 6, "{tries} tries of ten servers in twenty minutes");
        let hosts = delivery.0.hosts();
        assert!(hosts.keys().all(|h| h.starts_with("ill")), "{:?}", hosts.keys());
    })
    .await;
}

#[tokio::test]
async fn r5_a_kill_loses_nothing_and_repeats_a_batch_at_most() {
    both(|town, ana| async move {
        let stuck = Arc::new(Semaphore::new(0));
        let gate = Arc::clone(&stuck);
        let elsewhere = Elsewhere::new(&town, ana, move |arrival| {
            let gate = Arc::clone(&gate);
            Box::pin(async move {
                if arrival.nth == 7 {
                    // Killed while this one is on the line; the server takes it all the same.
                    gate.acquire().await.unwrap().forget();
                }
                StatusCode::ACCEPTED.into_response()
            })
        })
        .await;
        follower(&town, ana, &elsewhere.host("a"), "bea", true).await;
        let limits = Limits { batch: 5, ..Limits::default() };
        create(&town, ana, 1..=20).await;
        let killed = Delivery::with_limits(town.handle(), client_of(&town), limits);
        let mut process = JoinSet::new();
        process.spawn(async move { killed.deliver_due().await.map(|_| ()) });
        while elsewhere.next().await.nth < 7 {}
        process.shutdown().await;

        let again = Delivery::with_limits(town.handle(), client_of(&town), limits);
        again.deliver_due().await.unwrap();
        let came = elsewhere.at("a");
        let distinct: BTreeSet<&String> = came.iter().collect();
        assert_eq!(distinct.len(), 20, "nothing is lost");
        assert!(came.len() <= 25, "{} deliveries of 20", came.len());
        assert_eq!(came[8..], creates(6..=20), "from where the cursor was, in order");
        assert_eq!(again.deliver_due().await.unwrap(), 0);
        stuck.add_permits(1);
    })
    .await;
}

#[tokio::test]
async fn r12_a_post_that_is_deleted_before_it_was_sent_is_not_sent_at_all() {
    both(|town, ana| async move {
        let is_up = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let up = Arc::clone(&is_up);
        let answer = move |_: &Arrival| if up.load(Ordering::SeqCst) { 202 } else { 503 };
        let elsewhere = Elsewhere::answering(&town, ana, answer).await;
        follower(&town, ana, &elsewhere.host("a"), "bea", true).await;
        let delivery = delivery(&town);
        // Whatever is there at the first look may have been sent by somebody before.
        delivery.deliver_due().await.unwrap();
        create(&town, ana, 1..=1).await;
        delivery.deliver_due().await.unwrap();
        create(&town, ana, 2..=3).await;
        for n in 1..=2 {
            later(&town, ana, "Update", n).await;
            later(&town, ana, "Delete", n).await;
        }
        is_up.store(true, Ordering::SeqCst);
        town.clock.advance(HOUR);
        delivery.deliver_due().await.unwrap();
        assert_eq!(
            elsewhere.at("a"),
            ["Create/1", "Create/3", "Delete/1"],
            "post 1 may have come although the answer was 503; post 2 never left"
        );
    })
    .await;
}

#[tokio::test]
async fn r12_a_delete_does_not_overtake_its_create() {
    both(|town, ana| async move {
        let elsewhere = Elsewhere::answering(&town, ana, |a| if a.nth == 0 { 500 } else { 202 }).await;
        follower(&town, ana, &elsewhere.host("a"), "bea", true).await;
        let delivery = delivery(&town);
        create(&town, ana, 1..=1).await;
        delivery.deliver_due().await.unwrap();
        town.clock.advance(HOUR);
        delivery.deliver_due().await.unwrap();
        later(&town, ana, "Delete", 1).await;
        delivery.deliver_due().await.unwrap();
        assert_eq!(elsewhere.at("a"), ["Create/1", "Create/1", "Delete/1"]);
    })
    .await;
}
