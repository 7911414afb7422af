"""How DBOS writes and reads the values of jobs: as JSON, and never as pickles."""

from __future__ import annotations

from typing import Any

from dbos import Serializer, _serialization

from bot.jobs import notation
from bot.jobs.notation import UnreadableError

_PICKLES = "py_pickle"
"""What DBOS writes beside a value that is a pickle."""


class JsonSerializer(Serializer):
    """Writes tagged JSON, and reads nothing else."""

    def serialize(self, data: Any) -> str:  # noqa: ANN401 - DBOS's own signature
        """Return *data* as text."""
        return notation.write(data)

    def deserialize(self, serialized_data: str) -> Any:  # noqa: ANN401 - DBOS's own signature
        """Return what the text stands for, if it is a value of a job."""
        return notation.read(serialized_data)

    def name(self) -> str:
        """Return what stands beside each value in the database."""
        return "multiarch_json"


class _Refusing(JsonSerializer):
    """Stands where DBOS has its reader of pickles."""

    def deserialize(self, serialized_data: str) -> Any:  # noqa: ANN401 - DBOS's own signature
        """Refuse: to read a pickle is to run what its writer wants."""
        raise UnreadableError("a pickle is never read")

    def name(self) -> str:
        """Return the name of pickles, so that DBOS comes here with them."""
        return _PICKLES


def serializer() -> Serializer:
    """Return what DBOS is to be opened with; from now on it reads no pickles.

    A row says itself how it was written, whatever serializer is set, and DBOS
    would believe one that says that it is a pickle.
    """
    _serialization.DBOSDefaultSerializer = _Refusing()
    return JsonSerializer()
