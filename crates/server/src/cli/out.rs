//! What commands print: results to the standard output, everything else to the standard error stream. The only place that prints.

/// A line of result.
#[expect(clippy::print_stdout, reason = "a command's result")]
pub fn line(text: impl std::fmt::Display) {
    println!("{text}");
}

/// A line for the person at the terminal, not for a script.
#[expect(clippy::print_stderr, reason = "a word to the operator")]
pub fn say(text: impl std::fmt::Display) {
    eprintln!("{text}");
}

/// A failure, with what caused it.
pub fn complain(error: &anyhow::Error) {
    say(format_args!("parvis: {error:#}"));
}
