from accounts.models.letters import Letter, LetterPreference
from accounts.models.organisations import Organisation, OrganisationKind
from accounts.models.people import Person
from accounts.models.reference import Reference
from accounts.models.roles import Role
from accounts.models.territories import Territory

__all__ = ["Letter", "LetterPreference", "Organisation", "OrganisationKind", "Person", "Reference", "Role", "Territory"]
