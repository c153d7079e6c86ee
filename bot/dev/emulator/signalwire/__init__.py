"""An emulated SignalWire space, as strict as the real one."""
