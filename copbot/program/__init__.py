"""The programme: its profile, and business time by its hours and holidays."""

from copbot.program.areas import Area
from copbot.program.faults import Fault, ProfileFault
from copbot.program.profile import Profile, load

__all__ = ["Area", "Fault", "Profile", "ProfileFault", "load"]
