"""The outside: files, clock, screen and keyboard. A command gathers, thinks (in the other rooms), then acts."""
