"""The staff's pages: modules, contacts, accounts, health, and the records of every module."""
