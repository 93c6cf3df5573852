"""Tiny pipelines of diffusers with random weights, saved to disk as a hub would have them: what they draw is noise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789,.:;!?'-"


def clip_tokenizer(length: int = 77) -> Any:
    from transformers import CLIPTokenizer
    from transformers.convert_slow_tokenizer import bytes_to_unicode

    tokens = list(bytes_to_unicode().values())
    names = ["<|startoftext|>", "<|endoftext|>", *tokens, *(f"{one}</w>" for one in tokens)]
    return CLIPTokenizer(vocab={name: n for n, name in enumerate(names)}, merges=[], model_max_length=length)


def t5_tokenizer(length: int = 512) -> Any:
    from transformers import T5Tokenizer

    letters = [(letter, -3.0) for letter in LETTERS]
    vocab = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0), *letters]
    return T5Tokenizer(vocab=vocab, extra_ids=0, model_max_length=length)


def clip_text(projected: bool = False, size: int = 32, hidden_act: str = "gelu") -> Any:
    import torch
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    torch.manual_seed(0)
    config = CLIPTextConfig(
        bos_token_id=0,
        eos_token_id=1,
        pad_token_id=1,
        hidden_size=size,
        intermediate_size=37,
        num_attention_heads=4,
        num_hidden_layers=2,
        projection_dim=32,
        vocab_size=514,
        hidden_act=hidden_act,
    )
    return (CLIPTextModelWithProjection if projected else CLIPTextModel)(config).eval()


def t5_text() -> Any:
    import torch
    from transformers import T5Config, T5EncoderModel

    torch.manual_seed(0)
    return T5EncoderModel(
        T5Config(vocab_size=128, d_model=32, d_kv=8, d_ff=37, num_layers=2, num_heads=4, dropout_rate=0.0)
    ).eval()


def vae(channels: int = 4) -> Any:
    import torch
    from diffusers import AutoencoderKL

    torch.manual_seed(0)
    return AutoencoderKL(
        sample_size=32,
        in_channels=3,
        out_channels=3,
        block_out_channels=(4,),
        layers_per_block=1,
        latent_channels=channels,
        norm_num_groups=1,
        use_quant_conv=False,
        use_post_quant_conv=False,
        shift_factor=0.0609,
        scaling_factor=1.5035,
    ).eval()


def flux_parts(guided: bool = False) -> dict[str, Any]:
    import torch
    from diffusers import FlowMatchEulerDiscreteScheduler, FluxTransformer2DModel

    torch.manual_seed(0)
    transformer = FluxTransformer2DModel(
        patch_size=1,
        in_channels=4,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=32,
        pooled_projection_dim=32,
        axes_dims_rope=[4, 4, 8],
        guidance_embeds=guided,
    )
    return {
        "scheduler": FlowMatchEulerDiscreteScheduler(),
        "text_encoder": clip_text(),
        "text_encoder_2": t5_text(),
        "tokenizer": clip_tokenizer(),
        "tokenizer_2": t5_tokenizer(),
        "transformer": transformer.eval(),
        "vae": vae(1),
    }


def flux(folder: Path) -> Path:
    """A FLUX.1 of two blocks: 64 x 64 pixels in two steps take some tenths of a second."""
    from diffusers import FluxPipeline

    FluxPipeline(**flux_parts()).save_pretrained(folder, safe_serialization=True)
    return folder


def kontext(folder: Path) -> Path:
    """A FLUX.1 Kontext of two blocks."""
    from diffusers import FluxKontextPipeline

    FluxKontextPipeline(**flux_parts(guided=True)).save_pretrained(folder, safe_serialization=True)
    return folder


def sdxl_parts() -> dict[str, Any]:
    import torch
    from diffusers import EulerDiscreteScheduler, UNet2DConditionModel

    torch.manual_seed(0)
    unet = UNet2DConditionModel(
        block_out_channels=(8, 16),
        layers_per_block=1,
        sample_size=32,
        in_channels=4,
        out_channels=4,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=(2, 4),
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        transformer_layers_per_block=(1, 1),
        projection_class_embeddings_input_dim=80,  # 6 * 8 + 32
        cross_attention_dim=64,
        norm_num_groups=1,
    )
    scheduler = EulerDiscreteScheduler(
        beta_start=0.00085, beta_end=0.012, steps_offset=1, beta_schedule="scaled_linear", timestep_spacing="leading"
    )
    return {
        "scheduler": scheduler,
        "unet": unet.eval(),
        "vae": vae(4),
        "text_encoder": clip_text(),
        "text_encoder_2": clip_text(projected=True),
        "tokenizer": clip_tokenizer(),
        "tokenizer_2": clip_tokenizer(),
    }


def sdxl(folder: Path) -> Path:
    """An SDXL of four blocks."""
    from diffusers import StableDiffusionXLPipeline

    StableDiffusionXLPipeline(**sdxl_parts()).save_pretrained(folder, safe_serialization=True)
    return folder


def ip_adapter(folder: Path, like: Path) -> Path:
    """An IP-Adapter for the tiny SDXL in `like`, with an image encoder, laid out as its hub has them."""
    import torch
    from diffusers import UNet2DConditionModel
    from diffusers.models.attention_processor import IPAdapterAttnProcessor2_0
    from safetensors.torch import save_file
    from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

    torch.manual_seed(0)
    encoder = CLIPVisionModelWithProjection(
        CLIPVisionConfig(
            hidden_size=32,
            projection_dim=32,
            num_hidden_layers=2,
            num_attention_heads=4,
            image_size=32,
            intermediate_size=37,
            patch_size=16,
        )
    )
    encoder.eval().save_pretrained(folder / "models" / "image_encoder", safe_serialization=True)
    unet = UNet2DConditionModel.from_pretrained(like / "unet", local_files_only=True)
    wide, weights = int(unet.config.cross_attention_dim), {}
    blocks = list(unet.config.block_out_channels)
    layers = [name for name in unet.attn_processors if name.endswith("attn2.processor")]
    for number, name in enumerate(layers):
        kind, _, rest = name.partition(".")
        place = int(rest.partition(".")[0]) if kind != "mid_block" else -1
        size = (blocks[::-1] if kind == "up_blocks" else blocks)[place]
        made = IPAdapterAttnProcessor2_0(hidden_size=size, cross_attention_dim=wide, scale=1.0).state_dict()
        for part in ("to_k_ip", "to_v_ip"):
            weights[f"ip_adapter.{2 * number + 1}.{part}.weight"] = made[f"{part}.0.weight"].clone()
    weights["image_proj.proj.weight"] = torch.randn(4 * wide, 32)
    weights["image_proj.proj.bias"] = torch.randn(4 * wide)
    weights["image_proj.norm.weight"], weights["image_proj.norm.bias"] = torch.ones(wide), torch.zeros(wide)
    (folder / "sdxl_models").mkdir(parents=True)
    save_file(weights, folder / "sdxl_models" / "tiny.safetensors")
    return folder


def qwen3_tokenizer() -> Any:
    """A byte-level BPE with the turns of a chat."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import Qwen2Tokenizer

    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>"]
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocab = {name: n for n, name in enumerate([*letters, *special])}
    bare = Tokenizer(models.BPE(vocab=vocab, merges=[]))
    bare.pre_tokenizer, bare.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    made = Qwen2Tokenizer(vocab=vocab, merges=[])
    made.add_special_tokens({"additional_special_tokens": special})
    turn = "<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n"
    made.chat_template = "{% for m in messages %}" + turn + "{% endfor %}<|im_start|>assistant\n"
    return made


