"""A tiny chat model with random weights and a tokenizer of its own, made in a second: what it says is noise."""

from __future__ import annotations

import os
import random
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

LIBRARIES = ("torch", "transformers", "llguidance", "tokenizers")
TEMPLATE = (
    "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


def need(*libraries: str) -> None:
    """Skips what needs the gpu extra where it is not installed; fails instead where nothing may be skipped."""
    absent = [name for name in libraries if find_spec(name) is None]
    if absent:
        words = f"{', '.join(absent)} not installed: `make test-models` brings the gpu extra"
        (pytest.fail if os.environ.get("MVR_TEST_MODELS") else pytest.skip)(words)


def chat_model(folder: Path, *, template: bool = True, window: int = 32768, seed: int = 1) -> Path:
    """Writes a two-layer Llama of 32 numbers a token, in safetensors, with a byte-level BPE of some 900 tokens.

    A token that ends a text is made likelier than others, or noise would run to the longest length of every text.
    window: how many tokens it can hold.
    """
    import torch

    fast = tokens(folder, _texts(), 900, template=template)
    model = llama(fast, seed, hidden=32, layers=2, heads=2, inner=64, window=window, tied=False)
    with torch.no_grad():  # a constant number beside the noise lifts each token that ends a text
        model.model.embed_tokens.weight[:, 0] = 5.0
        ends = [number for token, number in fast.get_vocab().items() if token.startswith('"')]
        model.lm_head.weight[ends, 0] = 0.6
    model.save_pretrained(folder, safe_serialization=True)
    return folder


def tokens(folder: Path, texts: Iterable[str], most: int, *, template: bool = True) -> Any:
    """Writes a tokenizer of at most so many tokens, learnt from texts, and gives it."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<|end|>", "<|user|>", "<|assistant|>", "<|system|>"]
    trainer = trainers.BpeTrainer(
        vocab_size=most,
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|end|>", pad_token="<|end|>")
    fast.chat_template = TEMPLATE if template else None
    fast.save_pretrained(folder)
    return fast


def llama(
    fast: Any, seed: int, *, hidden: int, layers: int, heads: int, inner: int, window: int, tied: bool, rows: int = 0
) -> Any:
    """A Llama with random weights. rows: of its table of tokens, where it is longer than the tokenizer's."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=rows or len(fast),
        hidden_size=hidden,
        intermediate_size=inner,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=max(1, heads // 7),
        max_position_embeddings=window,
        eos_token_id=fast.eos_token_id,
        bos_token_id=None,
        tie_word_embeddings=tied,
    )
    return LlamaForCausalLM(config)


def _texts() -> list[str]:
    """Words to learn tokens from: the templates' own, in JSON's dress."""
    from mvr.backends._writing import prompts

    words = [word for name in prompts.names() for word in (prompts.folder() / f"{name}.j2").read_text().split()]
    order = random.Random(1)
    return [" ".join(order.choices(words, k=12)) + '", "picture": "' for _ in range(300)]


def options(folder: Path, **more: Any) -> dict[str, Any]:
    from mvr.backends import backend

    defaults = {name: default for name, (_, default) in backend("transformers").OPTIONS.items()}
    return defaults | {"model": str(folder), "max_tokens": 20000, "temperature": 1.0} | more
