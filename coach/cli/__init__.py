"""The command line: reads what was typed and files, calls the coach, shows what came of it."""
