"""One verb a file: run(request) returns a result and never prints."""
