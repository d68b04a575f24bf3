"""The outside: files, clock, screen and keyboard. Every command gathers, then thinks (in the other rooms), then acts."""
