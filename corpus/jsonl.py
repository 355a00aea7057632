"""Writes JSON Lines for the corpus makers."""

import errno
import json
import os
import tempfile


def write_jsonl(output, documents):
    """Writes one JSON object a document to the file `output`; returns (documents, bytes).

    The file appears under its name only when it is whole.
    """
    folder = os.path.dirname(os.path.abspath(output))
    if not os.path.isdir(folder):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), folder)
    count = size = 0
    handle, partial = tempfile.mkstemp(prefix=".making-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as out:
            for document in documents:
                line = json.dumps(document, ensure_ascii=False).encode("utf-8") + b"\n"
                out.write(line)
                count += 1
                size += len(line)
        os.chmod(partial, 0o644)
        os.replace(partial, output)
    except BaseException:
        os.unlink(partial)
        raise
    return count, size
