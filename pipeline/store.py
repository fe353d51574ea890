"""Tables and training rows on disk, as Parquet and JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from data_checks.tables import SHAPES, CrmHistory
from models.idle_columns import Signature
from models.training_rows import TrainingRows

BESIDE: Final = ("_label", "_weight", "_as_of", "_lead", "_age_days", "_reached")
"""What is kept of training rows beside their features."""


def fresh_folder(folder: Path) -> Path:
    """Return the folder, made and empty: nothing of an earlier, perhaps broken run is left in it."""
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def write_json(data: object, path: Path) -> None:
    """Write data as JSON that people can read and compare."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=2, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def write_compact_json(data: object, path: Path) -> None:
    """Write data as JSON without white space, long lists one at a time: for what no person reads."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        file.writelines(_pieces(data))
        file.write("\n")


def _pieces(data: object) -> Iterator[str]:
    if isinstance(data, Mapping):
        yield "{"
        for position, (name, value) in enumerate(sorted(data.items())):
            yield ("," if position else "") + json.dumps(name, ensure_ascii=False) + ":"
            yield from _pieces(value)
        yield "}"
    else:
        yield json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def read_json(path: Path) -> Any:  # noqa: ANN401 - whoever wrote the file knows its shape
    """Read JSON."""
    return json.loads(path.read_text(encoding="utf-8"))


def write_history(history: CrmHistory, folder: Path) -> None:
    """Write the tables that the source has, one Parquet file each."""
    fresh_folder(folder)
    for name, frame in history:
        if name not in history.absent:
            frame.to_parquet(folder / f"{name}.parquet", index=False)


def read_history(folder: Path) -> CrmHistory:
    """Read what `write_history` wrote; a table without a file is absent."""
    frames = {name: pd.read_parquet(path) for name in SHAPES if (path := folder / f"{name}.parquet").exists()}
    return CrmHistory(**frames, absent=frozenset(SHAPES) - frozenset(frames))


def write_rows(blocks: Iterable[TrainingRows], path: Path, mature_until: int) -> None:
    """Write rows, a row group for each block: the features, and beside them what begins with `_`.

    Rows of later moments than ``mature_until`` are immature. How many there are of both is kept with the
    rows, and `noted_sums` adds them up; `read_signatures` reads the signature of the mature ones.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    writer, signature, noted = None, None, Counter[str]()
    for rows in blocks:
        columns = dict(zip(rows.names, rows.matrix.T, strict=True))
        beside = {"_label": rows.label, "_weight": rows.weight, "_as_of": rows.as_of, "_lead": rows.lead}
        mature = rows.as_of <= mature_until
        beside |= {"_age_days": rows.age_days, "_reached": rows.reached, "_mature": mature}
        arrays = {name: pa.array(column, from_pandas=True) for name, column in (columns | beside).items()}
        block = pa.table(arrays)
        writer = writer or pq.ParquetWriter(path, block.schema)
        writer.write_table(block)
        noted.update({"mature": int(mature.sum()), "immature": int((~mature).sum())})
        if mature.any():
            own = Signature.of(rows[np.flatnonzero(mature)])
            signature = signature.and_of(own) if signature else own
    if writer:
        told = json.dumps(signature.to_json() if signature else None)
        writer.add_key_value_metadata({"noted": json.dumps(dict(noted)), "signature": told})
        writer.close()


def read_rows(
    paths: Sequence[Path], names: tuple[str, ...], categorical: tuple[str, ...], mature: bool
) -> TrainingRows:
    """Read the features of some names from what `write_rows` wrote into the files, one after the other.

    Either the ``mature`` rows or the others.
    """
    import pyarrow.parquet as pq

    files, columns = [str(path) for path in paths], [*names, *BESIDE]
    wanted = [("_mature", "==", mature)]
    frame = pq.read_table(files, columns=columns, partitioning=None, filters=wanted).to_pandas()
    return TrainingRows(
        matrix=np.ascontiguousarray(frame[list(names)].to_numpy(np.float64)),
        names=names,
        categorical=categorical,
        label=frame["_label"].to_numpy(bool),
        weight=frame["_weight"].to_numpy(np.float64),
        as_of=frame["_as_of"].to_numpy(np.int64),
        lead=frame["_lead"].to_numpy(np.int64),
        age_days=frame["_age_days"].to_numpy(np.float64),
        reached=frame["_reached"].to_numpy(np.int64),
    )


def read_signatures(paths: Iterable[Path]) -> list[Signature]:
    """Return the signatures of the files' rows, of those that have any."""
    import pyarrow.parquet as pq

    told = (json.loads(pq.read_metadata(path).metadata[b"signature"]) for path in paths)
    return [Signature.from_json(one) for one in told if one]


def noted_sums(paths: Iterable[Path]) -> dict[str, int]:
    """Return how many rows `write_rows` wrote into the files: ``mature`` and ``immature`` ones."""
    import pyarrow.parquet as pq

    sums: Counter[str] = Counter()
    for path in paths:
        sums.update(json.loads(pq.read_metadata(path).metadata[b"noted"]))
    return dict(sums)
