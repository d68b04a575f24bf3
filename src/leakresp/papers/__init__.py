"""The papers: what there is to write, strict templates, and the formats they are written in."""
