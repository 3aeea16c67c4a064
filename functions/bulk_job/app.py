"""Performs the steps of long jobs for the state machine (bulk_job.asl.json)."""

from scim.bootstrap.workers import job_handler

handler = job_handler()
