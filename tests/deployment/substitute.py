"""What stands under the name of MongoDB where there is none, with transactions that end as MongoDB's do.

A substitute that speaks MongoDB's protocol over SQLite (mongoeco) leaves a transaction open whose commit failed, and
one whose client was killed, and keeps everybody else from writing for ever. MongoDB ends the one at once and the other
after transactionLifetimeLimitSeconds. Nothing is shown about MongoDB by this: only about everything else.
"""

import json
from io import BytesIO

import docker

LABEL = "description"
SAYS = "not MongoDB"
"""In its label, by which it is known."""

MENDED = """
import time
try:
    from mongoeco.errors import OperationFailure
    from mongoeco.wire.sessions import WireSessionStore as Store
except ImportError:
    pass
else:
    LIFETIME = 5.0
    begun, over = {}, set()
    apply, commit = Store._apply_transaction_metadata, Store.commit_transaction

    resolve = Store.resolve_for_command

    def end(session):
        # this one, and those that have lasted too long
        for key, (other, since) in list(begun.items()):
            if other is session or time.monotonic() - since > LIFETIME or not other.transaction_active:
                del begun[key]
                if other.transaction_active:
                    other.abort_transaction()
                    over.add(key)

    def resolves(self, *about, **more):
        end(None)
        return resolve(self, *about, **more)

    def begins(session, body):
        if body.get("startTransaction") is True:
            end(session)
            over.discard(id(session))
            begun[id(session)] = session, time.monotonic()
        apply(session, body)

    def commits(self, body):
        session = self._require_session(body)
        if id(session) in over:
            over.discard(id(session))
            raise OperationFailure("Write conflict: the transaction lasted too long and was ended")
        try:
            return commit(self, body)
        except OperationFailure:
            self.abort_transaction(body)
            raise

    Store.resolve_for_command = resolves
    Store._apply_transaction_metadata = staticmethod(begins)
    Store.commit_transaction = commits
"""


def mended(engine: docker.DockerClient, image: str, name: str) -> str:
    """The image as it is if it is MongoDB; else one made of it, under this name."""
    labels: dict[str, str] = engine.images.get(image).labels or {}
    if SAYS not in labels.get(LABEL, ""):
        return image
    # nobody names the folder of a substitute: what Python starts with is found by Python
    program = (
        "import pathlib, sysconfig; "
        f"(pathlib.Path(sysconfig.get_path('purelib')) / 'sitecustomize.py').write_text({MENDED!r})"
    )
    # without a shell: a command and its arguments
    lines = [f"FROM {image}", "USER root", f"RUN {json.dumps(['python3', '-c', program])}", ""]
    engine.images.build(fileobj=BytesIO("\n".join(lines).encode()), tag=name, rm=True)
    return name
