"""Raw nights in and out: CSV, NPZ, EDF+."""

from bedside.recordings.reading import read
from bedside.recordings.recording import Recording, blocks
from bedside.recordings.writing import write_csv, write_edf, write_npz

__all__ = ["Recording", "blocks", "read", "write_csv", "write_edf", "write_npz"]
