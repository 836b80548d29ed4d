"""Towns as processes, for the tests that look at them from outside: with real client programs (`tests/clients`), behind Caddy
(`tests/topology`) and in a browser (`tests/browser`). Standard library only. Tests inside the process are Rust, in `tests/src`."""
