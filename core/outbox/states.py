"""The states of a mail."""

#: its turn has not come, or it is to be tried again
WAITING = "waiting"
#: it is being handed over; one whose worker dies here may have arrived
SENDING = "sending"
#: the server has taken it
SENT = "sent"
#: kept here for staff to read: the installation has no mail server
KEPT = "kept"
#: the server may have taken it: a person decides whether it is sent again
HELD = "held"
#: the server has refused it, or did not answer often enough
FAILED = "failed"
#: nothing was sent, and `error` says why: the recipient may no longer see what it tells of
DROPPED = "dropped"
