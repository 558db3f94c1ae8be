"""What jobs may be for, beside mails and what is done periodically.

A task is a function `(session, subject_id)`: the session is the system's for the job's tenant and writes. What it
wrote is kept together with the end of the job, so that it is done once; where it raises, all of it is undone and
tried again later."""

from collections.abc import Callable

from core.access import forgotten
from core.db.session import WalledSession

#: the kind of a job -> what does it
TASKS: dict[str, Callable[[WalledSession, int], None]] = {forgotten.JOB: forgotten.look}
