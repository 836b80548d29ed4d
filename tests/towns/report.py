"""Flows with sentences for names, run in order, counted, with a closing line that `cargo xtask test` reads. And waiting with an end."""

import sys
import time
import traceback

# How long anything may take that has to cross from one town to the other.
PATIENCE = 45


class Waited(AssertionError):
    """It did not happen in time."""


def until(look, what, seconds=PATIENCE):
    """The first true answer of `look`. Asks more and more slowly, so that the towns' rate limits are respected; time never decides what is right, only
    when to give up. An answer that is an error counts as "not yet" and is told at the end."""
    end, pause, problem = time.monotonic() + seconds, 0.05, None
    while True:
        try:
            answer = look()
            if answer:
                return answer
            problem = None
        except (AssertionError, LookupError, StopIteration, OSError) as error:
            problem = error
        if time.monotonic() > end:
            raise Waited(f"waited {seconds} s in vain for {what}" + (f" (last: {problem})" if problem else ""))
        time.sleep(pause)
        pause = min(pause * 1.5, 1.5)


def equal(found, wanted, what):
    assert found == wanted, f"{what}: {found!r}, not {wanted!r}"


def holds(whole, part, what):
    assert part in whole, f"{what}: {part!r} is not in {whole!r}"


class Suite:
    """Collects flows; each is a function whose name is a sentence."""

    def __init__(self):
        self.passed, self.failed = 0, []

    def run(self, flows, *world):
        for flow in flows:
            name = flow.__name__.replace("_", " ")
            started = time.monotonic()
            try:
                flow(*world)
            except Exception as error:
                self.failed.append(name)
                place = traceback.extract_tb(error.__traceback__)[-1]
                ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "/tests/" in frame.filename]
                lines = ", ".join(f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno}" for frame in ours or [place])
                print(f"FAILED   {name}\n         {type(error).__name__}: {error}\n         at {lines}", flush=True)
            else:
                self.passed += 1
                print(f"ok       {name} ({time.monotonic() - started:.1f} s)", flush=True)

    def close(self):
        """Prints the totals and ends the program."""
        for name in self.failed:
            print(f"failed: {name}")
        print(f"{self.passed} passed, {len(self.failed)} failed", flush=True)
        sys.exit(1 if self.failed or not self.passed else 0)


def flow_list():
    """A list and a decorator that puts functions on it."""
    flows = []

    def flow(function):
        flows.append(function)
        return function

    return flows, flow
