"""The page's tabs, one file each: `build_` lays out and returns the tab's components."""
