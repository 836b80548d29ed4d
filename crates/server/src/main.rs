//! The `parvis` program. Decoding pictures happens in the same program, started again with one argument and confined; see `media::worker`.

use std::process::ExitCode;

/// Also for SQLite. Pages of posts are many small pieces and one large answer, each of which glibc's allocator gives back with much work.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    // Before any thread: the worker gives up what it may do, and must not have a runtime that it may not have.
    if std::env::args_os().nth(1).is_some_and(|a| a == parvis_media::worker::ARGUMENT) {
        return parvis_media::worker::worker_main();
    }
    // The same for video and sound: this process becomes ffmpeg, with nothing but one folder.
    if std::env::args_os().nth(1).is_some_and(|a| a == parvis_media::recording::tool::ARGUMENT) {
        return parvis_media::recording::tool::tool_main();
    }
    parvis_server::cli::run()
}
