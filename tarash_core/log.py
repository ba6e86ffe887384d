"""The logger of Tarash, named ``tarash``: an application configures it as any other; what it writes is redacted."""

from __future__ import annotations

import logging

from tarash_core.redaction import RedactingFilter

log = logging.getLogger("tarash")
log.addFilter(RedactingFilter())
