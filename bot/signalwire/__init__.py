"""SignalWire's voice-log API: its client, its models, its errors."""
