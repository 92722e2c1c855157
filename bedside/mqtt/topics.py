"""Where each thing is told, below the bed's own part of the tree."""

from dataclasses import dataclass

from bedside.mqtt import MqttSettings

ONLINE, OFFLINE = "online", "offline"


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of one bed."""

    status: str
    bed: str
    room: str
    light: str
    light_there: str
    light_set: str
    night: str
    faults: str
    about: str
    discovery: str
    home_status: str

    @staticmethod
    def of(settings: MqttSettings) -> "Topics":
        """Name them; the last two are empty where no Home Assistant is to be told."""
        base, home = settings.base, settings.discovery_prefix
        return Topics(
            status=f"{base}/status",
            bed=f"{base}/bed",
            room=f"{base}/room",
            light=f"{base}/light",
            light_there=f"{base}/light/available",
            light_set=f"{base}/light/set",
            night=f"{base}/night",
            faults=f"{base}/faults",
            about=f"{base}/about",
            discovery=f"{home}/device/bedside_{settings.id}/config" if home else "",
            home_status=f"{home}/status" if home else "",
        )
