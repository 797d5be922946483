"""The model in the process gives what its authors' weights give, in any company of texts."""

import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from coach.llm.embeddings import EncoderFault, encode_checked
from coach.llm.encoders import LocalEncoder
from coach.llm.minilm import BATCH_TOKENS, batches
from coach.llm.minilm_onnx import round_weights
from coach.llm.model_files import PACKAGE, ModelFiles, find_model, folder_of_package, name_of
from tests.llm.reference import Reference

TEXTS = [
    "How do I group a pivot table by month?",
    "Grouping dates in a pivot table",
    "The cat sat on the mat.",
    "x",
    "Ask for a promotion. " * 30,
]


async def test_it_is_close_to_the_network_written_out_in_numpy(encoder: LocalEncoder) -> None:
    folder = folder_of_package(PACKAGE)
    assert folder is not None
    reference = Reference(folder / "model")
    found = await encode_checked(encoder, TEXTS)
    wanted = np.stack([reference.encode(text) for text in TEXTS])
    # Most of its products are of numbers rounded to eight bits; a lone letter lies furthest off.
    cosines = (found * wanted).sum(axis=1)
    assert cosines.min() > 0.99
    assert cosines[[0, 1, 2, 4]].min() > 0.997


def test_its_sums_are_scaled_by_plain_operators_after_optimising_too(
    minilm: ModelFiles, tmp_path: Path
) -> None:
    # The fused one takes twice as long, and onnxruntime may learn to bring it in.
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(tmp_path / "optimised.onnx")
    onnxruntime.InferenceSession(str(minilm.network), options, providers=["CPUExecutionProvider"])
    kinds = Counter(node.op_type for node in onnx.load(tmp_path / "optimised.onnx").graph.node)
    assert kinds["LayerNormalization"] == 13
    assert kinds["MatMulIntegerToFloat"] == 18


def test_no_two_products_of_bytes_need_more_than_sixteen_bits() -> None:
    dice = np.random.default_rng(5)
    matrix = dice.standard_normal((6, 64)).astype(np.float32)
    matrix[0, :2] = 9.0  # neighbours that are the largest of their row
    matrix[1, :2] = (9.0, -9.0)
    matrix[2] = 0.0
    whole, scale = round_weights(matrix)
    assert whole.dtype == np.int8
    assert whole.shape == (64, 6)
    products = whole.astype(int)
    highest = 255 * np.maximum(products, 0).reshape(32, 2, 6).sum(axis=1)
    lowest = 255 * np.minimum(products, 0).reshape(32, 2, 6).sum(axis=1)
    assert highest.max() < 2**15
    assert lowest.min() >= -(2**15)
    assert (np.abs(whole.T * scale[:, None] - matrix) <= 0.501 * scale[:, None]).all()
    assert np.abs(whole[:, 1]).max() == 127  # of two signs they are never added


async def test_a_text_has_the_same_vector_alone_and_in_company(encoder: LocalEncoder) -> None:
    together = await encode_checked(encoder, TEXTS)
    alone = np.concatenate([await encode_checked(encoder, [text]) for text in TEXTS])
    assert (together * alone).sum(axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)


async def test_like_meanings_lie_close(encoder: LocalEncoder) -> None:
    one, like, other = (await encode_checked(encoder, TEXTS))[:3]
    assert one @ like > 0.7
    assert one @ other < 0.2


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "日本語", "word " * 5_000])
async def test_any_text_has_a_direction(encoder: LocalEncoder, text: str) -> None:
    assert (await encode_checked(encoder, [text])).shape == (1, 384)


def test_batches_hold_texts_of_like_length_up_to_a_limit() -> None:
    lengths = [200, 10, 250, 12, 11, 256, 240]
    found = list(batches(lengths))
    assert found == [[1, 4, 3, 0], [6, 2, 5]]
    assert all(len(one) * max(lengths[place] for place in one) <= BATCH_TOKENS for one in found)
    assert list(batches([])) == []
    assert list(batches([5_000])) == [[0]]


async def test_a_folder_of_ones_own_is_another_model(minilm: ModelFiles, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    shutil.copyfile(minilm.network, folder / "model.onnx")
    shutil.copyfile(minilm.tokenizer, folder / "tokenizer.json")
    files = find_model(folder, tmp_path, convert=False)
    assert files is not None
    assert files.name == name_of(folder)
    assert files.name.startswith("mine-")
    own = LocalEncoder(files)
    assert (await encode_checked(own, ["a text"])).shape == (1, 384)
    assert own.dimension == 384


async def test_a_damaged_network_is_one_sentence(minilm: ModelFiles, tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"no network")
    shutil.copyfile(minilm.tokenizer, tmp_path / "tokenizer.json")
    files = find_model(tmp_path, tmp_path, convert=False)
    assert files is not None
    with pytest.raises(EncoderFault, match="cannot be read"):
        await LocalEncoder(files).encode(["a"])
