//! The worker's ways out: retries, parking, repetition.
