"""Reports of the ward's staff as files: one page each that needs no service, no script and no other host."""
