"""What stands under the name of MongoDB where there is none, with the transactions of `turns.py`."""

import json
from io import BytesIO
from pathlib import Path

import docker

LABEL = "description"
SAYS = "not MongoDB"
"""In its label, by which it is known."""

TURNS = Path(__file__).with_name("turns.py")
START = """
import sys

# not what asks for its health, many times a minute
if any(word.endswith("mongod") for word in sys.orig_argv):
    from mongoeco.wire import proxy
    from turns import Turns

    proxy.AsyncMongoEcoProxyServer = Turns
"""


def mended(engine: docker.DockerClient, image: str, name: str) -> str:
    """The image as it is if it is MongoDB; else one made of it, under this name."""
    labels: dict[str, str] = engine.images.get(image).labels or {}
    if SAYS not in labels.get(LABEL, ""):
        return image
    # nobody names the folder of a substitute: what Python starts with is found by Python
    program = (
        "import pathlib, sysconfig; "
        "folder = pathlib.Path(sysconfig.get_path('purelib')); "
        f"(folder / 'turns.py').write_text({TURNS.read_text()!r}); "
        f"(folder / 'sitecustomize.py').write_text({START!r})"
    )
    # without a shell: a command and its arguments
    lines = [f"FROM {image}", "USER root", f"RUN {json.dumps(['python3', '-c', program])}", ""]
    engine.images.build(fileobj=BytesIO("\n".join(lines).encode()), tag=name, rm=True)
    return name
