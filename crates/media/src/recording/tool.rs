//! The inside of the process that becomes ffmpeg or ffprobe (threats M2): `parvis recording-tool FOLDER PROGRAM ARGUMENTS…` calls [`tool_main`]
//! before anything else. It gives away what working on one recording does not need, then becomes the program, which inherits that.
//!
//! Unlike the picture worker (`worker`), the program opens files by itself: its libraries, one source, one result. So Landlock is a must here: a
//! kernel without it takes no recordings. Its other half is `recording`.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    os::unix::process::CommandExt,
    path::Path,
    process::{Command, ExitCode},
};

use landlock::{
    ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetStatus, Scope,
    path_beneath_rules,
};
use rustix::process::{Resource, Signal, set_parent_process_death_signal};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch,
};

use crate::limits;
pub(crate) use crate::worker::NOT_CONFINED;
use crate::worker::{NotConfined, limit};

/// The hidden argument with which the program starts itself as a tool.
pub const ARGUMENT: &str = "recording-tool";

/// All of the address space: converting a 4K video on two threads takes about half of it.
const ADDRESS_SPACE_BYTES: u64 = 3 * 1024 * 1024 * 1024;
/// Time on the processor, on all threads together.
const CPU_SECONDS: u64 = 900;
/// Open files at a time.
const FILES: u64 = 64;
/// Where libraries are.
const LIBRARIES: [&str; 7] =
    ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/nix/store", "/gnu/store"];
/// Single files that loading and computing need.
const FILES_TO_READ: [&str; 4] = ["/etc/ld.so.cache", "/dev/null", "/dev/zero", "/dev/urandom"];

/// Confines the process and becomes the program; returns only if that fails.
#[expect(clippy::print_stderr, reason = "a tool has no other way to tell its parent, which logs it")]
pub fn tool_main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(2);
    let (Some(folder), Some(program)) = (arguments.next(), arguments.next()) else {
        eprintln!("{ARGUMENT} FOLDER PROGRAM ARGUMENTS…");
        return ExitCode::from(NOT_CONFINED);
    };
    // A town that is killed takes its tools with it.
    if let Err(error) = set_parent_process_death_signal(Some(Signal::KILL)) {
        eprintln!("{error}");
        return ExitCode::from(NOT_CONFINED);
    }
    if let Err(error) = confine(Path::new(&folder), Path::new(&program)) {
        eprintln!("{error}");
        return ExitCode::from(NOT_CONFINED);
    }
    let failed = Command::new(program).args(arguments).env_clear().env("LC_ALL", OsStr::new("C")).exec();
    eprintln!("{failed}");
    ExitCode::from(NOT_CONFINED)
}

/// Takes from this process, for good, what working in `folder` with `program` does not need.
///
/// # Errors
/// When the kernel cannot do it; nothing may be started then.
pub fn confine(folder: &Path, program: &Path) -> Result<(), NotConfined> {
    limit(Resource::As, ADDRESS_SPACE_BYTES)?;
    limit(Resource::Cpu, CPU_SECONDS)?;
    limit(Resource::Core, 0)?;
    limit(Resource::Fsize, limits::MAX_RECORDING_BYTES)?;
    limit(Resource::Nofile, FILES)?;
    let abi = ABI::V6;
    let to_run = AccessFs::Execute | AccessFs::ReadFile | AccessFs::ReadDir;
    let to_write = AccessFs::ReadFile | AccessFs::WriteFile | AccessFs::MakeReg | AccessFs::Truncate;
    let beside = program.parent().unwrap_or(program);
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(abi))?
        .handle_access(AccessNet::from_all(abi))?
        .scope(Scope::from_all(abi))?
        .create()?
        .add_rules(path_beneath_rules(LIBRARIES, to_run))?
        .add_rules(path_beneath_rules([program.to_owned(), beside.join("../lib")], to_run))?
        .add_rules(path_beneath_rules(FILES_TO_READ, AccessFs::ReadFile))?
        .add_rules(path_beneath_rules([folder.join("in")], AccessFs::ReadFile))?
        .add_rules(path_beneath_rules([folder.join("out")], to_write))?
        .restrict_self()?;
    if status.ruleset == RulesetStatus::NotEnforced {
        return Err(NotConfined::NoLandlock);
    }
    // This also sets no_new_privs.
    seccompiler::apply_filter_all_threads(&filter()?)?;
    Ok(())
}

/// Computing, files, threads, time, and becoming the program once. Everything else does not exist: a library that looks for it goes on without.
/// Among what is missing: sockets, other processes, mounts, tracing, keys, io_uring, bpf.
fn filter() -> Result<BpfProgram, seccompiler::BackendError> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
        CALLS.iter().chain(OLDER).map(|call| (*call, Vec::new())).collect();
    // A thread, not a process. `clone3` hides its flags in memory and is missing, so that libraries use this one.
    let thread = u64::try_from(libc::CLONE_THREAD).unwrap_or(u64::MAX);
    let is_thread =
        SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(thread), thread)?;
    rules.insert(libc::SYS_clone, vec![SeccompRule::new(vec![is_thread])?]);
    // Its own limits, nobody else's.
    let is_own = SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, 0)?;
    rules.insert(libc::SYS_prlimit64, vec![SeccompRule::new(vec![is_own])?]);
    let missing = SeccompAction::Errno(u32::try_from(libc::ENOSYS).unwrap_or(1));
    let arch = TargetArch::try_from(std::env::consts::ARCH)?;
    SeccompFilter::new(rules, missing, SeccompAction::Allow, arch)?.try_into()
}

/// What computing, files and threads need.
const CALLS: &[i64] = &[
    // The program and its end.
    libc::SYS_execve,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_restart_syscall,
    // Memory.
    libc::SYS_brk,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_mprotect,
    libc::SYS_madvise,
    libc::SYS_membarrier,
    // Files, as far as Landlock lets them.
    libc::SYS_openat,
    libc::SYS_close,
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_pwrite64,
    libc::SYS_lseek,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_statfs,
    libc::SYS_fstatfs,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_readlinkat,
    libc::SYS_getdents64,
    libc::SYS_getcwd,
    libc::SYS_fcntl,
    libc::SYS_ftruncate,
    libc::SYS_fadvise64,
    libc::SYS_fallocate,
    libc::SYS_dup,
    libc::SYS_dup3,
    // What isatty asks.
    libc::SYS_ioctl,
    // Threads of this program.
    libc::SYS_futex,
    libc::SYS_set_tid_address,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_gettid,
    libc::SYS_getpid,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    // What it asks of the machine.
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_getrandom,
    libc::SYS_getrusage,
    libc::SYS_uname,
    libc::SYS_sysinfo,
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_ppoll,
    libc::SYS_pselect6,
];

/// What newer machines have other calls for.
#[cfg(target_arch = "x86_64")]
const OLDER: &[i64] = &[
    libc::SYS_open,
    libc::SYS_stat,
    libc::SYS_lstat,
    libc::SYS_access,
    libc::SYS_readlink,
    libc::SYS_dup2,
    libc::SYS_poll,
    libc::SYS_select,
    libc::SYS_time,
    libc::SYS_getrlimit,
    libc::SYS_arch_prctl,
    libc::SYS_getpgrp,
    libc::SYS_pause,
];
#[cfg(not(target_arch = "x86_64"))]
const OLDER: &[i64] = &[];
