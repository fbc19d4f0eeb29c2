module driftbox.local/testbed/pause

go 1.26.8
