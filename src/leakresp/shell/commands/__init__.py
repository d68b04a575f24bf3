"""One small module per command, imported only when it runs."""
