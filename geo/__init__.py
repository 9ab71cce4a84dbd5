"""Pure computation: travel, coverage, equity. No files, no user interface."""
