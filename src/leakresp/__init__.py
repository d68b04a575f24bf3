"""leakresp: what Japanese law asks of an organisation after a leak of personal data."""

__version__ = "0.1.0"
