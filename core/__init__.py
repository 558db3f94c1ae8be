"""Postigo: the customer portal set into a company's CRM."""
