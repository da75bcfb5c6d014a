"""Pure logic: values in, values out; the standard library only."""
