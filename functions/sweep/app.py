"""Works off what deletes and large changes left to do: when they tell, and once a minute."""

from scim.bootstrap.store import opened
from scim.service.system import SystemClock
from scim.settings import Settings
from scim.workers.sweep import sweeper

settings = Settings.from_environment()
handler = sweeper(opened(settings.table_name).directory, SystemClock().now)