def qwen3_text(heads: int = 4, size: int = 16, layers: int = 28) -> Any:
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    torch.manual_seed(0)
    return Qwen3ForCausalLM(
        Qwen3Config(
            vocab_size=300,
            hidden_size=size,
            intermediate_size=16,
            num_hidden_layers=layers,
            num_attention_heads=heads,
            num_key_value_heads=2,
            head_dim=size // heads,
            max_position_embeddings=1024,
        )
    ).eval()


def klein(folder: Path) -> Path:
    """A FLUX.2 klein of two blocks; its text encoder has the layers that it is read at (9, 18 and 27)."""
    import torch
    from diffusers import (
        AutoencoderKLFlux2,
        FlowMatchEulerDiscreteScheduler,
        Flux2KleinPipeline,
        Flux2Transformer2DModel,
    )

    torch.manual_seed(0)
    transformer = Flux2Transformer2DModel(
        patch_size=1,
        in_channels=4,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=48,
        timestep_guidance_channels=256,
        axes_dims_rope=[4, 4, 4, 4],
        guidance_embeds=False,
    )
    small = AutoencoderKLFlux2(
        sample_size=32,
        in_channels=3,
        out_channels=3,
        down_block_types=("DownEncoderBlock2D",),
        up_block_types=("UpDecoderBlock2D",),
        block_out_channels=(4,),
        layers_per_block=1,
        latent_channels=1,
        norm_num_groups=1,
        use_quant_conv=False,
        use_post_quant_conv=False,
    )
    Flux2KleinPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(),
        vae=small.eval(),
        text_encoder=qwen3_text(),
        tokenizer=qwen3_tokenizer(),
        transformer=transformer.eval(),
        is_distilled=True,
    ).save_pretrained(folder, safe_serialization=True)
    return folder


def zimage(folder: Path) -> Path:
    """A Z-Image of three blocks."""
    import torch
    from diffusers import FlowMatchEulerDiscreteScheduler, ZImagePipeline, ZImageTransformer2DModel

    torch.manual_seed(0)
    transformer = ZImageTransformer2DModel(
        all_patch_size=(2,),
        all_f_patch_size=(1,),
        in_channels=16,
        dim=32,
        n_layers=1,
        n_refiner_layers=1,
        n_heads=2,
        n_kv_heads=2,
        norm_eps=1e-5,
        qk_norm=True,
        cap_feat_dim=16,
        rope_theta=256.0,
        t_scale=1000.0,
        axes_dims=[8, 4, 4],
        axes_lens=[1024, 64, 64],
    )
    ZImagePipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(),
        vae=vae(16),
        text_encoder=qwen3_text(layers=2),
        tokenizer=qwen3_tokenizer(),
        transformer=transformer.eval(),
    ).save_pretrained(folder, safe_serialization=True)
    return folder


