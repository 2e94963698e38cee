"""Images under the official ones' names, made of Debian's packages: compose file and Dockerfile stay unmodified."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from functools import partial
from pathlib import Path

from deploy.lab import downloads
from deploy.lab.engine import ELSEWHERE
from deploy.lab.place import IMAGES, LAB, LOGS, private
from deploy.local import venv
from deploy.local.instance import ROOT
from deploy.local.say import run, say
from deploy.local.together import together

RECIPES = Path(__file__).parent / "recipes"
WORK = LAB / "images"  # thrown away when the images are made
DEBIAN = "bookworm"  # has Python 3.11
PACKAGES = "ca-certificates,libcurl4,python3,python3-venv"
LOG = LOGS / "images.log"
LOCKS = {"python": ("run.txt",), "mongo": ("mongodb.txt",)}
LABEL = "linli.standin"  # what the image was made of, to know when it must be made anew


def ensure() -> None:
    """Make the images that the lab's engine lacks, or that were made of something else; say what they hold."""
    missing = [name for name in IMAGES if _label(IMAGES[name]) != _digest(name)]
    if missing:
        say(f"no image registry is asked: making stand-ins for {', '.join(IMAGES[name] for name in missing)}")
        shutil.rmtree(WORK, ignore_errors=True)
        venv.create()
        together(*(partial(_prepare, part) for part in ("debian", *missing)))
        together(*(partial(_build, name) for name in missing))
        shutil.rmtree(WORK)
    say("stand-ins: Debian's Python 3.11 and RabbitMQ 3.10 for rabbitmq:3.13, MongoDB 6.0 for mongo:7.0")


def _prepare(part: str) -> None:
    context = WORK / part
    context.mkdir(parents=True, exist_ok=True)
    if part == "debian":
        _debian()
        return
    shutil.copytree(RECIPES / part, context, dirs_exist_ok=True)
    if part == "python":
        downloads.wheels(context / "wheels")
    if part == "mongo":
        downloads.database(context)


def _debian() -> None:
    """Make Debian twice, bare and with RabbitMQ, unless the engine has it."""
    if _label("linli-lab/debian-rabbitmq") == _digest("debian"):
        return
    say("making a small Debian (debootstrap, some 45 s)")
    root = WORK / "debian" / "root"
    todo = f"see {LOG}; debootstrap wants Debian's package mirror"
    bootstrap = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", DEBIAN, str(root), *_mirror()]
    run(bootstrap, LOG, "making a Debian", todo)
    _import(root, "linli-lab/debian")
    install = "apt-get -q update && apt-get -q install -y --no-install-recommends rabbitmq-server && apt-get clean"
    inside = ["chroot", str(root), "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive"]
    run([*inside, "sh", "-c", install], LOG, "installing RabbitMQ in it", todo)
    _import(root, "linli-lab/debian-rabbitmq")
    shutil.rmtree(root)


def _mirror() -> list[str]:
    """Return the mirror that this machine's apt uses, if it is Debian's; else debootstrap knows one."""
    filters = ["Created-By: Packages", "Origin: Debian", f"Codename: {DEBIAN}"]
    question = ["apt-get", "indextargets", "--format", "$(REPO_URI)", *filters]
    answer = subprocess.run(question, capture_output=True, text=True, check=False).stdout.split()
    return answer[:1]


def _import(root: Path, name: str) -> None:
    pack = f"tar -C '{root}' --exclude=./var/cache/apt/archives/*.deb --exclude=./var/lib/apt/lists/* -c ."
    take = f"docker import --change 'LABEL {LABEL}={_digest('debian')}' - {name}"
    run(["sh", "-c", f"{pack} | {take}"], LOG, f"importing {name}", ELSEWHERE, private())


def _build(name: str) -> None:
    say(f"building the stand-in for {IMAGES[name]}")
    argv = ["docker", "build", "--label", f"{LABEL}={_digest(name)}", "--tag", IMAGES[name], str(WORK / name)]
    run(argv, LOG, f"building {IMAGES[name]}", f"see {LOG}", private())


def _label(image: str) -> str:
    argv = ["docker", "image", "inspect", "--format", f'{{{{index .Config.Labels "{LABEL}"}}}}', image]
    return subprocess.run(argv, env=private(), capture_output=True, text=True, check=False).stdout.strip()


def _digest(name: str) -> str:
    """Name what an image is made of: the Debian below, its recipe, what is downloaded and how."""
    files = sorted(path for path in RECIPES.glob(f"{name}/*") if path.is_file())
    files += [ROOT / "requirements" / lock for lock in LOCKS.get(name, ())]
    files += [Path(downloads.__file__)] if name in LOCKS else []
    content = b"\0".join([f"{DEBIAN} {PACKAGES}".encode(), *(path.read_bytes() for path in files)])
    return hashlib.sha256(content).hexdigest()[:16]
