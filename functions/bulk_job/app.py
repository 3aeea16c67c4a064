"""Does the steps of long jobs, as the state machine asks (bulk_job.asl.json)."""

from scim.bootstrap.workers import job_handler

handler = job_handler()
