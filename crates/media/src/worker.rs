//! The inside of the confined process (threats M2): `parvis media-worker` calls [`worker_main`] before anything
//! else, without a runtime and without configuration.
//!
//! The process first gives everything away: memory and time beyond a limit, the file system (Landlock, where the
//! kernel has it), and every system call but those for computing and for the two pipes it was given (seccomp;
//! anything else kills it). Only then does it read what a stranger wrote. Its other half is `child`.

use std::{
    collections::BTreeMap,
    io,
    panic::{self, AssertUnwindSafe},
    process::ExitCode,
};

use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr};
use rustix::process::{Resource, Rlimit, setrlimit};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch,
};

use crate::{Refused, process::process, wire};

/// The hidden argument with which the program starts itself as a worker.
pub const ARGUMENT: &str = "media-worker";

/// All of the address space: the program itself and the largest picture while it is being scaled.
const ADDRESS_SPACE_BYTES: u64 = 512 * 1024 * 1024;
/// Time on the processor, after which the kernel ends the process.
const CPU_SECONDS: u64 = 10;
/// The exit code of a worker that could not be confined and therefore did not read anything.
pub(crate) const NOT_CONFINED: u8 = 71;

/// Why the process could not be confined.
#[derive(Debug, thiserror::Error)]
pub enum NotConfined {
    #[error("resource limits cannot be set: {0}")]
    Limits(#[from] rustix::io::Errno),
    #[error("the file system cannot be given up: {0}")]
    Landlock(#[from] landlock::RulesetError),
    #[error("system calls cannot be filtered: {0}")]
    Seccomp(#[from] seccompiler::Error),
    #[error("system calls cannot be filtered: {0}")]
    Filter(#[from] seccompiler::BackendError),
    #[error("this kernel has no Landlock, so programs that open files cannot be confined")]
    NoLandlock,
}

/// Confines the process, reads one request from standard input, writes the answer to standard output. To be
/// called first thing by the program that was started with [`ARGUMENT`], while it has one thread.
#[expect(clippy::print_stderr, reason = "a worker has no other way to tell its parent, which logs it")]
pub fn worker_main() -> ExitCode {
    if let Err(error) = confine() {
        eprintln!("{error}");
        return ExitCode::from(NOT_CONFINED);
    }
    // A decoder's panic is an answer, not a report: a backtrace would open files.
    panic::set_hook(Box::new(|_| {}));
    match serve(io::stdin().lock(), io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn serve(input: impl io::Read, output: impl io::Write) -> io::Result<()> {
    let (wanted, bytes) = wire::read_request(input)?;
    let answer = panic::catch_unwind(AssertUnwindSafe(|| process(&bytes, &wanted)));
    wire::write_answer(output, &answer.unwrap_or(Err(Refused::Damaged)))
}

/// Takes from this process, for good, what decoding does not need.
///
/// # Errors
/// When the kernel cannot do it; Landlock alone may be missing, because the seccomp filter already forbids to
/// open anything. The process must then not read foreign data.
pub fn confine() -> Result<(), NotConfined> {
    limit(Resource::As, ADDRESS_SPACE_BYTES)?;
    limit(Resource::Cpu, CPU_SECONDS)?;
    limit(Resource::Core, 0)?;
    limit(Resource::Fsize, 0)?;
    // Asked for by the newest kernel interface; an older kernel enforces what it knows of it.
    Ruleset::default()
        .handle_access(AccessFs::from_all(ABI::V5))?
        .handle_access(AccessNet::from_all(ABI::V5))?
        .create()?
        .restrict_self()?;
    limit(Resource::Nofile, 0)?;
    // This also sets no_new_privs.
    seccompiler::apply_filter_all_threads(&filter()?)?;
    Ok(())
}

pub(crate) fn limit(resource: Resource, most: u64) -> rustix::io::Result<()> {
    setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })
}

/// Computing, memory that cannot be executed, the pipes that are open, and the end.
fn filter() -> Result<BpfProgram, seccompiler::BackendError> {
    let always = [
        libc::SYS_read,
        libc::SYS_readv,
        libc::SYS_write,
        libc::SYS_writev,
        libc::SYS_close,
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_brk,
        libc::SYS_madvise,
        libc::SYS_futex,
        libc::SYS_sched_yield,
        libc::SYS_getrandom,
        libc::SYS_clock_gettime,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigreturn,
        libc::SYS_restart_syscall,
        libc::SYS_sigaltstack,
        libc::SYS_exit,
        libc::SYS_exit_group,
    ];
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = always.map(|call| (call, Vec::new())).into();
    // The third argument is the protection. `mmap` of a file needs a file, and none can be opened.
    let executable = u64::try_from(libc::PROT_EXEC).unwrap_or(u64::MAX);
    for call in [libc::SYS_mmap, libc::SYS_mprotect] {
        let not_executable =
            SeccompCondition::new(2, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(executable), 0)?;
        rules.insert(call, vec![SeccompRule::new(vec![not_executable])?]);
    }
    let arch = TargetArch::try_from(std::env::consts::ARCH)?;
    SeccompFilter::new(rules, SeccompAction::KillProcess, SeccompAction::Allow, arch)?.try_into()
}