def qwen(folder: Path, edits: bool = False) -> Path:
    """A Qwen-Image of two blocks; with `edits` a Qwen-Image-Edit, whose encoder looks at pictures too."""
    import torch
    from diffusers import (
        AutoencoderKLQwenImage,
        FlowMatchEulerDiscreteScheduler,
        QwenImageEditPlusPipeline,
        QwenImagePipeline,
        QwenImageTransformer2DModel,
    )
    from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

    torch.manual_seed(0)
    transformer = QwenImageTransformer2DModel(
        in_channels=16,
        out_channels=4,
        num_layers=2,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=16,
        axes_dims_rope=(8, 4, 4),
    )
    small = AutoencoderKLQwenImage(
        base_dim=4,
        z_dim=4,
        dim_mult=[1, 1, 1, 1],
        num_res_blocks=1,
        temperal_downsample=[False, True, True],
        latents_mean=[0.0] * 4,
        latents_std=[1.0] * 4,
    )
    tokenizer = qwen3_tokenizer()
    number = {
        "image_token_id": "<|image_pad|>",
        "vision_start_token_id": "<|vision_start|>",
        "vision_end_token_id": "<|vision_end|>",
    }
    encoder = Qwen2_5_VLForConditionalGeneration(
        Qwen2_5_VLConfig(
            text_config={
                "vocab_size": 300,
                "hidden_size": 16,
                "intermediate_size": 16,
                "num_hidden_layers": 2,
                "num_attention_heads": 2,
                "num_key_value_heads": 2,
                "rope_parameters": {"rope_type": "default", "mrope_section": [1, 1, 2], "rope_theta": 1e6},
            },
            vision_config={
                "depth": 2,
                "hidden_size": 16,
                "intermediate_size": 16,
                "num_heads": 2,
                "out_hidden_size": 16,
                "fullatt_block_indexes": [1],
            },
            **{name: tokenizer.convert_tokens_to_ids(token) for name, token in number.items()},
        )
    )
    parts = {
        "scheduler": FlowMatchEulerDiscreteScheduler(),
        "vae": small.eval(),
        "text_encoder": encoder.eval(),
        "tokenizer": tokenizer,
        "transformer": transformer.eval(),
    }
    if not edits:
        QwenImagePipeline(**parts).save_pretrained(folder, safe_serialization=True)
        return folder
    QwenImageEditPlusPipeline(**parts, processor=None).save_pretrained(folder, safe_serialization=True)
    index = json.loads((folder / "model_index.json").read_text())
    index["processor"] = ["transformers", "Qwen2VLProcessor"]
    (folder / "model_index.json").write_text(json.dumps(index))
    tokenizer.save_pretrained(folder / "processor")
    looks = {"image_processor_type": "Qwen2VLImageProcessor", "processor_class": "Qwen2VLProcessor"}
    (folder / "processor" / "preprocessor_config.json").write_text(json.dumps(looks))
    return folder


def flux_lora(path: Path, seed: int) -> Path:
    """A LoRA of rank 2 for the tiny FLUX.1, named as diffusers names them."""
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(seed)
    weights = {}
    for part in ("transformer_blocks.0.attn.to_q", "single_transformer_blocks.0.attn.to_k"):
        weights[f"transformer.{part}.lora_A.weight"] = torch.randn(2, 32)
        weights[f"transformer.{part}.lora_B.weight"] = torch.randn(32, 2)
    save_file(weights, path)
    return path


def flux_controlnet(folder: Path, like: Path) -> Path:
    """A ControlNet for the tiny FLUX.1, whose outputs are not zero as a new one's are."""
    import torch
    from diffusers import FluxControlNetModel, FluxTransformer2DModel

    base = FluxTransformer2DModel.from_pretrained(like / "transformer", local_files_only=True)
    torch.manual_seed(0)
    said = {name: base.config[name] for name in ("attention_head_dim", "num_attention_heads")}
    blocks = {"num_layers": 1, "num_single_layers": 1, **said}
    net = FluxControlNetModel.from_transformer(base, **blocks, load_weights_from_transformer=False)
    with torch.no_grad():
        for weight in net.parameters():
            weight.normal_(0, 0.2)
    net.eval().save_pretrained(folder, safe_serialization=True)
    return folder


def sdxl_controlnet(folder: Path, like: Path) -> Path:
    """A ControlNet for the tiny SDXL, whose outputs are not zero as a new one's are."""
    import torch
    from diffusers import ControlNetModel, UNet2DConditionModel

    unet = UNet2DConditionModel.from_pretrained(like / "unet", local_files_only=True)
    torch.manual_seed(0)
    net = ControlNetModel.from_unet(  # one channel more would halve the guide once: the tiny VAE halves nothing
        unet, load_weights_from_unet=False, conditioning_embedding_out_channels=(16,)
    )
    with torch.no_grad():
        for weight in net.parameters():
            weight.normal_(0, 0.2)
    net.eval().save_pretrained(folder, safe_serialization=True)
    return folder
