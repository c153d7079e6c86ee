"""An emulated Slack workspace, as strict as the real one."""
