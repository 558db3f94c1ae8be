"""The tests. Their day is that of their tenants, which for an hour or two of each night is another than the machine's:
the zone is set before any file of theirs says, as it is imported, on which day it makes what it makes."""

import os
import time

os.environ["TZ"] = "Europe/Madrid"
time.tzset()
