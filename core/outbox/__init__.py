"""What is to leave the house: rows written in the transaction of their cause, and sent by a worker."""
