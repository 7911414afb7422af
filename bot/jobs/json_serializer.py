"""How DBOS writes and reads the values of jobs: as JSON, and never as pickles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dbos import Serializer, _core, _serialization

from bot.jobs import notation
from bot.jobs.notation import UnreadableError

_NAME = "multiarch_json"
OURS = frozenset({_NAME, None})
"""What stands beside a value in our notation; DBOS takes nothing for it too."""
_ARGUMENTS = frozenset({"args", "kwargs"})
_read_arguments = _serialization.deserialize_args


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
        return _NAME


@dataclass(frozen=True, slots=True)
class Refusing(JsonSerializer):
    """Stands where DBOS has a reader of its own for what is called *known*."""

    known: str
    why: str

    def deserialize(self, serialized_data: str) -> Any:  # noqa: ANN401 - DBOS's own signature
        """Refuse: to read a pickle is to run what its writer wants."""
        raise UnreadableError(self.why)

    def name(self) -> str:
        """Return the name of what is refused, so that DBOS comes here with it."""
        return self.known


PICKLES = Refusing("py_pickle", "it is a pickle, which is never read")
PORTABLE = Refusing("portable_json", "it is JSON as no job is written")


def serializer() -> Serializer:
    """Return what DBOS is to be opened with; from now on it reads nothing else.

    A row says itself how it was written, whatever serializer is set, and DBOS
    would believe one that says that it is a pickle. One that holds nothing would
    be given to a worker, and stay there.
    """
    _serialization.DBOSDefaultSerializer = PICKLES
    _serialization.DBOSPortableJSON = PORTABLE
    _core.deserialize_args = _arguments  # type: ignore[assignment,attr-defined]  # an import
    return JsonSerializer()


def _arguments(
    text: str | None, serialization: str | None, serializer: Serializer
) -> _serialization.WorkflowInputs:
    """Return the arguments that *text* holds, and refuse where it holds none."""
    held: object = _read_arguments(text or "null", serialization, serializer)
    if not isinstance(held, dict) or held.keys() != _ARGUMENTS:
        raise UnreadableError("it holds no job")
    return _serialization.WorkflowInputs(args=held["args"], kwargs=held["kwargs"])
