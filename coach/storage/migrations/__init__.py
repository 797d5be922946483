"""The steps that lead the database from one version of the service to the next."""
