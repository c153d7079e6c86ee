"""Slack's payloads, parsed once into typed models: a module for each kind, named as Slack does.

Fields that the bot doesn't use are left out.
"""
