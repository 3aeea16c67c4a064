"""Names that may say which domain they are of: `TEST/kim` is another than `kim`."""

from collections.abc import Mapping

from pydantic import Field

from scim.profile.part import Part


class Domains(Part):
    """Which names these are, and what they mean; without any the rest means nothing."""

    names: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    """The attributes by resource type: first what its resources are called."""
    separator: str = "/"
    primary: str = "PRIMARY"
    """The domain of names that say none; on the way in it may be written all the same."""
    parameter: str = "domain"
    """The parameter of lists and searches that names the only domain wanted."""
    eq_is_exact: bool = True
    """Whether `eq "kim"` is about the primary domain alone, else about kim in every domain."""

    def parted(self, name: str) -> tuple[str | None, str]:
        """Return the domain a name says it is of, None where it says none, and the rest."""
        domain, separator, rest = name.partition(self.separator)
        return (domain, rest) if separator and domain else (None, name)

    def is_primary(self, domain: str) -> bool:
        return domain.lower() == self.primary.lower()

    def plain(self, name: str) -> str:
        """Return the one way a name is written: of the primary domain without it."""
        domain, rest = self.parted(name)
        return rest if domain is not None and self.is_primary(domain) and rest else name
