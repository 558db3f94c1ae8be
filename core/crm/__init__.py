"""The company's side of the world: tenants, their client accounts, sites, contacts and staff."""
