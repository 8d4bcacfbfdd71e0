#!/usr/bin/env python3
"""Changes the code of a crate in one place at a time, and looks whether its tests fail: what they let pass is missed.

    mutants.py run OUT CRATE [SHARD]   tries a crate, or a part of it as 0/20, and writes what came of it below OUT
    mutants.py missed OUT              counts what is below OUT for each crate; fails where too many are missed

What is changed, and what is left out with which reason, is in .cargo/mutants.toml.
"""

import collections
import json
import pathlib
import shutil
import subprocess
import sys

# Where this part of the mutants or more is missed, the tests of a crate are too weak.
LIMIT = 0.05

# The tests that a crate's mutants meet, by its own if it has none here: unit tests and those of its `tests` folder.
TESTS = {
    # A macro is tested by who uses it.
    "terraform-plugin-derive": ["terraform-plugin-derive", "terraform-plugin"],
}

# What cargo mutants ends with when it has tried all: none was missed, some were, some ran into the timeout.
TRIED = (0, 2, 3)


def run(out: pathlib.Path, crate: str, shard: str) -> None:
    """Tries the mutants of a shard of a crate."""
    out = out / crate / shard.replace("/", "-of-")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    tests = [argument for package in TESTS.get(crate, [crate]) for argument in ("--test-package", package)]
    command = ["cargo", "mutants", "--package", crate, *tests, "--shard", shard, "--output", out, "--", "--tests"]
    ended = subprocess.run(command, check=False).returncode
    if ended not in TRIED:
        sys.exit(f"cargo mutants ended with {ended}: the tests fail without a mutant too, or it could not run them.")
    print("\n".join(table(count(out))))


def count(out: pathlib.Path) -> dict[str, collections.Counter]:
    """How many mutants of each crate came to which end, in all runs below a folder."""
    counts: dict[str, collections.Counter] = collections.defaultdict(collections.Counter)
    for file in sorted(out.rglob("outcomes.json")):
        for outcome in json.loads(file.read_text())["outcomes"]:
            scenario = outcome["scenario"]
            # The other scenario is the code as it is.
            if isinstance(scenario, dict):
                counts[scenario["Mutant"]["package"]][outcome["summary"]] += 1
    return counts


def missed(ends: collections.Counter) -> float:
    """The part of the mutants that were missed, of those that could be built. One that makes a test wait for ever is seen."""
    viable = ends["CaughtMutant"] + ends["MissedMutant"] + ends["Timeout"]
    return ends["MissedMutant"] / viable if viable else 0.0


def table(counts: dict[str, collections.Counter]) -> list[str]:
    """A line for each crate."""
    return [
        f"{crate}: {ends['MissedMutant']} missed, {ends['CaughtMutant']} caught, {ends['Timeout']} timed out, "
        f"{ends['Unviable']} could not be built: {missed(ends):.1%} missed"
        for crate, ends in sorted(counts.items())
    ]


def main() -> None:
    match sys.argv[1:]:
        case ["run", out, crate]:
            run(pathlib.Path(out), crate, "0/1")
        case ["run", out, crate, shard]:
            run(pathlib.Path(out), crate, shard)
        case ["missed", out]:
            counts = count(pathlib.Path(out))
            print("\n".join(table(counts)))
            if not counts:
                sys.exit("No mutant was tried.")
            weak = [crate for crate, ends in counts.items() if missed(ends) >= LIMIT]
            if weak:
                sys.exit(f"{LIMIT:.0%} or more are missed in {', '.join(weak)}. Which ones is in missed.txt of each run.")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
