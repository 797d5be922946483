"""Reads files of other kinds into Markdown, each in a child process with limits."""
